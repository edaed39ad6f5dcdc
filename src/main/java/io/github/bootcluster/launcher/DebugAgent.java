package io.github.bootcluster.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of a JVM's arguments that lets a debugger in (JDWP).
 *
 * @param argument as it was given
 */
record DebugAgent(String argument) {

	/** The agent as a library of the JVM's, by the old name of that, and as a file. */
	private static final Pattern AGENT = Pattern
		.compile("(-agentlib:jdwp|-Xrunjdwp|-agentpath:[^=]*[/\\\\](lib)?jdwp\\.(so|dylib|dll))([=:].*)?");

	private static final Pattern OPTION = Pattern.compile("[a-z_]+=.*");

	/** A host, if there is one, and a port. */
	private static final Pattern ADDRESS = Pattern.compile("(?<=[,=:]address=)((?:[^,]*:)?)([0-9]{1,5})(?=,|$)");

	/** What lies beyond is for the JVM to refuse. */
	static final int MAX_PORT = 65535;

	private static final Pattern SERVER = Pattern.compile("[,=:]server=y(,|$)");

	/**
	 * Find those that are such.
	 * @param arguments arguments of a JVM
	 */
	static List<DebugAgent> among(List<String> arguments) {
		return joined(arguments).stream().filter(DebugAgent::isOne).map(DebugAgent::new).toList();
	}

	/** The arguments without those. */
	static List<String> without(List<String> arguments) {
		return joined(arguments).stream().filter((argument) -> !isOne(argument)).toList();
	}

	static boolean isOne(String argument) {
		return AGENT.matcher(argument).matches();
	}

	/**
	 * The agent's options have commas between them, and so have the values of a property:
	 * what came apart there belongs together.
	 */
	private static List<String> joined(List<String> arguments) {
		List<String> joined = new ArrayList<>();
		for (String argument : arguments) {
			int last = joined.size() - 1;
			if (last >= 0 && isOne(joined.get(last)) && OPTION.matcher(argument).matches()) {
				joined.set(last, joined.get(last) + "," + argument);
			}
			else {
				joined.add(argument);
			}
		}
		return joined;
	}

	/**
	 * The port at which it waits for a debugger, if that was chosen. One that calls a
	 * debugger names the debugger's port, which is everybody's.
	 */
	OptionalInt port() {
		Matcher address = ADDRESS.matcher(this.argument);
		int port = (SERVER.matcher(this.argument).find() && address.find()) ? Integer.parseInt(address.group(2)) : 0;
		return (port >= 1 && port <= MAX_PORT) ? OptionalInt.of(port) : OptionalInt.empty();
	}

	/** The same one at another port of the same host. */
	DebugAgent at(int port) {
		return new DebugAgent(ADDRESS.matcher(this.argument).replaceFirst("$1" + port));
	}

}
