package io.github.bootcluster.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

import io.github.bootcluster.http.Chunks;
import io.github.bootcluster.http.Fields;

/**
 * The body of one request on its way from the client to a target: passed on as it comes,
 * and as far as possible kept for another attempt. Belongs to the event loop of its
 * exchange.
 */
final class RequestBody {

	private final ByteBufAllocator allocator;

	private final boolean chunked;

	/** Whether the request may be sent once more after it was sent. */
	private final boolean repeatable;

	private final ReplayBuffer replay;

	private boolean asked;

	private boolean whole;

	private long size;

	private @Nullable Fields trailers;

	RequestBody(UpstreamRequest request, ByteBufAllocator allocator, ByteBudget replayBudget) {
		this.allocator = allocator;
		this.replay = new ReplayBuffer(replayBudget);
		this.chunked = request.isChunked();
		this.repeatable = request.method().idempotent();
		this.asked = !request.expectsContinue();
		this.whole = !request.hasBody();
	}

	/** Whether all of it has been received. */
	boolean isWhole() {
		return this.whole;
	}

	/** Whether the client has a reason to send it. */
	boolean isAsked() {
		return this.asked;
	}

	/** The client has been told to send it. */
	void ask() {
		this.asked = true;
	}

	/** Bytes received. */
	long size() {
		return this.size;
	}

	/** Whether no more should be read before there is a target to pass it to. */
	boolean isFull() {
		return this.replay.isFull();
	}

	/** Whether all that was received could be sent once more. */
	boolean isReplayable() {
		return this.replay.isReplayable();
	}

	/**
	 * Take a part of it.
	 * @param data the part, which is taken over
	 * @param target whom it goes to, or {@code null} while there is nobody
	 */
	void receive(ByteBuf data, @Nullable TargetConnection target) {
		// Also from a client that does not wait until it is asked.
		this.asked = true;
		this.size += data.readableBytes();
		this.replay.append(data);
		if (target == null) {
			data.release();
			return;
		}
		if (this.replay.isTooLarge()) {
			this.replay.drop();
		}
		send(data, target);
	}

	/**
	 * All of it has been received.
	 * @param trailers what came after it, or {@code null} if nothing did
	 * @param target whom it goes to, or {@code null} while there is nobody
	 */
	void end(@Nullable Fields trailers, @Nullable TargetConnection target) {
		this.whole = true;
		this.trailers = trailers;
		if (target != null) {
			sendEnd(target);
		}
	}

	/** Send what has been received so far. */
	void sendTo(TargetConnection target) {
		ByteBuf received = this.replay.copy(this.allocator);
		if (received != null) {
			send(received, target);
		}
		if (this.whole) {
			sendEnd(target);
		}
		if (!this.repeatable || this.replay.isTooLarge()) {
			this.replay.drop();
		}
	}

	/** There will be no further attempt. */
	void discard() {
		this.replay.drop();
	}

	private void send(ByteBuf data, TargetConnection target) {
		if (this.chunked) {
			Chunks.write(data, this.allocator, target::write);
		}
		else {
			target.write(data);
		}
	}

	private void sendEnd(TargetConnection target) {
		if (this.chunked) {
			target.write(Chunks.end(this.trailers, this.allocator));
		}
	}

}
