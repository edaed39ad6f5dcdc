package io.github.bootcluster.integration;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real processes under load, of which some die or stand still at any time, while an
 * operator gives commands as if nothing were the matter. No request may fail, and once
 * the faults end the cluster is what it was last asked to be.
 */
class FaultStormIT {

	private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("cluster.test.storm-seconds", 15));

	private static final long SEED = Long.getLong("cluster.test.storm-seed", 1);

	private final Random random = new Random(SEED);

	/** How often what was done, and what came of it. */
	private final Map<String, Integer> counts = new TreeMap<>();

	@TempDir
	Path directory;

	@Test
	void noRequestFailsAndTheClusterIsWhatItWasAskedToBe() throws Exception {
		Files.createFile(this.directory.resolve("ready"));
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory)
			.without("spring.profiles.active")
			.without("cluster.worker.jvm-args")
			.property("cluster.workers", "3")
			.property("cluster.worker.command", Program.HTTP_PROGRAM + " ready")
			.property("cluster.worker.readiness-path", "/ready")
			.property("cluster.worker.heartbeat-interval", "200ms")
			.property("cluster.worker.heartbeat-timeout", "3s")
			.property("cluster.restart.stable-after", "0s")
			.property("cluster.dispatch.queue-timeout", "60s")
			.property("management.endpoint.cluster.access", "unrestricted")
			.start()
			.awaitServing(); Load load = Load.reading(cluster, "/", 3)) {
			long end = System.nanoTime() + LENGTH.toNanos();
			while (System.nanoTime() < end) {
				step(cluster);
				LockSupport.parkNanos(Duration.ofMillis(100 + this.random.nextInt(700)).toNanos());
			}
			drainedOnesReturn(cluster);
			cluster.await("the cluster to be as desired",
					() -> cluster.status().get("state").asString().equals("RUNNING"));
			JsonNode status = cluster.status();
			cluster.await("those that leave to be gone",
					() -> cluster.status().get("workers").size() == cluster.status().get("desiredWorkers").asInt());
			assertThat(cluster.workerPids()).containsExactlyInAnyOrderElementsOf(pids(cluster));
			load.assertNoFailure();
			System.out.printf("fault storm (seed %d, %d s): %s; %d requests, 0 failed, %s retries%n", SEED,
					LENGTH.toSeconds(), this.counts, load.answered(), status.get("dispatcher").get("retries"));
		}
	}

	private void step(ClusterProcess cluster) {
		List<JsonNode> workers = cluster.status()
			.get("workers")
			.valueStream()
			.filter((worker) -> worker.has("pid"))
			.toList();
		cluster.workerPids();
		if (workers.isEmpty()) {
			return;
		}
		JsonNode worker = workers.get(this.random.nextInt(workers.size()));
		long pid = worker.get("pid").asLong();
		String path = "/" + worker.get("id");
		switch (this.random.nextInt(10)) {
			case 0, 1 -> fault("KILL", pid);
			case 2 -> {
				fault("STOP", pid);
				LockSupport.parkNanos(Duration.ofMillis(this.random.nextInt(500)).toNanos());
				signalIfAlive("CONT", pid);
			}
			case 3 -> fault("STOP", pid);
			case 4, 5 -> command(cluster, "", "{\"action\":\"reload\"}");
			case 6 ->
				command(cluster, "", "{\"action\":\"scale\",\"workers\":%d}".formatted(2 + this.random.nextInt(3)));
			case 7 -> command(cluster, path, "{\"action\":\"restart\"}");
			case 8 -> command(cluster, path, "{\"action\":\"kill\"}");
			default -> {
				command(cluster, path, "{\"action\":\"drain\"}");
				drainedOnesReturn(cluster);
			}
		}
	}

	private void drainedOnesReturn(ClusterProcess cluster) {
		cluster.status()
			.get("workers")
			.valueStream()
			.filter((worker) -> worker.get("state").asString().equals("DRAINED"))
			.forEach((worker) -> command(cluster, "/" + worker.get("id"), "{\"action\":\"undrain\"}"));
	}

	private void fault(String signal, long pid) {
		if (signalIfAlive(signal, pid)) {
			count("SIG" + signal);
		}
	}

	/** It may have ended since it was seen. */
	private static boolean signalIfAlive(String signal, long pid) {
		boolean alive = ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
		if (alive) {
			try {
				ClusterProcess.signal(signal, pid);
			}
			catch (AssertionError ex) {
				assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).as(ex.getMessage()).isEmpty();
				return false;
			}
		}
		return alive;
	}

	private void command(ClusterProcess cluster, String path, String json) {
		HttpResponse<String> answer = cluster.command(path, json);
		assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202, 404, 409);
		count(json.split("\"")[3] + ((answer.statusCode() < 300) ? "" : " refused"));
	}

	private void count(String what) {
		this.counts.merge(what, 1, Integer::sum);
	}

	private static List<Long> pids(ClusterProcess cluster) {
		return cluster.status().get("workers").valueStream().map((worker) -> worker.get("pid").asLong()).toList();
	}

}
