package io.github.bootcluster.launcher;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import io.github.bootcluster.dispatch.Tls;
import io.github.bootcluster.dispatch.Tls.ClientCertificate;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.util.ObjectUtils;
import org.springframework.util.StringUtils;

/**
 * Makes of Spring Boot's settings what speaks TLS. Stricter than Spring Boot: a setting
 * without effect is refused, as is one with which nobody could connect, or anybody.
 */
final class TlsFactory {

	/** What Spring Boot's settings say when nobody set it. */
	private static final String DEFAULT_PROTOCOL = new Ssl().getProtocol();

	private final TlsSettings settings;

	private final Ssl ssl;

	private final SslBundles bundles;

	TlsFactory(TlsSettings settings, SslBundles bundles) {
		this.settings = settings;
		this.ssl = settings.ssl();
		this.bundles = bundles;
	}

	/**
	 * Read all that the settings name, as it is now.
	 * @throws LaunchException if it cannot be read or does not work
	 */
	Tls create() {
		try {
			refuseContradictions();
			Map<String, Tls.Identity> byServerName = new LinkedHashMap<>();
			for (ServerNameSslBundle named : this.ssl.getServerNameBundles()) {
				byServerName.put(named.serverName(), identity(this.bundles.getBundle(named.bundle())));
			}
			return Tls.of(identity(WebServerSslBundle.get(this.ssl, this.bundles)), byServerName, clientCertificate());
		}
		catch (NoSuchSslBundleException ex) {
			throw refusal("there is no SSL bundle '%s', %s".formatted(ex.getBundleName(), otherBundles()), ex);
		}
		catch (LaunchException ex) {
			throw ex;
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			// Spring Boot throws whatever comes, from reading files to reading keys.
			throw refusal(Causes.describe(ex), ex);
		}
	}

	private void refuseContradictions() {
		if (StringUtils.hasText(this.ssl.getBundle())) {
			refuseBesideBundle("ciphers", this.ssl.getCiphers());
			refuseBesideBundle("enabled-protocols", this.ssl.getEnabledProtocols());
			refuseBesideBundle("key-alias", this.ssl.getKeyAlias());
			refuseBesideBundle("key-password", this.ssl.getKeyPassword());
			refuseBesideBundle("key-store", this.ssl.getKeyStore());
			refuseBesideBundle("key-store-password", this.ssl.getKeyStorePassword());
			refuseBesideBundle("key-store-type", this.ssl.getKeyStoreType());
			refuseBesideBundle("key-store-provider", this.ssl.getKeyStoreProvider());
			refuseBesideBundle("certificate", this.ssl.getCertificate());
			refuseBesideBundle("certificate-private-key", this.ssl.getCertificatePrivateKey());
			refuseBesideBundle("trust-store", this.ssl.getTrustStore());
			refuseBesideBundle("trust-store-password", this.ssl.getTrustStorePassword());
			refuseBesideBundle("trust-store-type", this.ssl.getTrustStoreType());
			refuseBesideBundle("trust-store-provider", this.ssl.getTrustStoreProvider());
			refuseBesideBundle("trust-certificate", this.ssl.getTrustCertificate());
			refuseBesideBundle("trust-certificate-private-key", this.ssl.getTrustCertificatePrivateKey());
			refuseBesideBundle("protocol", DEFAULT_PROTOCOL.equals(this.ssl.getProtocol()) ? null : "another");
		}
		else if ((this.ssl.getCertificate() == null) != (this.ssl.getCertificatePrivateKey() == null)) {
			throw refusal("a certificate and its private key are needed, each in its property", null);
		}
		else if (this.ssl.getCertificate() == null && this.ssl.getKeyStore() == null
				&& !"PKCS11".equals(this.ssl.getKeyStoreType())) {
			throw refusal("no certificate is named, neither by 'bundle' nor by 'key-store' nor by 'certificate'", null);
		}
		refuseBoth("key-store", this.ssl.getKeyStore(), "certificate", this.ssl.getCertificate());
		refuseBoth("trust-store", this.ssl.getTrustStore(), "trust-certificate", this.ssl.getTrustCertificate());
		for (ServerNameSslBundle named : this.ssl.getServerNameBundles()) {
			if (!StringUtils.hasText(named.serverName()) || !StringUtils.hasText(named.bundle())) {
				throw refusal("every entry of 'server-name-bundles' needs a 'server-name' and a 'bundle'", null);
			}
		}
	}

	/** It would be ignored, and nobody would notice. */
	private void refuseBesideBundle(String name, @Nullable Object value) {
		if (!ObjectUtils.isEmpty(value)) {
			throw new LaunchException(
					"Property '%s' has no effect beside '%s': the bundle has settings of its own."
						.formatted(this.settings.property(name), this.settings.property("bundle")),
					"Move it to the bundle, under spring.ssl.bundle, or remove one of the two.");
		}
	}

	private void refuseBoth(String one, @Nullable String value, String other, @Nullable String otherValue) {
		if (StringUtils.hasText(value) && StringUtils.hasText(otherValue)) {
			throw refusal("'%s' and '%s' exclude each other".formatted(one, other), null);
		}
	}

	private Tls.Identity identity(SslBundle bundle) throws GeneralSecurityException {
		requireKey(bundle);
		SSLContext context = SSLContext.getInstance(bundle.getProtocol());
		context.init(keyManagers(bundle), trustManagers(bundle), null);
		return new Tls.Identity(context, list(bundle.getOptions().getEnabledProtocols()),
				list(bundle.getOptions().getCiphers()));
	}

	private static void requireKey(SslBundle bundle) throws KeyStoreException {
		KeyStore store = bundle.getStores().getKeyStore();
		List<String> aliases = new ArrayList<>();
		if (store != null) {
			for (String alias : Collections.list(store.aliases())) {
				if (store.isKeyEntry(alias)) {
					aliases.add(alias);
				}
			}
		}
		if (aliases.isEmpty()) {
			throw new IllegalStateException("there is no private key");
		}
		String alias = bundle.getKey().getAlias();
		if (StringUtils.hasLength(alias) && !aliases.contains(alias)) {
			throw new IllegalStateException("there is no key with the alias '%s', only %s".formatted(alias, aliases));
		}
	}

	private KeyManager[] keyManagers(SslBundle bundle) {
		try {
			return bundle.getManagers().getKeyManagers();
		}
		catch (IllegalStateException ex) {
			if (ex.getCause() instanceof UnrecoverableKeyException && bundle.getStores().getKeyStorePassword() == null
					&& !StringUtils.hasLength(bundle.getKey().getPassword())) {
				// Java would say that it cannot read the length of an array.
				throw refusal("the private key cannot be read without a password; set '%s', or that of the bundle"
					.formatted(this.settings.property("key-store-password")), ex);
			}
			throw ex;
		}
	}

	/** None, rather than Java's own, where clients are not asked for a certificate. */
	private TrustManager[] trustManagers(SslBundle bundle) {
		if (clientCertificate() == ClientCertificate.NONE) {
			return new TrustManager[0];
		}
		if (bundle.getStores().getTrustStore() == null && System.getProperty("javax.net.ssl.trustStore") == null) {
			throw new IllegalStateException(
					"clients are asked for a certificate, but no trust store says which are trusted");
		}
		TrustManager[] managers = bundle.getManagers().getTrustManagers();
		if (Arrays.stream(managers)
			.allMatch((manager) -> manager instanceof X509TrustManager x509 && x509.getAcceptedIssuers().length == 0)) {
			throw new IllegalStateException("clients are asked for a certificate, but the trust store trusts nobody");
		}
		return managers;
	}

	private ClientCertificate clientCertificate() {
		return ClientAuth.map(this.ssl.getClientAuth(), ClientCertificate.NONE, ClientCertificate.WANTED,
				ClientCertificate.NEEDED);
	}

	private LaunchException refusal(String reason, @Nullable Exception cause) {
		return new LaunchException(
				"TLS cannot be spoken as the properties '%s.*' ask for it: %s.".formatted(this.settings.prefix(),
						reason),
				"Correct them, or set %s=false for plain HTTP.".formatted(this.settings.property("enabled")), cause);
	}

	private String otherBundles() {
		return this.bundles.getBundleNames().isEmpty() ? "nor any other"
				: "only " + String.join(", ", this.bundles.getBundleNames());
	}

	private static List<String> list(String @Nullable [] values) {
		return (values != null) ? List.of(values) : List.of();
	}

}
