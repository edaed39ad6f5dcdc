package io.github.bootcluster.leader;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that runs only in the {@link Leadership leader} of the cluster: a
 * call of it elsewhere does nothing. As long as it runs no other process leads. It must
 * be {@code void}, and one that Spring can intercept (not private, static or final);
 * anything else is refused at the start. As with all that Spring intercepts, a call from
 * within the same bean is not seen. If it is {@code @Async} too, it is decided when it
 * runs.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface LeaderOnly {

}
