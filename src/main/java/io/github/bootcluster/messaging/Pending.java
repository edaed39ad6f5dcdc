package io.github.bootcluster.messaging;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.Mail;
import io.github.bootcluster.messaging.MessagingException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A message of which it is not known yet what became of it. Its state is guarded by the
 * {@link Outbox}'s lock.
 *
 * @param <T> what its sender waits for
 */
abstract sealed class Pending<T> {

	private final CompletableFuture<T> future = new CompletableFuture<>();

	CompletableFuture<T> future() {
		return this.future;
	}

	/**
	 * Take an answer. Every kind of answer ends a message, so that a receiver that says
	 * the wrong thing leaves no future open.
	 * @return what completes the future, or {@code null} if there is more to come
	 */
	abstract @Nullable Completion settle(Mail answer);

	/** Give up. */
	final void fail(MessagingException ex) {
		this.future.completeExceptionally(ex);
	}

	final Runnable failure(MessagingException ex) {
		return () -> fail(ex);
	}

	/** The end of a message, in two steps. */
	@FunctionalInterface
	interface Completion {

		/**
		 * Do what takes time and memory.
		 * @return completes the future, and so runs what depends on it
		 */
		Runnable prepare();

	}

	/** A message for one. */
	static final class Single extends Pending<Void> {

		@Override
		@Nullable Completion settle(Mail answer) {
			return switch (answer.kind()) {
				case TAKEN, REPLY -> () -> () -> future().complete(null);
				case REFUSED -> () -> failure(Refusal.read(answer));
				case MESSAGE, BROADCAST, REQUEST, SPREAD -> null;
			};
		}

	}

	/** A message that wants a reply. */
	static final class Request<T> extends Pending<T> {

		private final Function<byte[], T> reader;

		Request(Function<byte[], T> reader) {
			this.reader = reader;
		}

		@Override
		@Nullable Completion settle(Mail answer) {
			return switch (answer.kind()) {
				case REPLY -> () -> read(answer.content());
				case REFUSED -> () -> failure(Refusal.read(answer));
				case TAKEN -> () -> failure(
						new MessagingException(Reason.UNREADABLE, "The receiver took the request for a message"));
				case MESSAGE, BROADCAST, REQUEST, SPREAD -> null;
			};
		}

		/** Whatever the application's own code does to it, the future is completed. */
		private Runnable read(byte[] content) {
			try {
				T reply = this.reader.apply(content);
				return () -> future().complete(reply);
			}
			catch (MessagingException ex) {
				return failure(ex);
			}
			catch (RuntimeException | Error ex) {
				return failure(new MessagingException(Reason.UNREADABLE, "The reply could not be read: " + ex, ex));
			}
		}

	}

	/** A message for all workers. */
	static final class Broadcast extends Pending<BroadcastResult> {

		/** Who has not answered yet, or {@code null} while it is not known who got it. */
		private @Nullable Set<Long> expected;

		private final Set<WorkerId> receivers = new TreeSet<>();

		private final Map<WorkerId, String> failures = new TreeMap<>();

		@Override
		@Nullable Completion settle(Mail answer) {
			switch (answer.kind()) {
				case SPREAD -> this.expected = new HashSet<>(idsIn(answer));
				case TAKEN, REPLY -> {
					if (isExpected(answer)) {
						this.receivers.add(WorkerId.of(answer.peer()));
					}
				}
				case REFUSED -> {
					if (isExpected(answer)) {
						this.failures.put(WorkerId.of(answer.peer()), Refusal.read(answer).getMessage());
					}
				}
				case MESSAGE, BROADCAST, REQUEST -> {
				}
			}
			if (this.expected == null || !this.expected.isEmpty()) {
				return null;
			}
			BroadcastResult result = new BroadcastResult(this.receivers, this.failures);
			return () -> () -> future().complete(result);
		}

		private boolean isExpected(Mail answer) {
			return this.expected != null && this.expected.remove(answer.peer());
		}

		private static Collection<Long> idsIn(Mail answer) {
			LongBuffer ids = ByteBuffer.wrap(answer.content()).asLongBuffer();
			Collection<Long> result = new HashSet<>();
			while (ids.hasRemaining()) {
				result.add(ids.get());
			}
			return result;
		}

	}

}
