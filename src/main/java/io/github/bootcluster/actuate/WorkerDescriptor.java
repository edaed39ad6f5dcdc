package io.github.bootcluster.actuate;

import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.TrafficRates.Rates;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import org.jspecify.annotations.Nullable;

/**
 * A worker as operators and their programs read it; see {@link WorkerSnapshot} for the
 * meanings. Fields without a value are left out.
 *
 * @param traffic how busy it is, its fields beside the others
 * @param vitals what its process uses; left out while there is none
 */
public record WorkerDescriptor(long id, int slot, int generation, @Nullable Long pid, @Nullable Integer port,
		WorkerState state, Instant startedAt, int restarts, int inFlight, long requests, long failures,
		@JsonUnwrapped TrafficDescriptor traffic, @Nullable VitalsDescriptor vitals, @Nullable Instant heartbeatAt,
		@Nullable Instant nextStartAt, @Nullable ExitDescriptor lastExit) {

	static WorkerDescriptor of(WorkerSnapshot worker, TrafficRates traffic, Optional<WorkerVitals> vitals) {
		Rates rates = traffic.workers().getOrDefault(worker.id(), Rates.NONE);
		return new WorkerDescriptor(worker.id().value(), worker.slot(), worker.generation(), worker.pid(),
				worker.port(), worker.state(), worker.startedAt(), worker.restarts(), worker.inFlight(),
				worker.requests(), worker.failures(), TrafficDescriptor.of(rates),
				// What was measured last may be of a process that is gone.
				vitals.filter((known) -> worker.state().isAlive()).map(VitalsDescriptor::of).orElse(null),
				worker.heartbeatAt(), worker.nextStartAt(), ExitDescriptor.of(worker.lastExit()));
	}

	/** How the previous process of the slot ended; see {@link ExitInfo}. */
	public record ExitDescriptor(long id, int code, @Nullable String signal, boolean expected, Instant at,
			ExitInfo.Cause cause, String reason) {

		static @Nullable ExitDescriptor of(@Nullable ExitInfo exit) {
			return (exit != null) ? new ExitDescriptor(exit.worker().value(), exit.code(), exit.signal(),
					exit.expected(), exit.at(), exit.cause(), exit.reason()) : null;
		}

	}

}
