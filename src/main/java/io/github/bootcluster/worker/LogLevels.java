package io.github.bootcluster.worker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.github.bootcluster.LoggerLevel;
import io.github.bootcluster.LoggerLevel.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.util.function.SingletonSupplier;

/**
 * Levels of loggers that operators chose while this process runs. Before its application
 * has set logging up they are only noted, since that would undo them. Safe for use by any
 * thread.
 */
final class LogLevels {

	private static final Logger logger = LoggerFactory.getLogger(LogLevels.class);

	private final Supplier<LoggingSystem> logging;

	/** Those that are in place of the configured ones. Guarded by this. */
	private final Map<String, LogLevel> chosen = new LinkedHashMap<>();

	/**
	 * What the configuration said of loggers before they got another level; {@code null}
	 * if nothing. Guarded by this.
	 */
	private final Map<String, @Nullable LogLevel> configured = new LinkedHashMap<>();

	/** Guarded by this. */
	private boolean ready;

	/**
	 * Create them.
	 * @param logging is asked only if a level is chosen: most processes never need it
	 */
	LogLevels(Supplier<LoggingSystem> logging) {
		this.logging = SingletonSupplier.of(logging);
	}

	/**
	 * Logging has been set up, or once more, as every application of this process does.
	 */
	synchronized void ready() {
		this.ready = true;
		this.chosen.forEach((name, level) -> {
			try {
				apply(name, level);
			}
			catch (RuntimeException ex) {
				// No reason for an application not to start.
				logger.warn("Logger {} cannot have the level {}: {}", name, level, ex.getMessage());
			}
		});
	}

	/**
	 * Have a logger log from a level on.
	 * @throws RuntimeException if this application's logging does not do that; the
	 * message says why
	 */
	synchronized void set(LoggerLevel level) {
		String name = level.logger();
		if (level.level() == Level.RESET) {
			this.chosen.remove(name);
			if (this.configured.containsKey(name)) {
				this.logging.get().setLogLevel(name, this.configured.remove(name));
			}
			return;
		}
		LogLevel wanted = LogLevel.valueOf(level.level().name());
		if (this.ready) {
			apply(name, wanted);
		}
		this.chosen.put(name, wanted);
	}

	private void apply(String name, LogLevel level) {
		if (!this.configured.containsKey(name)) {
			this.configured.put(name, configuredLevel(name));
		}
		this.logging.get().setLogLevel(name, level);
		if (this.logging.get().getLoggerConfiguration(name) == null) {
			throw new IllegalStateException("the logging of its application has no levels that could be set");
		}
	}

	private @Nullable LogLevel configuredLevel(String name) {
		LoggerConfiguration configuration = this.logging.get().getLoggerConfiguration(name);
		return (configuration != null) ? configuration.getConfiguredLevel() : null;
	}

}
