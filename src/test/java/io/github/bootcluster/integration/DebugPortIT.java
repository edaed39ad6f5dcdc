package io.github.bootcluster.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Workers that let debuggers in. */
class DebugPortIT {

	private static final Pattern LISTENING = Pattern.compile("Listening for transport dt_socket at address: (\\d+)");

	private static final String HANDSHAKE = "JDWP-Handshake";

	@TempDir
	Path directory;

	@Test
	void everyWorkerHasADebugPortOfItsOwnAlsoWhileItIsReplaced() throws Exception {
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory)
			.property("management.endpoint.cluster.access", "unrestricted")
			.property("cluster.worker.jvm-args",
					"-Xmx256m,-XX:TieredStopAtLevel=1,-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:"
							+ freePort())
			.start()
			.awaitServing()) {
			Set<Integer> first = ports(cluster);
			assertThat(first).hasSize(2);
			for (int port : first) {
				assertThat(greet(port)).isEqualTo(HANDSHAKE);
			}
			assertThat(cluster.command("", "{\"action\":\"reload\",\"wait\":true}").body()).contains("SUCCEEDED");
			cluster.workerPids();
			// Those of the predecessors were in use.
			Set<Integer> second = ports(cluster);
			second.removeAll(first);
			assertThat(second).hasSize(2);
			for (int port : second) {
				assertThat(greet(port)).isEqualTo(HANDSHAKE);
			}
			assertThat(cluster.get("/who").statusCode()).isEqualTo(200);
		}
	}

	/** An agent says it again when its debugger leaves. */
	private static Set<Integer> ports(ClusterProcess cluster) {
		return LISTENING.matcher(cluster.output())
			.results()
			.map((found) -> Integer.parseInt(found.group(1)))
			.collect(Collectors.toCollection(HashSet::new));
	}

	private static String greet(int port) throws IOException {
		try (Socket debugger = new Socket(InetAddress.getLoopbackAddress(), port)) {
			debugger.setSoTimeout((int) ClusterProcess.PATIENCE.toMillis());
			debugger.getOutputStream().write(HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
			return new String(debugger.getInputStream().readNBytes(HANDSHAKE.length()), StandardCharsets.US_ASCII);
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
