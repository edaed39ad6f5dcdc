package io.github.bootcluster.launcher;

import io.github.bootcluster.WorkerId;

/**
 * A worker that shall exist.
 *
 * @param id identity of the process
 * @param slot its place, from 1; 0 for one that has none, or none yet
 * @param generation its generation, from 1
 * @param workers how many share the machine, itself among them
 * @param logFile number of its log file, which no other live worker of another slot has
 */
record WorkerSpec(WorkerId id, int slot, int generation, int workers, int logFile) {

	/** A worker whose log file has the number of its slot. */
	WorkerSpec(WorkerId id, int slot, int generation, int workers) {
		this(id, slot, generation, workers, slot);
	}

	/** The same worker, which has got a slot. */
	WorkerSpec inSlot(int slot) {
		return new WorkerSpec(this.id, slot, this.generation, this.workers, this.logFile);
	}

}
