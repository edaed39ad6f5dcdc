package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlListener.Connection;
import io.github.bootcluster.control.ControlMessage.Answer;
import io.github.bootcluster.control.ControlMessage.FromLauncher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks workers, and takes their answers. Each question gets a {@link Reply} in bounded
 * time. Some are standing: they are put to every worker that comes, too. Safe for use by
 * any thread.
 */
final class Inquiries {

	private static final Logger logger = LoggerFactory.getLogger(Inquiries.class);

	/** Number of a question to whose answer nobody listens. */
	private static final long RHETORICAL = 0;

	private final Duration patience;

	private final Map<WorkerId, Connection> connections = new ConcurrentHashMap<>();

	private final Map<Long, Open> open = new ConcurrentHashMap<>();

	private final AtomicLong lastQuestion = new AtomicLong(RHETORICAL);

	/** By subject. Guarded by this, as is their order among all that is sent. */
	private final Map<String, LongFunction<FromLauncher>> standing = new LinkedHashMap<>();

	/** Wait that long for an answer. */
	Inquiries(Duration patience) {
		this.patience = patience;
	}

	/** A worker can be asked. What stands is put to it before anything else is. */
	synchronized void connected(WorkerId worker, Connection connection) {
		this.standing.values().forEach((question) -> connection.send(question.apply(RHETORICAL)));
		this.connections.put(worker, connection);
	}

	/** A worker will answer no more. */
	void disconnected(WorkerId worker) {
		this.connections.remove(worker);
		this.open.values()
			.stream()
			.filter((question) -> question.worker().equals(worker))
			.forEach((question) -> question.reply().complete(Reply.GONE));
	}

	/** A worker has answered. */
	void answered(WorkerId worker, Answer answer) {
		Open question = this.open.get(answer.question());
		if (question != null && question.worker().equals(worker)) {
			question.reply().complete(new Reply.Answered(answer.done(), answer.text()));
		}
		else if (answer.question() != RHETORICAL) {
			logger.debug("Worker {} answers too late to question {}", worker, answer.question());
		}
		else if (!answer.done()) {
			logger.warn("Worker {} cannot do what all do: {}", worker, answer.text());
		}
	}

	/**
	 * Ask one worker.
	 * @param question makes the question of its number
	 */
	CompletableFuture<Reply> ask(WorkerId worker, LongFunction<FromLauncher> question) {
		Connection connection = this.connections.get(worker);
		if (connection == null) {
			return CompletableFuture.completedFuture(Reply.GONE);
		}
		long number = this.lastQuestion.incrementAndGet();
		CompletableFuture<Reply> reply = new CompletableFuture<>();
		this.open.put(number, new Open(worker, reply));
		reply.whenComplete((value, failure) -> this.open.remove(number));
		reply.completeOnTimeout(Reply.LATE, this.patience.toMillis(), TimeUnit.MILLISECONDS);
		if (!connection.send(question.apply(number))) {
			reply.complete(Reply.GONE);
		}
		return reply;
	}

	/**
	 * Ask every worker there is, and put what was asked to those that come, in place of
	 * what stood on that subject.
	 */
	synchronized Map<WorkerId, CompletableFuture<Reply>> askAll(String subject, LongFunction<FromLauncher> question) {
		this.standing.remove(subject);
		this.standing.put(subject, question);
		return askThoseThatAreThere(question);
	}

	/** Ask every worker there is, and put nothing on that subject to those that come. */
	synchronized Map<WorkerId, CompletableFuture<Reply>> askAllFor(String subject,
			LongFunction<FromLauncher> question) {
		this.standing.remove(subject);
		return askThoseThatAreThere(question);
	}

	/** Whether one more subject would be more than that many. */
	synchronized boolean isFull(String subject, int capacity) {
		return this.standing.size() >= capacity && !this.standing.containsKey(subject);
	}

	private Map<WorkerId, CompletableFuture<Reply>> askThoseThatAreThere(LongFunction<FromLauncher> question) {
		Map<WorkerId, CompletableFuture<Reply>> replies = new LinkedHashMap<>();
		this.connections.keySet().stream().sorted().forEach((worker) -> replies.put(worker, ask(worker, question)));
		return replies;
	}

	/** What became of a question. */
	sealed interface Reply {

		/** The worker ended, or was not there to be asked. */
		Reply GONE = new Gone();

		/** The worker did not answer in time. It may still do what was asked for. */
		Reply LATE = new Late();

		/**
		 * The worker answered.
		 *
		 * @param done whether what was asked for is done
		 * @param text the answer, or why it is not done
		 */
		record Answered(boolean done, String text) implements Reply {

		}

		record Gone() implements Reply {

		}

		record Late() implements Reply {

		}

	}

	private record Open(WorkerId worker, CompletableFuture<Reply> reply) {

	}

}
