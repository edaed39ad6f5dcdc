package io.github.bootcluster.launcher;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.Environment;

/**
 * Certificates and keys that stand in properties as text. One that lacks its first or
 * last line, Spring Boot takes for the name of a file, and says so: in public, of a key.
 */
final class PemTexts {

	private static final String BUNDLES = "spring.ssl.bundle.pem";

	private PemTexts() {
	}

	/**
	 * Refuse what is meant as text and is none.
	 * @throws LaunchException that quotes nothing of it
	 */
	static void check(Environment environment) {
		checkServer(environment, "server.ssl");
		checkServer(environment, "management.server.ssl");
		Binder.get(environment)
			.bind(BUNDLES, Bindable.mapOf(String.class, PemSslBundleProperties.class))
			.orElse(Map.of())
			.forEach((name, bundle) -> {
				checkStore(BUNDLES + "." + name + ".keystore", bundle.getKeystore());
				checkStore(BUNDLES + "." + name + ".truststore", bundle.getTruststore());
			});
	}

	private static void checkServer(Environment environment, String prefix) {
		TlsSettings settings = TlsSettings.find(environment, prefix);
		if (settings != null) {
			Ssl ssl = settings.ssl();
			check(settings.property("certificate"), ssl.getCertificate());
			check(settings.property("certificate-private-key"), ssl.getCertificatePrivateKey());
			check(settings.property("trust-certificate"), ssl.getTrustCertificate());
			check(settings.property("trust-certificate-private-key"), ssl.getTrustCertificatePrivateKey());
		}
	}

	private static void checkStore(String prefix, PemSslBundleProperties.Store store) {
		check(prefix + ".certificate", store.getCertificate());
		check(prefix + ".private-key", store.getPrivateKey());
	}

	private static void check(String property, @Nullable String value) {
		if (value == null || PemContent.isPresentInText(value)) {
			return;
		}
		if (value.contains("-----") || value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
			throw new LaunchException(
					"Property '%s' is PEM text without a sound '-----BEGIN …-----' or '-----END …-----'.".formatted(
							property),
					"Set it to the whole text with both of these lines, or to the name of a file.");
		}
	}

}
