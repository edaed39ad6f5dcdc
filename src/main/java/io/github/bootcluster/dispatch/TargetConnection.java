package io.github.bootcluster.dispatch;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a target. Serves one user after the other; between two it lies in its
 * pool and watches for bytes nobody asked for. Belongs to its event loop.
 */
final class TargetConnection extends ChannelInboundHandlerAdapter {

	private static final Logger logger = LoggerFactory.getLogger(TargetConnection.class);

	private final Target target;

	private final ConnectionPool pool;

	private final ResponseDecoder decoder;

	private @Nullable Channel channel;

	private @Nullable User user;

	private boolean reused;

	private boolean closing;

	private boolean interim;

	private boolean persistent;

	private boolean answered;

	private long idleSince;

	TargetConnection(Target target, ConnectionPool pool, ResponseDecoder decoder, User user) {
		this.target = target;
		this.pool = pool;
		this.decoder = decoder;
		this.user = user;
	}

	Target target() {
		return this.target;
	}

	ResponseDecoder decoder() {
		return this.decoder;
	}

	/** Whether it served another user before. */
	boolean isReused() {
		return this.reused;
	}

	/** Whether any byte of the answer has arrived. */
	boolean hasHeard() {
		return this.decoder.hasHeard();
	}

	boolean isWritable() {
		return this.channel != null && this.channel.isWritable();
	}

	boolean isUsable() {
		return this.channel != null && this.channel.isActive() && !this.closing && !this.decoder.isPoisoned();
	}

	long idleSince() {
		return this.idleSince;
	}

	void opening(Channel channel) {
		this.channel = channel;
	}

	void opened() {
		if (this.user != null) {
			this.user.connected(this);
		}
	}

	void notOpened(Throwable cause) {
		User user = this.user;
		this.user = null;
		if (user != null) {
			user.notConnected(cause);
		}
	}

	/** Serve a user from the pool. */
	void reuse(User user) {
		this.user = user;
		this.reused = true;
	}

	/** Begin with a request of that method. */
	void expect(HttpMethod method) {
		this.answered = false;
		this.interim = false;
		this.persistent = false;
		this.decoder.expect(method);
	}

	void write(HttpObject object) {
		if (this.channel == null) {
			ReferenceCountUtil.release(object);
			return;
		}
		// A failed write needs no handling here: the read side still gets what the target
		// answered before it hung up, and then the end.
		this.channel.write(object);
	}

	void flush() {
		if (this.channel != null) {
			this.channel.flush();
		}
	}

	/** Whether to read further. */
	void read(boolean on) {
		if (this.channel != null) {
			this.channel.config().setAutoRead(on);
		}
	}

	/** The user is done; keep the connection for another if it is fit for that. */
	void release(boolean fit) {
		this.user = null;
		if (fit && this.answered && this.persistent && isUsable()) {
			this.idleSince = System.nanoTime();
			read(true);
			this.pool.put(this);
		}
		else {
			close();
		}
	}

	/** Close without telling the user. */
	void discard() {
		this.user = null;
		close();
	}

	/** Close; a user learns of it as if the target had done it. */
	void close() {
		this.closing = true;
		if (this.channel != null) {
			this.channel.close();
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		User user = this.user;
		if (user == null || this.closing || this.answered) {
			// Closed by us: an answer that ends with the connection would look complete.
			ReferenceCountUtil.release(message);
			return;
		}
		if (message instanceof HttpResponse response) {
			head(user, response);
		}
		else if (message instanceof HttpContent content) {
			content(user, content);
		}
		else {
			ReferenceCountUtil.release(message);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		User user = this.user;
		if (user != null) {
			user.batchEnded();
			endIfAnswered(user);
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		if (this.user != null) {
			this.user.writabilityChanged();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.pool.remove(this);
		User user = this.user;
		if (user != null && !endIfAnswered(user)) {
			this.closing = true;
			this.user = null;
			user.lost(this);
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		logger.debug("Connection to {} failed", this.target, cause);
		// Before the decoder learns of the end, which it may take for that of the answer.
		close();
	}

	private void head(User user, HttpResponse response) {
		if (response.decoderResult().cause() instanceof PrematureChannelClosureException) {
			// Not nonsense but half a head: the end of the connection is about to be
			// told.
			return;
		}
		String fault = ResponseRules.fault(response);
		if (fault != null) {
			user.invalid(fault);
			return;
		}
		this.interim = ResponseRules.isInterim(response);
		if (!this.interim) {
			this.persistent = HttpUtil.isKeepAlive(response);
		}
		user.head(response);
	}

	private void content(User user, HttpContent content) {
		if (content.decoderResult().isFailure()) {
			content.release();
			user.invalid("has a body that is not well-formed: " + content.decoderResult().cause().getMessage());
		}
		else if (this.interim) {
			// The decoder ends every head without a body with one of these.
			content.release();
			this.interim = false;
		}
		else {
			if (content instanceof LastHttpContent) {
				this.answered = true;
				this.decoder.expectNothing();
			}
			user.content(content);
		}
	}

	/**
	 * The end is told only once all bytes of a batch have been seen, so that leftovers
	 * are found before anybody else gets this connection.
	 */
	private boolean endIfAnswered(User user) {
		if (this.answered && this.user == user) {
			user.answered();
			return true;
		}
		return this.user != user;
	}

	/** Whoever a connection serves at the moment. Told on the event loop. */
	interface User {

		void connected(TargetConnection connection);

		void notConnected(Throwable cause);

		/** The head of an answer, interim or not; its syntax is sound. */
		void head(HttpResponse response);

		/** A part of the body; the user must release it. */
		void content(HttpContent content);

		/** Nothing more has arrived for now. */
		void batchEnded();

		/** The answer is complete; the user must release the connection. */
		void answered();

		void writabilityChanged();

		/** What arrives makes no sense; the user must discard the connection. */
		void invalid(String fault);

		/** The connection broke before the answer was complete. */
		void lost(TargetConnection connection);

	}

}
