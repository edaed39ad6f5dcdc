package io.github.bootcluster.session;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The session store cannot be used. Made for an operator: says what is wrong with which
 * file or URL and what to do; contains no password.
 *
 * @since 0.1.0
 */
public class SessionStoreException extends RuntimeException {

	private final String store;

	private final String problem;

	private final String action;

	SessionStoreException(String store, String problem, String action, @Nullable Throwable cause) {
		super("Session store %s %s. %s".formatted(store, withoutPeriod(problem), action), cause);
		this.store = store;
		this.problem = withoutPeriod(problem);
		this.action = action;
	}

	/** Drivers end their messages with one, or not. */
	private static String withoutPeriod(String problem) {
		return StringUtils.trimTrailingCharacter(problem, '.');
	}

	/** File or JDBC URL, the latter without credentials and parameters. */
	public String getStore() {
		return this.store;
	}

	/** What is wrong with it, as the end of a sentence that begins with its name. */
	public String getProblem() {
		return this.problem;
	}

	/** What to do, in whole sentences. */
	public String getAction() {
		return this.action;
	}

}
