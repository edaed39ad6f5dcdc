package io.github.bootcluster.leader;

import java.lang.reflect.Method;

import org.springframework.util.ClassUtils;

/** A method is {@link LeaderOnly} that cannot be. */
public class InvalidLeaderOnlyMethodException extends RuntimeException {

	private final String description;

	private final String action;

	/**
	 * Create the exception.
	 * @param problem what is wrong, as the end of a sentence that begins with the method
	 * @param action what to do, in whole sentences
	 */
	InvalidLeaderOnlyMethodException(Method method, String problem, String action) {
		this("%s is @LeaderOnly (or @ClusterScheduled), but %s.".formatted(ClassUtils.getQualifiedMethodName(method),
				problem), action);
	}

	private InvalidLeaderOnlyMethodException(String description, String action) {
		super(description + " " + action);
		this.description = description;
		this.action = action;
	}

	/** What is wrong with which method. */
	public String getDescription() {
		return this.description;
	}

	/** What to do. */
	public String getAction() {
		return this.action;
	}

}
