package io.github.bootcluster.worker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/** When tasks of a leader run, and when it has resigned. */
class WorkerLeadershipTests {

	private final WorkerLeadership leadership = new WorkerLeadership();

	private final AtomicInteger runs = new AtomicInteger();

	private final AtomicBoolean resigned = new AtomicBoolean();

	@Test
	void taskRunsOnlyBetweenTheOrderToLeadAndThatToResign() {
		assertThat(this.leadership.isLeader()).isFalse();
		assertThat(run()).isFalse();
		this.leadership.lead(1);
		assertThat(this.leadership.isLeader()).isTrue();
		assertThat(run()).isTrue();
		resign(1);
		assertThat(this.leadership.isLeader()).isFalse();
		assertThat(this.resigned).isTrue();
		assertThat(run()).isFalse();
		this.leadership.lead(2);
		assertThat(run()).isTrue();
		assertThat(this.runs).hasValue(2);
	}

	@Test
	void resignationWaitsForTheTaskThatRunsAndNoneBegins() throws Exception {
		this.leadership.lead(1);
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Thread task = new Thread(() -> this.leadership.run(() -> {
			begun.countDown();
			await(goOn);
			assertThat(this.resigned).isFalse();
			this.runs.incrementAndGet();
		}));
		task.start();
		await(begun);
		resign(1);
		assertThat(this.leadership.isLeader()).isFalse();
		assertThat(this.resigned).isFalse();
		assertThat(run()).isFalse();
		goOn.countDown();
		task.join();
		assertThat(this.resigned).isTrue();
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void taskWithinATaskIsPartOfIt() {
		this.leadership.lead(1);
		boolean ran = this.leadership.run(() -> {
			resign(1);
			assertThat(run()).isTrue();
			assertThat(this.resigned).isFalse();
		});
		assertThat(ran).isTrue();
		assertThat(this.resigned).isTrue();
		assertThat(this.runs).hasValue(1);
		assertThat(run()).isFalse();
	}

	@Test
	void taskThatThrowsHasEnded() {
		this.leadership.lead(1);
		assertThatIOException().isThrownBy(() -> this.leadership.run(() -> {
			resign(1);
			throw new IOException("no disk");
		}));
		assertThat(this.resigned).isTrue();
	}

	@Test
	void orderToResignFromAnEarlierTermIsIgnored() {
		this.leadership.lead(1);
		this.leadership.lead(2);
		resign(1);
		assertThat(this.leadership.isLeader()).isTrue();
		assertThat(this.resigned).isFalse();
	}

	@Test
	void orderToResignFromATermItNeverHadIsAnswered() {
		resign(4);
		assertThat(this.resigned).isTrue();
	}

	@Test
	void workerWithoutALauncherLeadsNoMore() {
		this.leadership.lead(1);
		this.leadership.lose();
		assertThat(this.leadership.isLeader()).isFalse();
		assertThat(run()).isFalse();
		this.leadership.lead(2);
		assertThat(this.leadership.isLeader()).isFalse();
	}

	@Test
	void tasksOfTwoWorkersNeverOverlapHoweverOftenTheLeaderChanges() throws Exception {
		List<WorkerLeadership> workers = List.of(new WorkerLeadership(), new WorkerLeadership());
		AtomicInteger[] busy = { new AtomicInteger(), new AtomicInteger() };
		AtomicInteger overlaps = new AtomicInteger();
		AtomicInteger[] done = { new AtomicInteger(), new AtomicInteger() };
		AtomicBoolean enough = new AtomicBoolean();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			int own = i % 2;
			threads.add(new Thread(() -> {
				while (!enough.get()) {
					workers.get(own).run(() -> {
						busy[own].incrementAndGet();
						Thread.yield();
						if (busy[1 - own].get() > 0) {
							overlaps.incrementAndGet();
						}
						done[own].incrementAndGet();
						busy[own].decrementAndGet();
					});
					Thread.yield();
				}
			}));
		}
		threads.forEach(Thread::start);
		for (int term = 1; term <= 2000 || done[0].get() == 0 || done[1].get() == 0; term++) {
			WorkerLeadership leader = workers.get(term % 2);
			leader.lead(term);
			Thread.yield();
			CountDownLatch resigned = new CountDownLatch(1);
			leader.resign(term, resigned::countDown);
			await(resigned);
		}
		enough.set(true);
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(overlaps).hasValue(0);
	}

	private boolean run() {
		return this.leadership.run(this.runs::incrementAndGet);
	}

	private void resign(long term) {
		this.leadership.resign(term, () -> this.resigned.set(true));
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
