package io.github.bootcluster.dispatch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.SelfSigned;
import io.github.bootcluster.dispatch.Tls.ClientCertificate;
import io.github.bootcluster.dispatch.Tls.Identity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What cannot work is refused before the first client meets it. */
class TlsTests {

	@TempDir
	static Path directory;

	private static SelfSigned server;

	private static SelfSigned other;

	@BeforeAll
	static void makeCertificates() {
		server = SelfSigned.create(directory, "server");
		other = SelfSigned.create(directory, "other");
	}

	@Test
	void certificateThatClientsSeeIsKnown() {
		Tls tls = Tls.of(identity(List.of(), List.of()), Map.of(), ClientCertificate.NONE);
		assertThat(tls.certificate()).isEqualTo(server.certificate());
	}

	@Test
	void keyThatDoesNotFitTheCertificateIsRefused() {
		Identity mismatched = new Identity(server.contextWithKeyOf(other), List.of(), List.of());
		assertRefused(mismatched, "no client could connect");
	}

	@Test
	void missingKeyIsRefused() {
		assertRefused(new Identity(SelfSigned.trusting(server), List.of(), List.of()), "no client could connect");
	}

	@Test
	void unknownProtocolIsRefused() {
		assertRefused(identity(List.of("TLSv1.3", "TLSv9"), List.of()), "the protocol 'TLSv9' is not known", "TLSv1.2");
	}

	@Test
	void protocolThatJavaForbidsIsRefused() {
		assertRefused(identity(List.of("TLSv1.2", "TLSv1"), List.of()), "no client could connect with TLSv1 ");
	}

	@Test
	void protocolThatHasNoCipherSuiteIsRefused() {
		assertRefused(identity(List.of("TLSv1.3", "TLSv1.2"), List.of("TLS_AES_128_GCM_SHA256")),
				"no client could connect with TLSv1.2");
	}

	@Test
	void unknownCipherSuiteIsRefused() {
		assertRefused(identity(List.of(), List.of("TLS_NULL_WITH_LUCK")),
				"the cipher suite 'TLS_NULL_WITH_LUCK' is not known", "TLS_AES_128_GCM_SHA256");
	}

	@Test
	void cipherSuiteThatDoesNotFitTheKeyIsRefused() {
		assertRefused(identity(List.of("TLSv1.2"), List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")),
				"no client could connect with TLSv1.2");
	}

	@Test
	void identityOfOneServerNameIsTriedToo() {
		Identity mismatched = new Identity(server.contextWithKeyOf(other), List.of(), List.of());
		assertThatExceptionOfType(TlsException.class).isThrownBy(
				() -> Tls.of(identity(List.of(), List.of()), Map.of("shop.test", mismatched), ClientCertificate.NONE))
			.withMessageContaining("shop.test")
			.withMessageContaining("no client could connect");
	}

	@Test
	void patternThatIsNoServerNameIsRefused() {
		Identity identity = identity(List.of(), List.of());
		assertThatExceptionOfType(TlsException.class)
			.isThrownBy(() -> Tls.of(identity, Map.of("a.*.test", identity), ClientCertificate.NONE))
			.withMessageContaining("'a.*.test'");
	}

	private static Identity identity(List<String> protocols, List<String> ciphers) {
		return new Identity(server.context(), protocols, ciphers);
	}

	private static void assertRefused(Identity identity, String... message) {
		assertThatExceptionOfType(TlsException.class)
			.isThrownBy(() -> Tls.of(identity, Map.of(), ClientCertificate.NEEDED))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains(message));
	}

}
