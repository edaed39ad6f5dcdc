package io.github.bootcluster.dashboard;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Those who look on, over real connections. */
@Timeout(60)
class DashboardStreamTests {

	private static final String THREAD = "cluster-dashboard";

	@Test
	void viewersSeeTheSameFramesThatAreMadeOnce() throws Exception {
		AtomicInteger number = new AtomicInteger();
		try (DashboardServer server = DashboardServer.start(number::incrementAndGet)) {
			List<Iterator<String>> viewers = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				HttpResponse<Stream<String>> response = server.look();
				assertThat(response.statusCode()).isEqualTo(200);
				assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
				assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
				viewers.add(response.body().iterator());
			}
			for (Iterator<String> viewer : viewers) {
				int first = nextFrame(viewer);
				assertThat(nextFrame(viewer)).isEqualTo(first + 1);
				assertThat(nextFrame(viewer)).isEqualTo(first + 2);
			}
			assertThat(server.frames()).isEqualTo(number.get());
			assertThat(Thread.getAllStackTraces().keySet().stream().filter((thread) -> thread.getName().equals(THREAD)))
				.hasSize(1);
		}
	}

	@Test
	void nothingIsMadeWhileNobodyLooks() throws Exception {
		try (DashboardServer server = DashboardServer.start()) {
			assertThat(server.frames()).isZero();
			try (Stream<String> lines = server.look().body()) {
				assertThat(lines.iterator().next()).isEqualTo("retry: 3000");
			}
			await().until(() -> server.stream().viewers() == 0);
			await("the thread to end").until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals(THREAD)));
			int made = server.frames();
			assertThat(server.get(DashboardServer.PATH).statusCode()).isEqualTo(200);
			assertThat(server.frames()).isEqualTo(made);
			try (Stream<String> lines = server.look().body()) {
				assertThat(lines.iterator().next()).isEqualTo("retry: 3000");
			}
		}
	}

	@Test
	void oneTooManyIsToldWhatToDo() throws Exception {
		try (DashboardServer server = DashboardServer.start()) {
			List<Stream<String>> viewers = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				viewers.add(server.look().body());
			}
			HttpResponse<String> refused = server.get(DashboardServer.PATH + "/stream");
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(refused.headers().firstValue("Retry-After")).hasValue("30");
			assertThat(refused.body()).contains("3 dashboards are open already");
			viewers.get(0).close();
			await().until(() -> server.stream().viewers() == 2);
			assertThat(server.look().statusCode()).isEqualTo(200);
		}
	}

	@Test
	void viewerThatTakesNothingMissesFramesAndDelaysNobody() throws Exception {
		AtomicInteger number = new AtomicInteger();
		String padding = "x".repeat(500_000);
		try (DashboardServer server = DashboardServer.start(() -> List.of(number.incrementAndGet(), padding));
				Socket slow = server.lookWithoutReading()) {
			await().until(() -> server.stream().viewers() == 1);
			Iterator<String> quick = server.look().body().iterator();
			int first = nextNumber(quick);
			int last = first;
			while (last < first + 40) {
				last = nextNumber(quick);
			}
			assertThat(server.stream().viewers()).isEqualTo(2);
			BufferedReader lines = new BufferedReader(
					new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8));
			List<Integer> seen = new ArrayList<>();
			while (seen.isEmpty() || seen.get(seen.size() - 1) < last) {
				String line = lines.readLine();
				if (line.startsWith("data: ")) {
					seen.add(Integer.parseInt(line.substring("data: [".length(), line.indexOf(','))));
				}
			}
			assertThat(seen).isSorted();
			assertThat(seen.size()).as("frames of %s", seen).isLessThan(last);
		}
	}

	@Test
	void streamsEndAtOnceWhenTheLauncherDoes() throws Exception {
		try (DashboardServer server = DashboardServer.start()) {
			Stream<String> lines = server.look().body();
			server.stream().close();
			assertThat(lines.toList()).isNotEmpty();
			assertThat(server.stream().viewers()).isZero();
			HttpResponse<String> refused = server.get(DashboardServer.PATH + "/stream");
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(refused.body()).isEqualTo("The launcher ends.\n");
		}
	}

	@Test
	void endDoesNotWaitForAViewerThatTakesNothing() throws Exception {
		AtomicInteger number = new AtomicInteger();
		String padding = "x".repeat(500_000);
		try (DashboardServer server = DashboardServer.start(() -> List.of(number.incrementAndGet(), padding));
				Socket slow = server.lookWithoutReading()) {
			await().until(() -> server.frames() > 50);
			server.stream().close();
			assertThat(server.stream().viewers()).isZero();
			assertThat(server.get(DashboardServer.PATH).statusCode()).isEqualTo(200);
			assertThat(slow.isConnected()).isTrue();
		}
	}

	@Test
	void nobodyLooksOnForEver() throws Exception {
		try (DashboardServer server = DashboardServer.start(() -> "a cluster", Duration.ofSeconds(1), 3)) {
			assertThat(server.look().body().toList()).contains("data: \"a cluster\"");
			assertThat(server.stream().viewers()).isZero();
			assertThat(server.look().statusCode()).isEqualTo(200);
		}
	}

	@Test
	void viewerThatTakesNothingIsThrownOutInTheEnd() throws Exception {
		String padding = "x".repeat(500_000);
		try (DashboardServer server = DashboardServer.start(() -> padding, Duration.ofSeconds(2), 3);
				Socket slow = server.lookWithoutReading()) {
			await().until(() -> server.frames() > 50);
			await().until(() -> server.stream().viewers() == 0);
			slow.setSoTimeout(20_000);
			slow.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (SocketException ex) {
			// Its connection was closed that way.
			assertThat(ex).hasMessageContaining("reset");
		}
	}

	@Test
	void frameThatCannotBeMadeIsLeftOut() throws Exception {
		AtomicInteger number = new AtomicInteger();
		try (DashboardServer server = DashboardServer.start(() -> {
			if (number.incrementAndGet() % 2 == 1) {
				throw new IllegalStateException("not now");
			}
			return number.get();
		})) {
			Iterator<String> lines = server.look().body().iterator();
			assertThat(nextFrame(lines)).isEqualTo(2);
			assertThat(nextFrame(lines)).isEqualTo(4);
		}
	}

	private static int nextFrame(Iterator<String> lines) {
		return Integer.parseInt(nextData(lines));
	}

	private static int nextNumber(Iterator<String> lines) {
		String data = nextData(lines);
		return Integer.parseInt(data.substring(1, data.indexOf(',')));
	}

	private static String nextData(Iterator<String> lines) {
		while (true) {
			String line = lines.next();
			if (line.startsWith("data: ")) {
				return line.substring("data: ".length());
			}
		}
	}

}
