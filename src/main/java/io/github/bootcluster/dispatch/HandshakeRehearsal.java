package io.github.bootcluster.dispatch;

import java.security.cert.X509Certificate;

import javax.net.ssl.SSLException;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A handshake in memory, with a client of our own. That settings can be read does not
 * mean that anybody can connect: keys may not fit certificates, cipher suites not fit
 * keys, protocols be forbidden by Java's security policy.
 */
final class HandshakeRehearsal {

	private final SslHandler serverHandler;

	private final SslHandler clientHandler;

	private HandshakeRehearsal(SslHandler serverHandler, SslHandler clientHandler) {
		this.serverHandler = serverHandler;
		this.clientHandler = clientHandler;
	}

	/**
	 * Try it.
	 * @param server the server; must not ask for a certificate
	 * @param protocols protocols of the client, any of which will do
	 * @return the certificate that the server has proved to have the key of
	 * @throws TlsException if the two do not come together
	 */
	static X509Certificate perform(SslContext server, String[] protocols) {
		try {
			// Whether the certificate is trusted is for real clients to say.
			SslContext client = SslContextBuilder.forClient()
				.sslProvider(SslProvider.JDK)
				.trustManager(InsecureTrustManagerFactory.INSTANCE)
				.protocols(protocols)
				.ciphers(server.cipherSuites())
				.build();
			return new HandshakeRehearsal(server.newHandler(ByteBufAllocator.DEFAULT),
					client.newHandler(ByteBufAllocator.DEFAULT))
				.perform();
		}
		catch (SSLException ex) {
			throw new TlsException(
					"no client could connect with %s (%s)".formatted(String.join(" or ", protocols), ex.getMessage()),
					ex);
		}
	}

	private X509Certificate perform() throws SSLException {
		EmbeddedChannel server = new EmbeddedChannel(this.serverHandler);
		EmbeddedChannel client = new EmbeddedChannel(this.clientHandler);
		try {
			while (carry(client, server) || carry(server, client)) {
				continue;
			}
			throwFailure(this.serverHandler.handshakeFuture().cause(), this.clientHandler.handshakeFuture().cause());
			return (X509Certificate) this.clientHandler.engine().getSession().getPeerCertificates()[0];
		}
		finally {
			end(server);
			end(client);
		}
	}

	private static void end(EmbeddedChannel channel) {
		channel.close();
		channel.releaseInbound();
		channel.releaseOutbound();
	}

	/** Whether there was anything to carry. Failures are told by the handlers. */
	private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
		Object bytes = from.readOutbound();
		if (bytes == null) {
			return false;
		}
		to.pipeline().fireChannelRead(bytes).fireChannelReadComplete();
		return true;
	}

	/** The side that only heard of the failure knows less than the other. */
	private static void throwFailure(@Nullable Throwable server, @Nullable Throwable client) throws SSLException {
		boolean serverOnlyHeard = server != null
				&& String.valueOf(server.getMessage()).contains("Received fatal alert");
		Throwable failure = (server == null || (serverOnlyHeard && client != null)) ? client : server;
		if (failure instanceof SSLException sslFailure) {
			throw sslFailure;
		}
		if (failure != null) {
			throw new SSLException(failure.getMessage(), failure);
		}
	}

}
