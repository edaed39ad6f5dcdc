package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.accesslog.AccessLog;
import io.github.bootcluster.accesslog.AccessLogEntry.Outcome;
import io.github.bootcluster.http.RequestHead;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/** When an {@link Account} is settled: once the client has been sent it all. */
class AccountTests {

	private final EmbeddedChannel client = new EmbeddedChannel();

	private final Balancer balancer = new Balancer(SchedulingPolicy.ROUND_ROBIN, SlowStart.none(), 1, 1,
			(delay, action) -> {
			}, (target) -> {
			});

	@TempDir
	Path directory;

	private Frontend frontend;

	private AccessLog log;

	private Answer answer;

	private Account account;

	@BeforeEach
	void answer() throws Exception {
		this.log = AccessLog.open(new ClusterProperties.AccessLog(true, ClusterProperties.AccessLog.Format.COMBINED,
				Path.of("access.log"), DataSize.ofMegabytes(1), 0), this.directory);
		this.frontend = new Frontend(new Limits(1, 1, 1, 1, 1, 1),
				new Router(AdminPaths.of(List.of()), this.balancer, this.balancer), TrustedProxies.of(List.of()),
				"http", new Traffic(), this.log);
		RequestHead head = new RequestHead();
		head.read(Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: a\r\n\r\n", StandardCharsets.US_ASCII));
		this.account = Account.of(this.frontend, head,
				this.frontend.forwardedHeaders(InetAddress.getByName("192.0.2.1")));
		this.answer = new Answer(this.client, head);
		this.answer.error(ErrorAnswer.badGateway("No."));
	}

	@Test
	void answerThatHasLeftIsLoggedAtOnce() throws Exception {
		this.client.flushOutbound();
		this.account.ended(Outcome.ANSWERED, this.answer, 0, 0);
		assertThat(logged()).contains("\" 502 4 ").endsWith("outcome=answered\n");
	}

	@Test
	void answerThatLeavesLaterIsLoggedThen() throws Exception {
		this.account.ended(Outcome.ANSWERED, this.answer, 0, 0);
		long before = System.nanoTime();
		while (System.nanoTime() - before < Duration.ofMillis(20).toNanos()) {
			Thread.onSpinWait();
		}
		this.client.flushOutbound();
		String line = logged();
		assertThat(line).endsWith("outcome=answered\n");
		assertThat(Double.parseDouble(line.replaceFirst("(?s).* total=(\\S+) .*", "$1"))).isGreaterThanOrEqualTo(0.02);
	}

	@Test
	void answerThatNeverLeavesIsLoggedAsOneTheClientDidNotWaitFor() throws Exception {
		this.account.ended(Outcome.ANSWERED, this.answer, 0, 0);
		this.client.close();
		assertThat(logged()).contains("\" 502 4 ").endsWith("outcome=client-gone\n");
	}

	@Test
	void answerThatNeverLeavesIsLoggedAsAbortedWhenItIsUsWhoClose() throws Exception {
		this.account.ended(Outcome.ANSWERED, this.answer, 0, 0);
		this.frontend.close();
		this.client.close();
		assertThat(logged()).contains("\" 502 4 ").endsWith("outcome=aborted\n");
	}

	@Test
	void abortedAnswerIsLoggedThoughSomeOfItNeverLeaves() throws Exception {
		this.account.ended(Outcome.ABORTED, this.answer, 0, 3);
		assertThat(logged()).contains(" retries=3 ").endsWith("outcome=aborted\n");
	}

	/** All that is in the log. */
	private String logged() throws Exception {
		this.log.close();
		return Files.readString(this.directory.resolve("access.log"));
	}

}
