package io.github.bootcluster.launcher;

import java.util.List;
import java.util.Objects;

import io.github.bootcluster.ExitInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The advice is about what happened. */
class FirstStartFailedExceptionTests {

	private static final String TRIED_ALONE = "The application can be tried alone, without the profile 'launcher'.";

	@Test
	void startTimeoutIsNamedWhenItWasTheReason() {
		LaunchException failure = new FirstStartFailedException(timedOut(), List.of(), TRIED_ALONE);
		assertThat(failure.getDescription()).contains("not ready within 60.0 s").endsWith("It wrote nothing.");
		assertThat(failure.getAction()).contains("cluster.worker.start-timeout").doesNotContain("lines above");
	}

	@Test
	void outputOfAnApplicationThatWasTooSlowIsQuotedAllTheSame() {
		LaunchException failure = new FirstStartFailedException(timedOut(), List.of("Connecting ..."), TRIED_ALONE);
		assertThat(failure.getDescription()).contains("    Connecting ...");
		assertThat(failure.getAction()).contains("cluster.worker.start-timeout");
	}

	@Test
	void lastLinesAreReferredTo() {
		LaunchException failure = new FirstStartFailedException(died(), List.of("The licence has expired"),
				TRIED_ALONE);
		assertThat(failure.getDescription()).contains("    The licence has expired");
		assertThat(failure.getAction()).startsWith("Correct what the lines above tell.")
			.doesNotContain("start-timeout");
	}

	@Test
	void linesThatAreNotThereAreNotReferredTo() {
		LaunchException failure = new FirstStartFailedException(died(), List.of(), TRIED_ALONE);
		assertThat(failure.getAction())
			.isEqualTo("The application can be tried alone, without the profile 'launcher'.");
	}

	private static ExitInfo timedOut() {
		SupervisorFixture cluster = new SupervisorFixture(1).started();
		cluster.advance(SupervisorFixture.START_TIMEOUT);
		cluster.die(1, 143);
		return Objects.requireNonNull(cluster.launchFailure);
	}

	private static ExitInfo died() {
		SupervisorFixture cluster = new SupervisorFixture(1).started();
		cluster.die(1, 1);
		return Objects.requireNonNull(cluster.launchFailure);
	}

}
