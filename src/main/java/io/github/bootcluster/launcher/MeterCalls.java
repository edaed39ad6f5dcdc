package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlListener.Connection;
import io.github.bootcluster.control.ControlMessage.Meters;
import io.github.bootcluster.control.ControlMessage.MetersWanted;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks workers for their meters, over the control channel: no port to open and no proof
 * to show, and who collects garbage or hangs answers late there as anywhere. Safe for use
 * by any thread.
 */
final class MeterCalls {

	private static final Logger logger = LoggerFactory.getLogger(MeterCalls.class);

	/** How long all of them together are waited for. */
	static final Duration PATIENCE = Duration.ofMillis(500);

	/** Samples of one worker that are kept: more is a meter gone mad. */
	static final int MAX_SAMPLES = 100_000;

	private final Duration patience;

	private final AtomicLong numbers = new AtomicLong();

	/** Written by the connections' readers. */
	private final Map<WorkerId, Connection> connections = new ConcurrentHashMap<>();

	/** Filled by who asks, completed by the connections' readers. */
	private final Map<Call, Answer> open = new ConcurrentHashMap<>();

	private final Farewells farewells = new Farewells();

	/** Workers with meters without measure. */
	private final Set<WorkerId> warnedOf = ConcurrentHashMap.newKeySet();

	MeterCalls(Duration patience) {
		this.patience = patience;
	}

	void connected(WorkerId worker, Connection connection) {
		this.connections.put(worker, connection);
	}

	/** Whoever waits for it need not wait any longer. */
	void disconnected(WorkerId worker) {
		this.connections.remove(worker);
		this.warnedOf.remove(worker);
		this.open.forEach((call, answer) -> {
			if (call.worker().equals(worker)) {
				answer.refuse();
			}
		});
	}

	/** A part of an answer has come; one that nobody waits for any more is dropped. */
	void received(WorkerId worker, Meters part) {
		Call call = new Call(worker, part.number());
		Answer answer = (part.number() == Meters.FAREWELL) ? this.farewells.of(worker) : this.open.get(call);
		if (answer != null && !answer.add(part) && this.warnedOf.add(worker)) {
			logger.warn("Worker {} has more than {} samples of its meters: none of them is told of", worker,
					MAX_SAMPLES);
		}
	}

	/**
	 * Ask all that are connected, and wait, as long as there is patience.
	 * @return what they answer, and what those said last that have ended since the last
	 * time
	 */
	Map<WorkerId, List<MetricFamily>> ask() {
		long number = this.numbers.incrementAndGet();
		Map<Call, Answer> asked = new HashMap<>();
		this.connections.forEach((worker, connection) -> {
			Call call = new Call(worker, number);
			Answer answer = new Answer();
			this.open.put(call, answer);
			asked.put(call, answer);
			if (!connection.send(new MetersWanted(number))) {
				// It was told of as gone before it was among those who are asked.
				answer.refuse();
			}
		});
		long deadline = System.nanoTime() + this.patience.toNanos();
		Map<WorkerId, List<MetricFamily>> answers = new HashMap<>();
		try {
			for (Map.Entry<Call, Answer> entry : asked.entrySet()) {
				List<MetricFamily> families = entry.getValue().await(deadline);
				if (families != null) {
					answers.put(entry.getKey().worker(), families);
				}
			}
		}
		catch (InterruptedException ex) {
			// What has come is what there is.
			Thread.currentThread().interrupt();
		}
		finally {
			this.open.keySet().removeAll(asked.keySet());
		}
		// After all others: whoever ended meanwhile has had the last word.
		answers.putAll(this.farewells.take());
		return answers;
	}

	/**
	 * What workers say when they end, until somebody asks: so many as may end between two
	 * scrapes, and none where nobody has asked yet. Safe for use by any thread.
	 */
	private static final class Farewells {

		private static final int CAPACITY = 32;

		/** The latest last. Guarded by this. */
		private final Map<WorkerId, Answer> answers = new LinkedHashMap<>();

		/** Whether anybody ever asked. Guarded by this. */
		private boolean wanted;

		/** That of a worker, or {@code null} if it is of no interest. */
		synchronized @Nullable Answer of(WorkerId worker) {
			if (!this.wanted) {
				return null;
			}
			Answer answer = this.answers.computeIfAbsent(worker, (added) -> new Answer());
			if (this.answers.size() > CAPACITY) {
				this.answers.remove(this.answers.keySet().iterator().next());
			}
			return answer;
		}

		/** One that is not complete yet is left for the next time. */
		synchronized Map<WorkerId, List<MetricFamily>> take() {
			this.wanted = true;
			Map<WorkerId, List<MetricFamily>> taken = new HashMap<>();
			this.answers.forEach((worker, answer) -> {
				List<MetricFamily> families = answer.families();
				if (families != null) {
					taken.put(worker, families);
				}
			});
			this.answers.keySet().removeAll(taken.keySet());
			return taken;
		}

	}

	private record Call(WorkerId worker, long number) {

	}

	/** What one worker tells, in parts. */
	private static final class Answer {

		/** Belongs to the connection's reader until it is complete. */
		private final List<MetricFamily> families = new ArrayList<>();

		/** Likewise. */
		private int samples;

		private final CompletableFuture<@Nullable List<MetricFamily>> complete = new CompletableFuture<>();

		/**
		 * Take a part, unless it is too much.
		 * @return whether it is still of a sensible size; if not, there is no answer
		 */
		boolean add(Meters part) {
			part.families().forEach((family) -> this.samples += family.samples().size());
			if (this.samples > MAX_SAMPLES) {
				this.families.clear();
				refuse();
				return false;
			}
			this.families.addAll(part.families());
			if (part.last()) {
				this.complete.complete(List.copyOf(this.families));
			}
			return true;
		}

		/** There will be none. */
		void refuse() {
			this.complete.complete(null);
		}

		/** All of it, or {@code null} if there is more to come, or none at all. */
		@Nullable List<MetricFamily> families() {
			return this.complete.getNow(null);
		}

		@Nullable List<MetricFamily> await(long deadline) throws InterruptedException {
			try {
				return this.complete.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				return null;
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException("An answer never fails", ex);
			}
		}

	}

}
