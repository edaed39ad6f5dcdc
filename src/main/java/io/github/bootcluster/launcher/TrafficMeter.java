package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.bootcluster.LatencyHistogram;
import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.TrafficRates.Latency;
import io.github.bootcluster.TrafficRates.Rates;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.dispatch.TrafficSample;
import io.github.bootcluster.dispatch.TrafficSample.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of the traffic of the last seconds: looks at it once a second, whether somebody
 * asks or not, so that nobody who asks often makes that dearer, or sees less.
 */
final class TrafficMeter implements Supplier<TrafficRates>, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(TrafficMeter.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	/** Intervals that it tells of. */
	static final int SPAN = 10;

	private static final double NANOS_PER_SECOND = 1e9;

	private final Supplier<TrafficSample> source;

	private final LongSupplier nanoTime;

	/** The oldest first, one more than intervals. Belongs to the timer. */
	private final Deque<Moment> moments = new ArrayDeque<>();

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-traffic");
		thread.setDaemon(true);
		return thread;
	});

	/** Written by the timer. */
	private volatile TrafficRates latest = new TrafficRates(Duration.ZERO, Rates.NONE, Map.of());

	TrafficMeter(Supplier<TrafficSample> source, LongSupplier nanoTime) {
		this.source = source;
		this.nanoTime = nanoTime;
	}

	/** Begin to measure. */
	static TrafficMeter start(Supplier<TrafficSample> source) {
		TrafficMeter meter = new TrafficMeter(source, System::nanoTime);
		meter.timer.scheduleAtFixedRate(meter::measure, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
		return meter;
	}

	@Override
	public TrafficRates get() {
		return this.latest;
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

	private void measure() {
		try {
			look();
		}
		catch (RuntimeException ex) {
			// One that escapes would be the last.
			logger.error("The traffic could not be measured", ex);
		}
	}

	/** Look at the traffic now. By one thread at a time. */
	void look() {
		Moment now = new Moment(this.nanoTime.getAsLong(), this.source.get());
		this.moments.addLast(now);
		if (this.moments.size() > SPAN + 1) {
			this.moments.removeFirst();
		}
		this.latest = now.since(this.moments.getFirst());
	}

	private record Moment(long nanos, TrafficSample sample) {

		TrafficRates since(Moment earlier) {
			Duration window = Duration.ofNanos(this.nanos - earlier.nanos);
			double seconds = window.toNanos() / NANOS_PER_SECOND;
			if (seconds <= 0) {
				return new TrafficRates(Duration.ZERO, Rates.NONE, Map.of());
			}
			Map<WorkerId, Rates> workers = new HashMap<>();
			this.sample.workers().forEach((worker, part) -> {
				// One that came meanwhile begins with nothing.
				Part before = earlier.sample.workers().getOrDefault(worker, Part.NONE);
				workers.put(worker, rates(before, part, seconds));
			});
			return new TrafficRates(window, rates(earlier.sample.total(), this.sample.total(), seconds), workers);
		}

		private static Rates rates(Part before, Part after, double seconds) {
			// A worker that listens at another port now has begun to count anew.
			Part from = (after.requests() >= before.requests()) ? before : Part.NONE;
			LatencyHistogram latency = after.latency().since(from.latency());
			return new Rates((after.requests() - from.requests()) / seconds, (after.errors() - from.errors()) / seconds,
					(latency.count() > 0)
							? new Latency(latency.quantile(0.5), latency.quantile(0.95), latency.quantile(0.99))
							: null);
		}

	}

}
