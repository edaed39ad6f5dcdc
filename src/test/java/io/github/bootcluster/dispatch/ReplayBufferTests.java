package io.github.bootcluster.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link ReplayBuffer}. */
class ReplayBufferTests {

	private final ByteBudget budget = new ByteBudget(100_000);

	@Test
	void allThatWasAppendedIsThereInOrder() {
		ReplayBuffer buffer = new ReplayBuffer(this.budget);
		ByteBuf all = Unpooled.buffer();
		Random random = new Random(1);
		while (!buffer.isFull()) {
			byte[] piece = new byte[random.nextInt(5000)];
			random.nextBytes(piece);
			buffer.append(Unpooled.wrappedBuffer(piece));
			all.writeBytes(piece);
		}
		assertThat(buffer.copy(UnpooledByteBufAllocator.DEFAULT)).isEqualTo(all);
		assertThat(buffer.isReplayable()).isTrue();
	}

	@Test
	void noneTakesMoreThanOneMayKeep() {
		ReplayBuffer buffer = new ReplayBuffer(this.budget);
		append(buffer, Limits.REPLAY);
		assertThat(buffer.isFull()).isTrue();
		assertThat(buffer.isTooLarge()).isFalse();
		append(buffer, 1);
		assertThat(buffer.isTooLarge()).isTrue();
	}

	@Test
	void severalTakeNoMoreThanTheirBudget() {
		List<ReplayBuffer> buffers = new ArrayList<>();
		while (!this.budget.isExhausted()) {
			ReplayBuffer buffer = new ReplayBuffer(this.budget);
			append(buffer, 1000);
			buffers.add(buffer);
		}
		assertThat(buffers).hasSize(100);
		assertThat(buffers).allMatch(ReplayBuffer::isFull).allMatch(ReplayBuffer::isTooLarge);
		buffers.get(0).drop();
		assertThat(this.budget.isExhausted()).isFalse();
		assertThat(buffers.get(0).isReplayable()).isFalse();
		assertThat(buffers.get(1).isFull()).isFalse();
		buffers.get(0).drop();
		append(buffers.get(1), 999);
		assertThat(this.budget.isExhausted()).as("what is dropped twice is given back once").isTrue();
	}

	@Test
	void budgetIsWholeAgainWhenAllAreDropped() {
		List<ReplayBuffer> buffers = new ArrayList<>();
		Random random = new Random(1);
		for (int i = 0; i < 1000; i++) {
			ReplayBuffer buffer = new ReplayBuffer(this.budget);
			buffers.add(buffer);
			for (int pieces = random.nextInt(5); pieces > 0; pieces--) {
				append(buffer, random.nextInt(20_000));
			}
		}
		buffers.forEach(ReplayBuffer::drop);
		this.budget.take(99_999);
		assertThat(this.budget.isExhausted()).isFalse();
	}

	private static void append(ReplayBuffer buffer, int length) {
		buffer.append(Unpooled.wrappedBuffer(new byte[length]));
	}

}
