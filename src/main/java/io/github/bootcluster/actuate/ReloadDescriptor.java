package io.github.bootcluster.actuate;

import java.time.Instant;
import java.util.List;

import io.github.bootcluster.ReloadSnapshot;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerOutput;
import org.jspecify.annotations.Nullable;

/**
 * The latest reload as operators and their programs read it; see {@link ReloadSnapshot}
 * for the meanings.
 *
 * @param output the last lines of the failed worker, oldest first
 */
public record ReloadDescriptor(int generation, ReloadSnapshot.State state, String source, Instant startedAt,
		@Nullable Instant endedAt, int slots, int slotsDone, @Nullable String reason, @Nullable Long failedWorker,
		List<String> output) {

	static @Nullable ReloadDescriptor of(@Nullable ReloadSnapshot reload, WorkerOutput output) {
		if (reload == null) {
			return null;
		}
		WorkerId failed = reload.failedWorker();
		return new ReloadDescriptor(reload.generation(), reload.state(), reload.source(), reload.startedAt(),
				reload.endedAt(), reload.slots(), reload.slotsDone(), reload.reason(),
				(failed != null) ? failed.value() : null, LastWords.of(failed, output));
	}

}
