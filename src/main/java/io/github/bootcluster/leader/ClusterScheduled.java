package io.github.bootcluster.leader;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;

import org.springframework.core.annotation.AliasFor;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * {@link Scheduled} for the whole cluster: every worker keeps the schedule, and only the
 * {@link LeaderOnly leader} does the job. What falls into a change of leaders is left
 * out, and what the leader is killed at is not done again. The application has
 * {@code @EnableScheduling}, as for any schedule. All attributes are those of
 * {@link Scheduled}.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@LeaderOnly
@Scheduled
public @interface ClusterScheduled {

	/** See {@link Scheduled#cron()}. */
	@AliasFor(annotation = Scheduled.class)
	String cron() default "";

	/** See {@link Scheduled#zone()}. */
	@AliasFor(annotation = Scheduled.class)
	String zone() default "";

	/** See {@link Scheduled#fixedDelay()}. */
	@AliasFor(annotation = Scheduled.class)
	long fixedDelay() default -1;

	/** See {@link Scheduled#fixedDelayString()}. */
	@AliasFor(annotation = Scheduled.class)
	String fixedDelayString() default "";

	/** See {@link Scheduled#fixedRate()}. */
	@AliasFor(annotation = Scheduled.class)
	long fixedRate() default -1;

	/** See {@link Scheduled#fixedRateString()}. */
	@AliasFor(annotation = Scheduled.class)
	String fixedRateString() default "";

	/** See {@link Scheduled#initialDelay()}. */
	@AliasFor(annotation = Scheduled.class)
	long initialDelay() default -1;

	/** See {@link Scheduled#initialDelayString()}. */
	@AliasFor(annotation = Scheduled.class)
	String initialDelayString() default "";

	/** See {@link Scheduled#timeUnit()}. */
	@AliasFor(annotation = Scheduled.class)
	TimeUnit timeUnit() default TimeUnit.MILLISECONDS;

	/** See {@link Scheduled#scheduler()}. */
	@AliasFor(annotation = Scheduled.class)
	String scheduler() default "";

}
