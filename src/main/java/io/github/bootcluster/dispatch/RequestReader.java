package io.github.bootcluster.dispatch;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

import io.github.bootcluster.http.BodyReader;
import io.github.bootcluster.http.Fields;
import io.github.bootcluster.http.Framing;
import io.github.bootcluster.http.MessageException;
import io.github.bootcluster.http.RequestHead;

/**
 * Understands what one client sends: requests one after the other, each of them a head
 * and then its body. What is not wanted yet waits, not understood. Belongs to the event
 * loop of its connection.
 */
final class RequestReader {

	private final RequestHeads heads;

	private final ByteBufAllocator allocator;

	private final Sink sink;

	private final Consumer<ByteBuf> bodySink;

	private final BodyReader body = new BodyReader();

	/** Of the request that is being read or worked on. */
	private @Nullable RequestHead head;

	/** What has been read and not yet understood: further requests, mostly nothing. */
	private @Nullable ByteBuf pending;

	private boolean reading;

	private boolean stopped;

	/** A reader of what {@link #add} gets. */
	RequestReader(RequestHeads heads, ByteBufAllocator allocator, Sink sink) {
		this.heads = heads;
		this.allocator = allocator;
		this.sink = sink;
		this.bodySink = sink::body;
	}

	/** Take what has arrived, to be {@link #read}. */
	void add(ByteBuf in) {
		this.pending = (this.pending == null) ? in
				: ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(this.allocator, this.pending, in);
	}

	/**
	 * Understand as much as is wanted.
	 * @return whether it did so; not if called by the sink, since whoever told it
	 * something goes on
	 */
	boolean read() {
		if (this.reading) {
			return false;
		}
		this.reading = true;
		try {
			while (this.pending != null && this.pending.isReadable() && !this.stopped && this.sink.wantsMore()) {
				if (this.body.isEnded()) {
					readHead(this.pending);
				}
				else {
					readBody(this.pending);
				}
			}
		}
		finally {
			this.reading = false;
		}
		if (this.stopped || pendingBytes() == 0) {
			releasePending();
		}
		return true;
	}

	/** Whether somebody is being told something. */
	boolean isReading() {
		return this.reading;
	}

	/** Bytes that wait to be understood. */
	int pendingBytes() {
		return (this.pending != null) ? this.pending.readableBytes() : 0;
	}

	/** The head of the request that is being read or worked on. */
	@Nullable RequestHead head() {
		return this.head;
	}

	/** Whether a head has begun and not ended. */
	boolean isInsideHead() {
		return this.head != null && this.head.hasBegun() && !this.head.isComplete();
	}

	/** Expect a body after the head. */
	void expectBody(Framing framing) {
		this.body.begin(framing);
	}

	/** The request has been dealt with; its head is used for another. */
	void forgetHead() {
		if (this.head != null) {
			this.heads.giveBack(this.head);
			this.head = null;
		}
	}

	/** Understand nothing any more. */
	void stop() {
		this.stopped = true;
		forgetHead();
		if (!this.reading) {
			releasePending();
		}
	}

	/**
	 * Hand over what has not been understood, to be released, or {@code null} if that is
	 * nothing.
	 */
	@Nullable ByteBuf takePending() {
		ByteBuf pending = this.pending;
		this.pending = null;
		return pending;
	}

	private void readHead(ByteBuf in) {
		RequestHead head = this.head;
		if (head == null) {
			head = this.heads.take();
			this.head = head;
		}
		try {
			if (head.read(in)) {
				this.sink.head(head);
			}
		}
		catch (MessageException ex) {
			this.sink.badHead(head, ex);
		}
	}

	private void readBody(ByteBuf in) {
		try {
			if (this.body.read(in, this.bodySink)) {
				this.sink.end(this.body.trailers());
			}
		}
		catch (MessageException ex) {
			this.sink.badBody(ex);
		}
	}

	private void releasePending() {
		ByteBuf pending = takePending();
		if (pending != null) {
			pending.release();
		}
	}

	/** Who wants to know. */
	interface Sink {

		/** Whether it is the time for anything further. */
		boolean wantsMore();

		/**
		 * A head is complete.
		 * @throws MessageException if it makes no sense
		 */
		void head(RequestHead head) throws MessageException;

		/** What arrived is no head, as far as it goes. */
		void badHead(RequestHead head, MessageException problem);

		/** A part of the body of that request, to be released. */
		void body(ByteBuf data);

		/**
		 * The body is complete.
		 * @param trailers what came after it, or {@code null} if nothing did
		 */
		void end(@Nullable Fields trailers);

		/** What arrived is no body; there is no telling what follows. */
		void badBody(MessageException problem);

	}

}
