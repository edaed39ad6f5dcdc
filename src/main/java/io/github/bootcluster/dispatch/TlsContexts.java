package io.github.bootcluster.dispatch;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLEngine;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;

import io.github.bootcluster.dispatch.Tls.Identity;

/**
 * Makes Netty's contexts of identities, and finds out whether they work.
 *
 * @param clientAuth what is asked of clients
 */
record TlsContexts(ClientAuth clientAuth) {

	/** A client that speaks only others must be told so in the handshake. */
	private static final ApplicationProtocolConfig HTTP_1_1 = new ApplicationProtocolConfig(
			ApplicationProtocolConfig.Protocol.ALPN, ApplicationProtocolConfig.SelectorFailureBehavior.FATAL_ALERT,
			ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, ApplicationProtocolNames.HTTP_1_1);

	/**
	 * Sessions of clients without tickets; others keep their sessions themselves. Java's
	 * default would let them fill a small heap.
	 */
	private static final int SESSIONS = 2000;

	/**
	 * A context for connections.
	 * @throws TlsException if a protocol or a cipher suite is not known
	 */
	SslContext create(Identity identity) {
		SslContext context = create(identity, this.clientAuth);
		context.sessionContext().setSessionCacheSize(SESSIONS);
		return context;
	}

	/**
	 * Shake hands with ourselves, once for every protocol that was asked for.
	 * @return the certificate that clients see
	 * @throws TlsException if that fails
	 */
	X509Certificate rehearse(Identity identity) {
		// Whom it trusts cannot be rehearsed: clients have the keys to that.
		SslContext context = create(identity, ClientAuth.NONE);
		if (identity.protocols().isEmpty()) {
			return HandshakeRehearsal.perform(context, protocols(identity));
		}
		X509Certificate certificate = null;
		for (String protocol : identity.protocols()) {
			certificate = HandshakeRehearsal.perform(context, new String[] { protocol });
		}
		return Objects.requireNonNull(certificate);
	}

	private static SslContext create(Identity identity, ClientAuth clientAuth) {
		return new JdkSslContext(identity.context(), false, ciphers(identity), IdentityCipherSuiteFilter.INSTANCE,
				HTTP_1_1, clientAuth, protocols(identity), false);
	}

	private static String[] protocols(Identity identity) {
		SSLEngine engine = serverEngine(identity);
		requireKnown("protocol", identity.protocols(), engine.getSupportedProtocols());
		return identity.protocols().isEmpty() ? engine.getEnabledProtocols()
				: identity.protocols().toArray(String[]::new);
	}

	private static List<String> ciphers(Identity identity) {
		SSLEngine engine = serverEngine(identity);
		requireKnown("cipher suite", identity.ciphers(), engine.getSupportedCipherSuites());
		return identity.ciphers().isEmpty()
				? Arrays.stream(engine.getEnabledCipherSuites()).filter(TlsContexts::hasForwardSecrecy).toList()
				: identity.ciphers();
	}

	private static SSLEngine serverEngine(Identity identity) {
		SSLEngine engine = identity.context().createSSLEngine();
		engine.setUseClientMode(false);
		return engine;
	}

	private static void requireKnown(String what, List<String> names, String[] known) {
		for (String name : names) {
			if (!Arrays.asList(known).contains(name)) {
				throw new TlsException("the %s '%s' is not known to Java, which knows %s".formatted(what, name,
						String.join(", ", known)));
			}
		}
	}

	// https://www.rfc-editor.org/rfc/rfc9325#section-4.1
	private static boolean hasForwardSecrecy(String cipher) {
		return !cipher.startsWith("TLS_RSA_") && !cipher.startsWith("TLS_ECDH_");
	}

}
