package io.github.bootcluster.worker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.bootcluster.LoggerLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.boot.logging.LoggingSystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

/** With the logging of this process. */
class LogLevelsTests {

	private static final String NAME = "com.example.levels";

	private final Logger logger = (Logger) LoggerFactory.getLogger(NAME);

	private final LogLevels levels = new LogLevels(() -> LoggingSystem.get(getClass().getClassLoader()));

	@AfterEach
	void leaveItAsItWas() {
		this.logger.setLevel(null);
	}

	@Test
	void levelIsSetAndResetToTheConfiguredOne() {
		this.logger.setLevel(Level.WARN);
		this.levels.ready();
		set("DEBUG");
		assertThat(this.logger.getLevel()).isEqualTo(Level.DEBUG);
		set("TRACE");
		assertThat(this.logger.getLevel()).isEqualTo(Level.TRACE);
		set("RESET");
		assertThat(this.logger.getLevel()).isEqualTo(Level.WARN);
	}

	@Test
	void loggerThatWasNotConfiguredFollowsThoseAboveItAgain() {
		this.levels.ready();
		set("DEBUG");
		set("RESET");
		assertThat(this.logger.getLevel()).isNull();
	}

	@Test
	void resetOfWhatWasNeverSetLeavesTheConfiguration() {
		this.logger.setLevel(Level.WARN);
		this.levels.ready();
		set("RESET");
		assertThat(this.logger.getLevel()).isEqualTo(Level.WARN);
	}

	@Test
	void levelThatIsSetBeforeLoggingIsReadyComesAfterwards() {
		set("DEBUG");
		assertThat(this.logger.getLevel()).isNull();
		// The application's configuration.
		this.logger.setLevel(Level.WARN);
		this.levels.ready();
		assertThat(this.logger.getLevel()).isEqualTo(Level.DEBUG);
		set("RESET");
		assertThat(this.logger.getLevel()).isEqualTo(Level.WARN);
	}

	@Test
	void secondApplicationOfTheProcessDoesNotUndoIt() {
		this.levels.ready();
		set("DEBUG");
		this.logger.setLevel(Level.WARN);
		this.levels.ready();
		assertThat(this.logger.getLevel()).isEqualTo(Level.DEBUG);
	}

	@Test
	void levelThatIsResetBeforeLoggingIsReadyIsNone() {
		set("DEBUG");
		set("RESET");
		this.logger.setLevel(Level.WARN);
		this.levels.ready();
		assertThat(this.logger.getLevel()).isEqualTo(Level.WARN);
	}

	@Test
	void loggingWithoutLevelsSaysSoButLetsAnApplicationStart() {
		LogLevels none = new LogLevels(() -> mock(LoggingSystem.class));
		LoggerLevel level = LoggerLevel.of(NAME, "DEBUG");
		none.set(level);
		none.ready();
		assertThatIllegalStateException().isThrownBy(() -> none.set(level)).withMessageContaining("no levels");
	}

	private void set(String level) {
		this.levels.set(LoggerLevel.of(NAME, level));
	}

}
