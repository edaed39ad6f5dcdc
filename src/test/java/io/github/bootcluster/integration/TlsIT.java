package io.github.bootcluster.integration;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

import io.github.bootcluster.SelfSigned;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** TLS at the public port, asked for as in any application of Spring Boot. */
class TlsIT {

	@TempDir
	static Path directory;

	private static SelfSigned old;

	private static SelfSigned renewed;

	private static Path certificate;

	private static Path key;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start() throws Exception {
		old = SelfSigned.create(directory, "old");
		renewed = SelfSigned.create(directory, "renewed");
		certificate = directory.resolve("server.crt");
		key = directory.resolve("server.key");
		old.writePem(certificate, key);
		cluster = ClusterProcess.of(Program.TINY, directory)
			.tls(SelfSigned.trusting(old, renewed))
			.environment("SERVER_SSL_ENABLED", "true")
			.environment("SERVER_SSL_BUNDLE", "web")
			.property("spring.ssl.bundle.pem.web.keystore.certificate", certificate.toString())
			.property("spring.ssl.bundle.pem.web.keystore.private-key", key.toString())
			.property("spring.ssl.bundle.pem.web.reload-on-update", "true")
			.property("spring.ssl.bundle.watch.file.quiet-period", "200ms")
			.property("server.forward-headers-strategy", "none")
			.property("server.http2.enabled", "true")
			.start()
			.awaitServing();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	void applicationSeesHttps() {
		assertThat(cluster.scheme()).isEqualTo("https");
		JsonNode seen = cluster.json("/request?a=b");
		assertThat(seen.get("url").asString()).isEqualTo("https://localhost:" + cluster.port() + "/request");
		assertThat(seen.get("secure").asBoolean()).isTrue();
		assertThat(seen.get("remote").asString()).isEqualTo("127.0.0.1");
	}

	@Test
	void redirectsAndCookiesAreThoseOfHttps() {
		HttpResponse<String> response = cluster.get("/redirect");
		assertThat(response.statusCode()).isEqualTo(302);
		assertThat(response.headers().firstValue("Location")).contains("https://localhost:" + cluster.port() + "/who");
		assertThat(response.headers().firstValue("Set-Cookie").orElse("none")).startsWith("SESSION=")
			.contains("; Secure");
	}

	@Test
	void workersSpeakPlainHttpOnLoopback() {
		int port = cluster.slot(1).get("port").asInt();
		assertThat(cluster.getDirectly(port, "/who")).contains("\"worker\":\"1\"");
	}

	@Test
	void endpointsAreServedBehindTheFront() {
		assertThat(cluster.json("/actuator/health").get("status").asString()).isEqualTo("UP");
		assertThat(cluster.status().get("state").asString()).isEqualTo("RUNNING");
		cluster.awaitOutput("https://localhost:" + cluster.port() + "/actuator/cluster");
	}

	@Test
	void plainHttpIsToldToUseHttps() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + cluster.port() + "/who")).build();
		HttpResponse<String> response = cluster.client().send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("HTTPS");
	}

	@Test
	void settingWithoutEffectIsWarnedOf() {
		cluster.awaitOutput("Property 'server.http2.enabled' has no effect");
	}

	@Test
	void renewedCertificateIsShownToNewConnectionsAndOldOnesGoOn() throws Exception {
		renew(old);
		HttpClient before = clientTrusting(old);
		assertThat(status(before)).isEqualTo(200);
		renew(renewed);
		// On its kept connection; a new one would fail.
		assertThat(status(before)).isEqualTo(200);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> status(clientTrusting(old)));
		assertThat(status(clientTrusting(renewed))).isEqualTo(200);
	}

	@Test
	void managementPortHasTlsOfItsOwn() throws Exception {
		Path home = directory.resolve("other");
		try (ClusterProcess other = ClusterProcess.of(Program.TINY, directory)
			.property("cluster.home", home.toString())
			.property("cluster.workers", "1")
			.property("management.server.port", "0")
			.property("management.server.address", "127.0.0.1")
			.property("management.server.ssl.key-store", old.keyStore().toString())
			.property("management.server.ssl.key-store-password", SelfSigned.PASSWORD)
			.start()
			.awaitServing()) {
			assertThat(other.scheme()).isEqualTo("http");
			String url = other.output().replaceFirst("(?s).*status +(https://localhost:\\d+/\\S+).*", "$1");
			HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
			assertThat(clientTrusting(old).send(request, BodyHandlers.ofString()).body()).contains("\"RUNNING\"");
			assertThat(other.get("/who").statusCode()).isEqualTo(200);
		}
	}

	/** Write it, and wait until it is shown. */
	private static void renew(SelfSigned identity) throws Exception {
		identity.writePem(certificate, key);
		cluster.await("the certificate to be shown", () -> {
			try {
				return status(clientTrusting(identity)) == 200;
			}
			catch (IOException ex) {
				return false;
			}
		});
	}

	private static HttpClient clientTrusting(SelfSigned server) {
		return ClusterProcess.newClient(SelfSigned.trusting(server));
	}

	private static int status(HttpClient client) throws IOException, InterruptedException {
		return client.send(HttpRequest.newBuilder(cluster.uri("/who")).build(), BodyHandlers.discarding()).statusCode();
	}

}
