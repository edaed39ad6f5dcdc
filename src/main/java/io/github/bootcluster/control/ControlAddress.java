package io.github.bootcluster.control;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import io.github.bootcluster.WorkerId;

/**
 * Where and as whom a worker calls its launcher. Travels in the environment of the
 * worker's process, which only its owner can read; never on the command line, which
 * everybody can.
 *
 * @param socket path of the launcher's socket
 * @param worker identity of the worker
 * @param credential proof of it
 */
public record ControlAddress(Path socket, WorkerId worker, String credential) {

	private static final String SOCKET = "BOOT_CLUSTER_SOCKET";

	private static final String WORKER = "BOOT_CLUSTER_WORKER";

	private static final String CREDENTIAL = "BOOT_CLUSTER_CREDENTIAL";

	/**
	 * Whether a launcher started the process with that environment, be it to call or not.
	 */
	public static boolean isWorker(Map<String, String> environment) {
		return environment.containsKey(WORKER);
	}

	/**
	 * Mark the environment of a process to be as that of a worker that will not call: it
	 * is given no address and no credential.
	 */
	public static void mark(Map<String, String> environment, WorkerId worker) {
		environment.remove(SOCKET);
		environment.remove(CREDENTIAL);
		environment.put(WORKER, worker.toString());
	}

	/**
	 * Find the address in the environment of a process.
	 * @return empty if a launcher did not start that process
	 */
	public static Optional<ControlAddress> find(Map<String, String> environment) {
		String socket = environment.get(SOCKET);
		String worker = environment.get(WORKER);
		String credential = environment.get(CREDENTIAL);
		if (socket == null || worker == null || credential == null) {
			return Optional.empty();
		}
		return Optional.of(new ControlAddress(Path.of(socket), WorkerId.of(Long.parseLong(worker)), credential));
	}

	/** Put the address into the environment of a process to be. */
	public void addTo(Map<String, String> environment) {
		environment.put(SOCKET, this.socket.toString());
		environment.put(WORKER, this.worker.toString());
		environment.put(CREDENTIAL, this.credential);
	}

	@Override
	public String toString() {
		return "ControlAddress[socket=" + this.socket + ", worker=" + this.worker + "]";
	}

}
