package io.github.bootcluster.dispatch;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.function.Predicate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.bootcluster.http.Fields;
import io.github.bootcluster.http.Framing;
import io.github.bootcluster.http.MessageException;
import io.github.bootcluster.http.Method;
import io.github.bootcluster.http.RequestHead;

/**
 * One connection of a client: takes its requests one at a time and in order, and sees to
 * it that it neither dawdles nor outlives its use. Goes on reading during an exchange, so
 * that a client's hanging up is noticed. Belongs to its event loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements RequestReader.Sink {

	private static final Logger logger = LoggerFactory.getLogger(ClientConnection.class);

	private static final String CLOSE = "connection: close\r\n";

	private final Frontend frontend;

	private final Lane lane;

	private final Channel channel;

	private final Deadline deadline;

	private final RequestReader reader;

	private State state = State.OPENED;

	private @Nullable Exchange exchange;

	private @Nullable BodyPace pace;

	/** The end of the latest answer. */
	private @Nullable ChannelFuture lastWrite;

	/** There as soon as the connection is. */
	private @Nullable ForwardedHeaders forwardedHeaders;

	/** Hosts that requests may be for, or {@code null} for any. */
	private @Nullable Predicate<String> hosts;

	private @Nullable ChannelHandlerContext context;

	private boolean reading;

	/** Whether the client has ended its side. */
	private boolean inputEnded;

	ClientConnection(Frontend frontend, Lane lane, Channel channel) {
		this.frontend = frontend;
		this.lane = lane;
		this.channel = channel;
		this.deadline = new Deadline(lane.loop());
		this.reader = new RequestReader(lane.heads(), channel.alloc(), this);
	}

	// For its exchange.

	Deadline deadline() {
		return this.deadline;
	}

	ConnectionPool pool() {
		return this.lane.pool();
	}

	ByteBudget replayBudget() {
		return this.lane.replayBudget();
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
		boolean room = (this.exchange != null && !this.exchange.hasWholeRequest()) ? this.exchange.wantsBody()
				: this.reader.pendingBytes() < Limits.PIPELINED && (this.exchange != null || this.channel.isWritable());
		if (!room && this.pace != null) {
			this.pace.paused();
		}
		this.channel.config().setAutoRead(room || this.state == State.CLOSING);
	}

	/** The answer has been written and flushed. */
	void exchangeEnded(Answer answer, boolean wholeRequest) {
		endExchange();
		if (!wholeRequest || !answer.keepsAlive() || this.frontend.isQuiescing()) {
			closeAfter(answer.lastWrite(), wholeRequest);
			return;
		}
		awaitRequest(answer.lastWrite());
	}

	/** Answer a request ourselves. */
	void refuse(Answer answer, ErrorAnswer error, boolean wholeRequest) {
		this.frontend.traffic().answered(error);
		if (!wholeRequest || this.frontend.isQuiescing()) {
			answer.forbidKeepAlive();
		}
		answer.error(error);
		this.channel.flush();
		exchangeEnded(answer, wholeRequest);
	}

	/**
	 * HTTP ends here: let the client speak to a target.
	 * @param target the connection to it, whose user is done
	 */
	void tunnelTo(TargetConnection target) {
		endExchange();
		this.state = State.TUNNELLED;
		this.deadline.cancel();
		Channel peer = Objects.requireNonNull(target.channel());
		ChannelHandlerContext context = Objects.requireNonNull(this.context);
		Tunnel.open(this.channel, this, peer, target, this.frontend.limits().idleNanos());
		ByteBuf early = this.reader.takePending();
		if (early != null) {
			context.fireChannelRead(early);
			context.fireChannelReadComplete();
		}
		if (this.inputEnded) {
			context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		}
	}

	/**
	 * Expect the client to take something of what waits for it, again and again.
	 * @param stalled what to do when it did not
	 */
	void watchWriting(Runnable stalled) {
		WriteWatch.begin(this.channel, this.deadline, this.frontend.limits().idleNanos(), stalled);
	}

	// For its lane.

	void closeIfIdle() {
		if (this.exchange == null && this.state != State.CLOSING && this.state != State.TUNNELLED) {
			closeAfter(this.lastWrite, true);
		}
	}

	/** Close in the middle of whatever it is busy with, so that the client sees that. */
	void cut() {
		if (this.exchange != null) {
			this.exchange.cut();
		}
		else {
			if (this.lastWrite != null && !this.lastWrite.isDone()) {
				// An orderly end could look like that of the answer.
				this.channel.config().setOption(ChannelOption.SO_LINGER, 0);
			}
			close();
		}
	}

	// For its TLS.

	/** Take requests for these hosts only, or for any if {@code null}. */
	void allowOnly(@Nullable Predicate<String> hosts) {
		this.hosts = hosts;
	}

	/** What came first is not TLS. */
	void refusePlainText() {
		refuse(ErrorAnswer.badRequest("This port speaks HTTPS, and was asked in plain HTTP."), new RequestHead());
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.context = context;
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		this.frontend.traffic().connections.incrementAndGet();
		this.frontend.traffic().connectionsOpened.increment();
		this.lane.add(this);
		this.channel.closeFuture().addListener((closed) -> {
			this.lane.remove(this);
			this.frontend.traffic().connections.decrementAndGet();
		});
		InetSocketAddress peer = (InetSocketAddress) this.channel.remoteAddress();
		if (this.frontend.isQuiescing() || peer == null) {
			close();
			return;
		}
		this.forwardedHeaders = this.frontend.forwardedHeaders(peer.getAddress());
		this.deadline.set(this.frontend.limits().headNanos(), this::headTimedOut);
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		this.reading = true;
		boolean pointless = this.state == State.CLOSING || !this.channel.isActive();
		if (pointless || !(message instanceof ByteBuf in)) {
			ReferenceCountUtil.release(message);
			return;
		}
		this.reader.add(in);
		read();
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
			read();
			watchHead();
			closeIfOver();
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		if (event == ChannelInputShutdownEvent.INSTANCE) {
			this.inputEnded = true;
			inputEnded(this.exchange);
		}
		context.fireUserEventTriggered(event);
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.state = State.CLOSING;
		Exchange exchange = this.exchange;
		if (exchange != null) {
			endExchange();
			exchange.clientGone();
		}
		this.reader.stop();
		this.deadline.cancel();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		logger.debug("Connection of a client failed", cause);
		close();
	}

	private void close() {
		if (this.exchange != null) {
			TlsLayer.cut(this.channel);
		}
		else {
			this.channel.close();
		}
	}

	/** The client will ask for nothing more, but wants what it has asked for. */
	private void inputEnded(@Nullable Exchange exchange) {
		if (this.state == State.CLOSING) {
			if (this.lastWrite == null || this.lastWrite.isDone()) {
				close();
			}
		}
		else if (exchange == null) {
			closeIfOver();
		}
		else if (!exchange.hasWholeRequest()) {
			close();
		}
		else {
			HalfClose.probe(this.channel, () -> this.exchange == exchange && exchange.allowsInterim());
		}
	}

	/** A client that does not take its answers must not cause further ones. */
	@Override
	public boolean wantsMore() {
		return (this.exchange != null) ? !this.exchange.hasWholeRequest() : this.channel.isWritable();
	}

	@Override
	public void badHead(RequestHead head, MessageException problem) {
		refuse(ErrorAnswer.of(problem), head);
	}

	@Override
	public void head(RequestHead head) throws MessageException {
		ErrorAnswer refusal = RequestRules.refusal(head, this.frontend.limits().maxBody());
		if (refusal == null && this.hosts != null) {
			refusal = RequestRules.misdirection(head, this.hosts);
		}
		if (refusal != null) {
			refuse(refusal, head);
			return;
		}
		this.state = State.EXCHANGING;
		this.deadline.clear();
		Answer answer = new Answer(this.channel, head);
		Account account = Account.of(this.frontend, head, this.forwardedHeaders);
		Framing framing = Framing.of(head);
		UpstreamRequest request = UpstreamRequest.of(head, framing, Objects.requireNonNull(this.forwardedHeaders),
				(InetSocketAddress) this.channel.localAddress());
		this.reader.expectBody(framing);
		account.calledAs(request);
		RequestTracing.Span span = this.frontend.trace(request);
		if (span != null) {
			request.trace(span.fields());
			account.span(span);
		}
		Exchange exchange = new Exchange(this, this.frontend, request, answer, account);
		this.exchange = exchange;
		if (request.hasBody()) {
			this.pace = new BodyPace(this.lane.loop(), this.frontend.limits().headNanos(), exchange::awaitsBody,
					() -> exchange.requestBroken(ErrorAnswer.bodyTimeout()));
		}
		exchange.start();
	}

	@Override
	public void body(ByteBuf data) {
		if (this.exchange == null) {
			data.release();
			return;
		}
		if (this.pace != null) {
			this.pace.received(data.readableBytes());
		}
		this.exchange.requestContent(data);
	}

	@Override
	public void end(@Nullable Fields trailers) {
		if (this.exchange != null) {
			endPace();
			this.exchange.requestEnded(trailers);
		}
	}

	@Override
	public void badBody(MessageException problem) {
		if (this.exchange != null) {
			this.exchange.requestBroken(ErrorAnswer
				.badRequest("The body of the request is not well-formed: " + problem.getMessage() + "."));
		}
	}

	/** Understand what has been read, as far as it is the time for. */
	private void read() {
		if (!this.reader.read()) {
			return;
		}
		if (this.exchange != null && !this.reading) {
			this.exchange.flushToTarget();
		}
		updateReading();
	}

	/** Refuse what never became an exchange; nothing after it can be trusted. */
	private void refuse(ErrorAnswer error, RequestHead head) {
		this.frontend.traffic().requests.increment();
		this.frontend.traffic().answered(error);
		Method method = head.method();
		Account.of(this.frontend, head, this.forwardedHeaders).refused(error.status().code(), error.bodyBytes(method));
		ChannelFuture written = this.channel.writeAndFlush(error.encode(this.channel.alloc(), method, CLOSE));
		closeAfter(written, false);
	}

	private void endExchange() {
		this.exchange = null;
		endPace();
		this.reader.forgetHead();
	}

	private void endPace() {
		if (this.pace != null) {
			this.pace.end();
			this.pace = null;
		}
	}

	private void awaitRequest(@Nullable ChannelFuture lastWrite) {
		this.state = State.IDLE;
		this.lastWrite = lastWrite;
		watchIdle(lastWrite);
		if (this.reader.isReading()) {
			// It was answered on the spot; whoever reads goes on with the next.
			return;
		}
		read();
		watchHead();
		closeIfOver();
	}

	/**
	 * Close when the client has ended its side and has been answered: if there were room
	 * for the answer to a further request, that would be worked on by now. One that was
	 * begun and will never be complete is nobody's.
	 */
	private void closeIfOver() {
		if (!this.inputEnded || this.state == State.CLOSING || this.reader.isReading()) {
			return;
		}
		if (this.exchange != null) {
			inputEnded(this.exchange);
		}
		else if (this.channel.isWritable() || this.reader.pendingBytes() == 0) {
			closeAfter(this.lastWrite, true);
		}
	}

	/** The clock of an idle connection runs from when the answer has left. */
	private void watchIdle(@Nullable ChannelFuture lastWrite) {
		if (lastWrite == null || lastWrite.isDone()) {
			this.deadline.set(this.frontend.limits().idleNanos(), this::close);
			return;
		}
		watchWriting(this::cut);
		lastWrite.addListener((future) -> {
			if (this.state == State.IDLE && this.lastWrite == lastWrite) {
				watchIdle(lastWrite);
			}
		});
	}

	/**
	 * The clock of a head runs from its first byte, however slowly others follow; not
	 * while it is us who do not read on.
	 */
	private void watchHead() {
		if (this.state == State.IDLE && this.reader.isInsideHead()) {
			this.state = State.READING_HEAD;
			this.deadline.set(this.frontend.limits().headNanos(), this::headTimedOut);
		}
	}

	private void headTimedOut() {
		RequestHead head = this.reader.head();
		if (head != null && this.reader.isInsideHead()) {
			refuse(ErrorAnswer.headTimeout(), head);
		}
		else {
			close();
		}
	}

	private void closeAfter(@Nullable ChannelFuture lastWrite, boolean wholeRequest) {
		boolean nothingFollows = wholeRequest && this.reader.pendingBytes() == 0 && !this.reader.isInsideHead();
		this.state = State.CLOSING;
		this.lastWrite = lastWrite;
		this.reader.stop();
		if (lastWrite == null) {
			close();
			return;
		}
		watchWriting(this::cut);
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
		if (this.channel instanceof DuplexChannel duplex && this.channel.isActive() && !this.inputEnded) {
			TlsLayer.endOutput(duplex);
			this.deadline.set(Limits.LINGER_NANOS, this::close);
		}
		else {
			close();
		}
	}

	/**
	 * What a connection is busy with.
	 *
	 * <pre>
	 * OPENED ──────────► EXCHANGING ──► IDLE ──► READING_HEAD
	 *                     │  ▲            │           │
	 *       TUNNELLED ◄───┘  └────────────┴───────────┘    any ──► CLOSING
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

		/** Another protocol than HTTP is spoken, and none of it here. */
		TUNNELLED,

		/** Whatever still arrives is thrown away. */
		CLOSING

	}

}
