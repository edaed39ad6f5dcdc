package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the machine back what the launcher took to get started and does not need to
 * serve. A JVM that was told nothing sizes itself as if the machine were its own, but
 * here the workers want the memory. Begins once the cluster serves, on a thread of its
 * own. What the operator said of the heap stands.
 */
final class LauncherMemory implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LauncherMemory.class);

	/** Shrinks a heap to what is in use: the memory of the rest is given back. */
	private static final FreeRatio NONE_TO_SPARE = new FreeRatio(10, 20);

	/**
	 * Makes it grow again, by memory that is not taken until there are requests to serve.
	 * Left as small as it is, G1 would mark what is alive after every other collection
	 * (it does so from 45 % in use onwards) and, once collecting takes a twelfth of the
	 * time, go back at one stride to half of the size it began with, more than it had.
	 */
	private static final FreeRatio ROOM_FOR_REQUESTS = new FreeRatio(70, 80);

	/** What is new counts as in use: no reason to make the heap larger. */
	private static final FreeRatio IN_SERVICE = new FreeRatio(20, 70);

	/** G1 gives back beside its work; what is wanted again meanwhile it keeps. */
	private static final Duration GIVING_BACK = Duration.ofSeconds(2);

	/**
	 * G1 shrinks the heap only when it collects all of it, which a quiet launcher that
	 * was busy before gives it no reason to.
	 */
	private static final Duration COLLECTION_INTERVAL = Duration.ofMinutes(1);

	/** Compilers take and leave most of it, in the minutes before they come to rest. */
	private static final Duration TRIM_INTERVAL = Duration.ofSeconds(10);

	private static final long GROWTH_WORTH_A_TRIM = 8 * 1024 * 1024;

	private final Jvm jvm;

	private final Supplier<OptionalLong> resident;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-memory");
		thread.setDaemon(true);
		return thread;
	});

	/** Least that was resident since the last trim. Used by the timer's thread. */
	private long leastResident = Long.MAX_VALUE;

	LauncherMemory(Jvm jvm, Supplier<OptionalLong> resident) {
		this.jvm = jvm;
		this.resident = resident;
	}

	/** Begin with this process, and go on until closed. */
	static LauncherMemory manage() {
		long pid = ProcessHandle.current().pid();
		LauncherMemory memory = new LauncherMemory(new HotSpot(), () -> ResidentMemory.bytesOf(pid));
		memory.timer.execute(() -> guarded(memory::giveBack));
		memory.timer.schedule(() -> guarded(memory::makeRoom), GIVING_BACK.toMillis(), TimeUnit.MILLISECONDS);
		memory.timer.scheduleWithFixedDelay(() -> guarded(memory::trimIfGrown), TRIM_INTERVAL.toMillis(),
				TRIM_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
		return memory;
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

	/** Leave the launch behind: give back what was free or garbage by the end of it. */
	void giveBack() {
		long before = this.resident.get().orElse(0);
		if (!isHeapFixed()) {
			if (!this.jvm.isChosen("G1PeriodicGCInterval")) {
				this.jvm.set("G1PeriodicGCInterval", COLLECTION_INTERVAL.toMillis());
			}
			if (!isFreeRatioChosen()) {
				NONE_TO_SPARE.set(this.jvm);
			}
			this.jvm.collect();
		}
		trim();
		logger.debug("Memory after the launch: {} MB resident, {} MB before", this.leastResident >> 20, before >> 20);
	}

	/** Let the heap grow again, to what serving takes. */
	void makeRoom() {
		if (!isHeapFixed() && !isFreeRatioChosen()) {
			ROOM_FOR_REQUESTS.set(this.jvm);
			this.jvm.collect();
			IN_SERVICE.set(this.jvm);
		}
	}

	/** Trim the native heap if the process has grown so much that it may pay. */
	void trimIfGrown() {
		long now = this.resident.get().orElse(0);
		if (now - GROWTH_WORTH_A_TRIM > this.leastResident) {
			trim();
			logger.debug("Memory trimmed: {} MB resident, {} MB before", this.leastResident >> 20, now >> 20);
		}
		else {
			this.leastResident = Math.min(this.leastResident, now);
		}
	}

	private void trim() {
		this.jvm.trimNativeHeap();
		this.leastResident = this.resident.get().orElse(0);
	}

	/** Whether the operator wants a heap of that size, be it used or not. */
	private boolean isHeapFixed() {
		return this.jvm.isChosen("InitialHeapSize") || this.jvm.isChosen("MinHeapSize")
				|| this.jvm.isChosen("AlwaysPreTouch");
	}

	/** Whoever chose one of them does not expect the other to change. */
	private boolean isFreeRatioChosen() {
		return this.jvm.isChosen(FreeRatio.MIN) || this.jvm.isChosen(FreeRatio.MAX);
	}

	/** All this is a courtesy: nothing depends on it. */
	private static void guarded(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException | LinkageError ex) {
			logger.debug("The launcher's memory could not be managed", ex);
		}
	}

	/**
	 * How much of the heap is left free when it has been collected, as percentages. The
	 * JVM does not let the one get above the other, not even for a moment.
	 */
	private record FreeRatio(int min, int max) {

		static final String MIN = "MinHeapFreeRatio";

		static final String MAX = "MaxHeapFreeRatio";

		void set(Jvm jvm) {
			jvm.set(MIN, 0);
			jvm.set(MAX, this.max);
			jvm.set(MIN, this.min);
		}

	}

	/** What can be done about the memory of a JVM. */
	interface Jvm {

		/** Whether the operator, not the JVM, chose the value of an option. */
		boolean isChosen(String option);

		/** Change an option, if this JVM has it and lets it be changed. */
		void set(String option, long value);

		/** Collect the whole heap, compact it and fit its size. */
		void collect();

		/** Give back what native code has freed, if this JVM can. */
		void trimNativeHeap();

	}

}
