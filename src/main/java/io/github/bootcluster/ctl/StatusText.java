package io.github.bootcluster.ctl;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.ReloadSnapshot;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.control.OperatorScreen;
import org.jspecify.annotations.Nullable;

/**
 * A cluster for an operator's eyes: some lines about the whole, a table of the workers.
 */
final class StatusText {

	private static final String GAP = "   ";

	/** Longer lines are for tables. */
	private static final int MAX_LINE = 100;

	/**
	 * In the order in which they are shown. Where there is no room for all, those of the
	 * least importance are left out.
	 */
	private static final List<TextTable.Column> COLUMNS = List.of(TextTable.Column.number("SLOT", 1),
			TextTable.Column.number("ID", 2), TextTable.Column.number("PID", 5), TextTable.Column.number("PORT", 12),
			TextTable.Column.number("GEN", 9), TextTable.Column.text("STATE", 3), TextTable.Column.number("UPTIME", 4),
			TextTable.Column.number("RESTARTS", 10), TextTable.Column.number("IN-FLIGHT", 7),
			TextTable.Column.number("REQUESTS", 6), TextTable.Column.number("FAILED", 11),
			TextTable.Column.flexible("LAST EXIT", 8));

	private final OperatorScreen screen;

	private final Instant now;

	StatusText(OperatorScreen screen, Instant now) {
		this.screen = screen;
		this.now = now;
	}

	String of(ClusterSnapshot snapshot) {
		StringBuilder text = new StringBuilder();
		flow(text, items(snapshot));
		ReloadSnapshot reload = snapshot.reload();
		if (reload != null && reload.state() != ReloadSnapshot.State.SUCCEEDED) {
			flow(text,
					List.of("reload to generation %d %s".formatted(reload.generation(), reload.state()),
							(reload.reason() != null) ? reload.reason()
									: "%d of %d slots done".formatted(reload.slotsDone(), reload.slots())));
		}
		text.append('\n');
		TextTable table = new TextTable(COLUMNS, this.screen);
		snapshot.workers().forEach((worker) -> table.row(cells(worker), colorOf(worker.state())));
		return text.append(table).toString();
	}

	private List<String> items(ClusterSnapshot snapshot) {
		List<String> items = new ArrayList<>();
		items.add(snapshot.state().toString());
		items.add("%d of %d ready".formatted(snapshot.readyWorkers(), snapshot.desiredWorkers()));
		items.add("generation " + snapshot.generation());
		items.add("up " + age(snapshot.launcher().startedAt()));
		items.add("port " + snapshot.dispatcher().port());
		items.add("requests " + snapshot.dispatcher().requests());
		items.add("failures " + snapshot.dispatcher().failures());
		items.add("in flight " + snapshot.dispatcher().inFlight());
		items.add("queued " + snapshot.dispatcher().queued());
		items.add("retries " + snapshot.dispatcher().retries());
		items.add("sessions " + snapshot.sessionStore());
		items.add("launcher pid " + snapshot.launcher().pid());
		if (snapshot.leader() != null) {
			items.add("leader " + snapshot.leader());
		}
		return items;
	}

	private String[] cells(WorkerSnapshot worker) {
		boolean alive = worker.state().isAlive();
		return new String[] { (worker.slot() != WorkerSnapshot.NO_SLOT) ? Integer.toString(worker.slot()) : "-",
				worker.id().toString(), known(worker.pid()), known(worker.port()),
				Integer.toString(worker.generation()), stateOf(worker), alive ? age(worker.startedAt()) : "-",
				Integer.toString(worker.restarts()), Integer.toString(worker.inFlight()),
				Long.toString(worker.requests()), Long.toString(worker.failures()), exit(worker.lastExit()) };
	}

	private String stateOf(WorkerSnapshot worker) {
		Instant next = worker.nextStartAt();
		return (next != null)
				? "%s %ds".formatted(worker.state(), Math.max(0, Duration.between(this.now, next).toSeconds()))
				: worker.state().toString();
	}

	/** What matters most comes first: the rest may be cut off. */
	private String exit(@Nullable ExitInfo exit) {
		if (exit == null) {
			return "-";
		}
		if (exit.expected()) {
			return "asked, %s ago".formatted(age(exit.at()));
		}
		return "%s, %s ago: %s".formatted((exit.signal() != null) ? exit.signal() : "status " + exit.code(),
				age(exit.at()), TerminalText.harmless(exit.reason(), false));
	}

	private static String known(@Nullable Object value) {
		return (value != null) ? value.toString() : "-";
	}

	/** Two units are enough for anybody. */
	private String age(Instant since) {
		Duration age = Duration.between(since, this.now);
		if (age.isNegative()) {
			return "0s";
		}
		if (age.toDays() > 0) {
			return "%dd%02dh".formatted(age.toDays(), age.toHoursPart());
		}
		if (age.toHours() > 0) {
			return "%dh%02dm".formatted(age.toHours(), age.toMinutesPart());
		}
		return (age.toMinutes() > 0) ? "%dm%02ds".formatted(age.toMinutes(), age.toSecondsPart())
				: age.toSeconds() + "s";
	}

	/** One after the other, in as many lines as it takes. */
	private void flow(StringBuilder text, List<String> items) {
		int columns = (this.screen.columns() > 0) ? Math.min(this.screen.columns(), MAX_LINE) : MAX_LINE;
		int used = 0;
		for (String item : items) {
			if (used > 0 && used + GAP.length() + item.length() > columns) {
				text.append('\n');
				used = 0;
			}
			if (used > 0) {
				text.append(GAP);
				used += GAP.length();
			}
			text.append(item);
			used += item.length();
		}
		text.append('\n');
	}

	private static TextTable.Color colorOf(WorkerState state) {
		return switch (state) {
			case READY, STANDBY -> TextTable.Color.GREEN;
			case STARTING, WARMING, PAUSED, DRAINED, DRAINING -> TextTable.Color.YELLOW;
			case EXITED, BACKOFF -> TextTable.Color.RED;
		};
	}

}
