import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;

import com.sun.management.OperatingSystemMXBean;

/**
 * Fetches the meters of a cluster in every way there is, in turn, and tells how long each
 * takes and what it costs whom.
 */
public final class Scrapes {

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private Scrapes() {
	}

	/**
	 * Prints a line for each way.
	 * @param args rounds, scrapes of a round, microseconds of a tick of the kernel's clock,
	 * public port, pid of the launcher, and {@code port:pid} of every worker
	 */
	public static void main(String[] args) throws Exception {
		int rounds = Integer.parseInt(args[0]);
		int count = Integer.parseInt(args[1]);
		long tickMicros = Long.parseLong(args[2]);
		HttpRequest all = request(args[3], "/actuator/prometheus");
		List<String> launcher = List.of(args[4]);
		List<String> workers = new ArrayList<>();
		List<HttpRequest> each = new ArrayList<>();
		for (String worker : List.of(args).subList(5, args.length)) {
			each.add(request(worker.substring(0, worker.indexOf(':')), "/own-meters"));
			workers.add(worker.substring(worker.indexOf(':') + 1));
		}
		List<Way> ways = List.of(new Way("launcher, control channel", () -> length(CLIENT.send(all, BodyHandlers.ofByteArray()))),
				new Way("loopback, one after the other", () -> inTurn(each)),
				new Way("loopback, all at once", () -> atOnce(each)));
		for (int round = 0; round <= rounds; round++) {
			for (Way way : ways) {
				// The first round warms up.
				measure(way, count, (round > 0) ? way.results : new ArrayList<>(), tickMicros, launcher, workers);
			}
		}
		ways.forEach(Way::print);
		// The client's threads are no daemons everywhere.
		System.exit(0);
	}

	private static HttpRequest request(String port, String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(30)).build();
	}

	private static long inTurn(List<HttpRequest> requests) throws Exception {
		long length = 0;
		for (HttpRequest request : requests) {
			length += length(CLIENT.send(request, BodyHandlers.ofByteArray()));
		}
		return length;
	}

	private static long atOnce(List<HttpRequest> requests) {
		return requests.stream()
			.map((request) -> CLIENT.sendAsync(request, BodyHandlers.ofByteArray()))
			.toList()
			.stream()
			.map(CompletableFuture::join)
			.mapToLong(Scrapes::length)
			.sum();
	}

	private static long length(HttpResponse<byte[]> response) {
		if (response.statusCode() != 200) {
			throw new IllegalStateException(response + ": no meters");
		}
		return response.body().length;
	}

	private static void measure(Way way, int count, List<Result> results, long tickMicros, List<String> launcher,
			List<String> workers) throws Exception {
		long[] micros = new long[count];
		long ofLauncher = ticks(launcher);
		long ofWorkers = ticks(workers);
		long own = SYSTEM.getProcessCpuTime();
		long bytes = 0;
		for (int i = 0; i < count; i++) {
			long begin = System.nanoTime();
			bytes = way.fetch.call();
			micros[i] = (System.nanoTime() - begin) / 1000;
		}
		results.add(new Result(micros, bytes, (ticks(launcher) - ofLauncher) * tickMicros / count,
				(ticks(workers) - ofWorkers) * tickMicros / count, (SYSTEM.getProcessCpuTime() - own) / 1000 / count));
	}

	/** {@code utime} and {@code stime}: the name before them may contain anything. */
	private static long ticks(List<String> pids) throws IOException {
		long ticks = 0;
		for (String pid : pids) {
			String stat = Files.readString(Path.of("/proc", pid, "stat"));
			String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
			ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
		}
		return ticks;
	}

	/** What a round found; CPU time in microseconds for each scrape. */
	private record Result(long[] micros, long bytes, long launcher, long workers, long fetcher) {

	}

	private record Way(String name, Callable<Long> fetch, List<Result> results) {

		Way(String name, Callable<Long> fetch) {
			this(name, fetch, new ArrayList<>());
		}

		void print() {
			long[] times = this.results.stream().flatMapToLong((result) -> Arrays.stream(result.micros())).sorted().toArray();
			System.out.printf("  %-32s %8.1f %8.1f %8.1f %8.0f %9.1f %8.1f %8.1f%n", this.name, times[times.length / 2] / 1e3,
					times[times.length * 99 / 100] / 1e3, times[0] / 1e3, median(Result::bytes) / 1e3,
					median(Result::launcher) / 1e3, median(Result::workers) / 1e3, median(Result::fetcher) / 1e3);
		}

		private double median(ToLongFunction<Result> value) {
			long[] sorted = this.results.stream().mapToLong(value).sorted().toArray();
			return sorted[sorted.length / 2];
		}

	}

}
