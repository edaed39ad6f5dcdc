package io.github.bootcluster;

import java.time.Instant;

/**
 * A worker is in rotation for the first time: it gets requests from now on. One that
 * stood by is once it has stepped in.
 *
 * @param worker identity of the process
 * @param slot its slot
 * @param generation its generation
 * @param pid its process id
 * @param at when it joined
 * @since 0.1.0
 */
public record WorkerReady(WorkerId worker, int slot, int generation, long pid, Instant at) implements WorkerEvent {

}
