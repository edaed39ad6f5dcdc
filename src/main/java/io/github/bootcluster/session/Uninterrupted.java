package io.github.bootcluster.session;

import java.util.function.Supplier;

/**
 * Puts an interrupt off. Java closes a file whose reader or writer is interrupted, and
 * the embedded database would be gone with it.
 */
final class Uninterrupted {

	private Uninterrupted() {
	}

	static <T> T get(Supplier<T> action) {
		boolean interrupted = Thread.interrupted();
		try {
			return action.get();
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	static void run(Runnable action) {
		get(() -> {
			action.run();
			return true;
		});
	}

	static void join(Thread thread) {
		boolean interrupted = false;
		while (thread.isAlive()) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
