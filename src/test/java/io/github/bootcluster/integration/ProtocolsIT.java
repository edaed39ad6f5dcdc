package io.github.bootcluster.integration;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** All of HTTP that a Spring application uses, from a client to a worker and back. */
class ProtocolsIT {

	private static final byte[] FILE = new byte[100_000];

	@TempDir
	static Path directory;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start() throws IOException {
		new Random(1).nextBytes(FILE);
		Path files = Files.createDirectories(directory.resolve("files"));
		Files.write(files.resolve("static.bin"), FILE);
		cluster = ClusterProcess.of(Program.TINY, directory)
			.property("spring.web.resources.static-locations", files.toUri().toString())
			.property("spring.servlet.multipart.max-file-size", "20MB")
			.property("spring.servlet.multipart.max-request-size", "20MB")
			.property("cluster.dispatch.trusted-proxies", "127.0.0.1")
			.start()
			.awaitServing();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	void webSocketCarriesMessagesOfAllKindsBothWays() throws Exception {
		try (WebSocketClient client = WebSocketClient.connect(cluster)) {
			assertThat(client.ask("hello")).isEqualTo("hello");
			String large = "äöü€".repeat(200_000);
			assertThat(client.ask(large)).isEqualTo(large);
			assertThat(client.ask(FILE)).isEqualTo(FILE);
			assertThat(client.ask("")).isEqualTo("");
			client.ping();
			assertThat(client.ask("after the ping")).isEqualTo("after the ping");
		}
	}

	@Test
	void webSocketIsClosedWithTheStatusThatTheWorkerGives() throws Exception {
		for (int status : new int[] { 1000, 3000, 4321 }) {
			WebSocketClient client = WebSocketClient.connect(cluster);
			client.send("close " + status);
			assertThat(client.awaitClose()).isEqualTo(status);
		}
	}

	@Test
	void webSocketLivesAndDiesWithItsOwnWorker() throws Exception {
		long first = cluster.awaitReady(1, -1).get("pid").asLong();
		long second = cluster.awaitReady(2, -1).get("pid").asLong();
		try (WebSocketClient one = WebSocketClient.connect(cluster, Long.toString(first));
				WebSocketClient other = WebSocketClient.connect(cluster, Long.toString(second))) {
			ClusterProcess.signal("KILL", first);
			assertThat(one.awaitClose()).isEqualTo(WebSocketClient.NO_CLOSE_FRAME);
			assertThat(other.ask("still here")).isEqualTo("still here");
			cluster.awaitReady(1, first);
			assertThat(other.ask("pid")).isEqualTo(Long.toString(second));
		}
	}

	@Test
	void eventsOfAStreamArriveOneByOne() throws Exception {
		Path seen = Files.createDirectory(directory.resolve("seen"));
		HttpResponse<InputStream> response = cluster.client()
			.send(HttpRequest.newBuilder(cluster.uri("/events?seen=" + seen)).build(), BodyHandlers.ofInputStream());
		assertThat(response.headers().firstValue("Content-Type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("text/event-stream"));
		try (BufferedReader events = new BufferedReader(new InputStreamReader(response.body()))) {
			for (int i = 1; i <= 20; i++) {
				assertThat(events.readLine()).isEqualTo("id:" + i);
				assertThat(events.readLine()).isEqualTo("data:number " + i);
				assertThat(events.readLine()).isEmpty();
				Files.createFile(seen.resolve(Integer.toString(i)));
			}
		}
	}

	@Test
	void streamsAndWebSocketsAreEndedInAnOrderlyWayWhenTheClusterStops() throws Exception {
		Path seen = Files.createDirectory(directory.resolve("seen-until-the-stop"));
		try (ClusterProcess stopping = ClusterProcess.of(Program.TINY, directory)
			.property("cluster.home", directory.resolve("stopping").toString())
			.start()
			.awaitServing()) {
			WebSocketClient client = WebSocketClient.connect(stopping);
			HttpResponse<InputStream> response = stopping.client()
				.send(HttpRequest.newBuilder(stopping.uri("/events?seen=" + seen)).build(),
						BodyHandlers.ofInputStream());
			try (BufferedReader events = new BufferedReader(new InputStreamReader(response.body()))) {
				assertThat(events.readLine()).isEqualTo("id:1");
				stopping.signal("TERM");
				// To the end of the last chunk: anything less would be an exception.
				assertThat(events.lines()).containsExactly("data:number 1", "");
				Files.createFile(seen.resolve("end"));
			}
			assertThat(client.awaitClose()).isEqualTo(1001);
			assertThat(stopping.awaitExit(Duration.ofSeconds(30))).isZero();
			assertThat(stopping.survivors()).isEmpty();
		}
	}

	@Test
	void partsOfAFileAreServed() throws Exception {
		HttpResponse<byte[]> whole = file("bytes=0-");
		assertThat(whole.statusCode()).isEqualTo(206);
		assertThat(whole.body()).isEqualTo(FILE);
		HttpResponse<byte[]> part = file("bytes=1000-1999");
		assertThat(part.statusCode()).isEqualTo(206);
		assertThat(part.headers().firstValue("Content-Range")).contains("bytes 1000-1999/" + FILE.length);
		assertThat(part.body()).isEqualTo(Arrays.copyOfRange(FILE, 1000, 2000));
		HttpResponse<byte[]> parts = file("bytes=0-9,20-29");
		assertThat(parts.headers().firstValue("Content-Type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("multipart/byteranges"));
		assertThat(file("bytes=200000-").statusCode()).isEqualTo(416);
	}

	@Test
	void conditionsOfTheClientReachTheWorker() throws Exception {
		String modified = file(null).headers().firstValue("Last-Modified").orElseThrow();
		assertThat(file("bytes=0-9", "If-Range", modified).statusCode()).isEqualTo(206);
		assertThat(file(null, "If-Modified-Since", modified).statusCode()).isEqualTo(304);
		// Spring serves the part whatever If-Range says; it is there to be looked at.
		HttpRequest request = HttpRequest.newBuilder(cluster.uri("/request"))
			.header("Range", "bytes=0-9")
			.header("If-Range", "\"tag\"")
			.build();
		JsonNode headers = read(cluster.send(request).body()).get("headers");
		assertThat(headers.get("Range").asString()).isEqualTo("bytes=0-9");
		assertThat(headers.get("If-Range").asString()).isEqualTo("\"tag\"");
	}

	@Test
	void uploadIsRefusedBeforeAnyOfItIsSent() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(cluster.uri("/refuse"))
			.expectContinue(true)
			.POST(BodyPublishers.ofByteArray(new byte[50_000_000]))
			.build();
		HttpResponse<String> response = cluster.send(request);
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.body()).isEqualTo("refused");
	}

	@Test
	void refusalOfAnUploadArrivesAlthoughTheRestOfItIsOnItsWay() throws Exception {
		byte[] half = new byte[1_000_000];
		String answer = exchange("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n", half);
		assertThat(answer).startsWith("HTTP/1.1 403 ").containsIgnoringCase("connection: close").endsWith("refused");
	}

	@Test
	void formWithAFileArrivesWhole() throws Exception {
		byte[] content = new byte[10_000_000];
		new Random(2).nextBytes(content);
		CRC32 checksum = new CRC32();
		checksum.update(content);
		String begin = "--line\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nGrüße\r\n--line\r\n"
				+ "Content-Disposition: form-data; name=\"file\"; filename=\"a b.bin\"\r\n\r\n";
		HttpRequest request = HttpRequest.newBuilder(cluster.uri("/multipart"))
			.header("Content-Type", "multipart/form-data; boundary=line")
			.POST(BodyPublishers.concat(BodyPublishers.ofString(begin), BodyPublishers.ofByteArray(content),
					BodyPublishers.ofString("\r\n--line--\r\n")))
			.build();
		JsonNode seen = read(cluster.send(request).body());
		assertThat(seen.get("title").asString()).isEqualTo("Grüße");
		assertThat(seen.get("name").asString()).isEqualTo("a b.bin");
		assertThat(seen.get("size").asInt()).isEqualTo(content.length);
		assertThat(seen.get("checksum").asLong()).isEqualTo(checksum.getValue());
	}

	@Test
	void trailersPassBothWays() throws Exception {
		String answer = exchange("POST /trailers HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTE: trailers\r\n"
				+ "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: of the request\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 200 ")
			.containsIgnoringCase("{x-sum=of the request}")
			.containsIgnoringCase("\r\n0\r\nx-sum: of the answer\r\n\r\n");
	}

	@Test
	void clientsOfHttp10AreServed() throws Exception {
		String answer = exchange("GET /download?bytes=100000&chunked=true HTTP/1.0\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 200 ")
			.doesNotContainIgnoringCase("transfer-encoding")
			.endsWith("0123456789abcdef".repeat(6250));
		assertThat(exchange("HEAD /download?bytes=100000 HTTP/1.0\r\nHost: a\r\n\r\n"))
			.containsIgnoringCase("content-length: 100000\r\n")
			.endsWith("\r\n\r\n");
	}

	@Test
	void connectionIsClosedWhenTheClientAsks() throws Exception {
		assertThat(exchange("GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200 ")
			.containsIgnoringCase("connection: close\r\n");
	}

	@Test
	void pathsAndQueriesArriveAsTheyWereSent() throws Exception {
		String answer = exchange("GET /request?raw=\u00c3\u00a4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
		// Bytes that are not encoded are refused, but by Tomcat, in its own words.
		assertThat(answer).startsWith("HTTP/1.1 400 ").contains("<!doctype html>");
		assertThat(read(cluster.get("/request?q=%C3%A4+%25").body()).get("query").asString()).isEqualTo("q=%C3%A4+%25");
	}

	@Test
	void requestLooksAsTheClientSentIt() {
		JsonNode origin = cluster.json("/origin");
		assertThat(origin.get("scheme").asString()).isEqualTo("http");
		assertThat(origin.get("secure").asBoolean()).isFalse();
		assertThat(origin.get("server").asString()).isEqualTo("localhost");
		assertThat(origin.get("port").asInt()).isEqualTo(cluster.port());
		assertThat(origin.get("remote").asString()).isEqualTo("127.0.0.1");
		assertThat(cluster.get("/redirect").headers().firstValue("Location"))
			.contains("http://localhost:" + cluster.port() + "/who");
	}

	@Test
	void requestLooksAsItCameToAProxyInFront() {
		HttpRequest.Builder request = HttpRequest.newBuilder()
			.header("X-Forwarded-For", "2001:db8::7")
			.header("X-Forwarded-Proto", "https")
			.header("X-Forwarded-Host", "shop.example");
		JsonNode origin = read(cluster.send(request.uri(cluster.uri("/origin")).build()).body());
		assertThat(origin.get("scheme").asString()).isEqualTo("https");
		assertThat(origin.get("secure").asBoolean()).isTrue();
		assertThat(origin.get("server").asString()).isEqualTo("shop.example");
		assertThat(origin.get("port").asInt()).isEqualTo(443);
		assertThat(origin.get("remote").asString()).isEqualTo("2001:db8::7");
		assertThat(cluster.send(request.uri(cluster.uri("/redirect")).build()).headers().firstValue("Location"))
			.contains("https://shop.example/who");
	}

	/** Boot alone would trust any proxy of a private network. */
	@Test
	void clientWithAPrivateAddressIsTakenForNoProxy() {
		HttpRequest request = HttpRequest.newBuilder(cluster.uri("/origin"))
			.header("X-Forwarded-For", "6.6.6.6, 10.0.0.7")
			.build();
		assertThat(read(cluster.send(request).body()).get("remote").asString()).isEqualTo("10.0.0.7");
	}

	private static HttpResponse<byte[]> file(String range, String... header) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(cluster.uri("/static.bin"));
		if (range != null) {
			request.header("Range", range);
		}
		if (header.length > 0) {
			request.headers(header);
		}
		return cluster.client().send(request.build(), BodyHandlers.ofByteArray());
	}

	private static JsonNode read(String json) {
		return JsonMapper.shared().readTree(json);
	}

	/** Send bytes; return all that comes back until the end of the connection. */
	private static String exchange(String head, byte... body) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), cluster.port())) {
			socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
			OutputStream out = socket.getOutputStream();
			out.write(head.getBytes(StandardCharsets.ISO_8859_1));
			out.write(body);
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
