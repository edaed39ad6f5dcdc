package io.github.bootcluster.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Spares the clients of a cold JVM: from when a target is routable for the first time its
 * share of the requests rises, from a tenth of a peer's to a whole one. One that finds no
 * warm peer there has a whole share at once: at a launch nobody could relieve it, and
 * those that were ready a moment earlier are no warmer. It belongs to one balancer, is
 * used with that one's lock held, and looks at the clock only while some target may be
 * new.
 */
final class SlowStart {

	/** The weight of a target that is past it; integers, so that ten tenths are one. */
	private static final int WHOLE = 1_000_000;

	private static final int LEAST = WHOLE / 10;

	private final long nanos;

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
	 * Create the slow start of a balancer's targets.
	 * @param duration how long it takes; zero for none
	 * @param clock the time in nanoseconds, which never goes back
	 */
	SlowStart(Duration duration, LongSupplier clock) {
		this.nanos = Limits.nanos(duration);
		this.clock = clock;
	}

	/** For targets that are never cold. */
	static SlowStart none() {
		return new SlowStart(Duration.ZERO, System::nanoTime);
	}

	/** A target is routable, among these; only the first time counts. */
	void begin(Target target, List<Target> routable) {
		if (this.nanos > 0 && target.progress() == null) {
			long begin = this.clock.getAsLong();
			this.now = begin;
			boolean relieved = routable.stream().anyMatch((peer) -> peer != target && isPast(peer));
			target.progress(new Progress(begin, relieved ? LEAST : WHOLE));
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
		return this.underWay;
	}

	/** Whether a target has been there for as long as it takes. */
	boolean isPast(Target target) {
		Progress progress = target.progress();
		return progress == null || this.now - progress.begin >= this.nanos;
	}

	boolean hasWholeShare(Target target) {
		return weight(target) == WHOLE;
	}

	/**
	 * It is a target's turn.
	 * @return whether it takes it: always if it is past its slow start, else as often as
	 * its share allows
	 */
	boolean takesTurn(Target target) {
		Progress progress = target.progress();
		if (progress == null) {
			return true;
		}
		progress.credit += weight(target);
		if (progress.credit < WHOLE) {
			return false;
		}
		progress.credit -= WHOLE;
		return true;
	}

	/** Whether a target has fewer requests in flight than that, for its share. */
	boolean isLessBusy(Target target, int inFlight) {
		return (long) target.inFlight() * WHOLE < (long) inFlight * weight(target);
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

		private Progress(long begin, int first) {
			this.begin = begin;
			this.first = first;
		}

	}

}
