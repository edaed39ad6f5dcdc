package io.github.bootcluster.sample;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.messaging.ClusterListener;
import io.github.bootcluster.messaging.ClusterMessaging;
import io.github.bootcluster.messaging.Sender;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Sends a text to all workers, and shows what this one received. */
@RestController
class MessagesController {

	private static final int KEPT = 100;

	private final long pid = ProcessHandle.current().pid();

	private final ClusterMessaging messaging;

	/** The latest ones, oldest first. Guarded by itself. */
	private final Deque<Message> received = new ArrayDeque<>();

	MessagesController(ClusterMessaging messaging) {
		this.messaging = messaging;
	}

	@PostMapping(path = "/broadcast", consumes = MediaType.TEXT_PLAIN_VALUE)
	CompletableFuture<Broadcast> broadcast(@RequestBody String text) {
		return this.messaging.broadcast(new Text(text))
			.thenApply((result) -> new Broadcast(this.pid,
					result.receivers().stream().map(WorkerId::value).sorted().toList()));
	}

	@GetMapping("/messages")
	Messages messages() {
		synchronized (this.received) {
			return new Messages(this.pid, List.copyOf(this.received));
		}
	}

	@ClusterListener
	void received(Text text, Sender sender) {
		keep(text.text(), sender);
	}

	/** What an operator broadcasts is a text. */
	@ClusterListener
	void received(String text, Sender sender) {
		keep(text, sender);
	}

	private void keep(String text, Sender sender) {
		synchronized (this.received) {
			this.received.add(new Message((sender.worker() != null) ? sender.worker().value() : 0, text));
			if (this.received.size() > KEPT) {
				this.received.remove();
			}
		}
	}

	/** What the workers send each other. */
	record Text(String text) {

	}

	/**
	 * To whom a text went.
	 *
	 * @param pid the process that sent it
	 * @param receivers ids of the workers that got it
	 */
	record Broadcast(long pid, Collection<Long> receivers) {

	}

	/**
	 * A message that came.
	 *
	 * @param from id of the worker that sent it, 0 for the launcher
	 * @param text what it said
	 */
	record Message(long from, String text) {

	}

	/**
	 * The answer.
	 *
	 * @param pid the process that answered
	 * @param messages the latest messages it received, oldest first
	 */
	record Messages(long pid, List<Message> messages) {

	}

}
