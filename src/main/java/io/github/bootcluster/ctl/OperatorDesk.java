package io.github.bootcluster.ctl;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.ClusterTimeline;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.SessionStoreHealth;
import io.github.bootcluster.WorkerOutput;
import io.github.bootcluster.actuate.ClusterView;
import io.github.bootcluster.actuate.CommandDescriptor;
import io.github.bootcluster.control.ControlMessage.Ask;
import io.github.bootcluster.control.OperatorListener;
import io.github.bootcluster.control.OperatorReply;
import org.jspecify.annotations.Nullable;

/**
 * Answers what operators ask by the command line. Whoever comes as far as here may
 * command, whatever the endpoint's access: that guards against clients of the network.
 */
public final class OperatorDesk implements OperatorListener {

	/** Set once, when there is something to tell and to command. Read by any thread. */
	private volatile @Nullable Subject subject;

	private final boolean defaultHome;

	private final InstantSource clock;

	/**
	 * Create a desk; it turns everybody away until it is {@link #open opened}.
	 * @param defaultHome whether nobody configured the cluster's home
	 */
	public OperatorDesk(boolean defaultHome, InstantSource clock) {
		this.defaultHome = defaultHome;
		this.clock = clock;
	}

	/** Begin to answer. */
	public void open(Subject subject) {
		this.subject = subject;
	}

	@Override
	public void asked(String operator, Ask ask, Connection connection) throws IOException {
		if (!isMeant(ask)) {
			connection.send(new OperatorReply.NotConfirmed());
			return;
		}
		Printer printer = new Printer(connection, ask.screen());
		Subject subject = this.subject;
		if (subject == null) {
			printer.error("The launcher is only just starting: ask again in a moment.\n");
			printer.end(ExitStatus.REFUSED);
			return;
		}
		try {
			answer(CtlCommand.parse(ask.words()), operator, ask, subject, printer);
		}
		catch (CtlUsageException ex) {
			printer.error(ex.getMessage() + "\n");
			printer.end(ExitStatus.USAGE);
		}
	}

	/** An operator that presumes is at the wrong place if it would have another home. */
	private boolean isMeant(Ask ask) {
		return ask.presumption() == null
				|| (this.defaultHome && ask.presumption().equals(ThisProgram.presumption(System.getenv())));
	}

	private void answer(CtlCommand command, String operator, Ask ask, Subject subject, Printer printer)
			throws IOException {
		if (command instanceof CtlCommand.Help) {
			printer.print(CtlHelp.TEXT);
			printer.end(ExitStatus.DONE);
		}
		else if (command instanceof CtlCommand.Status status) {
			if (status.json()) {
				printer.json(subject.view().cluster());
			}
			else {
				printer.print(new StatusText(ask.screen(), this.clock.instant()).of(subject.cluster().snapshot()));
			}
			printer.end(ExitStatus.DONE);
		}
		else if (command instanceof CtlCommand.Order order) {
			printer.end(execute(order, operator, subject, printer));
		}
		else if (command instanceof CtlCommand.Logs logs) {
			printer.end(new LogStream(logs, subject.cluster(), subject.output(), printer).run());
		}
		else if (command instanceof CtlCommand.Events events) {
			new EventStream(events, subject.timeline(), printer).run();
			printer.end(ExitStatus.DONE);
		}
		else if (command instanceof CtlCommand.Stop stop) {
			stop(stop, operator, subject, printer);
		}
	}

	private int execute(CtlCommand.Order order, String operator, Subject subject, Printer printer) throws IOException {
		CommandOutcome outcome = new Execution(order, subject.operations(), subject.cluster(), printer).run(operator);
		CommandDescriptor descriptor = CommandDescriptor.of(order.command().action(), outcome, subject.view());
		if (order.json()) {
			printer.json(descriptor);
			return statusOf(outcome);
		}
		int status = statusOf(outcome);
		if (status == ExitStatus.DONE) {
			printer.print(outcome.message() + "\n");
			return status;
		}
		printer.error(outcome.message() + "\n");
		if (!descriptor.output().isEmpty()) {
			printer.error("Last lines of worker %s:\n".formatted(outcome.witness()));
			for (String line : descriptor.output()) {
				// Where the errors go nobody knows: often to a terminal when the rest
				// does not.
				printer.error("  " + TerminalText.harmless(line, printer.screen().color()) + "\n");
			}
		}
		return status;
	}

	private static int statusOf(CommandOutcome outcome) {
		return switch (outcome.status()) {
			case ACCEPTED, SUCCEEDED -> ExitStatus.DONE;
			case FAILED -> ExitStatus.FAILED;
			case REFUSED, UNKNOWN_WORKER -> ExitStatus.REFUSED;
			case INVALID -> ExitStatus.USAGE;
		};
	}

	private static void stop(CtlCommand.Stop stop, String operator, Subject subject, Printer printer)
			throws IOException {
		subject.stopper().stop(operator);
		String begun = "The cluster is stopping: no new connections, workers finish their requests.";
		if (!stop.json()) {
			printer.print(begun + "\n");
		}
		else if (!stop.untilDone()) {
			printer.json(stopDescriptor(CommandOutcome.accepted(begun)));
		}
		if (!stop.untilDone()) {
			printer.end(ExitStatus.DONE);
			return;
		}
		String done = "Stopped.";
		printer.farewell(ProcessHandle.current().pid(),
				stop.json() ? Printer.toJson(stopDescriptor(CommandOutcome.succeeded(done))) : done + "\n");
		// The end of the connection is what tells that the launcher is gone.
		printer.awaitLeaving();
	}

	private static CommandDescriptor stopDescriptor(CommandOutcome outcome) {
		return new CommandDescriptor("stop", outcome.status(), outcome.message(), List.of(), null);
	}

	/** Ends the launcher. */
	@FunctionalInterface
	public interface Stopper {

		/**
		 * Begin to stop in good order, unless that has begun already. Returns at once.
		 * @param source who wants it, for the log
		 */
		void stop(String source);

	}

	/** What is told of and commanded. */
	public record Subject(Cluster cluster, ClusterTelemetry telemetry, ClusterTimeline timeline, WorkerOutput output,
			ClusterOperations operations, SessionStoreHealth sessionStore, Stopper stopper) {

		/** All of it as the endpoint tells it. */
		ClusterView view() {
			return new ClusterView(this.cluster, this.telemetry, this.timeline, this.output, this.sessionStore);
		}

	}

}
