package io.github.bootcluster.launcher;

import io.github.bootcluster.WorkerId;

/**
 * A worker that shall exist.
 *
 * @param id identity of the process
 * @param slot its place, from 1; 0 for one that belongs to none
 * @param generation its generation, from 1
 * @param workers how many share the machine, itself among them
 */
record WorkerSpec(WorkerId id, int slot, int generation, int workers) {

}
