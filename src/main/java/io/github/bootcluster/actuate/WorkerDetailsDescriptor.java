package io.github.bootcluster.actuate;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.WorkerOutput;
import io.github.bootcluster.WorkerSnapshot;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One worker with its last lines.
 *
 * @param worker the worker, its fields beside the following ones
 * @param output its last lines, oldest first
 * @param lastExitOutput the last lines of the previous process of its slot: the
 * post-mortem of {@code lastExit}
 */
public record WorkerDetailsDescriptor(@JsonUnwrapped WorkerDescriptor worker, List<String> output,
		List<String> lastExitOutput) implements OperationResponseBody {

	static WorkerDetailsDescriptor of(WorkerSnapshot worker, WorkerOutput output) {
		ExitInfo exit = worker.lastExit();
		return new WorkerDetailsDescriptor(WorkerDescriptor.of(worker), output.lastLines(worker.id()),
				(exit != null) ? output.lastLines(exit.worker()) : List.of());
	}

}
