package io.github.bootcluster.dispatch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link CommitWindow}, with a clock moved by hand. */
class CommitWindowTests {

	private final EmbeddedChannel client = new EmbeddedChannel();

	private final CommitWindow window = new CommitWindow(this.client);

	private final List<ByteBuf> pieces = new ArrayList<>();

	CommitWindowTests() {
		this.client.freezeTime();
	}

	@Test
	void everythingPassesAtOnceWhenItIsNotOpen() {
		write("a");
		assertThat(seen()).isEqualTo("a");
		assertThat(this.window.isCommitted()).isTrue();
	}

	@Test
	void nothingPassesUntilItIsCommitted() {
		this.window.open();
		write("a");
		write("b");
		assertThat(seen()).isEmpty();
		assertThat(this.window.isCommitted()).isFalse();
		assertThat(this.window.lastWrite()).isNull();
		this.window.commit();
		assertThat(seen()).isEqualTo("ab");
		assertThat(this.window.isCommitted()).isTrue();
		write("c");
		assertThat(seen()).isEqualTo("c");
	}

	@Test
	void nothingIsLeftWhenItIsDiscarded() {
		this.window.open();
		write("a");
		this.window.holdBriefly();
		this.window.discard();
		passTime();
		assertThat(seen()).isEmpty();
		assertThat(this.window.isCommitted()).isFalse();
		assertThat(this.pieces).allMatch((piece) -> piece.refCnt() == 0);
		this.window.open();
		write("b");
		this.window.commit();
		assertThat(seen()).isEqualTo("b");
	}

	@Test
	void answerWhoseEndIsNotInSightIsHeldOnlyBriefly() {
		this.window.open();
		write("a");
		this.window.holdBriefly();
		this.client.advanceTimeBy(CommitWindow.MAX_DELAY.toNanos() - 1, TimeUnit.NANOSECONDS);
		this.client.runScheduledPendingTasks();
		assertThat(seen()).isEmpty();
		write("b");
		this.window.holdBriefly();
		passTime();
		assertThat(seen()).isEqualTo("ab");
	}

	@Test
	void allIsPassedOnWhenItHasBecomeTooLarge() {
		this.window.open();
		write("x".repeat(CommitWindow.MAX_BYTES));
		assertThat(seen()).isEmpty();
		write("y");
		assertThat(seen()).hasSize(CommitWindow.MAX_BYTES + 1).endsWith("xy");
	}

	@Test
	void allIsPassedOnWhenItIsInTooManyPieces() {
		this.window.open();
		for (int i = 0; i < CommitWindow.MAX_PIECES; i++) {
			write("a");
		}
		assertThat(seen()).isEmpty();
		write("b");
		assertThat(seen()).hasSize(CommitWindow.MAX_PIECES + 1);
	}

	private void passTime() {
		this.client.advanceTimeBy(CommitWindow.MAX_DELAY.toNanos(), TimeUnit.NANOSECONDS);
		this.client.runScheduledPendingTasks();
	}

	private void write(String text) {
		ByteBuf piece = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
		this.pieces.add(piece);
		this.window.write(piece);
	}

	private String seen() {
		this.client.flushOutbound();
		StringBuilder text = new StringBuilder();
		for (ByteBuf piece = this.client.readOutbound(); piece != null; piece = this.client.readOutbound()) {
			text.append(piece.toString(StandardCharsets.US_ASCII));
			piece.release();
		}
		return text.toString();
	}

}
