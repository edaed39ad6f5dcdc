package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.accesslog.AccessLog;
import io.github.bootcluster.dispatch.RawClient.Response;
import io.github.bootcluster.dispatch.TestBed.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the access log of a {@link Dispatcher} says of each way a request can go. */
class DispatcherAccessLogTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	@TempDir
	Path directory;

	@Test
	void answeredRequestIsLoggedWithAllThatIsKnown() throws Exception {
		Instant before = Instant.now().minusMillis(1);
		FakeTarget target = FakeTarget.saying("hello");
		try (TestBed bed = start(target)) {
			bed.client()
				.send("GET /a?b=c HTTP/1.1\r\nHost: a\r\nReferer: http://r/\r\nUser-Agent: ua \"1\"\r\n\r\n")
				.read();
			JsonNode line = onlyLine();
			assertThat(line.propertyNames()).containsExactly("time", "client", "method", "target", "protocol", "status",
					"bytes", "referer", "userAgent", "requestId", "slot", "pid", "upstreamSeconds", "totalSeconds",
					"retries", "outcome");
			assertThat(Instant.parse(line.get("time").asString())).isBetween(before, Instant.now());
			assertThat(line.get("client").asString()).isEqualTo("127.0.0.1");
			assertThat(line.get("method").asString()).isEqualTo("GET");
			assertThat(line.get("target").asString()).isEqualTo("/a?b=c");
			assertThat(line.get("protocol").asString()).isEqualTo("HTTP/1.1");
			assertThat(line.get("status").asInt()).isEqualTo(200);
			assertThat(line.get("bytes").asLong()).isEqualTo(5);
			assertThat(line.get("referer").asString()).isEqualTo("http://r/");
			assertThat(line.get("userAgent").asString()).isEqualTo("ua \"1\"");
			assertThat(line.get("requestId").asString()).isEqualTo(target.onlyRequest().header("X-Request-Id"));
			assertThat(line.get("slot").asInt()).isEqualTo(1);
			assertThat(line.get("pid").asLong()).isEqualTo(101);
			assertThat(line.get("upstreamSeconds").asDouble()).isPositive()
				.isLessThanOrEqualTo(line.get("totalSeconds").asDouble());
			assertThat(line.get("retries").asInt()).isZero();
			assertThat(line.get("outcome").asString()).isEqualTo("answered");
		}
	}

	@Test
	void requestsOfOneConnectionAreLoggedEachWithItsOwn() throws Exception {
		try (TestBed bed = start(FakeTarget.saying("hello"))) {
			RawClient client = bed.client()
				.send("GET /1 HTTP/1.1\r\nHost: a\r\nUser-Agent: first\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
						+ "HEAD /3 HTTP/1.1\r\nHost: a\r\nX-Request-Id: not mine\r\n\r\n")
				.send("POST /4 HTTP/1.0\r\nContent-Length: 1\r\nX-Request-Id: mine\r\nReferer: r\r\n\r\nx");
			client.read();
			List<JsonNode> lines = lines(4);
			assertThat(lines).extracting((line) -> line.get("target").asString())
				.containsExactly("/1", "/2", "/3", "/4");
			assertThat(lines).extracting((line) -> line.path("userAgent").asString(null))
				.containsExactly("first", null, null, null);
			assertThat(lines.get(2).get("method").asString()).isEqualTo("HEAD");
			assertThat(lines.get(2).get("requestId").asString()).hasSize(32);
			assertThat(lines.get(3).get("protocol").asString()).isEqualTo("HTTP/1.0");
			assertThat(lines.get(3).get("requestId").asString()).isEqualTo("mine");
			assertThat(lines.get(3).get("referer").asString()).isEqualTo("r");
		}
	}

	@Test
	void workerThatStandsByGetsNoRequestAndIsLoggedWithTheSlotItTakes() throws Exception {
		try (TestBed bed = start(); FakeTarget target = FakeTarget.saying("hello")) {
			bed.update(TestBed.worker(7, WorkerSnapshot.NO_SLOT, target.port(), WorkerState.STANDBY));
			RawClient client = bed.client().get("/");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			bed.update(TestBed.worker(7, 2, target.port(), WorkerState.READY));
			assertThat(client.read().body()).isEqualTo("hello");
			assertThat(onlyLine().get("slot").asInt()).isEqualTo(2);
		}
	}

	@Test
	void retriedRequestIsLoggedOnceWithTheWorkerThatAnswered() throws Exception {
		FakeTarget dying = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.reset();
		});
		FakeTarget alive = FakeTarget.saying("alive");
		try (TestBed bed = start(dying, alive)) {
			RawClient client = bed.client();
			for (int i = 0; i < 4; i++) {
				assertThat(client.get("/" + i).read().body()).isEqualTo("alive");
			}
			List<JsonNode> lines = lines(4);
			assertThat(lines).allSatisfy((line) -> {
				assertThat(line.get("slot").asInt()).isEqualTo(2);
				assertThat(line.get("outcome").asString()).isEqualTo("answered");
			});
			assertThat(lines).extracting((line) -> line.get("retries").asInt()).contains(1);
			assertThat(lines.stream().mapToInt((line) -> line.get("retries").asInt()).sum())
				.isEqualTo(dying.requests().size());
		}
	}

	@Test
	void requestWhoseWorkerDiedIsLoggedWithThatWorker() throws Exception {
		FakeTarget dying = FakeTarget.running((connection) -> connection.readRequest());
		try (TestBed bed = start(dying)) {
			Response response = bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").read();
			JsonNode line = onlyLine();
			assertOutcome(line, "refused", 502);
			assertThat(line.get("bytes").asInt()).isEqualTo(response.body().length());
			assertThat(line.get("slot").asInt()).isEqualTo(1);
			assertThat(line.get("upstreamSeconds").asDouble()).isPositive();
		}
	}

	@Test
	void timeOfTheWorkerEndsWithItWhenTheRequestWaitsForAnother() throws Exception {
		CountDownLatch gone = new CountDownLatch(1);
		FakeTarget dying = FakeTarget.running((connection) -> {
			connection.readRequest();
			gone.await();
		});
		try (TestBed bed = start((settings) -> {
			settings.queueTimeout = Duration.ofMillis(300);
			return settings;
		}, dying)) {
			RawClient client = bed.client().get("/");
			await().until(() -> dying.requests().size() == 1);
			bed.update();
			gone.countDown();
			client.read();
			JsonNode line = onlyLine();
			assertOutcome(line, "refused", 503);
			assertThat(line.get("slot").asInt()).isEqualTo(1);
			assertThat(line.get("upstreamSeconds").asDouble())
				.isLessThanOrEqualTo(line.get("totalSeconds").asDouble() - 0.3);
		}
	}

	@Test
	void requestThatWaitedInVainIsLoggedWithoutAWorker() throws Exception {
		try (TestBed bed = start((settings) -> {
			settings.queueTimeout = Duration.ofMillis(100);
			return settings;
		})) {
			bed.client().get("/").read();
			JsonNode line = onlyLine();
			assertOutcome(line, "refused", 503);
			assertThat(line.propertyNames()).doesNotContain("slot", "pid", "upstreamSeconds");
			assertThat(line.get("totalSeconds").asDouble()).isGreaterThanOrEqualTo(0.1);
		}
	}

	@Test
	void answerToHeadOfOurOwnHasNoBytes() throws Exception {
		try (TestBed bed = start((settings) -> {
			settings.queueCapacity = 0;
			return settings;
		})) {
			RawClient client = bed.client().send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
			client.readBodiless();
			client.send("HEAD / HTTP/1.1\r\n\r\n").readBodiless();
			List<JsonNode> lines = lines(2);
			assertOutcome(lines.get(0), "refused", 503);
			assertOutcome(lines.get(1), "refused", 400);
			assertThat(lines).extracting((line) -> line.get("bytes").asInt()).containsOnly(0);
		}
	}

	@Test
	void bodyThatDoesNotArriveIsLoggedAs408() throws Exception {
		try (TestBed bed = start((settings) -> {
			settings.headTimeout = Duration.ofMillis(200);
			return settings;
		}, FakeTarget.running((connection) -> connection.awaitEnd()))) {
			bed.client().send("PUT /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx").read();
			JsonNode line = onlyLine();
			assertOutcome(line, "refused", 408);
			assertThat(line.get("target").asString()).isEqualTo("/slow");
			assertThat(line.get("slot").asInt()).isEqualTo(1);
		}
	}

	@Test
	void headThatDoesNotArriveIsLoggedWithWhatDid() throws Exception {
		try (TestBed bed = start((settings) -> {
			settings.headTimeout = Duration.ofMillis(200);
			return settings;
		})) {
			bed.client().send("GET /begun").read();
			bed.client().send("PUT /further HTTP/1.1\r\nUser-Agent: ua\r\nReferer: cut o").read();
			List<JsonNode> lines = lines(2);
			assertOutcome(lines.get(0), "refused", 408);
			assertThat(lines.get(0).get("requestLine").asString()).isEqualTo("GET /begun");
			assertThat(lines.get(0).propertyNames()).doesNotContain("method", "target", "protocol", "requestId");
			assertOutcome(lines.get(1), "refused", 408);
			assertThat(lines.get(1).get("method").asString()).isEqualTo("PUT");
			assertThat(lines.get(1).get("target").asString()).isEqualTo("/further");
			assertThat(lines.get(1).get("userAgent").asString()).isEqualTo("ua");
			assertThat(lines.get(1).has("referer")).isFalse();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
			hello\\r\\n\\r\\n|400|hello
			\\r\\n\\r\\nhello there\\r\\n\\r\\n|400|hello there
			GET  / HTTP/1.1\\r\\n\\r\\n|400|GET  / HTTP/1.1
			GET / HTTP/1.1\\nHost: a\\n\\n|400|GET / HTTP/1.1
			\\026\\003\\001\\n|400|\\026\\003\\001
			""")
	void requestLineThatIsNotUnderstoodIsLoggedAsItIs(String raw, int status, String logged) throws Exception {
		try (TestBed bed = start()) {
			bed.client().send(unescape(raw)).read();
			JsonNode line = onlyLine();
			assertOutcome(line, "refused", status);
			assertThat(line.get("requestLine").asString()).isEqualTo(unescape(logged));
		}
	}

	@Test
	void endlessRequestLineIsCut() throws Exception {
		try (TestBed bed = start()) {
			bed.client().send("GET /" + "x".repeat(10_000)).read();
			JsonNode line = onlyLine();
			assertOutcome(line, "refused", 414);
			assertThat(line.get("requestLine").asString()).startsWith("GET /xxx").endsWith("...").hasSize(1024);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET /a HTTP/1.1\\r\\n\\r\\n                                                  | 400 | HTTP/1.1
			GET /a HTTP/1.1\\r\\nHost: a\\r\\nbad field\\r\\n\\r\\n                      | 400 | HTTP/1.1
			GET /a HTTP/2.0\\r\\nHost: a\\r\\n\\r\\n                                     | 505 | HTTP/2.0
			GET /a HTTP/1.1\\r\\nHost: a\\r\\nExpect: tea\\r\\n\\r\\n                    | 417 | HTTP/1.1
			GET /a HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: x\\r\\n\\r\\n           | 400 | HTTP/1.1
			""")
	void requestThatIsRefusedIsLoggedWithItsRequestLine(String raw, int status, String protocol) throws Exception {
		try (TestBed bed = start()) {
			Response response = bed.client().send(unescape(raw)).read();
			JsonNode line = onlyLine();
			assertOutcome(line, "refused", status);
			assertThat(line.get("method").asString()).isEqualTo("GET");
			assertThat(line.get("target").asString()).isEqualTo("/a");
			assertThat(line.get("protocol").asString()).isEqualTo(protocol);
			assertThat(line.get("bytes").asInt()).isEqualTo(response.body().length());
		}
	}

	@Test
	void headThatIsUsedAgainLeavesNothingBehind() throws Exception {
		try (TestBed bed = start(FakeTarget.saying("ok"))) {
			RawClient client = bed.client()
				.send("PURGE /first HTTP/1.1\r\nHost: a\r\nUser-Agent: ua\r\nReferer: r\r\n\r\n");
			client.read();
			client.send("x\r\n\r\n").read();
			JsonNode line = lines(2).get(1);
			assertThat(line.get("requestLine").asString()).isEqualTo("x");
			assertThat(line.propertyNames()).doesNotContain("userAgent", "referer", "method", "requestId", "slot");
		}
	}

	@Test
	void clientThatGoesWhileItWaitsIsLoggedAs499() throws Exception {
		try (TestBed bed = start()) {
			RawClient client = bed.client().get("/gone");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			client.reset();
			JsonNode line = onlyLine();
			assertOutcome(line, "client-gone", 499);
			assertThat(line.get("target").asString()).isEqualTo("/gone");
			assertThat(line.get("bytes").asInt()).isZero();
			assertThat(line.has("slot")).isFalse();
		}
	}

	@Test
	void clientThatGoesBeforeTheAnswerIsLoggedAs499WithTheWorker() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			// Held back, so that the client sees nothing of it.
			connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nheld");
			connection.awaitEnd();
		});
		try (TestBed bed = start(target)) {
			RawClient client = bed.client().get("/");
			await().until(() -> target.requests().size() == 1);
			client.reset();
			JsonNode line = onlyLine();
			assertOutcome(line, "client-gone", 499);
			assertThat(line.get("bytes").asInt()).isZero();
			assertThat(line.get("slot").asInt()).isEqualTo(1);
			assertThat(line.get("upstreamSeconds").asDouble()).isPositive();
		}
	}

	@Test
	void clientThatGoesInTheMiddleOfTheAnswerIsLoggedWithItsStatus() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 202 OK\r\nContent-Type: text/event-stream\r\n\r\nevent");
			connection.awaitEnd();
		});
		try (TestBed bed = start(target)) {
			RawClient client = bed.client().get("/");
			client.readHead();
			client.in().readNBytes(5);
			client.reset();
			JsonNode line = onlyLine();
			assertOutcome(line, "client-gone", 202);
			assertThat(line.get("bytes").asInt()).isEqualTo(5);
		}
	}

	@Test
	void clientThatGoesBeforeItTookTheLastOfTheAnswerIsLoggedSo() throws Exception {
		int length = 8_000_000;
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
			connection.write(new byte[length]);
			connection.awaitEnd();
		});
		try (TestBed bed = start(target)) {
			RawClient client = bed.client().get("/");
			client.readHead();
			client.reset();
			assertOutcome(onlyLine(), "client-gone", 200);
		}
	}

	@Test
	void answerThatIsCutOffIsLoggedAsAborted() throws Exception {
		CountDownLatch seen = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection
				.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nContent-Type: text/event-stream\r\n\r\nhello");
			seen.await();
		});
		try (TestBed bed = start(target)) {
			RawClient client = bed.client().get("/");
			client.readHead();
			seen.countDown();
			client.readToEnd();
			JsonNode line = onlyLine();
			assertOutcome(line, "aborted", 200);
			assertThat(line.get("bytes").asInt()).isEqualTo(5);
			assertThat(line.get("slot").asInt()).isEqualTo(1);
		}
	}

	@Test
	void tunnelIsLoggedWhenItBegins() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n");
			connection.awaitEnd();
		});
		try (TestBed bed = start(target)) {
			RawClient client = bed.client()
				.send("GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n");
			client.readHead();
			JsonNode line = onlyLine();
			assertOutcome(line, "switched", 101);
			assertThat(line.get("target").asString()).isEqualTo("/chat");
			assertThat(line.get("slot").asInt()).isEqualTo(1);
		}
	}

	@Test
	void requestForTheLauncherIsLoggedWithItsOwnProcess() throws Exception {
		try (TestBed bed = start(); FakeTarget admin = FakeTarget.saying("admin")) {
			bed.dispatcher().admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), admin.port()));
			bed.client().get("/actuator/health").read();
			JsonNode line = onlyLine();
			assertOutcome(line, "answered", 200);
			assertThat(line.has("slot")).isFalse();
			assertThat(line.get("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "none", textBlock = """
			none                                      | 127.0.0.1
			192.0.2.1                                 | 192.0.2.1
			6.6.6.6, 192.0.2.1                        | 192.0.2.1
			6.6.6.6, 192.0.2.1, 10.0.0.5, 10.1.2.3    | 192.0.2.1
			10.0.0.5, 10.1.2.3                        | 10.0.0.5
			192.0.2.1:4711                            | 192.0.2.1
			2001:db8::1                               | 2001:db8::1
			[2001:db8::1]:4711                        | 2001:db8::1
			192.0.2.1, unknown, 10.0.0.5              | 10.0.0.5
			unknown                                   | 127.0.0.1
			1.1.1.1" 200 "x                           | 127.0.0.1
			192.0.2.1, ,10.0.0.5,                     | 192.0.2.1
			""")
	void clientIsTheOneATrustedProxyNames(String forwardedFor, String client) throws Exception {
		try (TestBed bed = start((settings) -> {
			settings.trustedProxies = List.of("127.0.0.1", "10.0.0.0/8");
			return settings;
		}, FakeTarget.saying("ok"))) {
			String field = (forwardedFor != null) ? "X-Forwarded-For: " + forwardedFor + "\r\n" : "";
			bed.client().send("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n").read();
			bed.client().send("GET / HTTP/1.1\r\n" + field + "\r\n").read();
			assertThat(lines(2)).extracting((line) -> line.get("client").asString()).containsOnly(client);
		}
	}

	@Test
	void clientIsThePeerWhenThatIsNotTrusted() throws Exception {
		try (TestBed bed = start(FakeTarget.saying("ok"))) {
			bed.client().send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n").read();
			assertThat(onlyLine().get("client").asString()).isEqualTo("127.0.0.1");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void everythingInFlightIsLoggedWhenTheDispatcherStops(boolean gracefully) throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			go.await();
			connection.answer("ok");
			connection.awaitEnd();
		});
		TestBed bed = start(target);
		for (int i = 0; i < 20; i++) {
			bed.client().get("/" + i);
		}
		await().until(() -> target.requests().size() == 20);
		if (gracefully) {
			var quiet = bed.dispatcher().quiesce().toCompletableFuture();
			go.countDown();
			assertThat(quiet).succeedsWithin(Duration.ofSeconds(10));
		}
		bed.close();
		go.countDown();
		List<JsonNode> lines = readLines();
		assertThat(lines).hasSize(20)
			.allSatisfy((line) -> assertOutcome(line, gracefully ? "answered" : "aborted", gracefully ? 200 : 0));
		assertThat(lines).hasSize((int) bed.dispatcher().snapshot().requests());
	}

	@Test
	void requestsAreServedWhenTheLogCannotBeWritten() throws Exception {
		Files.createSymbolicLink(this.directory.resolve("access.log"), Path.of("/dev/full"));
		try (TestBed bed = start(FakeTarget.saying("ok"))) {
			RawClient client = bed.client();
			for (int i = 0; i < 1000; i++) {
				client.get("/");
				assertThat(client.read().status()).isEqualTo(200);
			}
		}
	}

	private TestBed start(FakeTarget... targets) {
		return start((settings) -> settings, targets);
	}

	private TestBed start(UnaryOperator<Settings> customizer, FakeTarget... targets) {
		return TestBed.start((settings) -> {
			settings.accessLog = AccessLog.open(new ClusterProperties.AccessLog(true,
					ClusterProperties.AccessLog.Format.JSON, Path.of("access.log"), DataSize.ofMegabytes(64), 0),
					this.directory);
			return customizer.apply(settings);
		}, targets);
	}

	private JsonNode onlyLine() throws IOException {
		return lines(1).get(0);
	}

	private List<JsonNode> lines(int count) throws IOException {
		await().untilAsserted(() -> assertThat(readLines()).hasSizeGreaterThanOrEqualTo(count));
		return readLines();
	}

	/** Those that are whole. */
	private List<JsonNode> readLines() throws IOException {
		String text = Files.readString(this.directory.resolve("access.log"));
		return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(JSON::readTree).toList();
	}

	private static void assertOutcome(JsonNode line, String outcome, int status) {
		assertThat(line.get("outcome").asString()).as(line.toString()).isEqualTo(outcome);
		assertThat(line.get("status").asInt()).as(line.toString()).isEqualTo(status);
	}

	private static String unescape(String text) {
		return text.translateEscapes();
	}

}
