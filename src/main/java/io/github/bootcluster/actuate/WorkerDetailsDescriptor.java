package io.github.bootcluster.actuate;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.OutputLines;
import io.github.bootcluster.WorkerOutput;
import io.github.bootcluster.WorkerSnapshot;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One worker with its last lines.
 *
 * @param worker the worker, its fields beside the following ones
 * @param output its last lines, or those that were asked for, oldest first
 * @param lastLine number of the last of them, from 1; to be given as {@code after} by who
 * wants to know what came next
 * @param lastExitOutput the last lines of the previous process of its slot: the
 * post-mortem of {@code lastExit}
 */
public record WorkerDetailsDescriptor(@JsonUnwrapped WorkerDescriptor worker, List<String> output, long lastLine,
		List<String> lastExitOutput) implements OperationResponseBody {

	static WorkerDetailsDescriptor of(WorkerSnapshot worker, ClusterTelemetry telemetry, WorkerOutput output,
			long after) {
		ExitInfo exit = worker.lastExit();
		OutputLines lines = output.linesAfter(worker.id(), after);
		return new WorkerDetailsDescriptor(
				WorkerDescriptor.of(worker, telemetry.traffic(), telemetry.vitals(worker.id())), lines.lines(),
				lines.last(), (exit != null) ? output.lastLines(exit.worker()) : List.of());
	}

}
