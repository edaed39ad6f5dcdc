package io.github.bootcluster.messaging;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.Mail;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a message.
 *
 * @param worker the worker, or {@code null} for the launcher and whoever speaks by it
 * @since 0.1.0
 */
public record Sender(@Nullable WorkerId worker) {

	static Sender of(long peer) {
		return new Sender((peer != Mail.LAUNCHER) ? WorkerId.of(peer) : null);
	}

	/** Whether it was the launcher. */
	public boolean isLauncher() {
		return this.worker == null;
	}

	@Override
	public String toString() {
		return (this.worker != null) ? "worker " + this.worker : "the launcher";
	}

}
