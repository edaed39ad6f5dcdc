package io.github.bootcluster.dispatch;

import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** When a {@link Frontend} is quiet. */
class FrontendTests {

	private final Frontend frontend = new Frontend(null, null, null, "http", new Traffic());

	@Test
	void isNotQuietWhileTheLastAnswerIsOnItsWay() {
		ChannelPromise lastWrite = new EmbeddedChannel().newPromise();
		this.frontend.exchangeBegins();
		this.frontend.swept();
		this.frontend.exchangeEndsWith(lastWrite);
		assertThat(this.frontend.quiet()).isNotDone();
		lastWrite.setSuccess();
		assertThat(this.frontend.quiet()).isDone();
	}

	@Test
	void isQuietWhenTheLastAnswerCannotBeWritten() {
		ChannelPromise lastWrite = new EmbeddedChannel().newPromise();
		this.frontend.exchangeBegins();
		this.frontend.exchangeBegins();
		this.frontend.swept();
		this.frontend.exchangeEndsWith(lastWrite);
		this.frontend.exchangeEndsWith(null);
		assertThat(this.frontend.quiet()).isNotDone();
		lastWrite.setFailure(new IllegalStateException("Client gone"));
		assertThat(this.frontend.quiet()).isDone();
	}

	@Test
	void isNotQuietBeforeIdleConnectionsAreSwept() {
		this.frontend.exchangeBegins();
		this.frontend.exchangeEndsWith(null);
		assertThat(this.frontend.quiet()).isNotDone();
		this.frontend.swept();
		assertThat(this.frontend.quiet()).isDone();
	}

}
