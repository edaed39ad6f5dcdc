package io.github.bootcluster.dispatch;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import io.github.bootcluster.LatencyHistogram;
import io.github.bootcluster.TrafficReport;
import io.github.bootcluster.TrafficReport.Ending;
import io.github.bootcluster.TrafficReport.Rejection;
import io.github.bootcluster.TrafficReport.RetryPhase;
import io.github.bootcluster.TrafficReport.Served;
import io.github.bootcluster.accesslog.AccessLogEntry.Server;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the dispatcher as a whole; written by every event loop, read by anybody.
 */
final class Traffic {

	/** Open connections of clients. */
	final AtomicInteger connections = new AtomicInteger();

	final LongAdder connectionsOpened = new LongAdder();

	/** Requests that have begun and not ended, waiting ones included. */
	final AtomicInteger exchanges = new AtomicInteger();

	final LongAdder requests = new LongAdder();

	final LongAdder failures = new LongAdder();

	/** Of the requests that had to wait. */
	final LatencyRecorder queueWait = new LatencyRecorder();

	private final Map<RetryPhase, LongAdder> retries = counters(RetryPhase.class);

	private final Map<Rejection, LongAdder> rejections = counters(Rejection.class);

	private final Map<ErrorAnswer.Status, LongAdder> violations = counters(ErrorAnswer.Status.class);

	/** Never shrinks: a slot that is no more still has served what it has. */
	private final Map<String, Tally> tallies = new ConcurrentHashMap<>();

	private final Tally nobody = tallyOf(TrafficReport.NOBODY);

	/**
	 * What is counted for a target: one and the same for all that ever have a slot.
	 * @param target whom a request was sent to, or {@code null} if it was to nobody
	 */
	Tally of(@Nullable Target target) {
		if (target == null) {
			return this.nobody;
		}
		if (target.worker() == null) {
			return tallyOf(TrafficReport.LAUNCHER);
		}
		Server server = target.server();
		return (server != null && server.slot() != null) ? tallyOf(server.slot().toString()) : this.nobody;
	}

	void retried(RetryPhase phase) {
		counter(this.retries, phase).increment();
	}

	void rejected(Rejection rejection) {
		counter(this.rejections, rejection).increment();
	}

	/** The dispatcher answers a request itself. */
	void answered(ErrorAnswer error) {
		this.failures.increment();
		if (error.isForClient()) {
			counter(this.violations, error.status()).increment();
		}
	}

	long allRetries() {
		return this.retries.values().stream().mapToLong(LongAdder::sum).sum();
	}

	/** Of all but the launcher's own pages. */
	TrafficSample.Part total() {
		LatencyHistogram latency = LatencyHistogram.EMPTY;
		long requests = 0;
		long errors = 0;
		for (Map.Entry<String, Tally> tally : this.tallies.entrySet()) {
			if (!tally.getKey().equals(TrafficReport.LAUNCHER)) {
				latency = latency.plus(tally.getValue().duration());
				requests += tally.getValue().requests((ending) -> true);
				errors += tally.getValue().requests(Ending::isError);
			}
		}
		return new TrafficSample.Part(requests, latency, errors);
	}

	TrafficReport report() {
		Map<String, Served> servers = new HashMap<>();
		this.tallies.forEach((name, tally) -> servers.put(name, tally.read()));
		Map<Integer, Long> refused = new HashMap<>();
		read(this.violations).forEach((status, count) -> {
			if (count > 0) {
				refused.put(status.code(), count);
			}
		});
		return new TrafficReport(servers, this.connectionsOpened.sum(), this.queueWait.read(), read(this.rejections),
				read(this.retries), refused);
	}

	private Tally tallyOf(String name) {
		return this.tallies.computeIfAbsent(name, (added) -> new Tally());
	}

	private static <E extends Enum<E>> Map<E, LongAdder> counters(Class<E> type) {
		Map<E, LongAdder> counters = new EnumMap<>(type);
		for (E value : type.getEnumConstants()) {
			counters.put(value, new LongAdder());
		}
		return counters;
	}

	private static <E extends Enum<E>> LongAdder counter(Map<E, LongAdder> counters, E value) {
		LongAdder counter = counters.get(value);
		if (counter == null) {
			throw new IllegalStateException("Nobody counts " + value);
		}
		return counter;
	}

	private static <E extends Enum<E>> Map<E, Long> read(Map<E, LongAdder> counters) {
		Map<E, Long> counts = new HashMap<>();
		counters.forEach((value, counter) -> counts.put(value, counter.sum()));
		return counts;
	}

}
