package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.bootcluster.dispatch.Tls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;
import org.springframework.core.io.Resource;
import org.springframework.util.StringUtils;

/**
 * TLS of the public port, kept up to date: made anew when one of its bundles is updated
 * or one of its own files changes. What does not work then leaves everything as it was.
 * Connections ask for it on any thread.
 */
final class FrontTls implements Supplier<Tls>, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(FrontTls.class);

	private final TlsFactory factory;

	private final FileChanges fileChanges;

	/** Replaced by one thread at a time. */
	private volatile Tls current;

	private FrontTls(TlsSettings settings, SslBundles bundles, Duration quietPeriod) {
		this.factory = new TlsFactory(settings, bundles);
		synchronized (this) {
			// First watched, then read: nothing that changes in between is missed.
			this.fileChanges = FileChanges.watch(files(settings.ssl()), quietPeriod, this::reload);
			bundles.getBundleNames()
				.stream()
				.filter(bundleNames(settings.ssl())::contains)
				.forEach((name) -> bundles.addBundleUpdateHandler(name, (updated) -> reload()));
			try {
				this.current = this.factory.create();
			}
			catch (RuntimeException ex) {
				this.fileChanges.close();
				throw ex;
			}
		}
		logger.info("The public port speaks TLS as {}", describe(this.current));
		warnUnlessValid(this.current);
	}

	/**
	 * Read all that the settings name.
	 * @param quietPeriod how long files must be unchanged to be taken for complete
	 * @throws LaunchException if it cannot be read or does not work
	 */
	static FrontTls open(TlsSettings settings, SslBundles bundles, Duration quietPeriod) {
		return new FrontTls(settings, bundles, quietPeriod);
	}

	@Override
	public Tls get() {
		return this.current;
	}

	@Override
	public void close() {
		this.fileChanges.close();
	}

	private synchronized void reload() {
		try {
			Tls updated = this.factory.create();
			Tls former = this.current;
			this.current = updated;
			logger.info("The public port speaks TLS with new connections as {}, no longer as {}", describe(updated),
					describe(former));
			warnUnlessValid(updated);
		}
		catch (LaunchException ex) {
			logger.error("{} The public port goes on as {}", ex.getDescription(), describe(this.current));
			logger.debug("The cause", ex);
		}
	}

	private static Set<String> bundleNames(Ssl ssl) {
		Set<String> names = new LinkedHashSet<>();
		if (StringUtils.hasText(ssl.getBundle())) {
			names.add(ssl.getBundle());
		}
		ssl.getServerNameBundles().stream().map(ServerNameSslBundle::bundle).forEach(names::add);
		return names;
	}

	/** Those it names itself; bundles look after theirs. */
	private static List<Path> files(Ssl ssl) {
		if (StringUtils.hasText(ssl.getBundle())) {
			return List.of();
		}
		return Stream
			.of(ssl.getKeyStore(), ssl.getTrustStore(), ssl.getCertificate(), ssl.getCertificatePrivateKey(),
					ssl.getTrustCertificate(), ssl.getTrustCertificatePrivateKey())
			.filter(Objects::nonNull)
			.filter((location) -> !PemContent.isPresentInText(location))
			.map((location) -> ApplicationResourceLoader.get().getResource(location))
			.filter(Resource::isFile)
			.map(FrontTls::path)
			.toList();
	}

	private static Path path(Resource file) {
		try {
			return file.getFile().toPath();
		}
		catch (IOException ex) {
			throw new IllegalStateException("%s is no file".formatted(file), ex);
		}
	}

	private static void warnUnlessValid(Tls tls) {
		try {
			tls.certificate().checkValidity();
		}
		catch (CertificateExpiredException | CertificateNotYetValidException ex) {
			logger.warn("Clients will not accept the certificate of the public port: {}", ex.getMessage());
		}
	}

	private static String describe(Tls tls) {
		X509Certificate certificate = tls.certificate();
		return "%s (serial %x, valid until %s)".formatted(certificate.getSubjectX500Principal().getName(),
				certificate.getSerialNumber(), certificate.getNotAfter().toInstant());
	}

}
