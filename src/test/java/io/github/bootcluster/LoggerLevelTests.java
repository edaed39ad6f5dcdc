package io.github.bootcluster;

import io.github.bootcluster.LoggerLevel.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LoggerLevelTests {

	@Test
	void levelIsReadInAnyCaseAndNoneMeansTheConfiguredOne() {
		assertThat(LoggerLevel.of("org.example", "Debug")).isEqualTo(new LoggerLevel("org.example", Level.DEBUG));
		assertThat(LoggerLevel.of("org.example", null).level()).isEqualTo(Level.RESET);
		assertThat(LoggerLevel.of("org.example", "reset").level()).isEqualTo(Level.RESET);
		assertThat(LoggerLevel.of("org.example", "off")).hasToString("org.example=OFF");
	}

	@Test
	void rootIsFoundInAnyCase() {
		assertThat(LoggerLevel.of("root", "warn").logger()).isEqualTo("ROOT");
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.example.Outer$Inner",
			"org.apache.catalina.core.ContainerBase.[Tomcat].[localhost].[/]", "my-logger_1" })
	void whateverLoggersAreCalledIsTaken(String name) {
		assertThat(LoggerLevel.of(name, "INFO").logger()).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "org example", "org.example\n", "org.exampl\u00e9", "\u0000" })
	void whatNoLoggerIsCalledIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> LoggerLevel.of(name, "INFO"))
			.withMessageContaining("'logger' must");
	}

	@Test
	void nameThatIsTooLongIsRefused() {
		assertThat(LoggerLevel.of("x".repeat(250), "INFO").logger()).hasSize(250);
		assertThatIllegalArgumentException().isThrownBy(() -> LoggerLevel.of("x".repeat(251), "INFO"))
			.withMessageContaining("not 251");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "LOUD", "DEBUG ", "7" })
	void unknownLevelIsRefusedWithThoseThatAreKnown(String level) {
		assertThatIllegalArgumentException().isThrownBy(() -> LoggerLevel.of("org.example", level))
			.withMessage("'level' must be one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF, RESET");
	}

}
