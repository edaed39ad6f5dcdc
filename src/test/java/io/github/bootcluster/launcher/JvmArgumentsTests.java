package io.github.bootcluster.launcher;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class JvmArgumentsTests {

	@ParameterizedTest
	@ValueSource(strings = { "-Dspring.profiles.active=launcher", "--add-opens=java.base/java.lang=ALL-UNNAMED",
			"--enable-preview", "--enable-native-access=ALL-UNNAMED", "-javaagent:apm.jar", "-ea" })
	void argumentsThatTheProgramNeedsArePassed(String argument) {
		assertThat(JvmArguments.forWorkers(List.of(argument))).containsExactly(argument);
		assertThat(JvmArguments.keptByLauncher(List.of(argument))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xmx64m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-agentlib:jdwp=transport=dt_socket,server=y,address=5005", "-Xlog:gc:file=gc.log",
			"-XX:MaxRAMPercentage=75", "-Dcom.sun.management.jmxremote.port=9010", "-XX:SharedArchiveFile=app.jsa",
			"-XX:ActiveProcessorCount=1", "-Xdebug", "-Xrunjdwp:transport=dt_socket,server=y,address=5005",
			"-agentpath:/opt/java/lib/libjdwp.so=transport=dt_socket,server=y,address=5005" })
	void argumentsThatAreAboutOneJvmAreNotPassed(String argument) {
		assertThat(JvmArguments.forWorkers(List.of(argument))).isEmpty();
		assertThat(JvmArguments.keptByLauncher(List.of(argument))).containsExactly(argument);
	}

	@Test
	void workersShareHalfOfTheMemory() {
		assertThat(JvmArguments.shareOfMachine(1, 8)).contains("-XX:MaxRAMPercentage=50.0");
		assertThat(JvmArguments.shareOfMachine(4, 8)).contains("-XX:MaxRAMPercentage=12.5");
		assertThat(JvmArguments.shareOfMachine(1000, 8)).contains("-XX:MaxRAMPercentage=1.0");
	}

	@Test
	void workersEndWhenTheyAreOutOfMemory() {
		assertThat(JvmArguments.shareOfMachine(2, 2)).contains("-XX:+ExitOnOutOfMemoryError");
	}

	@Test
	void workersShareTheProcessorsButSeeTwoAtLeast() {
		assertThat(JvmArguments.shareOfMachine(1, 8)).contains("-XX:ActiveProcessorCount=8");
		assertThat(JvmArguments.shareOfMachine(3, 8)).contains("-XX:ActiveProcessorCount=3");
		assertThat(JvmArguments.shareOfMachine(8, 8)).contains("-XX:ActiveProcessorCount=2");
	}

	@Test
	void headersOfObjectsAreCompactWhereTheJvmCanHaveThemSo() {
		assertThat(JvmArguments.defaults(new JavaInstallation.Version(25, true, "a"))).hasSize(1);
		assertThat(JvmArguments.defaults(new JavaInstallation.Version(24, true, "a"))).isEmpty();
		assertThat(JvmArguments.defaults(new JavaInstallation.Version(25, false, "a"))).isEmpty();
		assertThat(JvmArguments.defaults(null)).isEmpty();
	}

}
