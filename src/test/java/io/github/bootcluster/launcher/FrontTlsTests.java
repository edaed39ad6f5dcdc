package io.github.bootcluster.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.bootcluster.SelfSigned;
import io.github.bootcluster.dispatch.Tls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The certificate that is shown follows the one that is there. */
class FrontTlsTests {

	private static final Duration QUIET_PERIOD = Duration.ofMillis(100);

	@TempDir
	static Path certificates;

	private static SelfSigned old;

	private static SelfSigned renewed;

	@TempDir
	Path directory;

	private final MockEnvironment environment = new MockEnvironment();

	private final Logger logger = (Logger) LoggerFactory.getLogger(FrontTls.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private Path certificate;

	private Path key;

	private SslBundleContext context;

	private FrontTls tls;

	@BeforeAll
	static void makeCertificates() {
		old = SelfSigned.create(certificates, "old");
		renewed = SelfSigned.create(certificates, "renewed");
	}

	@BeforeEach
	void writeOldOne() throws Exception {
		this.certificate = this.directory.resolve("server.crt");
		this.key = this.directory.resolve("server.key");
		old.writePem(this.certificate, this.key);
		this.environment.setProperty("spring.ssl.bundle.watch.file.quiet-period", "100ms");
		this.log.list = new CopyOnWriteArrayList<>();
		this.log.start();
		this.logger.setLevel(Level.INFO);
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void close() {
		this.tls.close();
		this.context.close();
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
	}

	@Test
	void updatedBundleIsUsed() throws Exception {
		useBundle("server.ssl.bundle");
		assertThat(this.tls.get().certificate()).isEqualTo(old.certificate());
		renewed.writePem(this.certificate, this.key);
		await().until(() -> this.tls.get().certificate().equals(renewed.certificate()));
		await().until(() -> said("no longer as CN=old"));
	}

	@Test
	void updatedBundleOfAServerNameIsUsed() throws Exception {
		this.environment.setProperty("server.ssl.key-store", old.keyStore().toString());
		this.environment.setProperty("server.ssl.key-store-password", SelfSigned.PASSWORD);
		this.environment.setProperty("server.ssl.server-name-bundles[0].server-name", "shop.test");
		useBundle("server.ssl.server-name-bundles[0].bundle");
		Tls before = this.tls.get();
		renewed.writePem(this.certificate, this.key);
		await().until(() -> this.tls.get() != before);
	}

	@Test
	void changedFileIsUsed() throws Exception {
		usePem();
		renewed.writePem(this.certificate, this.key);
		await().until(() -> this.tls.get().certificate().equals(renewed.certificate()));
	}

	@Test
	void changedKeyStoreBehindALinkIsUsed() throws Exception {
		Path first = Files.copy(old.keyStore(), this.directory.resolve("first.p12"));
		Path second = Files.copy(renewed.keyStore(), this.directory.resolve("second.p12"));
		Path link = Files.createSymbolicLink(this.directory.resolve("current.p12"), first);
		this.environment.setProperty("server.ssl.key-store", link.toString());
		this.environment.setProperty("server.ssl.key-store-password", SelfSigned.PASSWORD);
		open();
		Path next = Files.createSymbolicLink(this.directory.resolve("next.p12"), second);
		Files.move(next, link, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		await().until(() -> this.tls.get().certificate().equals(renewed.certificate()));
	}

	@Test
	void certificateStaysWhenTheNewOneDoesNotWork() throws Exception {
		usePem();
		// The key is not replaced yet.
		renewed.writePem(this.certificate, this.directory.resolve("elsewhere.key"));
		await().until(() -> said("The public port goes on as CN=old"));
		assertThat(this.tls.get().certificate()).isEqualTo(old.certificate());
		// It has been said; where it happened is for those who debug.
		assertThat(this.log.list).allSatisfy((event) -> assertThat(event.getThrowableProxy()).isNull());
		renewed.writePem(this.certificate, this.key);
		await().until(() -> this.tls.get().certificate().equals(renewed.certificate()));
	}

	@Test
	void certificateStaysWhenABundleIsUpdatedToOneThatDoesNotWork() throws Exception {
		useBundle("server.ssl.bundle");
		renewed.writePem(this.certificate, this.directory.resolve("elsewhere.key"));
		await().until(() -> said("The public port goes on as CN=old"));
		assertThat(this.tls.get().certificate()).isEqualTo(old.certificate());
		renewed.writePem(this.certificate, this.key);
		await().until(() -> this.tls.get().certificate().equals(renewed.certificate()));
	}

	private boolean said(String text) {
		return this.log.list.stream().anyMatch((event) -> event.getFormattedMessage().contains(text));
	}

	private void usePem() {
		this.environment.setProperty("server.ssl.certificate", this.certificate.toString());
		this.environment.setProperty("server.ssl.certificate-private-key", this.key.toString());
		open();
	}

	private void useBundle(String property) {
		this.environment.setProperty(property, "web");
		this.environment.setProperty("spring.ssl.bundle.pem.web.reload-on-update", "true");
		this.environment.setProperty("spring.ssl.bundle.pem.web.keystore.certificate", this.certificate.toString());
		this.environment.setProperty("spring.ssl.bundle.pem.web.keystore.private-key", this.key.toString());
		open();
	}

	private void open() {
		this.context = SslBundleContext.open(this.environment);
		TlsSettings settings = Objects.requireNonNull(TlsSettings.find(this.environment, "server.ssl"));
		this.tls = FrontTls.open(settings, this.context.bundles(), QUIET_PERIOD);
	}

}
