package io.github.bootcluster.worker;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.bootcluster.control.ControlMessage.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the launcher's questions, one after the other, on a thread of its own: the one
 * that reads what the launcher says must not wait for an application. There is no such
 * thread while nobody asks.
 */
final class Answers {

	private static final Logger logger = LoggerFactory.getLogger(Answers.class);

	private static final long IDLE_SECONDS = 10;

	private final Consumer<Answer> launcher;

	private final Executor executor;

	Answers(Consumer<Answer> launcher) {
		this.launcher = launcher;
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (task) -> {
					Thread thread = new Thread(task, "cluster-answers");
					thread.setDaemon(true);
					return thread;
				});
		executor.allowCoreThreadTimeOut(true);
		this.executor = executor;
	}

	/**
	 * Answer a question when it is its turn.
	 * @param work does what was asked for, and gives the answer
	 */
	void answer(long question, Supplier<String> work) {
		this.executor.execute(() -> this.launcher.accept(answered(question, work)));
	}

	private static Answer answered(long question, Supplier<String> work) {
		try {
			return new Answer(question, true, work.get());
		}
		catch (RuntimeException ex) {
			logger.warn("What the launcher asked for could not be done", ex);
			return new Answer(question, false, (ex.getMessage() != null) ? ex.getMessage() : ex.toString());
		}
	}

}
