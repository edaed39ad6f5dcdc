package io.github.bootcluster.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A load balancer before two launchers, with the very file that operators are given.
 * Closing it ends it.
 */
final class HaProxy implements AutoCloseable {

	private static final Path FILE = Path.of("deploy", "haproxy", "haproxy.cfg");

	/** What the file leaves to the system it is used on. */
	private static final String GLOBAL = """
			global
			    maxconn 200
			    log stdout format raw local0
			""";

	private final Process process;

	private final int port;

	private final Path log;

	private HaProxy(Process process, int port, Path log) {
		this.process = process;
		this.port = port;
		this.log = log;
	}

	static HaProxy start(Path directory, int port, ClusterProcess one, ClusterProcess other) {
		Path global = directory.resolve("global.cfg");
		Path log = directory.resolve("haproxy.log");
		ProcessBuilder builder = new ProcessBuilder("haproxy", "-db", "-f", global.toString(), "-f", FILE.toString())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile());
		builder.environment().put("LISTEN", address(port));
		builder.environment().put("HOST_1", address(one.port()));
		builder.environment().put("HOST_2", address(other.port()));
		try {
			Files.writeString(global, GLOBAL);
			HaProxy started = new HaProxy(builder.start(), port, log);
			started.awaitListening();
			return started;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String address(int port) {
		return "127.0.0.1:" + port;
	}

	/** A client that has no connection to it yet. */
	static HttpClient newClient() {
		return HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(ClusterProcess.PATIENCE)
			.build();
	}

	URI uri(String path) {
		return URI.create("http://" + address(this.port) + path);
	}

	/** What it wrote, a line for each request included. */
	String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			assertThat(this.process.waitFor(20, TimeUnit.SECONDS)).as("HAProxy ends").isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			this.process.destroyForcibly();
		}
	}

	private void awaitListening() {
		try {
			Awaitility.await("HAProxy to listen")
				.atMost(ClusterProcess.PATIENCE)
				.pollInterval(Duration.ofMillis(20))
				.until(this::isListening);
		}
		catch (RuntimeException | AssertionError ex) {
			close();
			throw ex;
		}
	}

	private boolean isListening() {
		assertThat(this.process.isAlive()).as(output()).isTrue();
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
