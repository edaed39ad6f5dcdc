package io.github.bootcluster;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Which process of a cluster a log entry is of, as the members of an entry in JSON. They
 * are below one name, which is nobody else's: an application may well have a member
 * {@code cluster} of its own.
 *
 * @param role role of the process
 * @param worker the worker, or {@code null} for a launcher
 * @param slot its place, from 1; {@value WorkerSnapshot#NO_SLOT} for none
 * @param generation its generation
 * @since 0.1.0
 */
public record LogOrigin(Role role, @Nullable WorkerId worker, int slot, int generation) {

	/** Name of the member that holds the others. */
	public static final String NAME = "boot_cluster";

	/** What the names of those begin with where a format takes no nested ones: GELF. */
	public static final String FLAT_PREFIX = "_" + NAME + "_";

	/** The launcher's own entries. */
	public static LogOrigin launcher() {
		return new LogOrigin(Role.LAUNCHER, null, WorkerSnapshot.NO_SLOT, 0);
	}

	/** A worker's entries. */
	public static LogOrigin worker(WorkerId worker, int slot, int generation) {
		return new LogOrigin(Role.WORKER, worker, slot, generation);
	}

	/** The same worker, which has got a slot. */
	public LogOrigin inSlot(int slot) {
		return new LogOrigin(this.role, this.worker, slot, this.generation);
	}

	/** What the member {@value #NAME} holds; what is not known is left out. */
	public Map<String, Object> members() {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("role", roleName());
		if (this.worker != null) {
			members.put("worker", workerMembers(this.worker));
		}
		return members;
	}

	/** The same as members of the entry itself. */
	public Map<String, Object> flatMembers() {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put(FLAT_PREFIX + "role", roleName());
		if (this.worker != null) {
			workerMembers(this.worker).forEach((name, value) -> members.put(FLAT_PREFIX + "worker_" + name, value));
		}
		return members;
	}

	private Map<String, Object> workerMembers(WorkerId worker) {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("id", worker.value());
		if (this.slot != WorkerSnapshot.NO_SLOT) {
			members.put("slot", this.slot);
		}
		members.put("generation", this.generation);
		return members;
	}

	private String roleName() {
		return this.role.name().toLowerCase(Locale.ROOT);
	}

}
