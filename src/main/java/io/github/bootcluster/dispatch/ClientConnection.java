package io.github.bootcluster.dispatch;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a client: takes its requests one at a time and in order, and sees to
 * it that it neither dawdles nor outlives its use. Goes on reading during an exchange, so
 * that a client's hanging up is noticed. Belongs to its event loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {

	private static final Logger logger = LoggerFactory.getLogger(ClientConnection.class);

	private final Frontend frontend;

	private final Lane lane;

	private final Channel channel;

	private final RequestDecoder decoder;

	private final ResponseEncoder encoder;

	private final Deadline deadline;

	/** Requests that arrived during an exchange; reading stops with the first. */
	private final Deque<HttpObject> pipelined = new ArrayDeque<>();

	private State state = State.OPENED;

	private @Nullable Exchange exchange;

	/** Head of a request without a body, whose formal end comes right behind it. */
	private @Nullable HttpRequest bodiless;

	/** The end of the latest answer. */
	private @Nullable ChannelFuture lastWrite;

	private @Nullable InetSocketAddress peer;

	private boolean reading;

	private boolean delivering;

	ClientConnection(Frontend frontend, Lane lane, Channel channel, RequestDecoder decoder, ResponseEncoder encoder) {
		this.frontend = frontend;
		this.lane = lane;
		this.channel = channel;
		this.decoder = decoder;
		this.encoder = encoder;
		this.deadline = new Deadline(lane.loop());
	}

	// For its exchange.

	Deadline deadline() {
		return this.deadline;
	}

	ConnectionPool pool() {
		return this.lane.pool();
	}

	ByteBufAllocator allocator() {
		return this.channel.alloc();
	}

	boolean isWritable() {
		return this.channel.isWritable();
	}

	/** Whether there is more to come before it is worth flushing to the target. */
	boolean isReading() {
		return this.reading;
	}

	void flush() {
		this.channel.flush();
	}

	void execute(Runnable task) {
		this.lane.loop().execute(task);
	}

	/** Read on, or not, as there is room for what would be read. */
	void updateReading() {
		boolean room = this.pipelined.isEmpty()
				&& ((this.exchange != null) ? this.exchange.wantsBody() : takesRequest());
		this.channel.config().setAutoRead(room || this.state == State.CLOSING);
	}

	/** The answer has been written and flushed. */
	void exchangeEnded(Answer answer, boolean wholeRequest) {
		this.exchange = null;
		if (!wholeRequest || !answer.keepsAlive() || this.frontend.isQuiescing()) {
			closeAfter(answer.lastWrite(), wholeRequest);
			return;
		}
		awaitRequest(answer.lastWrite());
	}

	/** Answer a request ourselves. */
	void refuse(Answer answer, ErrorAnswer error, boolean wholeRequest) {
		this.frontend.traffic().failures.increment();
		if (!wholeRequest || this.frontend.isQuiescing()) {
			answer.forbidKeepAlive();
		}
		answer.error(error);
		this.channel.flush();
		exchangeEnded(answer, wholeRequest);
	}

	/**
	 * Expect the client to take something of what waits for it, again and again.
	 * @param stalled what to do when it did not
	 */
	void watchWriting(Runnable stalled) {
		long before = pendingBytes();
		this.deadline.set(this.frontend.limits().idleNanos(), () -> {
			if (pendingBytes() < before) {
				watchWriting(stalled);
			}
			else {
				stalled.run();
			}
		});
	}

	private long pendingBytes() {
		ChannelOutboundBuffer buffer = this.channel.unsafe().outboundBuffer();
		return (buffer != null) ? buffer.totalPendingWriteBytes() : 0;
	}

	// For its lane.

	void closeIfIdle() {
		if (this.exchange == null && this.state != State.CLOSING) {
			closeAfter(this.lastWrite, true);
		}
	}

	void close() {
		this.channel.close();
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		this.frontend.traffic().connections.incrementAndGet();
		this.lane.add(this);
		this.peer = (InetSocketAddress) this.channel.remoteAddress();
		if (this.frontend.isQuiescing() || this.peer == null) {
			close();
			return;
		}
		this.deadline.set(this.frontend.limits().headNanos(), this::headTimedOut);
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		this.reading = true;
		boolean pointless = this.state == State.CLOSING || !this.channel.isActive();
		if (pointless || !(message instanceof HttpObject object)) {
			ReferenceCountUtil.release(message);
			return;
		}
		if (mustWait()) {
			this.pipelined.add(object);
			updateReading();
		}
		else {
			deliver(object);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		this.reading = false;
		if (this.exchange != null) {
			this.exchange.flushToTarget();
		}
		else {
			watchHead();
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		if (this.exchange != null) {
			this.exchange.clientWritabilityChanged();
		}
		else if (this.state == State.IDLE) {
			deliverPipelined();
			watchHead();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.state = State.CLOSING;
		this.lane.remove(this);
		this.frontend.traffic().connections.decrementAndGet();
		releasePipelined();
		if (this.exchange != null) {
			this.exchange.clientGone();
			this.exchange = null;
		}
		this.deadline.cancel();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		logger.debug("Connection of a client failed", cause);
		close();
	}

	private boolean mustWait() {
		return !this.pipelined.isEmpty() || !takesMore();
	}

	private boolean takesMore() {
		return (this.exchange != null) ? !this.exchange.hasWholeRequest() : takesRequest();
	}

	/**
	 * A client that does not take its answers must not cause further ones. The formal end
	 * of a request that was taken belongs to it.
	 */
	private boolean takesRequest() {
		return this.bodiless != null || this.channel.isWritable();
	}

	private void deliver(HttpObject object) {
		if (object.decoderResult().isFailure()) {
			ReferenceCountUtil.release(object);
			refuseUndecodable(ErrorAnswer.of(object.decoderResult().cause()), object);
		}
		else if (object instanceof HttpRequest request) {
			receive(request);
		}
		else if (this.bodiless != null) {
			HttpRequest request = this.bodiless;
			this.bodiless = null;
			ReferenceCountUtil.release(object);
			begin(request, true);
		}
		else if (this.exchange != null && object instanceof HttpContent content) {
			this.exchange.requestContent(content);
		}
		else {
			ReferenceCountUtil.release(object);
		}
	}

	private void refuseUndecodable(ErrorAnswer error, HttpObject object) {
		if (this.exchange != null) {
			this.exchange.requestBroken(ErrorAnswer.badRequest("The body of the request is not well-formed."));
			return;
		}
		this.frontend.traffic().requests.increment();
		refuse(error, (object instanceof HttpRequest request) ? request : null);
	}

	private void receive(HttpRequest request) {
		ErrorAnswer refusal = RequestRules.refusal(request, this.frontend.limits().maxBody());
		if (refusal != null) {
			this.frontend.traffic().requests.increment();
			refuse(refusal, request);
		}
		else if (RequestRules.announcesBody(request)) {
			begin(request, false);
		}
		else {
			this.bodiless = request;
		}
	}

	private void begin(HttpRequest request, boolean whole) {
		if (this.peer == null) {
			return;
		}
		this.state = State.EXCHANGING;
		this.deadline.clear();
		Answer answer = new Answer(this.channel, this.encoder, request);
		this.frontend.rewriter().rewrite(request, this.peer, (InetSocketAddress) this.channel.localAddress());
		Exchange exchange = new Exchange(this, this.frontend, request, answer, whole);
		this.exchange = exchange;
		exchange.start();
	}

	/** Refuse what never became an exchange; nothing after it can be trusted. */
	private void refuse(ErrorAnswer error, @Nullable HttpRequest request) {
		this.frontend.traffic().failures.increment();
		this.encoder.answer((request != null) ? request.method() : HttpMethod.GET);
		ChannelFuture written = this.channel.writeAndFlush(error.toResponse(HttpHeaderValues.CLOSE));
		closeAfter(written, false);
	}

	private void awaitRequest(@Nullable ChannelFuture lastWrite) {
		this.state = State.IDLE;
		this.lastWrite = lastWrite;
		watchIdle(lastWrite);
		deliverPipelined();
		if (this.exchange == null) {
			watchHead();
		}
	}

	/** The clock of an idle connection runs from when the answer has left. */
	private void watchIdle(@Nullable ChannelFuture lastWrite) {
		if (lastWrite == null || lastWrite.isDone()) {
			this.deadline.set(this.frontend.limits().idleNanos(), this::close);
			return;
		}
		watchWriting(this::close);
		lastWrite.addListener((future) -> {
			if (this.state == State.IDLE && this.lastWrite == lastWrite) {
				watchIdle(lastWrite);
			}
		});
	}

	private void deliverPipelined() {
		if (this.delivering) {
			return;
		}
		this.delivering = true;
		try {
			while (this.state != State.CLOSING && takesMore()) {
				HttpObject object = this.pipelined.poll();
				if (object == null) {
					break;
				}
				deliver(object);
			}
		}
		finally {
			this.delivering = false;
		}
		if (this.exchange != null && !this.reading) {
			this.exchange.flushToTarget();
		}
		updateReading();
	}

	/**
	 * The clock of a head runs from its first byte, however slowly others follow; not
	 * while it is us who do not read on.
	 */
	private void watchHead() {
		if (this.state == State.IDLE && takesRequest() && this.decoder.isInsideHead()) {
			this.state = State.READING_HEAD;
			this.deadline.set(this.frontend.limits().headNanos(), this::headTimedOut);
		}
	}

	private void headTimedOut() {
		if (this.decoder.isInsideHead()) {
			this.frontend.traffic().requests.increment();
			refuse(ErrorAnswer.headTimeout(), null);
		}
		else {
			close();
		}
	}

	private void closeAfter(@Nullable ChannelFuture lastWrite, boolean wholeRequest) {
		boolean nothingFollows = wholeRequest && this.pipelined.isEmpty() && !this.decoder.isInsideHead();
		this.state = State.CLOSING;
		releasePipelined();
		if (lastWrite == null) {
			close();
			return;
		}
		watchWriting(this::close);
		lastWrite.addListener((future) -> {
			if (nothingFollows) {
				close();
			}
			else {
				linger();
			}
		});
		updateReading();
	}

	/**
	 * To close while the client still sends would make its system throw away the answer.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, section
	 * 9.6</a>
	 */
	private void linger() {
		if (this.channel instanceof DuplexChannel duplex && this.channel.isActive()) {
			duplex.shutdownOutput();
			this.deadline.set(Limits.LINGER_NANOS, this::close);
		}
		else {
			close();
		}
	}

	private void releasePipelined() {
		this.pipelined.forEach(ReferenceCountUtil::release);
		this.pipelined.clear();
	}

	/**
	 * What a connection is busy with.
	 *
	 * <pre>
	 * OPENED ──────────► EXCHANGING ──► IDLE ──► READING_HEAD
	 *                        ▲            │           │
	 *                        └────────────┴───────────┘    any ──► CLOSING
	 * </pre>
	 */
	private enum State {

		/** Nothing or a part of its first head has arrived. */
		OPENED,

		/** A request is being worked on. */
		EXCHANGING,

		/** The last answer is out and nothing has followed. */
		IDLE,

		/** A part of a further head has arrived. */
		READING_HEAD,

		/** Whatever still arrives is thrown away. */
		CLOSING

	}

}
