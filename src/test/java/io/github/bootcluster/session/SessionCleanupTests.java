package io.github.bootcluster.session;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.leader.Leadership;
import io.github.bootcluster.leader.SwitchedLeadership;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link SessionCleanup}. */
@ExtendWith(OutputCaptureExtension.class)
class SessionCleanupTests {

	private static final String EVERY_SECOND = "* * * * * *";

	private final BlockingQueue<Thread> removals = new LinkedBlockingQueue<>();

	@Test
	void removesAsScheduledOnADaemonThreadOfItsOwnUntilItIsStopped() throws InterruptedException {
		SessionCleanup cleanup = cleanup(EVERY_SECOND, Leadership.always());
		cleanup.start();
		assertThat(cleanup.isRunning()).isTrue();
		Thread thread = this.removals.poll(10, TimeUnit.SECONDS);
		assertThat(thread).isNotNull().matches(Thread::isDaemon);
		assertThat(thread.getName()).startsWith("cluster-session-cleanup");
		assertThat(this.removals.poll(10, TimeUnit.SECONDS)).as("again").isSameAs(thread);
		cleanup.stop();
		assertThat(cleanup.isRunning()).isFalse();
		thread.join(TimeUnit.SECONDS.toMillis(10));
		assertThat(thread.isAlive()).isFalse();
		cleanup.start();
		assertThat(this.removals.poll(10, TimeUnit.SECONDS)).as("by another start").isNotNull();
		cleanup.stop();
	}

	@Test
	void doesNotWaitForTheNextTimeWhenItIsStopped() throws InterruptedException {
		SessionCleanup cleanup = cleanup("0 0 0 1 1 *", Leadership.always());
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		cleanup.start();
		Thread thread = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((candidate) -> !before.contains(candidate))
			.filter((candidate) -> candidate.getName().startsWith("cluster-session-cleanup"))
			.findFirst()
			.orElseThrow();
		cleanup.stop();
		thread.join(TimeUnit.SECONDS.toMillis(10));
		assertThat(thread.isAlive()).isFalse();
		assertThat(this.removals).isEmpty();
	}

	@Test
	void removesNothingWhereThisProcessDoesNotLead() {
		SwitchedLeadership leadership = new SwitchedLeadership();
		SessionCleanup cleanup = cleanup(EVERY_SECOND, leadership);
		cleanup.clean(this::remove);
		assertThat(this.removals).isEmpty();
		leadership.leader = true;
		cleanup.clean(this::remove);
		assertThat(this.removals).hasSize(1);
	}

	@Test
	void neverStartsWithoutAScheduleOrWithoutAStore() {
		SessionCleanup disabled = cleanup("-", Leadership.always());
		disabled.start();
		assertThat(disabled.isRunning()).isFalse();
		SessionCleanup nothing = new SessionCleanup(List::of, EVERY_SECOND, Leadership.always());
		nothing.start();
		assertThat(nothing.isRunning()).isFalse();
		nothing.stop();
	}

	@Test
	void warnsOncePerStreakOfFailures(CapturedOutput output) {
		SwitchedLeadership leadership = new SwitchedLeadership();
		leadership.leader = true;
		SessionCleanup cleanup = cleanup(EVERY_SECOND, leadership);
		cleanup.clean(() -> fail("down"));
		cleanup.clean(() -> fail("down"));
		assertThat(output).containsOnlyOnce("could not be removed").contains("WARN").contains("down");
		leadership.leader = false;
		cleanup.clean(this::remove);
		assertThat(output).doesNotContain("removed again");
		leadership.leader = true;
		cleanup.clean(this::remove);
		cleanup.clean(this::remove);
		assertThat(output).containsOnlyOnce("removed again");
		cleanup.clean(() -> fail("down a second time"));
		assertThat(output).contains("down a second time");
	}

	private SessionCleanup cleanup(String cron, Leadership leadership) {
		return new SessionCleanup(() -> List.of(this::remove), cron, leadership);
	}

	@Test
	void goesOnUntilNoneIsLeftOrAnotherOneLeads() {
		SwitchedLeadership leadership = new SwitchedLeadership();
		leadership.leader = true;
		SessionCleanup cleanup = cleanup(EVERY_SECOND, leadership);
		cleanup.clean(() -> !remove() && this.removals.size() < 5);
		assertThat(this.removals).hasSize(5);
		cleanup.clean(() -> {
			remove();
			leadership.leader = this.removals.size() < 8;
			return true;
		});
		assertThat(this.removals).hasSize(8);
	}

	private boolean remove() {
		this.removals.add(Thread.currentThread());
		return false;
	}

	private static boolean fail(String message) {
		throw new IllegalStateException(message);
	}

}
