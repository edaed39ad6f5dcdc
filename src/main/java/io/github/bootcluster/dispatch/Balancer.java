package io.github.bootcluster.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.TrafficReport.Rejection;

/**
 * Shares requests out among targets and keeps those waiting for which there is no room.
 * The one thing all event loops share: every method may be called on any thread, and what
 * happens under the lock is a few steps over a short list. Waiters and the drain listener
 * are told after it is released.
 */
final class Balancer {

	/** How long a target that refused a connection is left alone. */
	static final Duration REST = Duration.ofMillis(100);

	private final SchedulingPolicy policy;

	/** Used with the lock held, all of it. */
	private final SlowStart slowStart;

	private final int maxInFlight;

	private final int queueCapacity;

	private final Timer timer;

	private final Consumer<Target> drainListener;

	private final Object lock = new Object();

	/** Guarded by the lock. */
	private final List<Target> routable = new ArrayList<>();

	/** First come, first served. Guarded by the lock. */
	private final Set<Waiter> queue = new LinkedHashSet<>();

	/**
	 * Those that a target has lost. They have waited longest, so they come before the
	 * queue, and as they had been let in they are not bounded by its capacity, but by
	 * what targets may have in flight. Guarded by the lock.
	 */
	private final Set<Waiter> returned = new LinkedHashSet<>();

	/** Where the next search begins. Guarded by the lock. */
	private int next;

	/** Guarded by the lock. */
	private boolean closing;

	Balancer(SchedulingPolicy policy, SlowStart slowStart, int maxInFlight, int queueCapacity, Timer timer,
			Consumer<Target> drainListener) {
		this.policy = policy;
		this.slowStart = slowStart;
		this.maxInFlight = maxInFlight;
		this.queueCapacity = queueCapacity;
		this.timer = timer;
		this.drainListener = drainListener;
	}

	/**
	 * Pick a target and register a request with it, in one step: a drain that begins
	 * later sees the request in flight, one that began earlier is not picked.
	 */
	Claim claim(Waiter waiter) {
		synchronized (this.lock) {
			Target target = pick(waiter.avoids());
			if (target != null) {
				return new Claim.Granted(target);
			}
			if (this.closing && this.routable.isEmpty()) {
				return new Claim.Refused(Rejection.SHUTTING_DOWN);
			}
			if (waiter.avoids() != null) {
				this.returned.add(waiter);
			}
			else if (this.queue.size() < this.queueCapacity) {
				this.queue.add(waiter);
			}
			else {
				return new Claim.Refused(Rejection.QUEUE_FULL);
			}
			return new Claim.Queued();
		}
	}

	/**
	 * Leave the queue.
	 * @return whether the waiter was still in it; if not, it has been or is about to be
	 * told of a target
	 */
	boolean leave(Waiter waiter) {
		synchronized (this.lock) {
			return this.returned.remove(waiter) || this.queue.remove(waiter);
		}
	}

	/** A request is done with its target, which has answered it. */
	void answered(Target target) {
		changed(target, () -> {
			target.deregister();
			this.slowStart.answered(target);
		});
	}

	/** A request is done with its target, which has not answered it. */
	void release(Target target) {
		changed(target, target::deregister);
	}

	/**
	 * A request is done with its target because that takes no connections. It is left
	 * alone for a moment, so that nobody else loses time with it and waiting requests do
	 * not spin.
	 */
	void releaseUnreachable(Target target) {
		boolean restBegins;
		synchronized (this.lock) {
			restBegins = !target.isResting();
			target.rest(true);
		}
		release(target);
		if (restBegins) {
			this.timer.after(REST, () -> changed(target, () -> target.rest(false)));
		}
	}

	/**
	 * The one way a target changes its state; going back from a drain is refused. One
	 * thread at a time.
	 */
	void change(Target target, Target.State state) {
		boolean comes = state == Target.State.ROUTABLE && target.state() != state;
		changed(target, () -> {
			Target.State before = target.state();
			if (before == state) {
				return;
			}
			if (state.compareTo(before) < 0 && !before.keepsIdleConnections()) {
				throw new IllegalStateException("Target %s cannot go from %s to %s".formatted(target, before, state));
			}
			target.enter(state);
			this.routable.remove(target);
			if (state == Target.State.ROUTABLE) {
				this.routable.add(target);
				this.slowStart.begin(target, this.routable);
			}
		});
		if (comes) {
			widenLater(target);
		}
	}

	/** A new target's window grows with time: then those that wait for it are served. */
	private void widenLater(Target target) {
		boolean isNew;
		synchronized (this.lock) {
			isNew = target.state() == Target.State.ROUTABLE && this.slowStart.isNew(target);
		}
		if (isNew) {
			this.timer.after(SlowStart.STEP, () -> {
				changed(target, () -> {
				});
				widenLater(target);
			});
		}
	}

	/** From now on a request waits only while there is a target it can hope for. */
	void close() {
		changed(null, () -> this.closing = true);
	}

	int queued() {
		synchronized (this.lock) {
			return this.returned.size() + this.queue.size();
		}
	}

	private void changed(@Nullable Target target, Runnable change) {
		List<Runnable> news = new ArrayList<>(2);
		synchronized (this.lock) {
			change.run();
			if (target != null && target.endDrain()) {
				news.add(() -> this.drainListener.accept(target));
			}
			if (serve(this.returned, news)) {
				serve(this.queue, news);
			}
		}
		news.forEach(Runnable::run);
	}

	/** Serves those in a queue as far as there is room; whether that was all of them. */
	private boolean serve(Set<Waiter> queue, List<Runnable> news) {
		boolean hopeless = this.closing && this.routable.isEmpty();
		for (Iterator<Waiter> waiters = queue.iterator(); waiters.hasNext();) {
			Waiter waiter = waiters.next();
			Target target = pick(waiter.avoids());
			if (target != null) {
				news.add(() -> waiter.granted(target));
			}
			else if (hopeless) {
				news.add(waiter::refused);
			}
			else {
				return false;
			}
			waiters.remove();
		}
		return true;
	}

	private @Nullable Target pick(@Nullable Target avoided) {
		int size = this.routable.size();
		boolean slowStarts = this.slowStart.isUnderWay() && findWarmest(avoided);
		int best = -1;
		int lastChoice = -1;
		int index = this.next;
		for (int i = 0; i < size && !isGoodEnough(best); i++, index++) {
			if (index >= size) {
				index = 0;
			}
			Target candidate = this.routable.get(index);
			if (!hasRoom(candidate)) {
				continue;
			}
			if (candidate == avoided) {
				lastChoice = index;
			}
			else if ((best < 0 || candidate.inFlight() < this.routable.get(best).inFlight())
					&& !(slowStarts && this.slowStart.yields(candidate))) {
				best = index;
			}
		}
		int choice = (best >= 0) ? best : lastChoice;
		if (choice < 0) {
			return null;
		}
		this.next = choice + 1;
		Target target = this.routable.get(choice);
		target.register();
		return target;
	}

	private boolean hasRoom(Target target) {
		return !target.isResting() && target.inFlight() < this.maxInFlight && this.slowStart.isOpen(target);
	}

	/** Whether there is any that others may yield to. */
	private boolean findWarmest(@Nullable Target avoided) {
		for (int i = 0; i < this.routable.size(); i++) {
			Target target = this.routable.get(i);
			if (target != avoided && hasRoom(target)) {
				this.slowStart.compare(target);
			}
		}
		return this.slowStart.hasWarmest();
	}

	/** Whether no other target can be a better choice than one found. */
	private boolean isGoodEnough(int best) {
		return switch (this.policy) {
			case ROUND_ROBIN -> best >= 0;
			case LEAST_REQUESTS -> best >= 0 && this.routable.get(best).inFlight() == 0;
			case NONE -> throw new IllegalStateException("Nobody balances with the policy '" + this.policy + "'");
		};
	}

	/** Runs something later. */
	@FunctionalInterface
	interface Timer {

		void after(Duration delay, Runnable action);

	}

}
