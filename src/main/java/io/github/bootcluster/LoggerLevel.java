package io.github.bootcluster;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * From which level on a logger, and those below it, shall log.
 *
 * @param logger its name, such as that of a class or a package; {@value #ROOT} for all
 * @param level the level
 * @since 0.1.0
 */
public record LoggerLevel(String logger, Level level) {

	/** Name of the logger that all others are below. */
	public static final String ROOT = "ROOT";

	private static final int MAX_LENGTH = 250;

	/**
	 * Create it.
	 * @throws IllegalArgumentException if no logger can have that name; says why, for
	 * whoever entered it
	 */
	public LoggerLevel {
		Objects.requireNonNull(level, "level");
		if (logger.isEmpty() || logger.length() > MAX_LENGTH) {
			throw new IllegalArgumentException(
					"'logger' must have from 1 to %d characters, not %d".formatted(MAX_LENGTH, logger.length()));
		}
		// Such as those of Tomcat, which have brackets and slashes in them.
		if (!logger.chars().allMatch((character) -> character > ' ' && character <= '~')) {
			throw new IllegalArgumentException(
					"'logger' must be the name of a class or a package, or ROOT: it has a character that no logger has");
		}
		logger = logger.equalsIgnoreCase(ROOT) ? ROOT : logger;
	}

	/**
	 * Read what somebody entered.
	 * @param level name of the level, in any case, or {@code null} for the configured one
	 * @throws IllegalArgumentException if it makes no sense; says why, for that person
	 */
	public static LoggerLevel of(String logger, @Nullable String level) {
		return new LoggerLevel(logger, (level != null) ? levelOf(level) : Level.RESET);
	}

	private static Level levelOf(String name) {
		return Arrays.stream(Level.values())
			.filter((level) -> level.name().equals(name.toUpperCase(Locale.ROOT)))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("'level' must be one of %s"
				.formatted(Arrays.stream(Level.values()).map(Level::name).collect(Collectors.joining(", ")))));
	}

	@Override
	public String toString() {
		return this.logger + "=" + this.level;
	}

	/** Levels, each with all that come after it. */
	public enum Level {

		TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF,

		/** What the application's configuration says. */
		RESET

	}

}
