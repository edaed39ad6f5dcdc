package io.github.bootcluster.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.dispatch.Target.State;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** {@link Balancer} with waiters and a timer of our own. */
class BalancerTests {

	private final List<Target> drained = new CopyOnWriteArrayList<>();

	private final List<Runnable> timers = new ArrayList<>();

	private final Target one = Target.of(WorkerId.of(1), 1001);

	private final Target two = Target.of(WorkerId.of(2), 1002);

	private final Target three = Target.of(WorkerId.of(3), 1003);

	@Test
	void claimsGoRoundWhenAllHaveRoom() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 1000, 0, this.one, this.two, this.three);
		Map<Target, Integer> counts = new HashMap<>();
		Target last = null;
		for (int i = 0; i < 300; i++) {
			Target target = granted(balancer, new FakeWaiter());
			assertThat(target).isNotSameAs(last);
			last = target;
			counts.merge(target, 1, Integer::sum);
		}
		assertThat(counts.values()).containsOnly(100);
	}

	@Test
	void claimsPassOverATargetWhenItIsFull() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 2, 0, this.one, this.two);
		for (int i = 0; i < 4; i++) {
			granted(balancer, new FakeWaiter());
		}
		assertThat(balancer.claim(new FakeWaiter())).isInstanceOf(Claim.Refused.class);
		balancer.release(this.two);
		assertThat(granted(balancer, new FakeWaiter())).isSameAs(this.two);
	}

	@Test
	void claimsGoToTheLeastBusyWhenThatIsThePolicy() {
		Balancer balancer = balancer(SchedulingPolicy.LEAST_REQUESTS, 10, 0, this.one, this.two);
		Target first = granted(balancer, new FakeWaiter());
		Target second = granted(balancer, new FakeWaiter());
		assertThat(second).isNotSameAs(first);
		balancer.release(second);
		assertThat(granted(balancer, new FakeWaiter())).isSameAs(second);
		balancer.release(second);
		assertThat(granted(balancer, new FakeWaiter())).isSameAs(second);
	}

	@Test
	void waitersAreServedInOrderWhenRoomComes() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 1, 10, this.one);
		granted(balancer, new FakeWaiter());
		FakeWaiter first = new FakeWaiter();
		FakeWaiter second = new FakeWaiter();
		assertThat(balancer.claim(first)).isInstanceOf(Claim.Queued.class);
		assertThat(balancer.claim(second)).isInstanceOf(Claim.Queued.class);
		assertThat(balancer.queued()).isEqualTo(2);
		balancer.release(this.one);
		assertThat(first.target).isSameAs(this.one);
		assertThat(second.target).isNull();
		balancer.change(this.two, State.ROUTABLE);
		assertThat(second.target).isSameAs(this.two);
		assertThat(balancer.queued()).isZero();
	}

	@Test
	void waiterIsNotServedWhenItHasLeft() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 1, 10);
		FakeWaiter gone = new FakeWaiter();
		FakeWaiter patient = new FakeWaiter();
		balancer.claim(gone);
		balancer.claim(patient);
		assertThat(balancer.leave(gone)).isTrue();
		balancer.change(this.one, State.ROUTABLE);
		assertThat(gone.target).isNull();
		assertThat(patient.target).isSameAs(this.one);
		assertThat(balancer.leave(patient)).isFalse();
	}

	@Test
	void claimIsRefusedWhenTheQueueIsFull() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 1, 1);
		assertThat(balancer.claim(new FakeWaiter())).isInstanceOf(Claim.Queued.class);
		assertThat(balancer.claim(new FakeWaiter())).isInstanceOf(Claim.Refused.class);
	}

	@Test
	void waitersThatATargetHasLostComeFirstAndAreNeverTooMany() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 2, 1);
		FakeWaiter patient = new FakeWaiter();
		FakeWaiter lost = new FakeWaiter();
		lost.avoids = this.one;
		FakeWaiter lostLater = new FakeWaiter();
		lostLater.avoids = this.one;
		balancer.claim(patient);
		assertThat(balancer.claim(lost)).isInstanceOf(Claim.Queued.class);
		assertThat(balancer.claim(lostLater)).isInstanceOf(Claim.Queued.class);
		assertThat(balancer.queued()).isEqualTo(3);
		assertThat(balancer.leave(lost)).isTrue();
		assertThat(balancer.claim(lost)).isInstanceOf(Claim.Queued.class);
		balancer.change(this.two, State.ROUTABLE);
		assertThat(lost.target).isSameAs(this.two);
		assertThat(lostLater.target).isSameAs(this.two);
		assertThat(patient.target).isNull();
		balancer.release(this.two);
		assertThat(patient.target).isSameAs(this.two);
		assertThat(balancer.queued()).isZero();
	}

	@Test
	void avoidedTargetIsTheLastChoiceWhenThereIsAnother() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 2, 10, this.one, this.two);
		FakeWaiter waiter = new FakeWaiter();
		waiter.avoids = this.one;
		assertThat(granted(balancer, waiter)).isSameAs(this.two);
		assertThat(granted(balancer, waiter)).isSameAs(this.two);
		assertThat(granted(balancer, waiter)).isSameAs(this.one);
	}

	@Test
	void unreachableTargetRestsWhenItIsReleased() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 10, 10, this.one);
		granted(balancer, new FakeWaiter());
		granted(balancer, new FakeWaiter());
		balancer.releaseUnreachable(this.one);
		balancer.releaseUnreachable(this.one);
		FakeWaiter waiter = new FakeWaiter();
		assertThat(balancer.claim(waiter)).isInstanceOf(Claim.Queued.class);
		assertThat(this.timers).hasSize(1);
		this.timers.get(0).run();
		assertThat(waiter.target).isSameAs(this.one);
		assertThat(this.one.inFlight()).isEqualTo(1);
	}

	@Test
	void drainEndsOnceWhenNothingIsInFlight() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 10, 10, this.one);
		granted(balancer, new FakeWaiter());
		granted(balancer, new FakeWaiter());
		balancer.change(this.one, State.DRAINING);
		balancer.release(this.one);
		assertThat(this.drained).isEmpty();
		balancer.release(this.one);
		assertThat(this.drained).containsExactly(this.one);
		balancer.change(this.one, State.GONE);
		assertThat(this.drained).containsExactly(this.one);
	}

	@Test
	void drainEndsAtOnceWhenNothingWasInFlight() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 10, 10, this.one);
		balancer.change(this.one, State.DRAINING);
		assertThat(this.drained).containsExactly(this.one);
		assertThat(balancer.claim(new FakeWaiter())).isInstanceOf(Claim.Queued.class);
	}

	@Test
	void drainIsNotRevokedWhenTheTargetIsSaidToBeReady() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 10, 10, this.one);
		balancer.change(this.one, State.DRAINING);
		assertThatIllegalStateException().isThrownBy(() -> balancer.change(this.one, State.ROUTABLE))
			.withMessageContaining("DRAINING");
	}

	@Test
	void waitersAreRefusedWhenClosedAndTheLastTargetLeaves() {
		Balancer balancer = balancer(SchedulingPolicy.ROUND_ROBIN, 1, 10, this.one);
		granted(balancer, new FakeWaiter());
		FakeWaiter waiter = new FakeWaiter();
		balancer.claim(waiter);
		balancer.close();
		assertThat(waiter.refused).isFalse();
		balancer.change(this.one, State.DRAINING);
		assertThat(waiter.refused).isTrue();
		assertThat(balancer.claim(new FakeWaiter())).isInstanceOf(Claim.Refused.class);
	}

	@Test
	void nothingSlipsInWhenADrainEndsUnderLoad() throws InterruptedException {
		for (int round = 0; round < 50; round++) {
			Target target = Target.of(WorkerId.of(1), 1001);
			AtomicBoolean over = new AtomicBoolean();
			AtomicBoolean slipped = new AtomicBoolean();
			CountDownLatch ended = new CountDownLatch(1);
			Balancer balancer = new Balancer(SchedulingPolicy.ROUND_ROBIN, SlowStart.none(), 1000, 0,
					(delay, action) -> {
					}, (drainedTarget) -> {
						over.set(true);
						ended.countDown();
					});
			balancer.change(target, State.ROUTABLE);
			CountDownLatch busy = new CountDownLatch(1);
			List<Thread> threads = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				Thread thread = new Thread(() -> {
					while (balancer.claim(new FakeWaiter()) instanceof Claim.Granted) {
						busy.countDown();
						if (over.get()) {
							slipped.set(true);
						}
						balancer.release(target);
					}
				});
				thread.start();
				threads.add(thread);
			}
			assertThat(busy.await(5, TimeUnit.SECONDS)).isTrue();
			balancer.change(target, State.DRAINING);
			assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
			for (Thread thread : threads) {
				thread.join();
			}
			assertThat(slipped).isFalse();
			assertThat(target.inFlight()).isZero();
		}
	}

	private Balancer balancer(SchedulingPolicy policy, int maxInFlight, int capacity, Target... targets) {
		Balancer balancer = new Balancer(policy, SlowStart.none(), maxInFlight, capacity, this::after,
				this.drained::add);
		for (Target target : targets) {
			balancer.change(target, State.ROUTABLE);
		}
		return balancer;
	}

	private void after(Duration delay, Runnable action) {
		assertThat(delay).isEqualTo(Balancer.REST);
		this.timers.add(action);
	}

	private static Target granted(Balancer balancer, Waiter waiter) {
		Claim claim = balancer.claim(waiter);
		assertThat(claim).isInstanceOf(Claim.Granted.class);
		return ((Claim.Granted) claim).target();
	}

	private static final class FakeWaiter implements Waiter {

		private Target avoids;

		private Target target;

		private boolean refused;

		@Override
		public Target avoids() {
			return this.avoids;
		}

		@Override
		public void granted(Target target) {
			this.target = target;
		}

		@Override
		public void refused() {
			this.refused = true;
		}

	}

}
