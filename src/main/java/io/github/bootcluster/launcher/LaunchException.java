package io.github.bootcluster.launcher;

import org.jspecify.annotations.Nullable;

/**
 * The cluster could not be started. Says what happened and what to do about it, for the
 * operator who reads no stack trace.
 */
public class LaunchException extends RuntimeException {

	private final String description;

	private final String action;

	LaunchException(String description, String action) {
		this(description, action, null);
	}

	LaunchException(String description, String action, @Nullable Throwable cause) {
		super(description, cause);
		this.description = description;
		this.action = action;
	}

	/** What happened, to what, and why. */
	public String getDescription() {
		return this.description;
	}

	/** What to do about it. */
	public String getAction() {
		return this.action;
	}

}
