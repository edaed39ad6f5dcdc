package io.github.bootcluster.dispatch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerState;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * The program of a {@link DispatcherProcess}: a dispatcher in front of one target, and
 * figures of it for every line of its input, with whose end it ends.
 */
final class DispatcherProgram {

	private DispatcherProgram() {
	}

	/**
	 * Start a dispatcher.
	 * @param args the target's port, then properties such as {@code head-timeout=1s}
	 */
	public static void main(String[] args) throws IOException {
		Map<String, String> properties = new HashMap<>();
		for (String property : List.of(args).subList(1, args.length)) {
			properties.put("cluster.dispatch." + property.substring(0, property.indexOf('=')),
					property.substring(property.indexOf('=') + 1));
		}
		ClusterProperties.Dispatch dispatch = new Binder(new MapConfigurationPropertySource(properties))
			.bindOrCreate("cluster.dispatch", Bindable.of(ClusterProperties.Dispatch.class));
		DispatcherSettings settings = new DispatcherSettings(InetAddress.getLoopbackAddress(), 0,
				SchedulingPolicy.ROUND_ROBIN, dispatch, dispatch.resolveThreads(2), List.of(), null);
		try (Dispatcher dispatcher = Dispatcher.start(settings, (worker) -> {
		}); BufferedReader input = new BufferedReader(new InputStreamReader(System.in))) {
			dispatcher.update(TestBed.cluster(TestBed.worker(1, Integer.parseInt(args[0]), WorkerState.READY)));
			System.out.println(dispatcher.port());
			while (input.readLine() != null) {
				System.out.println(figures(dispatcher));
			}
		}
	}

	private static String figures(Dispatcher dispatcher) {
		DispatcherSnapshot snapshot = dispatcher.snapshot();
		System.gc();
		long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
		return heap + " " + dispatcher.memory().usedDirectMemory() + " " + snapshot.connections() + " "
				+ snapshot.inFlight() + " " + snapshot.failures();
	}

}
