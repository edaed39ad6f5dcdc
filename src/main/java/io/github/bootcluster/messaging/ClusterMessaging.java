package io.github.bootcluster.messaging;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.WorkerId;

/**
 * Sends messages to other members of the cluster. There is one bean of this type in every
 * role; a standalone process is a cluster of one and reaches itself.
 * <p>
 * A payload is an ordinary record or other class that Jackson can write. It reaches the
 * {@link ClusterListener} methods for exactly its class, in a process of the same
 * program. Messages pass through the launcher, which does not read them.
 * <p>
 * A message is delivered <em>at most once</em>, and in order for each sender and
 * receiver. Nothing is kept for a worker that is not there or not ready yet: the sender
 * is told. A receiver takes one message after the other. While it is slow, so is its
 * sender: once 256 messages or 4 MiB from here have not had their turn there, the next
 * call waits for up to {@code cluster.messaging.send-timeout} and then fails; once all
 * senders together have {@code cluster.messaging.queue-capacity} messages waiting there,
 * further ones fail at once.
 * <p>
 * What is wrong with a call itself is thrown: a payload that cannot be written or is
 * larger than {@code cluster.messaging.max-message-size}, as a
 * {@link MessagingException}, and {@code null} as a {@link NullPointerException}. What
 * happens later completes the future, always, in the worst case with a
 * {@link MessagingException}. What depends on such a future without an executor runs on
 * one thread for all of them and must not block it.
 *
 * @since 0.1.0
 */
public interface ClusterMessaging {

	/**
	 * Send a message to every worker that takes messages, this one included. Those that
	 * stand by are among them, the launcher is not.
	 * @param payload what to send
	 * @return completes once every receiver has answered or is gone, with who got it
	 */
	CompletableFuture<BroadcastResult> broadcast(Object payload);

	/**
	 * Send a message to a worker.
	 * @param receiver the worker, which may be this one
	 * @param payload what to send
	 * @return completes once it is the message's turn there. That its listeners have done
	 * well is not said: use a request for that
	 */
	CompletableFuture<Void> send(WorkerId receiver, Object payload);

	/**
	 * Send a message to the launcher, for the listeners of the classes in
	 * {@code cluster.launcher.configuration}.
	 * @param payload what to send
	 * @return as {@link #send}
	 */
	CompletableFuture<Void> sendToLauncher(Object payload);

	/**
	 * Send a message to a worker and have its reply, which is what its listener method
	 * returns.
	 * @param <T> type of the reply
	 * @param receiver the worker, which may be this one, but not from within a listener
	 * that waits for the reply: a worker's listeners take turns
	 * @param payload what to send
	 * @param responseType class of the reply
	 * @param timeout how long to wait for it; a positive time
	 * @return completes with the reply, or a {@link MessagingException} if there is none
	 */
	<T> CompletableFuture<T> request(WorkerId receiver, Object payload, Class<T> responseType, Duration timeout);

}
