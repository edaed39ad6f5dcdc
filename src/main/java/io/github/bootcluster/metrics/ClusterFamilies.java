package io.github.bootcluster.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.ExitInfo.Cause;
import io.github.bootcluster.LatencyHistogram;
import io.github.bootcluster.LifeReport;
import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.MetricFamily.Sample;
import io.github.bootcluster.MetricFamily.Type;
import io.github.bootcluster.TrafficReport;
import io.github.bootcluster.TrafficReport.Ending;
import io.github.bootcluster.TrafficReport.Kind;
import io.github.bootcluster.TrafficReport.MethodClass;
import io.github.bootcluster.TrafficReport.Served;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import org.jspecify.annotations.Nullable;

/**
 * The meters of the cluster itself and of its dispatcher. Names, units and types as
 * <a href="https://docs.micrometer.io/micrometer/reference/concepts/naming.html">
 * Micrometer</a> gives them to a Prometheus server.
 */
final class ClusterFamilies {

	/** Begin of all their names; workers' meters that begin so are not theirs. */
	static final String PREFIX = "cluster_";

	private static final String DISPATCHER = PREFIX + "dispatcher_";

	/** Upper bounds that are told, in seconds: those that Prometheus' clients have. */
	private static final Set<Double> TOLD_BOUNDS = new TreeSet<>(List.of(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
			0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0));

	private final List<MetricFamily> families = new ArrayList<>();

	private ClusterFamilies() {
	}

	/**
	 * Those of one moment.
	 * @param answered the workers that told of their meters
	 */
	static List<MetricFamily> of(ClusterSnapshot cluster, TrafficReport traffic, LifeReport life,
			ClusterTelemetry telemetry, Set<WorkerId> answered) {
		ClusterFamilies all = new ClusterFamilies();
		all.addCluster(cluster, life);
		all.addLauncher(cluster, LauncherProcess.now());
		all.addWorkers(cluster, life, answered);
		all.addUse(cluster, "cpu_cores", "Processors the worker's process keeps busy", telemetry, WorkerVitals::cpu);
		all.addUse(cluster, "resident_bytes", "Memory the worker's process occupies", telemetry,
				WorkerVitals::residentBytes);
		all.addRequests(cluster.dispatcher(), traffic);
		all.addQueue(cluster.dispatcher(), traffic);
		all.addConnections(cluster.dispatcher(), traffic);
		return all.families;
	}

	private void addCluster(ClusterSnapshot cluster, LifeReport life) {
		Map<String, Double> states = new TreeMap<>();
		for (ClusterState state : ClusterState.values()) {
			states.put(label(state), (state == cluster.state()) ? 1.0 : 0.0);
		}
		add(PREFIX + "state", Type.GAUGE, "State of the cluster: 1 for the one it is in", "state", states);
		gauge(PREFIX + "workers_desired", "Workers there should be", cluster.desiredWorkers());
		Map<String, Double> workers = new TreeMap<>();
		for (WorkerState state : WorkerState.values()) {
			workers.put(label(state), 0.0);
		}
		cluster.workers().forEach((worker) -> workers.merge(label(worker.state()), 1.0, Double::sum));
		add(PREFIX + "workers", Type.GAUGE, "Workers there are, by state", "state", workers);
		gauge(PREFIX + "generation", "Generation of new workers", cluster.generation());
		add(PREFIX + "reloads_total", Type.COUNTER, "Reloads that ended, by outcome", "outcome", new TreeMap<>(
				Map.of("succeeded", (double) life.reloadsSucceeded(), "failed", (double) life.reloadsFailed())));
	}

	private void addLauncher(ClusterSnapshot cluster, LauncherProcess process) {
		String launcher = PREFIX + "launcher_";
		gauge(launcher + "start_time_seconds", "When the launcher started, since 1970",
				cluster.launcher().startedAt().toEpochMilli() / 1e3);
		gauge(launcher + "heap_used_bytes", "What is in use of the launcher's heap", process.heapUsedBytes());
		gauge(launcher + "threads", "Live threads of the launcher", process.threads());
		if (process.cpuSeconds() >= 0) {
			add(launcher + "cpu_seconds_total", Type.COUNTER, "Processor time of the launcher",
					List.of(sample("", process.cpuSeconds())));
		}
		if (process.openFiles() >= 0) {
			gauge(launcher + "open_files", "Open files and sockets of the launcher", process.openFiles());
		}
	}

	private void addWorkers(ClusterSnapshot cluster, LifeReport life, Set<WorkerId> answered) {
		addBySlot(cluster, "up", "Whether the worker told of its meters",
				(worker) -> worker.state().isAlive() && answered.contains(worker.id()));
		addBySlot(cluster, "ready", "Whether the worker gets requests", WorkerSnapshot::isRoutable);
		List<Sample> starts = new ArrayList<>();
		new TreeMap<>(life.starts()).forEach((slot, count) -> starts.add(sample(slot(slot), count)));
		add(PREFIX + "worker_starts_total", Type.COUNTER, "Processes that were started", starts);
		List<Sample> exits = new ArrayList<>();
		Map<Integer, Map<Cause, Long>> causesBySlot = new TreeMap<>(life.exits());
		life.starts().keySet().forEach((slot) -> causesBySlot.putIfAbsent(slot, Map.of()));
		causesBySlot.forEach((slot, causes) -> {
			for (Cause cause : Cause.values()) {
				exits.add(sample(TextFormat.withLabel(MeterBook.WORKER, nameOf(slot),
						TextFormat.labels(Map.of("cause", label(cause)))), causes.getOrDefault(cause, 0L)));
			}
		});
		add(PREFIX + "worker_exits_total", Type.COUNTER,
				"Processes that ended: asked to, for a fault, by a signal, in failure, or by themselves", exits);
	}

	/** Of two workers that share a slot both use something. */
	private void addUse(ClusterSnapshot cluster, String name, String help, ClusterTelemetry telemetry,
			Function<WorkerVitals, @Nullable Number> use) {
		Map<Integer, Double> slots = new TreeMap<>();
		cluster.workers()
			.stream()
			.filter((worker) -> worker.slot() != WorkerSnapshot.NO_SLOT)
			.forEach((worker) -> telemetry.vitals(worker.id()).ifPresent((vitals) -> {
				Number value = use.apply(vitals);
				if (value != null) {
					slots.merge(worker.slot(), value.doubleValue(), Double::sum);
				}
			}));
		List<Sample> samples = new ArrayList<>();
		slots.forEach((slot, value) -> samples.add(sample(slot(slot), value)));
		add(PREFIX + "worker_" + name, Type.GAUGE, help, samples);
	}

	/** Of two workers that share a slot it is enough if one does. */
	private void addBySlot(ClusterSnapshot cluster, String name, String help, Function<WorkerSnapshot, Boolean> test) {
		Map<Integer, Boolean> slots = new TreeMap<>();
		cluster.workers()
			.stream()
			.filter((worker) -> worker.slot() != WorkerSnapshot.NO_SLOT)
			.forEach((worker) -> slots.merge(worker.slot(), test.apply(worker), Boolean::logicalOr));
		List<Sample> samples = new ArrayList<>();
		slots.forEach((slot, holds) -> samples.add(sample(slot(slot), holds ? 1 : 0)));
		add(PREFIX + "worker_" + name, Type.GAUGE, help, samples);
	}

	private void addRequests(DispatcherSnapshot dispatcher, TrafficReport traffic) {
		Map<String, Served> servers = new TreeMap<>(traffic.servers());
		List<Sample> requests = new ArrayList<>();
		servers.forEach((server, served) -> addRequests(requests, server, served.requests()));
		add(DISPATCHER + "requests_total", Type.COUNTER, "Requests that ended, by who answered", requests);
		histogram(DISPATCHER + "request_duration_seconds", "From the head of a request to the last byte of the answer",
				servers, Served::duration);
		histogram(DISPATCHER + "upstream_duration_seconds", "What of that the worker took, in the last attempt",
				servers, Served::upstream);
		bytes("request_bytes_total", "Bytes of requests' bodies", servers, Served::requestBytes);
		bytes("response_bytes_total", "Bytes of answers' bodies", servers, Served::responseBytes);
		gauge(DISPATCHER + "requests_active", "Requests being worked on", dispatcher.inFlight());
		add(DISPATCHER + "retries_total", Type.COUNTER, "Attempts beyond the first, by how far the one before had come",
				"phase", byName(traffic.retries()));
		add(DISPATCHER + "violations_total", Type.COUNTER, "Requests refused for what they are, by status", "status",
				byName(traffic.violations()));
	}

	/**
	 * All endings of the methods there were: of a series that is not there before its
	 * first error nobody learns that it has risen.
	 */
	private static void addRequests(List<Sample> samples, String server, Map<Kind, Long> requests) {
		Set<MethodClass> methods = new TreeSet<>();
		requests.keySet().forEach((kind) -> methods.add(kind.method()));
		for (MethodClass method : methods) {
			for (Ending ending : Ending.values()) {
				String labels = "method=\"" + method + "\",outcome=\"" + ending + '"';
				samples.add(sample(TextFormat.withLabel(MeterBook.WORKER, server, labels),
						requests.getOrDefault(new Kind(method, ending), 0L)));
			}
		}
	}

	private void addQueue(DispatcherSnapshot dispatcher, TrafficReport traffic) {
		gauge(DISPATCHER + "queue_size", "Requests that wait for a worker with room", dispatcher.queued());
		List<Sample> waits = new ArrayList<>();
		addHistogram(waits, "", traffic.queueWait());
		add(DISPATCHER + "queue_wait_seconds", Type.HISTOGRAM, "How long requests waited that had to", waits);
		add(DISPATCHER + "rejections_total", Type.COUNTER, "Requests that no worker was found for, by why", "reason",
				byName(traffic.rejections()));
	}

	private void addConnections(DispatcherSnapshot dispatcher, TrafficReport traffic) {
		gauge(DISPATCHER + "connections_active", "Open connections of clients", dispatcher.connections());
		add(DISPATCHER + "connections_total", Type.COUNTER, "Connections that clients opened",
				List.of(sample("", traffic.connections())));
	}

	private void bytes(String name, String help, Map<String, Served> servers, Function<Served, Long> value) {
		List<Sample> samples = new ArrayList<>();
		servers.forEach((server, served) -> samples
			.add(sample(TextFormat.withLabel(MeterBook.WORKER, server, ""), value.apply(served))));
		add(DISPATCHER + name, Type.COUNTER, help, samples);
	}

	private void histogram(String name, String help, Map<String, Served> servers,
			Function<Served, LatencyHistogram> histogram) {
		List<Sample> samples = new ArrayList<>();
		servers.forEach((server, served) -> addHistogram(samples, TextFormat.withLabel(MeterBook.WORKER, server, ""),
				histogram.apply(served)));
		add(name, Type.HISTOGRAM, help, samples);
	}

	private static void addHistogram(List<Sample> samples, String labels, LatencyHistogram histogram) {
		String before = labels.isEmpty() ? "" : labels + ",";
		long below = 0;
		for (int bucket = 0; bucket < LatencyHistogram.BUCKETS; bucket++) {
			below += histogram.countOf(bucket);
			double bound = LatencyHistogram.boundOf(bucket);
			if (TOLD_BOUNDS.contains(bound) || Double.isInfinite(bound)) {
				samples.add(new Sample("_bucket", before + "le=\"" + TextFormat.number(bound) + '"', below));
			}
		}
		samples.add(new Sample("_count", labels, below));
		samples.add(new Sample("_sum", labels, histogram.sumSeconds()));
	}

	private void gauge(String name, String help, double value) {
		add(name, Type.GAUGE, help, List.of(sample("", value)));
	}

	private void add(String name, Type type, String help, String label, Map<String, Double> values) {
		List<Sample> samples = new ArrayList<>();
		values.forEach((key, value) -> samples.add(sample(TextFormat.labels(Map.of(label, key)), value)));
		add(name, type, help, samples);
	}

	private void add(String name, Type type, String help, List<Sample> samples) {
		this.families.add(new MetricFamily(name, type, help, samples));
	}

	private static Map<String, Double> byName(Map<?, Long> counts) {
		Map<String, Double> values = new TreeMap<>();
		counts.forEach((key, count) -> values.put(key.toString(), count.doubleValue()));
		return values;
	}

	private static Sample sample(String labels, double value) {
		return new Sample("", labels, value);
	}

	/** Of one that stood by when it was started, or ended, there is no number. */
	private static String nameOf(int slot) {
		return (slot == WorkerSnapshot.NO_SLOT) ? "standby" : Integer.toString(slot);
	}

	private static String slot(int slot) {
		return TextFormat.withLabel(MeterBook.WORKER, nameOf(slot), "");
	}

	private static String label(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

}
