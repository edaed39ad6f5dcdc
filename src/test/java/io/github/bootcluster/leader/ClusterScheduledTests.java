package io.github.bootcluster.leader;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.autoconfigure.ClusterAutoConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.config.CronTask;
import org.springframework.scheduling.config.FixedRateTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;

import static org.assertj.core.api.Assertions.assertThat;

/** Jobs of a whole cluster on Spring's own schedule. */
class ClusterScheduledTests {

	@Test
	void jobRunsWhileThisProcessLeads() {
		SwitchedLeadership leadership = new SwitchedLeadership();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(Jobs.class);
			context.registerBean(LeaderOnlyPostProcessor.class, () -> new LeaderOnlyPostProcessor(() -> leadership));
			context.refresh();
			Jobs jobs = context.getBean(Jobs.class);
			awaitMore(jobs.everywhere(), 10);
			assertThat(jobs.once()).hasValue(0);
			leadership.leader = true;
			awaitMore(jobs.once(), 3);
			leadership.leader = false;
			// One may have begun before, on the only thread there is.
			awaitMore(jobs.everywhere(), 2);
			int before = jobs.once().get();
			awaitMore(jobs.everywhere(), 10);
			assertThat(jobs.once()).hasValue(before);
		}
	}

	@Test
	void standaloneProcessDoesItsJobsItself() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class))
			.withUserConfiguration(Jobs.class)
			.run((context) -> {
				assertThat(context.getBean(Cluster.class).isLeader()).isTrue();
				assertThat(context.getBean(Leadership.class).isLeader()).isTrue();
				awaitMore(context.getBean(Jobs.class).once(), 2);
			});
	}

	@Test
	void scheduleIsThatOfTheAttributes() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Times.class)) {
			Set<Object> schedules = context.getBean(ScheduledTaskHolder.class)
				.getScheduledTasks()
				.stream()
				.map((scheduled) -> scheduled.getTask())
				.map((task) -> (task instanceof CronTask cron) ? cron.getExpression()
						: ((FixedRateTask) task).getIntervalDuration())
				.collect(Collectors.toSet());
			assertThat(schedules).containsExactlyInAnyOrder("0 0 3 * * *", Duration.ofHours(2));
		}
	}

	@Test
	void everyAttributeIsThatOfScheduledWithTheSameDefault() throws Exception {
		Method job = Jobs.class.getDeclaredMethod("defaults");
		Scheduled merged = AnnotatedElementUtils.findMergedAnnotation(job, Scheduled.class);
		Scheduled plain = Jobs.class.getDeclaredMethod("plainDefaults").getAnnotation(Scheduled.class);
		assertThat(merged).isEqualTo(plain);
		assertThat(names(ClusterScheduled.class)).isEqualTo(names(Scheduled.class));
	}

	private static Set<String> names(Class<?> annotation) {
		return Stream.of(annotation.getDeclaredMethods()).map(Method::getName).collect(Collectors.toSet());
	}

	private static void awaitMore(AtomicInteger count, int more) {
		int enough = count.get() + more;
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> count.get() >= enough);
	}

	@EnableScheduling
	static class Jobs {

		private final AtomicInteger once = new AtomicInteger();

		private final AtomicInteger everywhere = new AtomicInteger();

		/** Through a method, since a proxy has fields of its own. */
		AtomicInteger once() {
			return this.once;
		}

		AtomicInteger everywhere() {
			return this.everywhere;
		}

		@ClusterScheduled(fixedDelay = 1)
		void doOnce() {
			this.once.incrementAndGet();
		}

		@Scheduled(fixedDelay = 1)
		void doEverywhere() {
			this.everywhere.incrementAndGet();
		}

		@ClusterScheduled(initialDelay = 100_000, fixedDelay = 100_000)
		void defaults() {
			throw new IllegalStateException("not yet");
		}

		@Scheduled(initialDelay = 100_000, fixedDelay = 100_000)
		void plainDefaults() {
			throw new IllegalStateException("not yet");
		}

	}

	@EnableScheduling
	static class Times {

		@ClusterScheduled(cron = "0 0 3 * * *", zone = "Europe/Berlin")
		void daily() {
			throw new IllegalStateException("not yet");
		}

		@ClusterScheduled(fixedRateString = "2", initialDelayString = "1", timeUnit = TimeUnit.HOURS)
		void everyTwoHours() {
			throw new IllegalStateException("not yet");
		}

	}

}
