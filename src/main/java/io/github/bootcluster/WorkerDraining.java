package io.github.bootcluster;

import java.time.Instant;

/**
 * A worker is out of rotation for good, since the launcher ends it: it finishes what it
 * has. Not told of one that dies by itself.
 *
 * @param worker identity of the process
 * @param slot its slot; {@value WorkerSnapshot#NO_SLOT} if it stood by
 * @param generation its generation
 * @param pid its process id
 * @param at when it left
 * @since 0.1.0
 */
public record WorkerDraining(WorkerId worker, int slot, int generation, long pid, Instant at) implements WorkerEvent {

}
