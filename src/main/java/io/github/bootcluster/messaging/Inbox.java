package io.github.bootcluster.messaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.control.Mail;
import io.github.bootcluster.control.Mail.Kind;
import io.github.bootcluster.messaging.MessagingException.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages that have come, and the one thread that hands them to the listeners. How
 * many there can be is the {@link PostOffice}'s to limit.
 */
final class Inbox {

	private static final Logger logger = LoggerFactory.getLogger(Inbox.class);

	/** How long listeners may take to come to an end. */
	private static final long STOP_MILLIS = 5000;

	/** Classes nobody listens for are told of once each, up to so many. */
	private static final int MAX_UNHEARD = 100;

	private static final Mail END = Mail.of(Kind.SPREAD, 0, 0);

	private final Post post;

	private final Listeners listeners;

	private final MessageCodec codec;

	/** Filled by whoever reads the mail, emptied by the thread. */
	private final BlockingQueue<Mail> messages = new LinkedBlockingQueue<>();

	/** Used by the thread. */
	private final Set<String> unheard = ConcurrentHashMap.newKeySet();

	/**
	 * Of the present start: one of before, held up by its listener, ends after that. Set
	 * by the thread that starts and stops, read by any.
	 */
	private volatile @Nullable Thread thread;

	/** Set by the thread that starts and stops, read by any. */
	private volatile boolean stopped;

	Inbox(Post post, Listeners listeners, MessageCodec codec) {
		this.post = post;
		this.listeners = listeners;
		this.codec = codec;
	}

	/** For the first time, or after a stop. */
	void start() {
		this.stopped = false;
		Thread thread = new Thread(this::handleAll, "cluster-messages");
		thread.setDaemon(true);
		this.thread = thread;
		thread.start();
	}

	/** Take no more: what has not had its turn is refused. */
	void stop() {
		this.stopped = true;
		this.messages.add(END);
		// A listener may be the one to close the application.
		Thread thread = this.thread;
		if (thread != null && thread != Thread.currentThread()) {
			awaitEnd(thread);
		}
		refuseRest();
	}

	void add(Mail message) {
		this.messages.add(message);
		if (this.stopped) {
			refuseRest();
		}
	}

	private static void awaitEnd(Thread thread) {
		try {
			thread.join(STOP_MILLIS);
			if (thread.isAlive()) {
				logger.warn("A listener is still busy with its message after {} ms: interrupted", STOP_MILLIS);
				thread.interrupt();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			logger.warn("Interrupted while waiting for the listeners of messages to end");
		}
	}

	private void handleAll() {
		while (!this.stopped && Thread.currentThread() == this.thread) {
			try {
				Mail message = this.messages.take();
				if (message != END) {
					handle(message);
				}
			}
			catch (InterruptedException ex) {
				logger.debug("A listener left its thread interrupted: it goes on, unless stopped");
			}
		}
	}

	private void handle(Mail message) {
		try {
			Listeners.Subject subject = this.listeners.find(message.type()).orElseThrow(() -> unheard(message));
			Object payload = read(message, subject);
			if (message.kind() == Kind.REQUEST) {
				this.post.send(reply(message, subject.tell(payload, Sender.of(message.peer()))));
			}
			else {
				this.post.send(Mail.of(Kind.TAKEN, message.peer(), message.id()));
				subject.tell(payload, Sender.of(message.peer()));
			}
		}
		catch (MessagingException ex) {
			refuse(message, ex);
		}
		catch (RuntimeException | Error ex) {
			logger.error("A message of {} from {} could not be handled", message.type(), Sender.of(message.peer()), ex);
			refuse(message, new MessagingException(Reason.LISTENER_FAILED, "Its receiver failed: " + ex));
		}
	}

	private Object read(Mail message, Listeners.Subject subject) {
		try {
			return this.codec.read(message.content(), subject.type());
		}
		catch (MessagingException ex) {
			logger.warn("A message from {} is ignored: {}", Sender.of(message.peer()), ex.getMessage());
			throw ex;
		}
	}

	private Mail reply(Mail request, Listeners.Outcome outcome) {
		if (outcome.reply() != null) {
			return new Mail(Kind.REPLY, request.peer(), request.id(), "", this.codec.write(outcome.reply()));
		}
		throw new MessagingException(Reason.LISTENER_FAILED,
				(outcome.failure() != null)
						? "The listener for %s threw %s".formatted(request.type(), outcome.failure())
						: "No listener for %s returned a reply".formatted(request.type()));
	}

	private MessagingException unheard(Mail message) {
		String why = "There is no listener for messages of %s".formatted(message.type());
		if (this.unheard.size() < MAX_UNHEARD && this.unheard.add(message.type())) {
			logger.warn("A message from {} is ignored, as will be others like it: {}", Sender.of(message.peer()), why);
		}
		return new MessagingException(Reason.NO_LISTENER, why);
	}

	private void refuseRest() {
		List<Mail> rest = new ArrayList<>();
		this.messages.drainTo(rest);
		rest.stream()
			.filter((message) -> message != END)
			.forEach((message) -> refuse(message,
					new MessagingException(Reason.NOT_READY, "The receiver was shutting down")));
	}

	private void refuse(Mail message, MessagingException ex) {
		String why = (ex.getMessage() != null) ? ex.getMessage() : ex.getReason().name();
		this.post.send(Refusal.mail(message.peer(), message.id(), ex.getReason(), why));
	}

}
