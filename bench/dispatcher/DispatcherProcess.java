import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.dispatch.Dispatcher;
import io.github.bootcluster.dispatch.DispatcherSettings;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * The dispatcher in a process of its own, without the launcher around it, so that what
 * the process costs is what the dispatcher costs. Reads from standard input how many
 * workers there are, one number a line, and ends with it.
 */
public final class DispatcherProcess {

	private DispatcherProcess() {
	}

	/**
	 * Begins with two workers.
	 * @param args port to listen on, port of the first worker; the others follow it
	 */
	public static void main(String[] args) throws IOException {
		int port = Integer.parseInt(args[0]);
		int firstWorkerPort = Integer.parseInt(args[1]);
		ClusterProperties properties = new Binder(
				new MapConfigurationPropertySource(Map.of("cluster.dispatch.threads", "1",
						// Targets come and go between cases, and none is a cold JVM.
						"cluster.dispatch.slow-start", "0s")))
			.bindOrCreate("cluster", ClusterProperties.class);
		DispatcherSettings settings = new DispatcherSettings(InetAddress.getLoopbackAddress(), port,
				properties.schedulingPolicy(), properties.dispatch(), properties.dispatch().resolveThreads(1),
				List.of("/actuator"), null);
		try (Dispatcher dispatcher = Dispatcher.start(settings, (worker) -> {
		}); BufferedReader input = new BufferedReader(new InputStreamReader(System.in))) {
			long version = 1;
			dispatcher.update(cluster(version, 2, firstWorkerPort));
			for (String line = input.readLine(); line != null; line = input.readLine()) {
				dispatcher.update(cluster(++version, Integer.parseInt(line), firstWorkerPort));
			}
		}
	}

	private static ClusterSnapshot cluster(long version, int workers, int firstPort) {
		List<WorkerSnapshot> all = IntStream.range(0, workers)
			.mapToObj((index) -> worker(index + 1, firstPort + index))
			.toList();
		return new ClusterSnapshot(version, ClusterState.RUNNING,
				SchedulingPolicy.ROUND_ROBIN, 1, workers, LauncherSnapshot.ofThisProcess(),
				DispatcherSnapshot.none(0), "none", all, null, null);
	}

	private static WorkerSnapshot worker(int number, int port) {
		return new WorkerSnapshot(WorkerId.of(number), number, 1, 1L, port, WorkerState.READY, Instant.EPOCH, 0, 0, 0, 0,
				null, null, null);
	}

}
