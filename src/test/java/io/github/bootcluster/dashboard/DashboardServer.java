package io.github.bootcluster.dashboard;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterTimeline;
import jakarta.servlet.ServletRegistration;
import org.apache.coyote.AbstractProtocol;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;

/** The dashboard in a server like the launcher's: real connections, few threads. */
final class DashboardServer implements AutoCloseable {

	static final String PATH = "/ops/cluster";

	static final int THREADS = 4;

	static final ClusterTimeline NOTHING_HAPPENED = (number) -> List.of();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final AtomicInteger frames = new AtomicInteger();

	private final DashboardStream stream;

	private final WebServer server;

	private DashboardServer(Supplier<?> cluster, Duration longest, int maxViewers) {
		this.stream = new DashboardStream(new Frames(() -> {
			this.frames.incrementAndGet();
			return cluster.get();
		}, NOTHING_HAPPENED, JsonMapper.builder().build(), InstantSource.system()), Duration.ofMillis(20), longest,
				maxViewers);
		DashboardServlet servlet = new DashboardServlet(() -> new DashboardPage(PATH, "/actuator/<\"cluster\">", true),
				this.stream);
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setAddress(InetAddress.getLoopbackAddress());
		factory.addProtocolHandlerCustomizers((handler) -> {
			AbstractProtocol<?> protocol = (AbstractProtocol<?>) handler;
			protocol.setMaxThreads(THREADS);
			if (longest.isZero()) {
				protocol.setConnectionTimeout(-1);
			}
		});
		this.server = factory.getWebServer((context) -> {
			ServletRegistration.Dynamic registration = context.addServlet("dashboard", servlet);
			registration.addMapping(PATH + "/*");
			registration.setAsyncSupported(true);
		});
		this.server.start();
	}

	static DashboardServer start() {
		return start(() -> "a cluster");
	}

	static DashboardServer start(Supplier<?> cluster) {
		return start(cluster, Duration.ofMinutes(5), 3);
	}

	static DashboardServer start(Supplier<?> cluster, Duration longest, int maxViewers) {
		return new DashboardServer(cluster, longest, maxViewers);
	}

	DashboardStream stream() {
		return this.stream;
	}

	/** How many frames were made so far. */
	int frames() {
		return this.frames.get();
	}

	HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(uri(path)).build());
	}

	HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
		return this.client.send(request, BodyHandlers.ofString());
	}

	/** The lines of the stream, as they come. */
	HttpResponse<Stream<String>> look() throws IOException, InterruptedException {
		return this.client.send(HttpRequest.newBuilder(uri(PATH + "/stream")).build(), BodyHandlers.ofLines());
	}

	/** Somebody who asks for the stream and takes only what the test reads. */
	Socket lookWithoutReading() throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4096);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.server.getPort()));
		socket.getOutputStream()
			.write(("GET " + PATH + "/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	URI uri(String path) {
		return URI.create("http://localhost:" + this.server.getPort() + path);
	}

	@Override
	public void close() {
		this.stream.close();
		this.server.stop();
		this.server.destroy();
	}

}
