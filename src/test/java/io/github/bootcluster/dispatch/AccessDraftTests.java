package io.github.bootcluster.dispatch;

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

/** When {@link AccessDraft} becomes an entry: once the client has been sent it all. */
class AccessDraftTests {

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

	private AccessDraft draft;

	@BeforeEach
	void answer() throws Exception {
		this.log = AccessLog.open(new ClusterProperties.AccessLog(true, ClusterProperties.AccessLog.Format.COMBINED,
				Path.of("access.log"), DataSize.ofMegabytes(1), 0), this.directory);
		this.frontend = new Frontend(new Limits(1, 1, 1, 1, 1, 1),
				new Router(AdminPaths.of(List.of()), this.balancer, this.balancer), TrustedProxies.of(List.of()),
				"http", new Traffic(), this.log);
		RequestHead head = new RequestHead();
		head.read(Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: a\r\n\r\n", StandardCharsets.US_ASCII));
		this.draft = AccessDraft.of(this.log, head, "192.0.2.1");
		this.answer = new Answer(this.client, head);
		this.answer.error(ErrorAnswer.badGateway("No."));
	}

	@Test
	void answerThatHasLeftIsLoggedAtOnce() throws Exception {
		this.client.flushOutbound();
		this.draft.ended(Outcome.ANSWERED, this.answer, 0, this.frontend);
		assertThat(logged()).contains("\" 502 4 ").endsWith("outcome=answered\n");
	}

	@Test
	void answerThatLeavesLaterIsLoggedThen() throws Exception {
		this.draft.ended(Outcome.ANSWERED, this.answer, 0, this.frontend);
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
		this.draft.ended(Outcome.ANSWERED, this.answer, 0, this.frontend);
		this.client.close();
		assertThat(logged()).contains("\" 502 4 ").endsWith("outcome=client-gone\n");
	}

	@Test
	void answerThatNeverLeavesIsLoggedAsAbortedWhenItIsUsWhoClose() throws Exception {
		this.draft.ended(Outcome.ANSWERED, this.answer, 0, this.frontend);
		this.frontend.close();
		this.client.close();
		assertThat(logged()).contains("\" 502 4 ").endsWith("outcome=aborted\n");
	}

	@Test
	void abortedAnswerIsLoggedThoughSomeOfItNeverLeaves() throws Exception {
		this.draft.ended(Outcome.ABORTED, this.answer, 3, this.frontend);
		assertThat(logged()).contains(" retries=3 ").endsWith("outcome=aborted\n");
	}

	/** All that is in the log. */
	private String logged() throws Exception {
		this.log.close();
		return Files.readString(this.directory.resolve("access.log"));
	}

}
