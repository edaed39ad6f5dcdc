package io.github.bootcluster.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Spares the clients of a cold JVM, from when a target is routable for the first time.
 * <p>
 * Its share of the requests rises, from a tenth of a peer's to a whole one; beside a peer
 * that has little in flight that is one request at a time. It yields to the warmest of
 * its peers only: those past their slow start or, when there is none, the one that is
 * furthest in it. One that finds no warm peer there has a whole share at once, and nobody
 * yields to it: at a launch nobody could relieve it, and those that were ready a moment
 * earlier are no warmer.
 * <p>
 * With or without peers, what it may have in flight is a window that widens with each
 * answer and with time; what does not fit waits where no crash takes it along.
 * <p>
 * It belongs to one balancer, is used with that one's lock held, and looks at the clock
 * only while some target may be new.
 */
final class SlowStart {

	/** The weight of a target that is past it; integers, so that ten tenths are one. */
	private static final int WHOLE = 1_000_000;

	private static final int LEAST = WHOLE / 10;

	/** What a new worker may have in flight at first. */
	static final int FIRST_WINDOW = 8;

	/** How long a window takes to double if nothing is answered. */
	static final Duration STEP = Duration.ofMillis(500);

	/** More than any target may have. */
	private static final int MOST_STEPS = 30;

	private final long nanos;

	private final int firstWindow;

	private final LongSupplier clock;

	/** Whether a target may be in it. Guarded by the balancer's lock. */
	private boolean underWay;

	/**
	 * When the last target is past it: the one that came last, since it takes all of them
	 * equally long. Guarded by the balancer's lock.
	 */
	private long endsAt;

	/** When the present search began. Guarded by the balancer's lock. */
	private long now;

	/**
	 * The weight of the warmest target of the present search, zero if there is none.
	 * Guarded by the balancer's lock.
	 */
	private int warmest;

	/**
	 * What the least busy one of that weight has in flight. Guarded by the balancer's
	 * lock.
	 */
	private int least;

	/**
	 * Create the slow start of a balancer's targets.
	 * @param duration how long it takes; zero for none
	 * @param firstWindow what a new target may have in flight at first, at least 1
	 * @param clock the time in nanoseconds, which never goes back
	 */
	SlowStart(Duration duration, int firstWindow, LongSupplier clock) {
		this.nanos = Limits.nanos(duration);
		this.firstWindow = firstWindow;
		this.clock = clock;
	}

	/** For targets that are never cold. */
	static SlowStart none() {
		return new SlowStart(Duration.ZERO, FIRST_WINDOW, System::nanoTime);
	}

	/** A target is routable, among these; only the first time counts. */
	void begin(Target target, List<Target> routable) {
		if (this.nanos > 0 && target.progress() == null) {
			long begin = this.clock.getAsLong();
			this.now = begin;
			boolean relieved = routable.stream().anyMatch((peer) -> peer != target && isPast(peer));
			target.progress(new Progress(begin, relieved ? LEAST : WHOLE, this.firstWindow));
			this.endsAt = begin + this.nanos;
			this.underWay = true;
		}
	}

	/**
	 * Begin a search. The time is the same for all that is asked about targets until the
	 * next one.
	 * @return whether there is anything to ask: if not, all targets are past it
	 */
	boolean isUnderWay() {
		if (this.underWay) {
			this.now = this.clock.getAsLong();
			this.underWay = this.endsAt - this.now > 0;
		}
		this.warmest = 0;
		return this.underWay;
	}

	/**
	 * Whether a target of the present search may have one request more, as far as its
	 * being new is concerned.
	 */
	boolean isOpen(Target target) {
		Progress progress = target.progress();
		return !this.underWay || progress == null || isPast(target) || target.inFlight() < window(progress);
	}

	private long window(Progress progress) {
		return (long) progress.window << Math.min((this.now - progress.begin) / STEP.toNanos(), MOST_STEPS);
	}

	/** A target has answered a request. */
	void answered(Target target) {
		Progress progress = target.progress();
		if (progress != null && progress.window < Integer.MAX_VALUE) {
			progress.window++;
		}
	}

	/** Whether a target's window may still keep requests waiting. */
	boolean isNew(Target target) {
		Progress progress = target.progress();
		return progress != null && this.clock.getAsLong() - progress.begin < this.nanos;
	}

	/** A target of the present search could be the one to yield to. */
	void compare(Target target) {
		int warmth = (isPast(target) || isRelieved(target)) ? weight(target) : 0;
		if (warmth > this.warmest) {
			this.warmest = warmth;
			this.least = target.inFlight();
		}
		else if (warmth == this.warmest) {
			this.least = Math.min(this.least, target.inFlight());
		}
	}

	boolean hasWarmest() {
		return this.warmest > 0;
	}

	/**
	 * It is a target's turn.
	 * @return whether it leaves it to the warmest: if it has as much in flight as its
	 * share of what the least busy of those has, and as often as its share wants it
	 */
	boolean yields(Target target) {
		Progress progress = target.progress();
		int weight = weight(target);
		if (progress == null || weight >= this.warmest) {
			return false;
		}
		if (target.inFlight() > 0 && (long) target.inFlight() * this.warmest >= (long) this.least * weight) {
			return true;
		}
		progress.credit += weight;
		if (progress.credit < this.warmest) {
			return true;
		}
		progress.credit %= this.warmest;
		return false;
	}

	/** Whether a target has been there for as long as it takes. */
	private boolean isPast(Target target) {
		Progress progress = target.progress();
		return progress == null || this.now - progress.begin >= this.nanos;
	}

	private static boolean isRelieved(Target target) {
		Progress progress = target.progress();
		return progress != null && progress.first < WHOLE;
	}

	private int weight(Target target) {
		Progress progress = target.progress();
		if (progress == null || isPast(target)) {
			return WHOLE;
		}
		double part = (double) (this.now - progress.begin) / this.nanos;
		return progress.first + (int) ((WHOLE - progress.first) * part);
	}

	/** What a target remembers of it. */
	static final class Progress {

		private final long begin;

		/** The weight it began with. */
		private final int first;

		/** What it has of its next turn. Guarded by the balancer's lock. */
		private int credit;

		/**
		 * What it may have in flight before any time has passed. Guarded by the
		 * balancer's lock.
		 */
		private int window;

		private Progress(long begin, int first, int window) {
			this.begin = begin;
			this.first = first;
			this.window = window;
		}

	}

}
