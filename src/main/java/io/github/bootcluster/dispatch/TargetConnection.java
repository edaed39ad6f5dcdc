package io.github.bootcluster.dispatch;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.bootcluster.http.BodyReader;
import io.github.bootcluster.http.Fields;
import io.github.bootcluster.http.Framing;
import io.github.bootcluster.http.MessageException;
import io.github.bootcluster.http.ResponseHead;

/**
 * One connection to a target. Serves one user after the other; between two it lies in its
 * pool and takes no byte, since nobody asked for one. Belongs to its event loop.
 */
final class TargetConnection extends ChannelInboundHandlerAdapter {

	private static final Logger logger = LoggerFactory.getLogger(TargetConnection.class);

	/** Most heads that may precede the one that answers. */
	private static final int MAX_INTERIMS = 16;

	private final Target target;

	private final ConnectionPool pool;

	private final ResponseHead head = new ResponseHead();

	private final BodyReader body = new BodyReader();

	private final Consumer<ByteBuf> bodySink = this::bodyPiece;

	private @Nullable Channel channel;

	private @Nullable User user;

	/** What the user asked for, until that is answered. */
	private @Nullable UpstreamRequest request;

	private int interims;

	private boolean closing;

	/**
	 * Whether it was reset. The system tells that once: who has learnt of it by writing
	 * reads what the target answered before that, and then an orderly end.
	 */
	private boolean reset;

	private final ChannelFutureListener writeListener = (written) -> this.reset |= !written.isSuccess();

	private boolean persistent;

	private long idleSince;

	TargetConnection(Target target, ConnectionPool pool, User user) {
		this.target = target;
		this.pool = pool;
		this.user = user;
	}

	Target target() {
		return this.target;
	}

	boolean isWritable() {
		return this.channel != null && this.channel.isWritable();
	}

	boolean isUsable() {
		return this.channel != null && this.channel.isActive() && !this.closing;
	}

	/** Whether a part of an answer has arrived, interim or not, and not all of it. */
	boolean isAnswering() {
		return this.request != null && (this.interims > 0 || this.head.hasBegun());
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
	}

	/** Begin with a request. */
	void send(UpstreamRequest request) {
		this.request = request;
		this.interims = 0;
		this.persistent = false;
		this.head.clear();
		if (this.channel != null) {
			write(request.encode(this.channel.alloc()));
		}
	}

	/** Write what follows its head. */
	void write(ByteBuf bytes) {
		if (this.channel == null) {
			bytes.release();
			return;
		}
		this.channel.write(bytes).addListener(this.writeListener);
	}

	void flush() {
		if (this.channel != null) {
			this.channel.flush();
		}
	}

	@Nullable Channel channel() {
		return this.channel;
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
		if (fit && this.persistent && isUsable()) {
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
		if (!(message instanceof ByteBuf in)) {
			ReferenceCountUtil.release(message);
			return;
		}
		read(in);
		if (context.isRemoved()) {
			// Another protocol is spoken from here on, and somebody else understands it.
			context.fireChannelRead(in);
		}
		else {
			in.release();
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		User user = this.user;
		if (user != null && !endIfAnswered(user)) {
			user.batchEnded();
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
		User user = this.user;
		if (user == null || endIfAnswered(user)) {
			return;
		}
		if (!this.closing && !this.reset && isInBody() && this.body.endsWithConnection()) {
			this.request = null;
			user.answered(null);
			return;
		}
		this.closing = true;
		this.user = null;
		user.lost(this);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		logger.debug("Connection to {} failed", this.target, cause);
		// Before the end is told, which might be taken for that of the answer.
		close();
	}

	private void read(ByteBuf in) {
		User user = this.user;
		UpstreamRequest request = this.request;
		if (this.closing) {
			return;
		}
		if (user == null || request == null) {
			// https://www.rfc-editor.org/rfc/rfc9112#section-9.2
			logger.debug("{} bytes of {} nobody asked for", in.readableBytes(), this.target);
			close();
			return;
		}
		try {
			while (in.isReadable() && this.user == user && this.request == request) {
				if (isAnswered()) {
					this.persistent = false;
					return;
				}
				if (this.head.isComplete()) {
					this.body.read(in, this.bodySink);
				}
				else if (this.head.read(in)) {
					head(user, request);
				}
			}
		}
		catch (MessageException ex) {
			user.invalid("is not valid HTTP/1.1: " + ex.getMessage());
		}
	}

	private void head(User user, UpstreamRequest request) throws MessageException {
		Upgrade upgrade = request.upgrade();
		if (upgrade != null && upgrade.isGrantedBy(this.head)) {
			this.request = null;
			this.user = null;
			this.pool.handOver(this);
			user.switched(this.head);
		}
		else if (this.head.status() == Upgrade.SWITCHING_PROTOCOLS) {
			throw new MessageException("switches to a protocol that was not asked for");
		}
		else if (this.head.isInterim()) {
			if (++this.interims > MAX_INTERIMS) {
				throw new MessageException("more than " + MAX_INTERIMS + " interim heads");
			}
			user.interim(this.head);
			this.head.clear();
		}
		else {
			Framing framing = Framing.of(this.head, request.method());
			this.persistent = this.head.isKeepAlive() && framing != Framing.UNTIL_CLOSE;
			this.body.begin(framing);
			user.head(this.head, framing);
		}
	}

	private void bodyPiece(ByteBuf piece) {
		if (this.user != null) {
			this.user.content(piece);
		}
		else {
			piece.release();
		}
	}

	private boolean isInBody() {
		return this.request != null && this.head.isComplete();
	}

	private boolean isAnswered() {
		return isInBody() && this.body.isEnded();
	}

	/**
	 * The end is told only once all bytes of a batch have been seen, so that leftovers
	 * are found before anybody else gets this connection.
	 */
	private boolean endIfAnswered(User user) {
		if (isAnswered() && this.user == user) {
			this.request = null;
			user.answered(this.body.trailers());
			return true;
		}
		return this.user != user;
	}

	/** Whoever a connection serves at the moment. Told on the event loop. */
	interface User {

		void connected(TargetConnection connection);

		void notConnected(Throwable cause);

		/** Another head will follow this one. */
		void interim(ResponseHead head);

		/** The head of the answer; it makes sense. Valid until the answer ends. */
		void head(ResponseHead head, Framing framing);

		/** A part of the body; the user must release it. */
		void content(ByteBuf data);

		/** Nothing more has arrived for now. */
		void batchEnded();

		/**
		 * The answer is complete; the user must release the connection.
		 * @param trailers what came after the body, or {@code null} if nothing did
		 */
		void answered(@Nullable Fields trailers);

		/** The target has gone over to the protocol it was asked for. */
		void switched(ResponseHead head);

		void writabilityChanged();

		/** What arrives makes no sense; the user must discard the connection. */
		void invalid(String fault);

		/** The connection broke before the answer was complete. */
		void lost(TargetConnection connection);

	}

}
