package io.github.bootcluster.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import io.github.bootcluster.SelfSigned;
import io.github.bootcluster.dispatch.Tls;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Every way to ask for TLS, and what becomes of mistakes. */
class TlsFactoryTests {

	@TempDir
	static Path directory;

	private static SelfSigned server;

	private static SelfSigned other;

	private static Path certificate;

	private static Path key;

	private final MockEnvironment environment = new MockEnvironment();

	@BeforeAll
	static void makeCertificates() {
		server = SelfSigned.create(directory, "server");
		other = SelfSigned.create(directory, "other");
		certificate = directory.resolve("server.crt");
		key = directory.resolve("server.key");
	}

	@BeforeEach
	void writePem() throws Exception {
		server.writePem(certificate, key);
	}

	@Test
	void keyStoreIsRead() {
		useKeyStore();
		assertThat(create().certificate()).isEqualTo(server.certificate());
	}

	@Test
	void keyOfAnAliasIsUsed() throws Exception {
		Path both = directory.resolve("both.p12");
		Files.copy(server.keyStore(), both);
		SelfSigned second = SelfSigned.addTo(both, "second");
		set("server.ssl.key-store", both);
		set("server.ssl.key-store-password", SelfSigned.PASSWORD);
		set("server.ssl.key-alias", "second");
		assertThat(create().certificate()).isEqualTo(second.certificate());
		set("server.ssl.key-alias", "server");
		assertThat(create().certificate()).isEqualTo(server.certificate());
	}

	@Test
	void pemFilesAreRead() {
		usePem();
		assertThat(create().certificate()).isEqualTo(server.certificate());
	}

	@Test
	void pemTextIsRead() throws Exception {
		set("server.ssl.certificate", Files.readString(certificate));
		set("server.ssl.certificate-private-key", Files.readString(key));
		assertThat(create().certificate()).isEqualTo(server.certificate());
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.ssl.certificate-private-key", "server.ssl.certificate",
			"server.ssl.trust-certificate", "management.server.ssl.certificatePrivateKey",
			"spring.ssl.bundle.pem.web.keystore.private-key", "spring.ssl.bundle.pem.web.keystore.certificate",
			"spring.ssl.bundle.pem.web.truststore.certificate" })
	void pemTextThatIsCutShortIsRefusedWithoutBeingQuoted(String property) throws Exception {
		usePem();
		String text = Files.readString(key);
		String body = text.lines().toList().get(1);
		for (String broken : List.of(text.replace("-----BEGIN PRIVATE KEY-----", "").strip(),
				text.substring(0, text.indexOf("-----END")), text.replace("-----BEGIN", "BEGIN"),
				text.replace("-----END", "----- END"), body + "\n" + body, "-----BEGIN PRIVATE KEY-----" + body)) {
			set(property, broken);
			LaunchException refusal = assertRefused("is PEM text without a sound");
			assertThat(refusal).hasNoCause();
			assertThat(refusal.getDescription() + refusal.getAction()).doesNotContain(body.substring(0, 20));
		}
	}

	@Test
	void bundlesAreRead() {
		useBundle();
		set("spring.ssl.bundle.jks.shop.keystore.location", other.keyStore());
		set("spring.ssl.bundle.jks.shop.keystore.password", SelfSigned.PASSWORD);
		set("server.ssl.server-name-bundles[0].server-name", "shop.test");
		set("server.ssl.server-name-bundles[0].bundle", "shop");
		assertThat(create().certificate()).isEqualTo(server.certificate());
	}

	@Test
	void optionsAreHeeded() {
		usePem();
		set("server.ssl.enabled-protocols", "TLSv1.2,TLSv1");
		assertRefused("no client could connect with TLSv1 ");
		set("server.ssl.enabled-protocols", "TLSv1.2");
		set("server.ssl.ciphers", "TLS_LUCK");
		assertRefused("the cipher suite 'TLS_LUCK' is not known");
	}

	@Test
	void optionsOfBundlesAreHeeded() {
		useBundle();
		set("spring.ssl.bundle.pem.web.options.enabled-protocols", "TLSv9");
		assertRefused("the protocol 'TLSv9' is not known");
	}

	@Test
	void missingFileIsNamed() {
		set("server.ssl.key-store", "/no/such/store.p12");
		assertRefused("/no/such/store.p12");
		this.environment.setProperty("server.ssl.key-store", "");
		usePem();
		set("server.ssl.certificate", "/no/such/server.crt");
		assertRefused("/no/such/server.crt");
	}

	@Test
	void wrongPasswordIsTold() {
		useKeyStore();
		set("server.ssl.key-store-password", "guess");
		assertThat(assertRefused("password was incorrect").getDescription()).doesNotContain("guess");
	}

	@Test
	void missingPasswordIsAskedFor() {
		set("server.ssl.key-store", server.keyStore());
		LaunchException refusal = assertRefused("set 'server.ssl.key-store-password'");
		assertThat(refusal.getDescription()).doesNotContain("array");
	}

	@Test
	void missingPasswordOfABundleIsAskedFor() {
		set("server.ssl.bundle", "web");
		set("spring.ssl.bundle.jks.web.keystore.location", server.keyStore());
		LaunchException refusal = assertRefused("or that of the bundle");
		assertThat(refusal.getDescription()).doesNotContain("array");
	}

	@Test
	void unknownAliasIsToldWithTheKnownOnes() {
		useKeyStore();
		set("server.ssl.key-alias", "nobody");
		assertRefused("there is no key with the alias 'nobody', only [server]");
	}

	@Test
	void unknownBundleIsToldWithTheKnownOnes() {
		useBundle();
		set("server.ssl.bundle", "wbe");
		assertRefused("there is no SSL bundle 'wbe', only web");
	}

	@Test
	void unknownBundleIsToldWhenThereIsNone() {
		set("server.ssl.bundle", "web");
		assertRefused("there is no SSL bundle 'web', nor any other.");
	}

	@Test
	void keyOfAnotherCertificateIsRefused() throws Exception {
		usePem();
		other.writePem(directory.resolve("other.crt"), key);
		assertRefused("no client could connect");
	}

	@Test
	void certificateWithoutKeyIsRefused() {
		set("server.ssl.certificate", certificate);
		assertRefused("private key");
	}

	@Test
	void tlsWithoutAnyCertificateIsRefused() {
		set("server.ssl.enabled", "true");
		assertRefused("no certificate is named");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ciphers", "enabled-protocols", "key-alias", "key-password", "key-store",
			"key-store-password", "key-store-type", "key-store-provider", "certificate", "certificate-private-key",
			"trust-store", "trust-store-password", "trust-store-type", "trust-store-provider", "trust-certificate",
			"trust-certificate-private-key", "protocol" })
	void settingThatABundleWouldHideIsRefused(String name) {
		useBundle();
		assertThat(create()).isNotNull();
		set("server.ssl." + name, "TLSv1.3");
		assertRefused("'server.ssl." + name + "' has no effect beside 'server.ssl.bundle'");
	}

	@Test
	void settingThatAnotherWouldHideIsRefused() {
		usePem();
		set("server.ssl.key-store", server.keyStore());
		assertRefused("'key-store' and 'certificate' exclude each other");
		set("server.ssl.key-store", "");
		set("server.ssl.trust-store", server.keyStore());
		set("server.ssl.trust-certificate", certificate);
		assertRefused("'trust-store' and 'trust-certificate' exclude each other");
	}

	@Test
	void clientsAreNotAskedForCertificatesThatNobodyChecks() {
		usePem();
		set("server.ssl.client-auth", "need");
		assertRefused("no trust store");
		set("server.ssl.trust-certificate", certificate);
		assertThat(create()).isNotNull();
	}

	@Test
	void bundleThatCannotBeReadIsNamedEvenIfItIsNotUsed() {
		useKeyStore();
		set("spring.ssl.bundle.pem.client.truststore.certificate", "/no/such/ca.crt");
		set("spring.ssl.bundle.pem.client.reload-on-update", "true");
		assertRefused("'client'", "/no/such/ca.crt");
	}

	private void useKeyStore() {
		set("server.ssl.key-store", server.keyStore());
		set("server.ssl.key-store-password", SelfSigned.PASSWORD);
	}

	private void usePem() {
		set("server.ssl.certificate", certificate);
		set("server.ssl.certificate-private-key", key);
	}

	private void useBundle() {
		set("server.ssl.bundle", "web");
		set("spring.ssl.bundle.pem.web.keystore.certificate", certificate);
		set("spring.ssl.bundle.pem.web.keystore.private-key", key);
	}

	private void set(String property, Object value) {
		this.environment.setProperty(property, value.toString());
	}

	private Tls create() {
		TlsSettings settings = Objects.requireNonNull(TlsSettings.find(this.environment, "server.ssl"));
		try (SslBundleContext context = SslBundleContext.open(this.environment)) {
			return new TlsFactory(settings, context.bundles()).create();
		}
	}

	private LaunchException assertRefused(String... message) {
		LaunchException[] refusal = new LaunchException[1];
		assertThatExceptionOfType(LaunchException.class).isThrownBy(this::create).satisfies((ex) -> {
			assertThat(ex.getDescription()).contains(message).hasSizeLessThan(1000);
			assertThat(ex.getAction()).isNotEmpty();
			refusal[0] = ex;
		});
		return refusal[0];
	}

}
