package io.github.bootcluster.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.dispatch.Target.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** {@link SlowStart} of a {@link Balancer}, with a clock that is moved by hand. */
class SlowStartTests {

	/** A power of two, so that a share of it is exact. */
	private static final long NANOS = 1 << 20;

	private static final int MANY = 1_000_000;

	private final List<Runnable> timers = new ArrayList<>();

	private final Target one = Target.of(WorkerId.of(1), 1001);

	private final Target two = Target.of(WorkerId.of(2), 1002);

	private final Target fresh = Target.of(WorkerId.of(3), 1003);

	private final Target fresher = Target.of(WorkerId.of(4), 1004);

	/** As {@link System#nanoTime()} may be, about to overflow. */
	private long now = Long.MAX_VALUE - NANOS - NANOS / 2;

	private int clockReadings;

	@ParameterizedTest
	@CsvSource({ "0, 100", "0.25, 325", "0.5, 550", "0.75, 775", "1, 1000" })
	void shareIsThatOfTheTimeSinceTheFirstRequestWasPossible(double part, int permille) {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one, this.two);
		balancer.change(this.fresh, State.ROUTABLE);
		this.now += (long) (part * NANOS);
		Map<Target, Integer> counts = new HashMap<>();
		while (counts.getOrDefault(this.one, 0) + counts.getOrDefault(this.two, 0) < 20_000) {
			counts.merge(granted(balancer), 1, Integer::sum);
		}
		assertThat(counts.get(this.one)).isEqualTo(10_000);
		assertThat(counts.get(this.two)).isEqualTo(10_000);
		// What it has of a turn that it has not yet taken is less than one.
		assertThat(counts.get(this.fresh)).isBetween(10 * permille - 1, 10 * permille);
	}

	@Test
	void shareRisesInALineWhenTimePasses() {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one, this.two);
		balancer.change(this.fresh, State.ROUTABLE);
		int steps = 1 << 13;
		double expected = 0;
		int taken = 0;
		for (int i = 0; i < steps; i++) {
			double weight = 0.1 + 0.9 * i / steps;
			expected += weight / (2 + weight);
			taken += (granted(balancer) == this.fresh) ? 1 : 0;
			assertThat((double) taken).as("after %d requests", i).isCloseTo(expected, within(2.0));
			this.now += NANOS / steps;
		}
		assertExactlyInTurn(balancer, 3);
	}

	@Test
	void everyTargetHasItsOwnShareWhenSeveralAreNew() {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one);
		balancer.change(this.fresh, State.ROUTABLE);
		this.now += NANOS / 2;
		balancer.change(this.fresher, State.ROUTABLE);
		Map<Target, Integer> counts = counts(balancer, 16_500);
		assertThat(counts.get(this.one)).isEqualTo(10_000);
		assertThat(counts.get(this.fresh)).isEqualTo(5_500);
		assertThat(counts.get(this.fresher)).isEqualTo(1_000);
	}

	@Test
	void requestsGoExactlyInTurnWhenAllTargetsAreNew() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, MANY);
		Stream.of(this.one, this.two, this.fresh).forEach((target) -> balancer.change(target, State.ROUTABLE));
		for (int i = 0; i < 100; i++) {
			assertExactlyInTurn(balancer, 3);
			this.now += NANOS / 50;
		}
	}

	@Test
	void requestsGoExactlyInTurnForEverWhenTargetsCameOneSoonAfterTheOther() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, MANY);
		balancer.change(this.one, State.ROUTABLE);
		this.now += NANOS / 3;
		balancer.change(this.two, State.ROUTABLE);
		for (int i = 0; i < 100; i++) {
			assertExactlyInTurn(balancer, 2);
			this.now += NANOS / 50;
		}
	}

	@Test
	void targetInItsSlowStartDoesNotYieldToOneThatCameLaterAndHasAWholeShare() {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one);
		balancer.change(this.fresh, State.ROUTABLE);
		balancer.change(this.one, State.GONE);
		this.now += NANOS / 2;
		balancer.change(this.fresher, State.ROUTABLE);
		assertExactlyInTurn(balancer, 2);
	}

	@Test
	void requestsGoExactlyInTurnWhenItIsOff() {
		Balancer balancer = new Balancer(SchedulingPolicy.ROUND_ROBIN,
				new SlowStart(Duration.ZERO, MANY, this::readClock), MANY, 0, this::after, (target) -> {
				});
		balancer.change(this.one, State.ROUTABLE);
		balancer.change(this.two, State.ROUTABLE);
		granted(balancer);
		balancer.change(this.fresh, State.ROUTABLE);
		assertExactlyInTurn(balancer, 3);
		assertThat(this.clockReadings).isZero();
	}

	@Test
	void clockIsLeftAloneWhenNoTargetIsNew() {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one, this.two);
		granted(balancer);
		int before = this.clockReadings;
		counts(balancer, 100);
		assertThat(this.clockReadings).isEqualTo(before);
		balancer.change(this.fresh, State.ROUTABLE);
		balancer.change(this.fresh, State.GONE);
		counts(balancer, 100);
		this.now += NANOS;
		granted(balancer);
		before = this.clockReadings;
		counts(balancer, 100);
		assertThat(this.clockReadings).isEqualTo(before);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void newTargetIsAsGoodAsAnyWhenTheOthersAreFull(SchedulingPolicy policy) {
		Balancer balancer = warm(policy, 10, this.one, this.two);
		assertThat(counts(balancer, 20)).doesNotContainKey(this.fresh);
		balancer.change(this.fresh, State.ROUTABLE);
		assertThat(counts(balancer, 9)).containsOnlyKeys(this.fresh);
		balancer.release(this.two);
		assertThat(granted(balancer)).isSameAs(this.two);
		assertThat(granted(balancer)).isSameAs(this.fresh);
		assertThat(balancer.claim(new Wish(null))).isInstanceOf(Claim.Refused.class);
	}

	@Test
	void newTargetIsAsGoodAsAnyWhenTheOthersAreUnreachable() {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one);
		granted(balancer);
		balancer.change(this.fresh, State.ROUTABLE);
		balancer.change(this.fresher, State.ROUTABLE);
		balancer.releaseUnreachable(this.one);
		assertExactlyInTurn(balancer, 2);
		releaseAll(balancer, this.fresh, this.fresher);
		runTimers();
		// What they got meanwhile was not out of their share.
		assertThat(counts(balancer, 120)).isEqualTo(Map.of(this.one, 100, this.fresh, 10, this.fresher, 10));
	}

	@ParameterizedTest
	@EnumSource(value = State.class, names = "ROUTABLE", mode = EnumSource.Mode.EXCLUDE)
	void newTargetIsAsGoodAsAnyWhenTheOthersAreOutOfTheRotation(State state) {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one);
		balancer.change(this.fresh, State.ROUTABLE);
		balancer.change(this.fresher, State.ROUTABLE);
		balancer.change(this.one, state);
		assertExactlyInTurn(balancer, 2);
	}

	@Test
	void waitersAreServedByANewTargetAtOnce() {
		Balancer balancer = new Balancer(SchedulingPolicy.ROUND_ROBIN,
				new SlowStart(Duration.ofNanos(NANOS), MANY, this::readClock), 2, 10, this::after, (target) -> {
				});
		balancer.change(this.one, State.ROUTABLE);
		this.now += NANOS;
		counts(balancer, 2);
		Wish first = new Wish(null);
		Wish second = new Wish(null);
		balancer.claim(first);
		balancer.claim(second);
		balancer.change(this.fresh, State.ROUTABLE);
		assertThat(first.target).isSameAs(this.fresh);
		assertThat(second.target).isSameAs(this.fresh);
	}

	@Test
	void newTargetHasOneRequestMoreWithEachThatItAnswers() {
		Balancer balancer = windowed(Duration.ofNanos(NANOS));
		balancer.change(this.fresh, State.ROUTABLE);
		counts(balancer, 2);
		List<Wish> wishes = waiting(balancer, 8);
		assertThat(served(wishes)).isZero();
		balancer.answered(this.fresh);
		assertThat(served(wishes)).isEqualTo(2);
		assertThat(this.fresh.inFlight()).isEqualTo(3);
		balancer.release(this.fresh);
		balancer.releaseUnreachable(this.fresh);
		runTimers();
		assertThat(this.fresh.inFlight()).isEqualTo(3);
		balancer.answered(this.fresh);
		balancer.answered(this.fresh);
		assertThat(served(wishes)).isEqualTo(8);
		// As many as any may have.
		assertThat(this.fresh.inFlight()).isEqualTo(5);
		assertThat(balancer.claim(new Wish(null))).isInstanceOf(Claim.Queued.class);
	}

	@Test
	void newTargetHasMoreWithTimeThoughItAnswersNone() {
		Balancer balancer = windowed(SlowStart.STEP.multipliedBy(3));
		balancer.change(this.fresh, State.ROUTABLE);
		counts(balancer, 2);
		List<Wish> wishes = waiting(balancer, 8);
		runTimers();
		assertThat(served(wishes)).isZero();
		this.now += SlowStart.STEP.toNanos();
		runTimers();
		assertThat(served(wishes)).isEqualTo(2);
		this.now += SlowStart.STEP.toNanos();
		runTimers();
		assertThat(served(wishes)).isEqualTo(3);
		// It is new no more, then gone, and nobody has to look after it.
		this.now += SlowStart.STEP.toNanos();
		runTimers();
		assertThat(this.timers).isEmpty();
		balancer.change(this.fresher, State.ROUTABLE);
		balancer.change(this.fresher, State.ROUTABLE);
		assertThat(this.timers).hasSize(1);
		balancer.change(this.fresher, State.GONE);
		runTimers();
		assertThat(this.timers).isEmpty();
	}

	/** One whose new targets begin with 2 in flight, and may have 5. */
	private Balancer windowed(Duration duration) {
		return new Balancer(SchedulingPolicy.ROUND_ROBIN, new SlowStart(duration, 2, this::readClock), 5, 10,
				this::after, (target) -> {
				});
	}

	private static List<Wish> waiting(Balancer balancer, int number) {
		List<Wish> wishes = Stream.generate(() -> new Wish(null)).limit(number).toList();
		wishes.forEach(balancer::claim);
		return wishes;
	}

	/** Those that are set meanwhile are for the next time. */
	private void runTimers() {
		List<Runnable> due = List.copyOf(this.timers);
		this.timers.clear();
		due.forEach(Runnable::run);
	}

	private static long served(List<Wish> wishes) {
		return wishes.stream().filter((wish) -> wish.target != null).count();
	}

	@Test
	void retryGoesToANewTargetWhenItAvoidsTheOnlyOtherOne() {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one);
		balancer.change(this.fresh, State.ROUTABLE);
		for (int i = 0; i < 100; i++) {
			assertThat(granted(balancer, this.one)).isSameAs(this.fresh);
		}
		releaseAll(balancer, this.fresh);
		assertThat(counts(balancer, 110)).isEqualTo(Map.of(this.one, 100, this.fresh, 10));
	}

	@Test
	void retryGoesToAnotherTargetWhenItAvoidsANewOne() {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, 100, this.one);
		balancer.change(this.fresh, State.ROUTABLE);
		balancer.change(this.fresher, State.ROUTABLE);
		List<Target> targets = IntStream.range(0, 110).mapToObj((i) -> granted(balancer, this.fresh)).toList();
		assertThat(targets).containsOnly(this.one, this.fresher);
		assertThat(this.one.inFlight()).isEqualTo(100);
		for (int i = 0; i < 90; i++) {
			assertThat(granted(balancer, this.fresh)).isSameAs(this.fresher);
		}
		assertThat(granted(balancer, this.fresh)).isSameAs(this.fresh);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void newTargetHasOneRequestAtATimeWhileItsPeersAreHardlyBusy(SchedulingPolicy policy) {
		Balancer balancer = warm(policy, MANY, this.one);
		balancer.change(this.fresh, State.ROUTABLE);
		counts(balancer, 15);
		assertThat(this.fresh.inFlight()).isEqualTo(1);
		counts(balancer, 7);
		assertThat(this.fresh.inFlight()).isEqualTo(2);
	}

	@Test
	void turnsThatPassWhileItIsBusyAreNotMadeUpFor() {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one);
		balancer.change(this.fresh, State.ROUTABLE);
		while (granted(balancer) != this.fresh) {
			balancer.release(this.one);
		}
		for (int i = 0; i < 1000; i++) {
			assertThat(granted(balancer)).isSameAs(this.one);
			balancer.release(this.one);
		}
		balancer.release(this.fresh);
		assertThat(counts(balancer, 9)).isEqualTo(Map.of(this.one, 9));
		assertThat(granted(balancer)).isSameAs(this.fresh);
	}

	/** As when a reload has replaced one worker and now the next. */
	@Test
	void newTargetYieldsToTheOneFurthestInItsSlowStartWhenNoneIsPastIt() {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one);
		balancer.change(this.fresh, State.ROUTABLE);
		this.now += NANOS / 2;
		balancer.change(this.fresher, State.ROUTABLE);
		balancer.change(this.one, State.GONE);
		assertThat(counts(balancer, 6_500)).isEqualTo(Map.of(this.fresh, 5_500, this.fresher, 1_000));
	}

	@Test
	void slowStartGoesOnWhenItsTargetIsPaused() {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one);
		balancer.change(this.fresh, State.ROUTABLE);
		balancer.change(this.fresh, State.PAUSED);
		this.now += NANOS / 2;
		balancer.change(this.fresh, State.ROUTABLE);
		assertThat(counts(balancer, 3_100)).isEqualTo(Map.of(this.one, 2_000, this.fresh, 1_100));
		balancer.change(this.fresh, State.PAUSED);
		this.now += NANOS / 2;
		balancer.change(this.fresh, State.ROUTABLE);
		assertExactlyInTurn(balancer, 2);
	}

	@Test
	void slowStartDoesNotBeginAgainWhenAWarmTargetWasPaused() {
		Balancer balancer = warm(SchedulingPolicy.ROUND_ROBIN, MANY, this.one, this.two);
		balancer.change(this.two, State.PAUSED);
		balancer.change(this.two, State.ROUTABLE);
		assertExactlyInTurn(balancer, 2);
	}

	@Test
	void idleTargetsAreTakenInTurnByTheirSharesWhenTheLeastBusyIsWanted() {
		Balancer balancer = warm(SchedulingPolicy.LEAST_REQUESTS, MANY, this.one, this.two);
		balancer.change(this.fresh, State.ROUTABLE);
		Map<Target, Integer> counts = new HashMap<>();
		for (int i = 0; i < 2_100; i++) {
			Target target = granted(balancer);
			counts.merge(target, 1, Integer::sum);
			balancer.release(target);
		}
		assertThat(counts).isEqualTo(Map.of(this.one, 1_000, this.two, 1_000, this.fresh, 100));
	}

	@ParameterizedTest
	@CsvSource({ "0, 10", "0.5, 55", "1, 100" })
	void newTargetHasItsShareInFlightWhenTheLeastBusyIsWanted(double part, int inFlight) {
		Balancer balancer = warm(SchedulingPolicy.LEAST_REQUESTS, MANY, this.one, this.two);
		balancer.change(this.fresh, State.ROUTABLE);
		this.now += (long) (part * NANOS);
		counts(balancer, 200 + inFlight);
		assertThat(this.fresh.inFlight()).isEqualTo(inFlight);
		assertThat(this.one.inFlight()).isEqualTo(100);
		assertThat(this.two.inFlight()).isEqualTo(100);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void choiceIsThatOfTheModelWhateverHappens(SchedulingPolicy policy) {
		for (int seed = 0; seed < 200; seed++) {
			new Story(policy, new Random(seed)).run("seed " + seed);
		}
	}

	/** With targets that are past their slow start. */
	private Balancer warm(SchedulingPolicy policy, int maxInFlight, Target... targets) {
		Balancer balancer = balancer(policy, maxInFlight);
		Arrays.stream(targets).forEach((target) -> balancer.change(target, State.ROUTABLE));
		this.now += NANOS;
		return balancer;
	}

	private Balancer balancer(SchedulingPolicy policy, int maxInFlight) {
		return new Balancer(policy, new SlowStart(Duration.ofNanos(NANOS), MANY, this::readClock), maxInFlight, 0,
				this::after, (target) -> {
				});
	}

	private long readClock() {
		this.clockReadings++;
		return this.now;
	}

	private void after(Duration delay, Runnable action) {
		this.timers.add(action);
	}

	private static void assertExactlyInTurn(Balancer balancer, int targets) {
		List<Target> round = IntStream.range(0, targets).mapToObj((i) -> granted(balancer)).toList();
		assertThat(round).doesNotHaveDuplicates();
		for (int i = 0; i < 10 * targets; i++) {
			assertThat(granted(balancer)).isSameAs(round.get(i % targets));
		}
	}

	private static Map<Target, Integer> counts(Balancer balancer, int requests) {
		Map<Target, Integer> counts = new HashMap<>();
		for (int i = 0; i < requests; i++) {
			counts.merge(granted(balancer), 1, Integer::sum);
		}
		return counts;
	}

	private static void releaseAll(Balancer balancer, Target... targets) {
		for (Target target : targets) {
			while (target.inFlight() > 0) {
				balancer.release(target);
			}
		}
	}

	private static Target granted(Balancer balancer) {
		return granted(balancer, null);
	}

	private static Target granted(Balancer balancer, Target avoided) {
		Claim claim = balancer.claim(new Wish(avoided));
		assertThat(claim).isInstanceOf(Claim.Granted.class);
		return ((Claim.Granted) claim).target();
	}

	private static final class Wish implements Waiter {

		private final Target avoided;

		private Target target;

		private Wish(Target avoided) {
			this.avoided = avoided;
		}

		@Override
		public Target avoids() {
			return this.avoided;
		}

		@Override
		public void granted(Target target) {
			this.target = target;
		}

		@Override
		public void refused() {
		}

	}

	/** Much that happens to a few targets in random order, and who is to be chosen. */
	private final class Story {

		private static final int STEPS = 500;

		private static final int MAX_IN_FLIGHT = 5;

		private static final long WHOLE = 1_000_000;

		private final SchedulingPolicy policy;

		private final Random random;

		private final Balancer balancer;

		private final List<Target> all = new ArrayList<>();

		private final List<Target> inFlight = new ArrayList<>();

		private final List<Target> rotation = new ArrayList<>();

		private final Map<Target, Long> since = new HashMap<>();

		private final Map<Target, Long> firstWeights = new HashMap<>();

		private final Map<Target, Long> credits = new HashMap<>();

		private int next;

		private Story(SchedulingPolicy policy, Random random) {
			this.policy = policy;
			this.random = random;
			this.balancer = balancer(policy, MAX_IN_FLIGHT);
		}

		private void run(String name) {
			for (int step = 0; step < STEPS; step++) {
				switch (this.random.nextInt(20)) {
					case 0 -> SlowStartTests.this.now += this.random.nextLong(NANOS / 2);
					case 1 -> SlowStartTests.this.now += this.random.nextLong(NANOS / 64);
					case 2 -> change();
					case 3 -> {
						runTimers();
					}
					case 4 -> release(this.balancer::releaseUnreachable);
					case 5, 6, 7, 8, 9 -> release(this.balancer::release);
					default -> claim(name + ", step " + step);
				}
			}
			this.inFlight.forEach(this.balancer::release);
			SlowStartTests.this.timers.clear();
		}

		private void change() {
			if (this.all.size() < 3 || this.random.nextInt(4) == 0) {
				this.all.add(Target.of(WorkerId.of(this.all.size() + 1), 1001 + this.all.size()));
			}
			Target target = any(this.all);
			State state = switch (this.random.nextInt(4)) {
				case 0 -> State.PAUSED;
				case 1 -> (this.rotation.size() > 3) ? State.GONE : State.ROUTABLE;
				default -> State.ROUTABLE;
			};
			if (state == target.state() || !target.state().keepsIdleConnections()) {
				return;
			}
			this.balancer.change(target, state);
			this.rotation.remove(target);
			if (state == State.ROUTABLE) {
				this.firstWeights.putIfAbsent(target,
						this.rotation.stream().anyMatch(this::isWarm) ? WHOLE / 10 : WHOLE);
				this.rotation.add(target);
				this.since.putIfAbsent(target, SlowStartTests.this.now);
			}
		}

		private void release(Consumer<Target> way) {
			if (!this.inFlight.isEmpty()) {
				way.accept(this.inFlight.remove(this.random.nextInt(this.inFlight.size())));
			}
		}

		private void claim(String name) {
			Target avoided = (!this.all.isEmpty() && this.random.nextInt(3) == 0) ? any(this.all) : null;
			Target expected = choose(avoided);
			Wish wish = new Wish(avoided);
			Claim claim = this.balancer.claim(wish);
			// The model has no queue, and who has been with a target always may wait.
			this.balancer.leave(wish);
			Target target = (claim instanceof Claim.Granted granted) ? granted.target() : null;
			assertThat(target).as(name).isSameAs(expected);
			if (target != null) {
				this.next = this.rotation.indexOf(target) + 1;
				this.inFlight.add(target);
			}
		}

		private Target choose(Target avoided) {
			int begin = (this.next < this.rotation.size()) ? this.next : 0;
			List<Target> withRoom = Stream
				.concat(this.rotation.stream().skip(begin), this.rotation.stream().limit(begin))
				.filter((target) -> !target.isResting() && target.inFlight() < MAX_IN_FLIGHT)
				.toList();
			List<Target> wanted = withRoom.stream().filter((target) -> target != avoided).toList();
			if (wanted.isEmpty()) {
				return withRoom.isEmpty() ? null : withRoom.get(0);
			}
			long warmest = wanted.stream().mapToLong(this::warmth).max().orElseThrow();
			int least = wanted.stream()
				.filter((target) -> warmth(target) == warmest)
				.mapToInt(Target::inFlight)
				.min()
				.orElseThrow();
			Target best = null;
			for (Target target : wanted) {
				boolean enough = best != null && (this.policy == SchedulingPolicy.ROUND_ROBIN || best.inFlight() == 0);
				if (!enough && (best == null || target.inFlight() < best.inFlight())
						&& takesIt(target, warmest, least)) {
					best = target;
				}
			}
			return best;
		}

		private boolean takesIt(Target target, long warmest, int least) {
			long weight = weight(target);
			if (weight >= warmest) {
				return true;
			}
			if (target.inFlight() > 0 && target.inFlight() * warmest >= least * weight) {
				return false;
			}
			long credit = this.credits.merge(target, weight, Long::sum);
			this.credits.put(target, credit % warmest);
			return credit >= warmest;
		}

		/** Zero for those nobody yields to. */
		private long warmth(Target target) {
			return (isWarm(target) || this.firstWeights.get(target) < WHOLE) ? weight(target) : 0;
		}

		private boolean isWarm(Target target) {
			return age(target) >= NANOS;
		}

		private long weight(Target target) {
			long first = this.firstWeights.get(target);
			return Math.min(WHOLE, first + (WHOLE - first) * age(target) / NANOS);
		}

		private long age(Target target) {
			return SlowStartTests.this.now - this.since.get(target);
		}

		private Target any(List<Target> targets) {
			return targets.get(this.random.nextInt(targets.size()));
		}

	}

}
