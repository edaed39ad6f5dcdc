package io.github.bootcluster.dispatch;

import java.util.Arrays;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * As much of a request's body as another attempt would need. Copied to the heap: pieces
 * kept by reference would each hold on to the whole buffer they were read into. Belongs
 * to the event loop of its exchange.
 */
final class RequestBody {

	private static final byte[] NOTHING = {};

	private byte[] bytes = NOTHING;

	private int size;

	private @Nullable HttpHeaders trailers;

	private boolean dropped;

	/** Add what was received. */
	void append(HttpContent content) {
		if (this.dropped) {
			return;
		}
		ByteBuf received = content.content();
		int length = received.readableBytes();
		if (this.size + length > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(this.size + length, 2 * this.bytes.length));
		}
		received.getBytes(received.readerIndex(), this.bytes, this.size, length);
		this.size += length;
		if (content instanceof LastHttpContent last) {
			this.trailers = last.trailingHeaders();
		}
	}

	/** Whether no more should be read before there is a target to pass it to. */
	boolean isFull() {
		return this.size >= Limits.REPLAY;
	}

	/** Whether it is more than is kept for another attempt. */
	boolean isTooLarge() {
		return this.size > Limits.REPLAY;
	}

	/** Whether everything appended is still there. */
	boolean isReplayable() {
		return !this.dropped;
	}

	/** Give up on another attempt. */
	void drop() {
		this.dropped = true;
		this.bytes = NOTHING;
		this.size = 0;
	}

	/** Hand out copies of all that was appended. */
	void replay(ByteBufAllocator allocator, Consumer<HttpObject> sink) {
		if (this.size > 0) {
			sink.accept(new DefaultHttpContent(allocator.buffer(this.size).writeBytes(this.bytes, 0, this.size)));
		}
		if (this.trailers != null) {
			sink.accept(end(this.trailers));
		}
	}

	private static LastHttpContent end(HttpHeaders trailers) {
		if (trailers.isEmpty()) {
			return LastHttpContent.EMPTY_LAST_CONTENT;
		}
		DefaultLastHttpContent last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
		last.trailingHeaders().set(trailers);
		return last;
	}

}
