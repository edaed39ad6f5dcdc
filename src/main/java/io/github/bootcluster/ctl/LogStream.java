package io.github.bootcluster.ctl;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.OutputLines;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerOutput;
import io.github.bootcluster.WorkerSnapshot;

/**
 * Prints what workers wrote, and goes on with what they write. Of several workers each
 * line says whose it is.
 */
final class LogStream {

	private final CtlCommand.Logs command;

	private final Cluster cluster;

	private final WorkerOutput output;

	private final Printer printer;

	/** Number of the latest line of each worker that was seen. */
	private final Map<WorkerId, Long> printed = new TreeMap<>();

	LogStream(CtlCommand.Logs command, Cluster cluster, WorkerOutput output, Printer printer) {
		this.command = command;
		this.cluster = cluster;
		this.output = output;
		this.printer = printer;
	}

	/** Print them. Returns the status to exit with. */
	int run() throws IOException {
		WorkerId one = this.command.worker();
		if (one != null && !isKnown(one)) {
			this.printer.error("There is no worker %s, and nothing that it wrote is kept.\n".formatted(one));
			return ExitStatus.REFUSED;
		}
		for (WorkerId worker : workers()) {
			OutputLines lines = this.output.linesAfter(worker, 0);
			print(worker, last(lines.lines()));
			this.printed.put(worker, lines.last());
		}
		boolean ended = !this.command.follow();
		while (!ended) {
			// Before the look: what it wrote until then is seen by that.
			boolean gone = one != null && !isAlive(one);
			this.printer.pause();
			ended = !followAll() && gone;
		}
		return ExitStatus.DONE;
	}

	/** Returns whether there was anything new. */
	private boolean followAll() throws IOException {
		List<WorkerId> live = workers();
		live.forEach((worker) -> this.printed.putIfAbsent(worker, 0L));
		boolean news = false;
		// Those that have just left, too: these are their last words.
		for (WorkerId worker : List.copyOf(this.printed.keySet())) {
			news |= follow(worker);
		}
		this.printed.keySet().retainAll(live);
		return news;
	}

	private boolean follow(WorkerId worker) throws IOException {
		long before = this.printed.getOrDefault(worker, 0L);
		OutputLines lines = this.output.linesAfter(worker, before);
		long missed = lines.last() - before - lines.lines().size();
		if (missed > 0) {
			this.printer.error("(%d lines of worker %s came too fast to be shown)\n".formatted(missed, worker));
		}
		print(worker, lines.lines());
		boolean news = lines.last() > before;
		if (news) {
			this.printed.put(worker, lines.last());
		}
		return news;
	}

	private void print(WorkerId worker, List<String> lines) throws IOException {
		if (lines.isEmpty()) {
			return;
		}
		StringBuilder text = new StringBuilder();
		String label = (this.command.worker() == null) ? "worker %s | ".formatted(worker) : "";
		for (String line : lines) {
			if (this.command.json()) {
				this.printer.json(new LineDocument(worker.value(), line));
			}
			else {
				text.append(label).append(this.printer.foreign(line)).append('\n');
			}
		}
		this.printer.print(text.toString());
	}

	private List<String> last(List<String> lines) {
		return lines.subList(Math.max(0, lines.size() - this.command.lines()), lines.size());
	}

	/** One that is gone is known as long as what it wrote is kept. */
	private boolean isKnown(WorkerId worker) {
		return this.cluster.snapshot().worker(worker).isPresent()
				|| this.output.linesAfter(worker, Long.MAX_VALUE).last() > 0;
	}

	private boolean isAlive(WorkerId worker) {
		return this.cluster.snapshot().worker(worker).filter((found) -> found.state().isAlive()).isPresent();
	}

	private List<WorkerId> workers() {
		WorkerId one = this.command.worker();
		return (one != null) ? List.of(one)
				: this.cluster.snapshot().workers().stream().map(WorkerSnapshot::id).toList();
	}

	/**
	 * A line as programs read it.
	 *
	 * @param worker id of the worker that wrote it
	 */
	private record LineDocument(long worker, String line) {

	}

}
