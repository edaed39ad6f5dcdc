package io.github.bootcluster.ctl;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.github.bootcluster.control.ControlMessage.Presumption;
import org.jspecify.annotations.Nullable;

/**
 * The command line for operators: an application that is started with
 * {@code --cluster.ctl=status} or another command starts nothing, but passes the command
 * on to the launcher that runs already, prints what that says and ends.
 * <p>
 * Nothing needs to be called for that. An application whose {@code main} begins with
 * {@link #answer(String...)} has its answers sooner, since not even Spring Boot's classes
 * are loaded then.
 *
 * @since 0.1.0
 */
public final class ClusterCtl {

	/** The home of a cluster whose configuration names none. */
	private static final String DEFAULT_HOME = ".cluster";

	/** To the upper left corner, and all away. */
	private static final String REDRAW = "\033[H\033[2J";

	/** What to do instead of an answer: go on until the configuration is known. */
	private static final int LATER = -1;

	/**
	 * The arguments that have a command, since it was tried without the configuration, in
	 * vain. Kept since an application's {@code main} need not pass on what it was given.
	 * Used by one thread.
	 */
	private static String @Nullable [] unanswered;

	private final CtlArguments arguments;

	private final Console console;

	private ClusterCtl(CtlArguments arguments, Console console) {
		this.arguments = arguments;
		this.console = console;
	}

	/**
	 * If the arguments have a command for a running cluster, carry it out and end this
	 * process. Returns if they have none, or if only the configuration of the application
	 * tells which cluster is meant: Spring Boot then reads that, and nothing more.
	 * @param arguments those of the application
	 */
	public static void answer(String... arguments) {
		if (unanswered == null && CtlArguments.isAsked(arguments)) {
			unanswered = arguments.clone();
			endUnlessLater(run(arguments, null));
		}
	}

	/**
	 * The same, where nobody has the arguments at hand yet. Where the system does not
	 * tell them either, it is for others to answer.
	 */
	public static void answerEarly() {
		String[] arguments = ProcessArguments.find();
		if (arguments != null) {
			answer(arguments);
		}
	}

	/**
	 * The same, where the application's {@code main} has handed over what it wanted to.
	 * An application that is asked for a command never starts, even if its {@code main}
	 * keeps its arguments to itself.
	 * @param arguments what it handed over
	 */
	public static void answerLate(String... arguments) {
		answer(arguments);
		if (arguments.length == 0) {
			answer(ProcessArguments.guess());
		}
	}

	/** Whether there was a command that only the configuration allows to carry out. */
	public static boolean isUnanswered() {
		return unanswered != null;
	}

	/**
	 * Carry out the command that was left unanswered, and end this process.
	 * @param configuredHome the cluster's home according to the configuration, or
	 * {@code null} if that names none
	 */
	public static void answerFor(@Nullable String configuredHome) {
		String[] arguments = unanswered;
		if (arguments == null) {
			throw new IllegalStateException("There is no command to answer");
		}
		endUnlessLater(run(arguments, (configuredHome != null) ? configuredHome : DEFAULT_HOME));
	}

	/** Nothing was begun that would have to be ended in good order. */
	private static void endUnlessLater(int status) {
		if (status != LATER) {
			Runtime.getRuntime().halt(status);
		}
	}

	private static int run(String[] arguments, @Nullable String configuredHome) {
		Map<String, String> environment = System.getenv();
		Console console = new Console(environment);
		try {
			CtlArguments read = CtlArguments.read(arguments, environment);
			return new ClusterCtl(read, console).run(CtlCommand.parse(read.words()), configuredHome, environment);
		}
		catch (CtlUsageException ex) {
			console.complain(ex.getMessage() + "\n");
			return ExitStatus.USAGE;
		}
		catch (UnreadOutputException ex) {
			// Whoever reads has had enough, and knows it.
			return ExitStatus.FAILED;
		}
	}

	private int run(CtlCommand command, @Nullable String configuredHome, Map<String, String> environment)
			throws UnreadOutputException {
		if (command instanceof CtlCommand.Help) {
			this.console.print(CtlHelp.TEXT);
			return ExitStatus.DONE;
		}
		Presumption presumption = null;
		String home = (this.arguments.home() != null) ? this.arguments.home() : configuredHome;
		if (home == null) {
			home = DEFAULT_HOME;
			presumption = this.arguments.configured() ? null : ThisProgram.presumption(environment);
			if (presumption == null || Files.notExists(Call.socket(Path.of(home)))) {
				return LATER;
			}
		}
		return run(command, new Call(this.console, Path.of(home), this.arguments.words(), presumption));
	}

	private int run(CtlCommand command, Call call) throws UnreadOutputException {
		long watchMillis = (command instanceof CtlCommand.Status status) ? status.watchMillis() : 0;
		if (watchMillis == 0) {
			int status = call.run(null);
			return (status == Call.NOT_CONFIRMED) ? LATER : status;
		}
		boolean redraw = this.console.terminal() && !((CtlCommand.Status) command).json();
		while (true) {
			int status = call.run(redraw ? REDRAW : null);
			if (status == Call.NOT_CONFIRMED) {
				return LATER;
			}
			// At a terminal somebody waits for it to be there again.
			if (status != ExitStatus.DONE && !redraw) {
				return status;
			}
			try {
				Thread.sleep(watchMillis);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return ExitStatus.FAILED;
			}
		}
	}

}
