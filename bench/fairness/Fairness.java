import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;

/**
 * A worker that takes a while for each request and says which one it is, and a load that
 * comes at a steady rate, whether or not the answers do.
 */
public final class Fairness {

	/** The client's own code is cold at first. */
	private static final int WARM_UP_SECONDS = 4;

	/** What is not taken from there would be sent to another worker, and count as its. */
	private static final int BACKLOG = 2000;

	private Fairness() {
	}

	public static void main(String[] arguments) throws Exception {
		switch (arguments[0]) {
			case "serve" -> serve(Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]),
					Long.parseLong(arguments[3]));
			case "load" -> load(URI.create(arguments[1]), Integer.parseInt(arguments[2]),
					Integer.parseInt(arguments[3]));
			default -> throw new IllegalArgumentException(arguments[0]);
		}
	}

	/** Worker 2 may take longer than the others. */
	private static void serve(int port, long millis, long millisOfTheSecond) throws IOException {
		String worker = System.getenv("BOOT_CLUSTER_WORKER");
		long pause = worker.equals("2") ? millisOfTheSecond : millis;
		byte[] answer = worker.getBytes(StandardCharsets.US_ASCII);
		HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), BACKLOG);
		server.setExecutor(Executors.newCachedThreadPool());
		server.createContext("/", (exchange) -> {
			try (exchange) {
				TimeUnit.MILLISECONDS.sleep(pause);
				exchange.sendResponseHeaders(200, answer.length);
				exchange.getResponseBody().write(answer);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		server.start();
	}

	/** Prints each worker with its number of answers, and p50 and p99 in microseconds. */
	private static void load(URI uri, int seconds, int rate) throws Exception {
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build();
		List<CompletableFuture<Answer>> answers = new ArrayList<>();
		long begin = System.nanoTime();
		for (int i = 0; i < (WARM_UP_SECONDS + seconds) * rate; i++) {
			TimeUnit.NANOSECONDS.sleep(begin + i * 1_000_000_000L / rate - System.nanoTime());
			long sent = System.nanoTime();
			answers.add(client.sendAsync(request, BodyHandlers.ofString())
				.handle((response, failure) -> new Answer(
						(failure == null && response.statusCode() == 200) ? response.body() : "failed",
						(System.nanoTime() - sent) / 1000)));
		}
		Map<String, List<Long>> times = new TreeMap<>();
		for (CompletableFuture<Answer> answer : answers.subList(WARM_UP_SECONDS * rate, answers.size())) {
			times.computeIfAbsent(answer.get().worker(), (worker) -> new ArrayList<>()).add(answer.get().micros());
		}
		times.forEach((worker, micros) -> {
			long[] sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
			System.out.println(worker + " " + sorted.length + " " + sorted[sorted.length / 2] + " "
					+ sorted[sorted.length * 99 / 100]);
		});
		// The client's threads are no daemons everywhere.
		System.exit(0);
	}

	private record Answer(String worker, long micros) {

	}

}
