package io.github.bootcluster.ctl;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProcessArgumentsTests {

	@Test
	void argumentsOfTheApplicationFollowWhatTheJvmRuns() {
		assertThat(find("app.jar --cluster.ctl=status", "-Xmx64m", "-jar", "app.jar", "--cluster.ctl=status"))
			.containsExactly("--cluster.ctl=status");
		assertThat(find("my app.jar --cluster.home=a b --cluster.ctl", "-jar", "my app.jar", "--cluster.home=a b",
				"--cluster.ctl"))
			.containsExactly("--cluster.home=a b", "--cluster.ctl");
		assertThat(find("Main", "-cp", "app.jar", "Main")).isEmpty();
	}

	@Test
	void thereAreNoneWhereTheSystemTellsSomethingElse() {
		assertThat(find("app.jar --cluster.ctl=status", "@arguments")).isNull();
		assertThat(find("app.jar --cluster.ctl=status")).isNull();
	}

	@Test
	void theyAreGuessedWhereNobodyTells() {
		assertThat(ProcessArguments.guess("com.example.Main --cluster.ctl=logs=3 --follow"))
			.containsExactly("--cluster.ctl=logs=3", "--follow");
		assertThat(ProcessArguments.guess("app.jar")).isEmpty();
		assertThat(ProcessArguments.guess("")).isEmpty();
	}

	@Test
	void processThatCommandsNothingIsNotAsked() {
		assertThat(ProcessArguments.find()).isNull();
	}

	private static String[] find(String command, String... all) {
		return ProcessArguments.find(command, all);
	}

}
