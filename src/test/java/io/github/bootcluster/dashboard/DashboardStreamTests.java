package io.github.bootcluster.dashboard;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Those who look on, over real connections. */
@Timeout(60)
class DashboardStreamTests {

	private static final String THREAD = "cluster-dashboard";

	private static final int MORE_THAN_BUFFERS_HOLD = 16 * 1024 * 1024;

	@Test
	void viewersSeeTheSameFramesThatAreMadeOnce() throws Exception {
		AtomicInteger number = new AtomicInteger();
		try (DashboardServer server = DashboardServer.start(number::incrementAndGet)) {
			List<Iterator<String>> viewers = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				HttpResponse<Stream<String>> response = server.look();
				assertThat(response.statusCode()).isEqualTo(200);
				assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
				assertThat(response.headers().firstValue("X-Accel-Buffering")).hasValue("no");
				assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
				viewers.add(response.body().iterator());
			}
			for (Iterator<String> viewer : viewers) {
				int first = nextFrame(viewer);
				assertThat(nextFrame(viewer)).isEqualTo(first + 1);
				assertThat(nextFrame(viewer)).isEqualTo(first + 2);
			}
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

	/**
	 * As many as the server has threads: were one to wait for each, none would be left.
	 */
	@Test
	void endDoesNotWaitForViewersThatTakeNothing() throws Exception {
		// More than the system keeps of it, so that no frame is ever written as a whole;
		// and a server that never gives up by itself.
		String padding = "x".repeat(MORE_THAN_BUFFERS_HOLD);
		DashboardServer server = DashboardServer.start(() -> padding, Duration.ZERO, DashboardServer.THREADS);
		List<Socket> stalled = new ArrayList<>();
		try {
			for (int i = 0; i < DashboardServer.THREADS; i++) {
				stalled.add(server.lookWithoutReading());
			}
			await().until(() -> server.stream().viewers() == DashboardServer.THREADS);
			int before = server.frames();
			await().until(() -> server.frames() > before + 3);
			server.stream().close();
			assertThat(server.stream().viewers()).isZero();
			assertThat(server.get(DashboardServer.PATH).statusCode()).isEqualTo(200);
			server.close();
			for (Socket viewer : stalled) {
				assertThat(bytesLeftIn(viewer)).as("bytes of the first frame").isLessThan(MORE_THAN_BUFFERS_HOLD);
			}
		}
		finally {
			for (Socket viewer : stalled) {
				viewer.close();
			}
			server.close();
		}
	}

	/** What the system had taken for it when its connection was closed. */
	private static long bytesLeftIn(Socket viewer) throws IOException {
		long read = 0;
		byte[] buffer = new byte[64 * 1024];
		try {
			for (int count = 0; count >= 0; count = viewer.getInputStream().read(buffer)) {
				read += count;
			}
		}
		catch (SocketException ex) {
			// Closed with something unsent.
			assertThat(ex).hasMessageContaining("reset");
		}
		return read;
	}

	@Test
	void viewerThatFailsIsThrownOutAndTakesNothingFromOthers() throws Exception {
		Frames frames = new Frames(() -> "a cluster", DashboardServer.NOTHING_HAPPENED, JsonMapper.builder().build(),
				InstantSource.system());
		DashboardStream stream = new DashboardStream(frames, Duration.ofMillis(20), Duration.ofMinutes(5), 10);
		try {
			List<MockHttpServletRequest> failing = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				failing.add(look(stream, new FailingOutput()));
			}
			ByteArrayOutputStream seen = new ByteArrayOutputStream();
			look(stream, new Output(seen));
			await().until(() -> seen.toString(StandardCharsets.UTF_8).split("a cluster").length > 3);
			// This one is greeted with a frame, and fails in the midst of its coming.
			failing.add(look(stream, new FailingOutput()));
			assertThat(stream.viewers()).isEqualTo(1);
			assertThat(failing).noneMatch(MockHttpServletRequest::isAsyncStarted);
		}
		finally {
			stream.close();
		}
	}

	private static MockHttpServletRequest look(DashboardStream stream, ServletOutputStream output) throws IOException {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setAsyncSupported(true);
		assertThat(stream.open(request, new MockHttpServletResponse() {

			@Override
			public ServletOutputStream getOutputStream() {
				return output;
			}

		})).isNull();
		return request;
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
			return switch (number.incrementAndGet() % 4) {
				case 1 -> throw new IllegalStateException("not now");
				case 3 -> throw new NoClassDefFoundError("not now either");
				default -> number.get();
			};
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

	/** Takes all there is, at once. */
	private static class Output extends ServletOutputStream {

		private final OutputStream taken;

		Output(OutputStream taken) {
			this.taken = taken;
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setWriteListener(WriteListener listener) {
			try {
				listener.onWritePossible();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public void write(int value) throws IOException {
			this.taken.write(value);
		}

	}

	/** As of a server that has thrown the answer away. */
	private static class FailingOutput extends Output {

		FailingOutput() {
			super(OutputStream.nullOutputStream());
		}

		@Override
		public void write(int value) {
			throw new IllegalStateException("recycled");
		}

	}

}
