package io.github.bootcluster;

/**
 * What an operator can ask of a running cluster.
 *
 * @since 0.1.0
 */
public sealed interface ClusterCommand {

	/** The word operators use for it, such as {@code reload}. */
	String action();

	/** Replace all workers by new ones, a few at a time, without losing capacity. */
	record Reload() implements ClusterCommand {

		@Override
		public String action() {
			return "reload";
		}

	}

	/**
	 * Have another number of workers.
	 *
	 * @param workers the number, from 1 to {@value WorkerCount#MAX}
	 */
	record Scale(int workers) implements ClusterCommand {

		@Override
		public String action() {
			return "scale";
		}

	}

	/**
	 * Have so many more workers, or fewer.
	 *
	 * @param difference what is added to the number there should be now
	 */
	record ScaleBy(int difference) implements ClusterCommand {

		@Override
		public String action() {
			return "scale";
		}

	}

	/** Something that is asked of one worker. */
	sealed interface ForWorker extends ClusterCommand {

		WorkerId worker();

	}

	/** Replace a worker; it serves until the new one does. */
	record Restart(WorkerId worker) implements ForWorker {

		@Override
		public String action() {
			return "restart";
		}

	}

	/** Take a worker out of rotation and keep it. */
	record Drain(WorkerId worker) implements ForWorker {

		@Override
		public String action() {
			return "drain";
		}

	}

	/** Put a drained worker back in rotation. */
	record Undrain(WorkerId worker) implements ForWorker {

		@Override
		public String action() {
			return "undrain";
		}

	}

	/** End a worker at once, whatever it does. It is replaced. */
	record Kill(WorkerId worker) implements ForWorker {

		@Override
		public String action() {
			return "kill";
		}

	}

}
