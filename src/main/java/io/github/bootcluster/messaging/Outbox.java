package io.github.bootcluster.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.github.bootcluster.control.Mail;
import io.github.bootcluster.control.Mail.Kind;
import io.github.bootcluster.messaging.MessagingException.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member has sent and has no answer to. Makes a sender wait that is faster than
 * its receiver, and completes futures on a thread of its own, never on the one that reads
 * the mail. Safe for use by any thread.
 */
final class Outbox implements AutoCloseable {

	/** Messages to one receiver, and as many broadcasts. */
	static final int MAX_MESSAGES = 256;

	static final int MAX_BYTES = 4 * 1024 * 1024;

	/** Stands for the receivers of a broadcast; no member's number. */
	private static final long ALL = -1;

	/** Of the process: whatever sends from here is one sender to the others. */
	private static final AtomicLong LAST_ID = new AtomicLong();

	private static final Logger logger = LoggerFactory.getLogger(Outbox.class);

	private final Post post;

	private final Duration sendTimeout;

	private final ScheduledThreadPoolExecutor results;

	/** The present one of that. Set when it is made, read by senders. */
	private volatile @Nullable Thread resultsThread;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition room = this.lock.newCondition();

	/** By the number of the message. Guarded by the lock. */
	private final Map<Long, Entry> pending = new HashMap<>();

	/** By receiver, of those that have not answered everything. Guarded by the lock. */
	private final Map<Long, Window> windows = new HashMap<>();

	/** Guarded by the lock. */
	private boolean closed;

	Outbox(Post post, Duration sendTimeout) {
		this.post = post;
		this.sendTimeout = sendTimeout;
		this.results = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "cluster-message-results");
			thread.setDaemon(true);
			this.resultsThread = thread;
			return thread;
		});
		this.results.setRemoveOnCancelPolicy(true);
	}

	CompletableFuture<Void> send(long receiver, String type, byte[] content) {
		return send(Kind.MESSAGE, receiver, type, content, new Pending.Single(), null);
	}

	CompletableFuture<BroadcastResult> broadcast(String type, byte[] content) {
		return send(Kind.BROADCAST, ALL, type, content, new Pending.Broadcast(), null);
	}

	<T> CompletableFuture<T> request(long receiver, String type, byte[] content, Pending.Request<T> request,
			Duration timeout) {
		return send(Kind.REQUEST, receiver, type, content, request, timeout);
	}

	/** Take the answer to a message. */
	void settle(Mail answer) {
		Entry entry;
		Pending.Completion completion;
		this.lock.lock();
		try {
			entry = this.pending.get(answer.id());
			if (entry == null) {
				logger.debug("Nobody waits for {} (any more)", answer);
				return;
			}
			completion = entry.pending.settle(answer);
			if (completion != null) {
				remove(answer.id(), entry);
			}
		}
		finally {
			this.lock.unlock();
		}
		if (completion != null) {
			complete(entry, completion);
		}
	}

	/** Give up on everything; nothing can be sent any more. */
	@Override
	public void close() {
		List<Entry> left;
		this.lock.lock();
		try {
			this.closed = true;
			left = new ArrayList<>(this.pending.values());
			this.pending.clear();
			this.windows.clear();
			this.room.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		left.forEach((entry) -> {
			entry.cancelTimeout();
			complete(entry, () -> entry.pending.failure(shutDown()));
		});
		// What is there is still done.
		this.results.shutdown();
	}

	private <T> CompletableFuture<T> send(Kind kind, long receiver, String type, byte[] content, Pending<T> pending,
			@Nullable Duration timeout) {
		try {
			long id = register(receiver, content.length, pending, timeout);
			boolean sent = false;
			try {
				sent = this.post.send(new Mail(kind, receiver, id, type, content));
			}
			finally {
				if (!sent) {
					giveUp(id, shutDown());
				}
			}
		}
		catch (MessagingException ex) {
			pending.fail(ex);
		}
		return pending.future();
	}

	private long register(long receiver, int size, Pending<?> pending, @Nullable Duration timeout) {
		this.lock.lock();
		try {
			Window window = awaitRoom(receiver, size);
			window.add(size);
			long id = LAST_ID.incrementAndGet();
			Entry entry = new Entry(pending, receiver, size);
			this.pending.put(id, entry);
			if (timeout != null) {
				entry.timeout = this.results.schedule(
						() -> giveUp(id,
								new MessagingException(Reason.TIMED_OUT, "%s has not replied within %d ms"
									.formatted(Sender.of(receiver), timeout.toMillis()))),
						timeout.toMillis(), TimeUnit.MILLISECONDS);
			}
			return id;
		}
		finally {
			this.lock.unlock();
		}
	}

	private Window awaitRoom(long receiver, int size) {
		long nanos = this.sendTimeout.toNanos();
		while (true) {
			if (this.closed) {
				throw shutDown();
			}
			// Anew each time: one that is empty has been forgotten meanwhile.
			Window window = this.windows.computeIfAbsent(receiver, (key) -> new Window());
			// The thread that makes room must not wait for any.
			if (window.hasRoomFor(size) || Thread.currentThread() == this.resultsThread) {
				return window;
			}
			if (nanos <= 0) {
				throw new MessagingException(Reason.TOO_BUSY,
						"%s has not taken any of %d messages (%d bytes) from here within %d ms"
							.formatted(nameOf(receiver), window.messages, window.bytes, this.sendTimeout.toMillis()));
			}
			try {
				nanos = this.room.awaitNanos(nanos);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new MessagingException(Reason.TOO_BUSY,
						"Interrupted while waiting for %s to take messages".formatted(nameOf(receiver)), ex);
			}
		}
	}

	private void giveUp(long id, MessagingException ex) {
		Entry entry;
		this.lock.lock();
		try {
			entry = this.pending.get(id);
			if (entry != null) {
				remove(id, entry);
			}
		}
		finally {
			this.lock.unlock();
		}
		if (entry != null) {
			complete(entry, () -> entry.pending.failure(ex));
		}
	}

	/** With the lock held. */
	private void remove(long id, Entry entry) {
		this.pending.remove(id);
		entry.cancelTimeout();
	}

	/**
	 * There is room for another one once the answer is read, but before others act on it,
	 * who may want to send.
	 */
	private void complete(Entry entry, Pending.Completion completion) {
		Runnable task = () -> {
			Runnable outcome = completion.prepare();
			free(entry);
			outcome.run();
		};
		try {
			this.results.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// Closed already: the last ones are completed by whoever comes with them.
			task.run();
		}
	}

	private void free(Entry entry) {
		this.lock.lock();
		try {
			Window window = this.windows.get(entry.receiver);
			if (window != null) {
				window.remove(entry.size);
				if (window.messages == 0) {
					this.windows.remove(entry.receiver);
				}
				this.room.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private static String nameOf(long receiver) {
		return (receiver != ALL) ? Sender.of(receiver).toString() : "the cluster";
	}

	private static MessagingException shutDown() {
		return new MessagingException(Reason.SHUT_DOWN, "This process is shutting down, or its launcher is gone");
	}

	/** A message, and what it takes of its receiver's window. */
	private static final class Entry {

		private final Pending<?> pending;

		private final long receiver;

		private final int size;

		private @Nullable ScheduledFuture<?> timeout;

		private Entry(Pending<?> pending, long receiver, int size) {
			this.pending = pending;
			this.receiver = receiver;
			this.size = size;
		}

		private void cancelTimeout() {
			if (this.timeout != null) {
				this.timeout.cancel(false);
			}
		}

	}

	/** What one receiver has from here. */
	private static final class Window {

		private int messages;

		private long bytes;

		private boolean hasRoomFor(int size) {
			return this.messages == 0 || (this.messages < MAX_MESSAGES && this.bytes + size <= MAX_BYTES);
		}

		private void add(int size) {
			this.messages++;
			this.bytes += size;
		}

		private void remove(int size) {
			this.messages--;
			this.bytes -= size;
		}

	}

}
