package io.github.bootcluster.integration;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code /actuator/prometheus} of a real cluster. */
class MetricsIT {

	private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+");

	private static final Pattern SAMPLE = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*"
			+ "(\\{[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\\n]|\\\\.)*\"(,[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\\n]|\\\\.)*\")*})?"
			+ " (NaN|[+-]Inf|-?[0-9.]+(E-?[0-9]+)?)");

	@TempDir
	Path directory;

	@Test
	void metersOfAllWorkersAreInOneScrapeAndNoCounterStepsBack() {
		try (ClusterProcess cluster = ClusterProcess.of(Program.SAMPLE_JAR, this.directory)
			.property("management.endpoint.cluster.access", "unrestricted")
			.start()
			.awaitServing()) {
			for (int i = 0; i < 20; i++) {
				assertThat(cluster.get("/hello").statusCode()).isEqualTo(200);
			}
			cluster.await("the last answer to be counted", () -> requests(scrape(cluster)) == 20);
			Map<String, Double> before = scrape(cluster);
			assertThat(before).containsEntry("cluster_worker_up{worker=\"1\"}", 1.0)
				.containsEntry("cluster_worker_up{worker=\"2\"}", 1.0)
				.containsEntry("cluster_workers{state=\"ready\"}", 2.0)
				.containsEntry("cluster_dispatcher_requests_total{worker=\"1\",method=\"safe\",outcome=\"success\"}",
						10.0)
				.containsEntry("http_server_requests_seconds_count" + hello("2"), 10.0)
				.containsKey("jvm_memory_used_bytes{worker=\"1\",area=\"heap\",id=\"Metaspace\"}".replace("heap",
						"nonheap"));
			assertThat(before.keySet()).noneMatch((series) -> series.contains("pid"));

			// Dead: its counters stay, its gauges do not, and who comes after it goes on.
			long killed = cluster.pidOfSlot(1);
			ClusterProcess.signal("KILL", killed);
			cluster.await("the loss to be told", () -> scrape(cluster).get("cluster_worker_up{worker=\"1\"}") == 0);
			Map<String, Double> without = scrape(cluster);
			assertThat(without.get("http_server_requests_seconds_count" + hello("1"))).isEqualTo(10);
			assertThat(without).doesNotContainKey("system_cpu_count{worker=\"1\"}")
				.containsEntry("system_cpu_count{worker=\"2\"}", before.get("system_cpu_count{worker=\"2\"}"))
				.containsEntry("cluster_worker_exits_total{worker=\"1\",cause=\"signal\"}", 1.0);
			cluster.awaitReady(1, killed);
			cluster.await("the new worker to go on counting", () -> {
				cluster.get("/hello");
				return scrape(cluster).get("http_server_requests_seconds_count" + hello("1")) > 10;
			});
			Map<String, Double> after = scrape(cluster);
			double all = requests(after);
			assertThat(all).isGreaterThan(20);

			// Merged: one sum, whoever served.
			Map<String, Double> merged = read(cluster.get("/actuator/prometheus?view=merged"));
			assertThat(merged.get("http_server_requests_seconds_count" + hello(null))).isEqualTo(all);
			assertThat(merged).containsKey("system_cpu_count{worker=\"1\"}");

			// A reload takes nothing away, not even what came after the last scrape.
			for (int i = 0; i < 5; i++) {
				cluster.get("/hello");
			}
			assertThat(cluster.command("", "{\"action\":\"reload\",\"wait\":\"true\"}").statusCode()).isEqualTo(200);
			Map<String, Double> reloaded = scrape(cluster);
			assertThat(requests(reloaded)).isEqualTo(all + 5);
			assertThat(reloaded).containsEntry("cluster_reloads_total{outcome=\"succeeded\"}", 1.0)
				.containsEntry("cluster_generation", 2.0);
			assertCountersDidNotStepBack(after, reloaded);

			// One that hangs costs its own series, not the scrape.
			long hanging = cluster.pidOfSlot(2);
			ClusterProcess.signal("STOP", hanging);
			try {
				cluster.await("its silence to be told",
						() -> scrape(cluster).get("cluster_worker_up{worker=\"2\"}") == 0);
				Map<String, Double> partly = scrape(cluster);
				assertThat(partly).containsEntry("cluster_worker_up{worker=\"2\"}", 0.0)
					.containsEntry("cluster_worker_up{worker=\"1\"}", 1.0)
					.containsKey("system_cpu_count{worker=\"1\"}")
					.doesNotContainKey("system_cpu_count{worker=\"2\"}");
				assertThat(requests(partly)).isEqualTo(all + 5);
			}
			finally {
				ClusterProcess.signal("CONT", hanging);
			}
			cluster.await("it to be back", () -> scrape(cluster).get("cluster_worker_up{worker=\"2\"}") == 1);
		}
	}

	private static void assertCountersDidNotStepBack(Map<String, Double> before, Map<String, Double> after) {
		assertThat(
				before.keySet().stream().filter((series) -> series.startsWith("cluster_") && series.contains("_total")))
			.isNotEmpty()
			.allSatisfy(
					(series) -> assertThat(after.get(series)).as(series).isGreaterThanOrEqualTo(before.get(series)));
	}

	private static String hello(String worker) {
		return ((worker != null) ? "{worker=\"" + worker + "\"," : "{")
				+ "error=\"none\",exception=\"none\",method=\"GET\",outcome=\"SUCCESS\",status=\"200\",uri=\"/hello\"}";
	}

	/** Requests that both workers say they have answered. */
	private static double requests(Map<String, Double> samples) {
		return List.of("1", "2")
			.stream()
			.mapToDouble((slot) -> samples.getOrDefault("http_server_requests_seconds_count" + hello(slot), 0.0))
			.sum();
	}

	private static Map<String, Double> scrape(ClusterProcess cluster) {
		return read(cluster.get("/actuator/prometheus"));
	}

	private static Map<String, Double> read(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain;version=0.0.4;charset=utf-8");
		Map<String, Double> samples = new LinkedHashMap<>();
		response.body().lines().forEach((line) -> {
			if (line.startsWith("#")) {
				assertThat(line).matches(COMMENT);
				return;
			}
			assertThat(line).matches(SAMPLE);
			int end = line.lastIndexOf(' ');
			String value = line.substring(end + 1).replace("Inf", "Infinity");
			assertThat(samples.put(line.substring(0, end), Double.valueOf(value))).as("a second %s", line).isNull();
		});
		return samples;
	}

}
