package io.github.bootcluster.dispatch;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS under a connection of a client with its first byte, if that is one of TLS, and
 * knows how such a connection ends. Belongs to the event loop of the connection.
 */
final class TlsLayer extends ChannelInboundHandlerAdapter {

	// https://www.rfc-editor.org/rfc/rfc8446#section-5.1
	private static final byte HANDSHAKE_RECORD = 22;

	private final TlsPort port;

	private final ClientConnection client;

	private State state = State.SILENT;

	/** What is spoken, once something is. */
	private @Nullable Tls tls;

	private boolean inputEnded;

	TlsLayer(TlsPort port, ClientConnection client) {
		this.port = port;
		this.client = client;
	}

	/**
	 * Say that nothing more will be sent, but go on taking what comes, if there can be
	 * more. Whether or not the connection has TLS.
	 */
	static void endOutput(DuplexChannel channel) {
		SslHandler tls = channel.pipeline().get(SslHandler.class);
		if (tls == null) {
			channel.shutdownOutput();
		}
		else if (tls.engine().isInboundDone()) {
			channel.close();
		}
		else {
			tls.closeOutbound().addListener((written) -> channel.shutdownOutput());
		}
	}

	/**
	 * Close a connection in the middle of something. TLS would say before that all was
	 * said, which is what an attacker who cuts connections cannot.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-6.1">RFC 8446, section
	 * 6.1</a>
	 */
	static void cut(Channel channel) {
		ChannelHandlerContext first = channel.pipeline().firstContext();
		if (first != null) {
			first.close();
		}
		else {
			channel.close();
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		switch (this.state) {
			case SILENT -> begin(context, (ByteBuf) message);
			case TLS -> context.fireChannelRead(message);
			case PLAIN -> ReferenceCountUtil.release(message);
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		if (event == SslHandshakeCompletionEvent.SUCCESS) {
			handshakeEnded(engine(context));
			context.fireUserEventTriggered(event);
		}
		else if (event == SslCloseCompletionEvent.SUCCESS) {
			closeNotified(context);
		}
		else if (event == ChannelInputShutdownEvent.INSTANCE) {
			inputEnded(context);
		}
		else {
			context.fireUserEventTriggered(event);
		}
	}

	private void begin(ChannelHandlerContext context, ByteBuf bytes) {
		if (bytes.isReadable() && bytes.getByte(bytes.readerIndex()) != HANDSHAKE_RECORD) {
			this.state = State.PLAIN;
			bytes.release();
			this.client.refusePlainText();
			return;
		}
		this.state = State.TLS;
		this.tls = this.port.current();
		context.pipeline().addFirst(this.port.newHandler(this.tls, context.alloc()));
		context.pipeline().fireChannelRead(bytes);
	}

	private void handshakeEnded(SSLEngine engine) {
		forbidRenegotiation(engine);
		if (this.tls != null) {
			this.client.allowOnly(this.tls.hostsOf(serverName(engine)));
		}
	}

	private static String serverName(SSLEngine engine) {
		if (engine.getSession() instanceof ExtendedSSLSession session) {
			for (SNIServerName name : session.getRequestedServerNames()) {
				if (name instanceof SNIHostName host) {
					return host.getAsciiName();
				}
			}
		}
		return "";
	}

	/**
	 * The client will send nothing more. Up to TLS 1.2 that was the end of both
	 * directions; since then it is only if the client says so as well.
	 */
	private void closeNotified(ChannelHandlerContext context) {
		SSLEngine engine = engine(context);
		if (!isTls13(engine) || engine.isOutboundDone()) {
			context.close();
		}
		else {
			inputEnded(context);
		}
	}

	/** By TLS, by TCP, or by the one and then by the other. */
	private void inputEnded(ChannelHandlerContext context) {
		if (!this.inputEnded) {
			this.inputEnded = true;
			context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		}
	}

	/**
	 * A client could make us do the arithmetic of handshakes again and again. TLS 1.3 has
	 * no renegotiation any more.
	 */
	private static void forbidRenegotiation(SSLEngine engine) {
		if (!isTls13(engine)) {
			engine.setEnableSessionCreation(false);
		}
	}

	private static boolean isTls13(SSLEngine engine) {
		return engine.getSession().getProtocol().equals("TLSv1.3");
	}

	private static SSLEngine engine(ChannelHandlerContext context) {
		return context.pipeline().get(SslHandler.class).engine();
	}

	/** What is known of a connection. */
	private enum State {

		/** The client has sent nothing. */
		SILENT,

		/** The client speaks TLS, or pretends to. */
		TLS,

		/** The client does not, and is told so; what else it sends is thrown away. */
		PLAIN

	}

}
