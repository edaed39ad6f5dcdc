package io.github.bootcluster.dispatch;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import org.jspecify.annotations.Nullable;

/**
 * What the public port needs to speak TLS. Immutable, and rehearsed when it is made: what
 * exists has shown to work.
 *
 * @since 0.1.0
 */
public final class Tls {

	/** A hello with the keys of today's hybrid exchanges has 2 KiB. */
	private static final int MAX_CLIENT_HELLO = 16 * 1024;

	private static final Pattern SERVER_NAME = Pattern.compile("(?:\\*\\.)?[^*]+");

	private final SslContext standard;

	/** By the name a client asks for, or {@code null} if that makes no difference. */
	private final @Nullable Mapping<String, SslContext> byServerName;

	private final ClientCertificate clientCertificate;

	private final X509Certificate certificate;

	private Tls(SslContext standard, @Nullable Mapping<String, SslContext> byServerName,
			ClientCertificate clientCertificate, X509Certificate certificate) {
		this.standard = standard;
		this.byServerName = byServerName;
		this.clientCertificate = clientCertificate;
		this.certificate = certificate;
	}

	/**
	 * Make it of its parts.
	 * @param standard identity for clients that name no server, or none of the following
	 * @param byServerName identities by the name of the server that a client asks for, or
	 * {@code *.} and the rest of such names
	 * @param clientCertificate what is asked of clients
	 * @throws TlsException if no client could connect, or not with each of the protocols
	 * that were asked for
	 */
	public static Tls of(Identity standard, Map<String, Identity> byServerName, ClientCertificate clientCertificate) {
		TlsContexts contexts = new TlsContexts(clientCertificate.mode);
		SslContext standardContext = contexts.create(standard);
		X509Certificate certificate = contexts.rehearse(standard);
		if (byServerName.isEmpty()) {
			return new Tls(standardContext, null, clientCertificate, certificate);
		}
		DomainWildcardMappingBuilder<SslContext> mapping = new DomainWildcardMappingBuilder<>(byServerName.size(),
				standardContext);
		byServerName.forEach((name, identity) -> {
			if (!SERVER_NAME.matcher(name).matches()) {
				throw new TlsException(
						"'%s' is not the name of a server, nor '*.' and the rest of one".formatted(name));
			}
			try {
				contexts.rehearse(identity);
			}
			catch (TlsException ex) {
				throw new TlsException("for the server name '%s', %s".formatted(name, ex.getMessage()), ex);
			}
			mapping.add(name, contexts.create(identity));
		});
		return new Tls(standardContext, mapping.build()::map, clientCertificate, certificate);
	}

	/** The certificate that clients see who ask for no particular server. */
	public X509Certificate certificate() {
		return this.certificate;
	}

	/**
	 * Which hosts a client may have requests for, who has connected by asking for one of
	 * them. Others may trust other certificates than the one it has shown.
	 * @param serverName the name it asked for, or the empty string
	 * @return the restriction, or {@code null} if there is none
	 */
	@Nullable Predicate<String> hostsOf(String serverName) {
		Mapping<String, SslContext> contexts = this.byServerName;
		if (contexts == null || this.clientCertificate == ClientCertificate.NONE) {
			return null;
		}
		SslContext own = contexts.map(serverName);
		return (host) -> isPlain(host) && contexts.map(withoutRoot(host)) == own;
	}

	/**
	 * The handler of one connection.
	 * @param handshakes what does the arithmetic of handshakes
	 * @param handshakeMillis time for a handshake
	 */
	ChannelHandler newHandler(ByteBufAllocator allocator, Executor handshakes, long handshakeMillis) {
		if (this.byServerName == null) {
			return newHandler(this.standard, allocator, handshakes, handshakeMillis);
		}
		return new SniHandler(this.byServerName, MAX_CLIENT_HELLO, handshakeMillis) {

			@Override
			protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
				return newHandler(context, allocator, handshakes, handshakeMillis);
			}

		};
	}

	/** Whoever decodes it may find another host. */
	private static boolean isPlain(String host) {
		return host.indexOf('%') < 0;
	}

	/** The dot of the root names the same host. */
	private static String withoutRoot(String host) {
		return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
	}

	private static SslHandler newHandler(SslContext context, ByteBufAllocator allocator, Executor handshakes,
			long handshakeMillis) {
		SslHandler handler = context.newHandler(allocator, handshakes);
		handler.setHandshakeTimeoutMillis(handshakeMillis);
		return handler;
	}

	/**
	 * Who a server is, and what it speaks.
	 *
	 * @param context its keys, and whom it trusts
	 * @param protocols protocols by Java's names; empty for Java's own choice
	 * @param ciphers cipher suites by Java's names, the preferred first; empty for Java's
	 * own choice without those that lack forward secrecy
	 */
	public record Identity(SSLContext context, List<String> protocols, List<String> ciphers) {

		public Identity {
			protocols = List.copyOf(protocols);
			ciphers = List.copyOf(ciphers);
		}

	}

	/** Whether clients must say with a certificate who they are. */
	public enum ClientCertificate {

		/** They are not asked. */
		NONE(ClientAuth.NONE),

		/** They are asked, and need not answer; a certificate not trusted is refused. */
		WANTED(ClientAuth.OPTIONAL),

		/** Without a trusted certificate there is no connection. */
		NEEDED(ClientAuth.REQUIRE);

		private final ClientAuth mode;

		ClientCertificate(ClientAuth mode) {
			this.mode = mode;
		}

	}

}
