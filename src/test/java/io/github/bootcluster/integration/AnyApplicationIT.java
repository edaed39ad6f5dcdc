package io.github.bootcluster.integration;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** An application that has the library on its class path, and no line of code for it. */
class AnyApplicationIT {

	@TempDir
	static Path directory;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start() {
		cluster = ClusterProcess.of(Program.TINY, directory)
			.property("spring.profiles.active", "launcher,extra")
			.property("tiny.argument", "passed on")
			.property("cluster.worker.environment.TINY_VARIABLE", "set")
			.property("cluster.home", "relative-home")
			.property("cluster.dispatch.access-log.enabled", "true")
			.property("cluster.dispatch.access-log.format", "json")
			.property("cluster.worker.jvm-args", "-Xmx300m,-XX:TieredStopAtLevel=1")
			.jvmArgument("-Xlog:disable")
			.environment("JAVA_TOOL_OPTIONS", "-Dtiny.secret=swordfish")
			.start()
			.awaitServing();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	void profileLauncherMakesAClusterOfIt() {
		JsonNode who = cluster.json("/who");
		assertThat(who.get("role").asString()).isEqualTo("WORKER");
		assertThat(who.get("worker").asString()).isIn("1", "2");
		assertThat(who.get("workers").asInt()).isEqualTo(2);
		assertThat(who.get("profiles").valueStream().map(JsonNode::asString)).containsExactly("worker", "extra");
		assertThat(who.get("argument").asString()).isEqualTo("passed on");
		assertThat(who.get("variable").asString()).isEqualTo("set");
		assertThat(cluster.workerPids()).contains(who.get("pid").asLong()).doesNotContain(cluster.pid());
	}

	@Test
	void workersKnowTheStateOfTheCluster() {
		cluster.await("both workers to hear of each other",
				() -> cluster.json("/who").get("ready").asInt() == 2 && cluster.json("/who").get("ready").asInt() == 2);
	}

	@Test
	void argumentsOfTheLaunchersJvmAreNotCopied() throws Exception {
		assertThat(Files.readAllLines(directory.resolve("relative-home/worker.args"))).contains("\"-Xmx300m\"")
			.noneMatch((line) -> line.contains("-Xmx256m") || line.contains("-Xlog"));
		assertThat(cluster.output()).contains("JVM arguments of the launcher only")
			.containsPattern("launcher only.*-Xmx256m -XX:TieredStopAtLevel=1 -Xlog:disable");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void secretsOfTheEnvironmentReachTheWorkersButNoCommandLine() throws Exception {
		assertThat(cluster.json("/who").get("secret").asString()).isEqualTo("swordfish");
		for (long pid : cluster.workerPids()) {
			assertThat(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1))
				.contains("TinyApplication")
				.doesNotContain("swordfish");
		}
		assertThat(cluster.outputLines()).filteredOn((line) -> !line.startsWith("Picked up"))
			.noneMatch((line) -> line.contains("swordfish"));
	}

	@Test
	void forwardedHeadersMakeTheRequestLookAsTheClientSentIt() {
		JsonNode seen = cluster.json("/request?a=%20b");
		assertThat(seen.get("url").asString()).isEqualTo("http://localhost:" + cluster.port() + "/request");
		assertThat(seen.get("query").asString()).isEqualTo("a=%20b");
		assertThat(seen.get("remote").asString()).isEqualTo("127.0.0.1");
		assertThat(seen.get("secure").asBoolean()).isFalse();
	}

	@Test
	void clientsCannotForgeForwardedHeaders() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(cluster.uri("/request"))
			.header("X-Forwarded-For", "6.6.6.6")
			.header("X-Forwarded-Proto", "https")
			.header("Forwarded", "for=6.6.6.6;proto=https")
			.build();
		assertThat(cluster.send(request).body()).doesNotContain("6.6.6.6", "https:");
	}

	@Test
	void requestsAreLoggedWithTheProcessThatAnswered() throws Exception {
		JsonNode worker = cluster.json("/who?logged=worker");
		cluster.json("/actuator/health?logged=launcher");
		JsonNode ofWorker = awaitLogged("/who?logged=worker");
		assertThat(ofWorker.get("pid").asLong()).isEqualTo(worker.get("pid").asLong());
		assertThat(cluster.slot(ofWorker.get("slot").asInt()).get("pid")).isEqualTo(worker.get("pid"));
		assertThat(ofWorker.get("client").asString()).isEqualTo("127.0.0.1");
		assertThat(ofWorker.get("status").asInt()).isEqualTo(200);
		assertThat(ofWorker.get("userAgent").asString()).startsWith("Java-http-client");
		assertThat(ofWorker.get("outcome").asString()).isEqualTo("answered");
		assertThat(awaitLogged("/actuator/health?logged=launcher").get("pid").asLong()).isEqualTo(cluster.pid());
	}

	@Test
	void largeUploadArrivesWhole() throws Exception {
		long length = 64L * 1024 * 1024;
		CRC32 checksum = new CRC32();
		byte[] block = new byte[64 * 1024];
		for (int i = 0; i < block.length; i++) {
			block[i] = (byte) (i * 31);
		}
		for (long sent = 0; sent < length; sent += block.length) {
			checksum.update(block);
		}
		HttpRequest request = HttpRequest.newBuilder(cluster.uri("/upload"))
			.header("Content-Type", "application/octet-stream")
			.POST(BodyPublishers.ofInputStream(() -> new RepeatedBlock(block, length)))
			.build();
		assertThat(cluster.send(request).body()).contains("\"length\":" + length)
			.contains("\"checksum\":" + checksum.getValue());
	}

	@Test
	void uploadThatWaitsForContinueArrivesWhole() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(cluster.uri("/upload"))
			.expectContinue(true)
			.header("Content-Type", "application/octet-stream")
			.POST(BodyPublishers.ofByteArray(new byte[100_000]))
			.build();
		assertThat(cluster.send(request).body()).contains("\"length\":100000");
	}

	@Test
	void largeDownloadsArriveWholeWhetherChunkedOrNot() throws Exception {
		long length = 64L * 1024 * 1024 + 5;
		for (boolean chunked : new boolean[] { true, false }) {
			HttpRequest request = HttpRequest
				.newBuilder(cluster.uri("/download?bytes=" + length + "&chunked=" + chunked))
				.build();
			try (InputStream body = cluster.client().send(request, BodyHandlers.ofInputStream()).body()) {
				assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(length);
			}
		}
	}

	@Test
	void headHasNoBodyAndTheLengthOfGet() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(cluster.uri("/download?bytes=1000"))
			.method("HEAD", BodyPublishers.noBody())
			.build();
		var response = cluster.send(request);
		assertThat(response.body()).isEmpty();
		assertThat(response.headers().firstValue("Content-Length")).contains("1000");
		assertThat(cluster.get("/who").statusCode()).isEqualTo(200);
	}

	/** The line of the access log about a request. */
	private static JsonNode awaitLogged(String target) {
		List<JsonNode> found = new ArrayList<>();
		cluster.await("the request to be logged", () -> {
			String log = Files.readString(directory.resolve("relative-home/access.log"));
			log.substring(0, log.lastIndexOf('\n') + 1)
				.lines()
				.map(JsonMapper.shared()::readTree)
				.filter((line) -> line.get("target").asString().equals(target))
				.forEach(found::add);
			return !found.isEmpty();
		});
		assertThat(found).hasSize(1);
		return found.get(0);
	}

	/** A stream of one block again and again. */
	private static final class RepeatedBlock extends InputStream {

		private final byte[] block;

		private long left;

		private int position;

		RepeatedBlock(byte[] block, long length) {
			this.block = block;
			this.left = length;
		}

		@Override
		public int read() {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] target, int offset, int length) {
			if (this.left == 0) {
				return -1;
			}
			int count = (int) Math.min(Math.min(length, this.block.length - this.position), this.left);
			System.arraycopy(this.block, this.position, target, offset, count);
			this.position = (this.position + count) % this.block.length;
			this.left -= count;
			return count;
		}

	}

}
