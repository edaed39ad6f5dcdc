package io.github.bootcluster.ctl;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import io.github.bootcluster.control.ControlMessage.Presumption;
import org.jspecify.annotations.Nullable;

/** What decides which home a process would use if nobody told it. */
final class ThisProgram {

	/**
	 * The environment variables that Spring Boot's configuration depends on, in any case.
	 */
	private static final String VARIABLES = "SPRING_";

	private ThisProgram() {
	}

	/** {@code null} if it does not run from one jar: then there is no telling. */
	static @Nullable Presumption presumption(Map<String, String> environment) {
		String classPath = System.getProperty("java.class.path", "");
		if (classPath.indexOf(File.pathSeparatorChar) >= 0 || !classPath.endsWith(".jar")) {
			return null;
		}
		return new Presumption(Path.of(classPath).toAbsolutePath().normalize().toString(),
				Path.of("").toAbsolutePath().toString(), relevant(environment).hashCode());
	}

	static Map<String, String> relevant(Map<String, String> environment) {
		Map<String, String> relevant = new HashMap<>();
		for (Map.Entry<String, String> variable : environment.entrySet()) {
			if (variable.getKey().replace('.', '_').regionMatches(true, 0, VARIABLES, 0, VARIABLES.length())) {
				relevant.put(variable.getKey(), variable.getValue());
			}
		}
		return relevant;
	}

}
