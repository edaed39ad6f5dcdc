package io.github.bootcluster.ctl;

import java.util.List;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.WorkerId;
import org.jspecify.annotations.Nullable;

/**
 * Makes a command of words such as {@code scale=4 --json}. The value may follow the
 * command with an equals sign or as the next word; options may be anywhere. Run by the
 * operator's process, so that mistakes are told whether a launcher runs or not, and by
 * the launcher, which trusts nobody.
 */
final class CtlParser {

	private static final int DEFAULT_LINES = 100;

	private static final int MAX_LINES = 1_000_000;

	private static final String DEFAULT_WATCH = "2";

	private static final double SHORTEST_WATCH = 0.1;

	private static final double LONGEST_WATCH = 3600;

	private final List<String> words;

	private @Nullable CtlWord command;

	private @Nullable String value;

	private boolean json;

	private boolean untilDone = true;

	private boolean follow;

	private boolean help;

	private int lines = DEFAULT_LINES;

	private long watchMillis;

	CtlParser(List<String> words) {
		this.words = words;
	}

	CtlCommand parse() {
		for (String word : this.words) {
			if (!word.startsWith("--")) {
				readWord(word);
			}
		}
		for (String word : this.words) {
			if (word.startsWith("--")) {
				readOption(word);
			}
		}
		if (this.help) {
			return new CtlCommand.Help();
		}
		if (this.command == null) {
			throw new CtlUsageException("Say what to do: --cluster.ctl=status, for instance, or =help.");
		}
		if (this.command.value() == CtlWord.Value.NEEDED && this.value == null) {
			throw new CtlUsageException(
					"'%s' needs %s, such as %1$s=%s.".formatted(this.command.word(),
							(this.command == CtlWord.SCALE) ? "a number of workers"
									: "the id of a worker, which 'status' tells",
							(this.command == CtlWord.SCALE) ? "4" : "3"));
		}
		return make(this.command);
	}

	private CtlCommand make(CtlWord command) {
		return switch (command) {
			case STATUS -> new CtlCommand.Status(this.json, this.watchMillis);
			case RELOAD -> order(new ClusterCommand.Reload());
			case SCALE -> order(scale(valueOf(command)));
			case RESTART -> order(new ClusterCommand.Restart(worker(valueOf(command))));
			case DRAIN -> order(new ClusterCommand.Drain(worker(valueOf(command))));
			case UNDRAIN -> order(new ClusterCommand.Undrain(worker(valueOf(command))));
			case KILL -> order(new ClusterCommand.Kill(worker(valueOf(command))));
			case LOGS -> new CtlCommand.Logs((this.value != null) ? worker(this.value) : null, this.lines, this.follow,
					this.json);
			case EVENTS -> new CtlCommand.Events(this.lines, this.follow, this.json);
			case STOP -> new CtlCommand.Stop(this.untilDone, this.json);
			case HELP -> new CtlCommand.Help();
		};
	}

	private CtlCommand order(ClusterCommand command) {
		return new CtlCommand.Order(command, this.untilDone, this.json);
	}

	private void readWord(String word) {
		if (this.command == null) {
			int equals = word.indexOf('=');
			String name = (equals < 0) ? word : word.substring(0, equals);
			this.command = CtlWord.find(name);
			if (this.command == null) {
				throw new CtlUsageException("There is no command '%s'.%s '--cluster.ctl=help' tells which there are."
					.formatted(shortened(name), NearWord.suggestion(name, CtlWord.words(), "'")));
			}
			if (equals >= 0) {
				setValue(this.command, word.substring(equals + 1));
			}
		}
		else {
			setValue(this.command, word);
		}
	}

	private void setValue(CtlWord command, String value) {
		if (command.value() == CtlWord.Value.NONE) {
			throw new CtlUsageException(
					"'%s' is for nothing: '%s' takes no value.".formatted(shortened(value), command.word()));
		}
		if (this.value != null) {
			throw new CtlUsageException("'%s' is one too many: '%s' has '%s' already.".formatted(shortened(value),
					command.word(), this.value));
		}
		this.value = value;
	}

	private void readOption(String word) {
		int equals = word.indexOf('=');
		String name = word.substring(2, (equals < 0) ? word.length() : equals);
		String value = (equals < 0) ? null : word.substring(equals + 1);
		if (this.command != null && !this.command.hasOption(name) && !name.equals("help")) {
			throw new CtlUsageException("'%s' has no option --%s.%s Its options: %s.".formatted(this.command.word(),
					shortened(name), NearWord.suggestion("--" + name, dashed(this.command.options()), ""),
					listed(this.command.options())));
		}
		switch (name) {
			case "json" -> this.json = flag(name, value);
			case "follow" -> this.follow = flag(name, value);
			case "no-wait" -> this.untilDone = !flag(name, value);
			case "help" -> this.help = flag(name, value);
			case "lines" -> this.lines = wholeNumber("--lines", (value != null) ? value : "", 0, MAX_LINES);
			case "watch" -> this.watchMillis = seconds((value != null) ? value : DEFAULT_WATCH);
			// Without a command, which is what is wrong then.
			default -> {
			}
		}
	}

	private static boolean flag(String name, @Nullable String value) {
		if (value != null) {
			throw new CtlUsageException("--%s takes no value.".formatted(name));
		}
		return true;
	}

	private static ClusterCommand scale(String value) {
		boolean relative = value.startsWith("+") || value.startsWith("-");
		int number = wholeNumber("scale", relative ? value.substring(1) : value, 1, Integer.MAX_VALUE);
		if (!relative) {
			return new ClusterCommand.Scale(number);
		}
		return new ClusterCommand.ScaleBy((value.charAt(0) == '-') ? -number : number);
	}

	private static WorkerId worker(String value) {
		return WorkerId.of(wholeNumber("The id of a worker", value, 1, Integer.MAX_VALUE));
	}

	private String valueOf(CtlWord command) {
		if (this.value == null) {
			throw new IllegalStateException("The command '%s' was checked to have a value".formatted(command.word()));
		}
		return this.value;
	}

	private static int wholeNumber(String what, String value, int smallest, int largest) {
		try {
			int number = Integer.parseInt(value);
			if (number >= smallest && number <= largest) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Told below, with what else cannot be.
		}
		throw new CtlUsageException("%s must be a whole number from %d%s, not '%s'.".formatted(what, smallest,
				(largest < Integer.MAX_VALUE) ? " to " + largest : "", shortened(value)));
	}

	private static long seconds(String value) {
		try {
			double seconds = Double.parseDouble(value);
			if (seconds >= SHORTEST_WATCH && seconds <= LONGEST_WATCH) {
				return Math.round(seconds * 1000);
			}
		}
		catch (NumberFormatException ex) {
			// Told below, with what else cannot be.
		}
		throw new CtlUsageException(
				"--watch must be a number of seconds from 0.1 to 3600, not '%s'.".formatted(shortened(value)));
	}

	private static String[] dashed(String[] names) {
		String[] dashed = new String[names.length];
		for (int i = 0; i < names.length; i++) {
			dashed[i] = "--" + names[i];
		}
		return dashed;
	}

	private static String listed(String[] names) {
		return (names.length == 0) ? "none" : String.join(", ", dashed(names));
	}

	private static String shortened(String value) {
		return (value.length() <= 40) ? value : value.substring(0, 40) + "...";
	}

}
