package io.github.bootcluster.messaging;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Has a method of a bean called with the messages that other members of the cluster send.
 * Its first parameter is the payload: messages of exactly that class are given to it, and
 * no other class is ever made of what comes in. It may have a second one, a
 * {@link Sender}. What it returns, if anything, is the reply to a request.
 * <p>
 * All listeners of a process run on one thread, in the order of the messages: one that
 * takes long makes others wait.
 * <p>
 * A method with {@code @EventListener} whose parameter is a {@link ClusterMessage} is
 * given messages, too.
 *
 * @since 0.1.0
 */
@Documented
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface ClusterListener {

}
