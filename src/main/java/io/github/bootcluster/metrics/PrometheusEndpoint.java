package io.github.bootcluster.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterMeasures;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.WorkerId;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code /actuator/prometheus} of a launcher: the meters of the cluster and those of all
 * workers in one scrape. Stands where Spring Boot's endpoint of that name is in a single
 * process.
 *
 * @since 0.1.0
 */
@WebEndpoint(id = "prometheus")
public class PrometheusEndpoint {

	/** For how long what was told is told again. */
	static final Duration FRESH = Duration.ofMillis(250);

	private final Cluster cluster;

	private final ClusterMeasures measures;

	private final ClusterTelemetry telemetry;

	private final Object lock = new Object();

	/** Guarded by the lock. */
	private final MeterBook book = new MeterBook();

	/** The latest scrape, or {@code null} before the first. Guarded by the lock. */
	private @Nullable Scrape latest;

	public PrometheusEndpoint(Cluster cluster, ClusterMeasures measures, ClusterTelemetry telemetry) {
		this.cluster = cluster;
		this.measures = measures;
		this.telemetry = telemetry;
	}

	/**
	 * All meters now.
	 * @param view {@code workers} for those of each worker, with its slot, which is the
	 * default; {@code merged} for sums over all of them where there can be any
	 */
	@ReadOperation(produces = TextFormat.MEDIA_TYPE)
	public String scrape(@Nullable String view) {
		if (view != null && !view.equals("workers") && !view.equals("merged")) {
			throw new InvalidEndpointRequestException("'view' is neither 'workers' nor 'merged'",
					"'view' must be 'workers' or 'merged'");
		}
		return scrape("merged".equals(view), System.nanoTime());
	}

	/**
	 * One at a time, and for all who wait meanwhile or ask right after together: it costs
	 * every worker something, however many ask.
	 */
	private String scrape(boolean merged, long askedAt) {
		synchronized (this.lock) {
			Scrape latest = this.latest;
			if (latest == null || askedAt - latest.begunAt() > FRESH.toNanos()) {
				latest = scrapeNow();
				this.latest = latest;
			}
			List<MetricFamily> own = latest.own();
			return latest.texts()
				.computeIfAbsent(merged, (asked) -> write(own, asked ? this.book.merged() : this.book.bySlot()));
		}
	}

	private Scrape scrapeNow() {
		long begunAt = System.nanoTime();
		Map<WorkerId, List<MetricFamily>> answers = this.measures.workers();
		ClusterSnapshot snapshot = this.cluster.snapshot();
		this.book.update(snapshot, answers);
		return new Scrape(begunAt, ClusterFamilies.of(snapshot, this.measures.traffic(), this.measures.life(),
				this.telemetry, answers.keySet()), new HashMap<>());
	}

	private static String write(List<MetricFamily> own, List<MetricFamily> workers) {
		List<MetricFamily> all = new ArrayList<>(own);
		workers.stream().filter((family) -> !family.name().startsWith(ClusterFamilies.PREFIX)).forEach(all::add);
		return TextFormat.write(all);
	}

	/**
	 * What is told until the next one; of the workers the book has it.
	 *
	 * @param texts by whether they are merged, each written when somebody asks for it
	 */
	private record Scrape(long begunAt, List<MetricFamily> own, Map<Boolean, String> texts) {

	}

}
