package io.github.bootcluster;

import java.time.Instant;

/**
 * The process of a worker was started.
 *
 * @param worker identity of the process
 * @param slot its slot; {@value WorkerSnapshot#NO_SLOT} if it is to stand by
 * @param generation its generation
 * @param pid its process id
 * @param at when it was
 * @since 0.1.0
 */
public record WorkerStarted(WorkerId worker, int slot, int generation, long pid, Instant at) implements WorkerEvent {

}
