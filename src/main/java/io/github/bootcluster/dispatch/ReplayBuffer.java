package io.github.bootcluster.dispatch;

import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * As much of a request's body as another attempt would need. Copied to the heap: pieces
 * kept by reference would each hold on to the whole buffer they were read into. Belongs
 * to the event loop of its request.
 */
final class ReplayBuffer {

	private static final byte[] NOTHING = {};

	private byte[] bytes = NOTHING;

	private final ByteBudget budget;

	private int size;

	private boolean dropped;

	/** An empty one, which shares a budget with others. */
	ReplayBuffer(ByteBudget budget) {
		this.budget = budget;
	}

	/** Add what was received; it is not taken over. */
	void append(ByteBuf received) {
		if (this.dropped) {
			return;
		}
		int length = received.readableBytes();
		if (this.size + length > this.bytes.length) {
			grow(Math.max(this.size + length, Math.min(2 * this.bytes.length, Limits.REPLAY)));
		}
		received.getBytes(received.readerIndex(), this.bytes, this.size, length);
		this.size += length;
	}

	/** Whether no more should be read before there is a target to pass it to. */
	boolean isFull() {
		return this.size >= Limits.REPLAY || this.budget.isExhausted();
	}

	/** Whether it is more than can be kept for another attempt. */
	boolean isTooLarge() {
		return this.size > Limits.REPLAY || this.budget.isExhausted();
	}

	/** Whether everything appended is still there. */
	boolean isReplayable() {
		return !this.dropped;
	}

	/** Give up on another attempt. */
	void drop() {
		this.dropped = true;
		this.budget.giveBack(this.bytes.length);
		this.bytes = NOTHING;
		this.size = 0;
	}

	/** A copy of all that was appended, or {@code null} if that is nothing. */
	@Nullable ByteBuf copy(ByteBufAllocator allocator) {
		return (this.size > 0) ? allocator.buffer(this.size).writeBytes(this.bytes, 0, this.size) : null;
	}

	private void grow(int length) {
		this.budget.take(length - this.bytes.length);
		this.bytes = Arrays.copyOf(this.bytes, length);
	}

}
