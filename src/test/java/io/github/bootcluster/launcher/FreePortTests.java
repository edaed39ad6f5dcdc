package io.github.bootcluster.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class FreePortTests {

	@Test
	void chosenPortIsNotHeldAndCanBeListenedAt() throws IOException {
		int port = FreePort.choose(Set.of());
		try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
			assertThat(server.getLocalPort()).isEqualTo(port);
		}
	}

	@Test
	void reservedPortIsNotChosenThoughItIsFree() {
		Set<Integer> all = IntStream.rangeClosed(1, 65535).boxed().collect(Collectors.toSet());
		assertThatIOException().isThrownBy(() -> FreePort.choose(all)).withMessageContaining("no free port");
	}

	@Test
	void portIsFreeUnlessSomebodyListensThere() throws IOException {
		int port;
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			port = server.getLocalPort();
			assertThat(FreePort.isFree(port)).isFalse();
		}
		assertThat(FreePort.isFree(port)).isTrue();
	}

}
