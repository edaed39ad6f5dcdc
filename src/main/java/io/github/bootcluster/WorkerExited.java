package io.github.bootcluster;

import java.time.Instant;

/**
 * The process of a worker is gone.
 *
 * @param slot its slot; {@value WorkerSnapshot#NO_SLOT} if it stood by, or was to
 * @param generation its generation
 * @param pid the process id it had
 * @param exit how it ended, and whether the launcher had asked for it
 * @since 0.1.0
 */
public record WorkerExited(int slot, int generation, long pid, ExitInfo exit) implements WorkerEvent {

	@Override
	public WorkerId worker() {
		return this.exit.worker();
	}

	@Override
	public Instant at() {
		return this.exit.at();
	}

}
