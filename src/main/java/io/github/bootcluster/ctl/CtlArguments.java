package io.github.bootcluster.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The arguments of a process that is to command a cluster.
 *
 * @param words the command and its options
 * @param home the cluster's home, if they, the system properties or the environment tell
 * @param configured whether there is anything else that Spring Boot would take as
 * configuration, and that may lead to where the cluster's home is told
 */
record CtlArguments(List<String> words, @Nullable String home, boolean configured) {

	/** What makes a process one that commands. */
	static final String OPTION = "--cluster.ctl";

	private static final String HOME = "--cluster.home";

	/** As an argument and a property, of Spring Boot's relaxed names only this one. */
	private static final String HOME_PROPERTY = "cluster.home";

	private static final String HOME_VARIABLE = "CLUSTER_HOME";

	/** Whether arguments ask for this. */
	static boolean isAsked(String[] arguments) {
		for (String argument : arguments) {
			if (isNamed(argument, OPTION)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Read them. Those for Spring Boot, which have a dot in their names, are not for us:
	 * an alias may hold all that the application is started with.
	 * @throws CtlUsageException if they make no sense
	 */
	static CtlArguments read(String[] arguments, Map<String, String> environment) {
		List<String> words = new ArrayList<>();
		String home = null;
		boolean configured = false;
		boolean asked = false;
		for (String argument : arguments) {
			if (isNamed(argument, OPTION)) {
				if (asked) {
					throw new CtlUsageException("Give one command at a time: --cluster.ctl is there twice.");
				}
				asked = true;
				if (argument.length() > OPTION.length() + 1) {
					words.add(0, argument.substring(OPTION.length() + 1));
				}
			}
			else if (isNamed(argument, HOME)) {
				home = argument.substring(Math.min(argument.length(), HOME.length() + 1));
			}
			else if (isProperty(argument)) {
				configured = true;
			}
			else if (asked || argument.startsWith("--")) {
				words.add(argument);
			}
		}
		if (home == null) {
			home = System.getProperty(HOME_PROPERTY, variable(environment));
		}
		if (home != null && home.isBlank()) {
			throw new CtlUsageException(
					"cluster.home is there, but empty: give it the directory the cluster runs with.");
		}
		return new CtlArguments(words, home, configured || hasSystemProperties());
	}

	/** Spring Boot does not care for the case. */
	private static @Nullable String variable(Map<String, String> environment) {
		String exact = environment.get(HOME_VARIABLE);
		if (exact != null) {
			return exact;
		}
		for (Map.Entry<String, String> variable : environment.entrySet()) {
			if (variable.getKey().replace('.', '_').equalsIgnoreCase(HOME_VARIABLE)) {
				return variable.getValue();
			}
		}
		return null;
	}

	/** Properties that Spring Boot's own configuration depends on. */
	private static boolean hasSystemProperties() {
		for (Object name : System.getProperties().keySet()) {
			if (name.toString().startsWith("spring.")) {
				return true;
			}
		}
		return false;
	}

	private static boolean isNamed(String argument, String name) {
		return argument.startsWith(name)
				&& (argument.length() == name.length() || argument.charAt(name.length()) == '=');
	}

	private static boolean isProperty(String argument) {
		if (!argument.startsWith("--")) {
			return false;
		}
		int equals = argument.indexOf('=');
		int dot = argument.indexOf('.');
		return dot >= 0 && (equals < 0 || dot < equals);
	}

}
