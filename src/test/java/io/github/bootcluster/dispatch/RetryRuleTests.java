package io.github.bootcluster.dispatch;

import io.github.bootcluster.dispatch.RetryRule.FailedAttempt;
import io.github.bootcluster.dispatch.RetryRule.Phase;
import io.github.bootcluster.dispatch.RetryRule.Verdict;
import io.github.bootcluster.http.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The table of {@link RetryRule}. */
class RetryRuleTests {

	@ParameterizedTest
	@ValueSource(strings = { "GET", "POST", "PATCH", "PUT", "BREW" })
	void anyMethodIsRetriedWhenNothingWasSent(String method) {
		assertThat(decide(Phase.UNSENT, method, false, 0, 0)).isEqualTo(Verdict.RETRY);
		assertThat(decide(Phase.UNSENT, method, false, 1, 2)).isEqualTo(Verdict.RETRY);
	}

	@ParameterizedTest
	@CsvSource({ "GET,RETRY", "HEAD,RETRY", "OPTIONS,RETRY", "TRACE,RETRY", "PUT,RETRY", "DELETE,RETRY", "POST,FAIL",
			"PATCH,FAIL", "BREW,FAIL", "get,FAIL" })
	void idempotentMethodsAloneAreRetriedWhenSent(String method, Verdict verdict) {
		assertThat(decide(Phase.SENT, method, true, 1, 0)).isEqualTo(verdict);
	}

	@Test
	void nothingIsRetriedWhenTheBodyIsNotThereAnyMore() {
		assertThat(decide(Phase.SENT, "PUT", false, 1, 0)).isEqualTo(Verdict.FAIL);
		assertThat(decide(Phase.SENT, "GET", false, 1, 0)).isEqualTo(Verdict.FAIL);
	}

	@Test
	void nothingIsTriedAThirdTimeWhenTwoTargetsDiedOfItAlone() {
		assertThat(decide(Phase.SENT, "GET", true, 1, 1)).isEqualTo(Verdict.RETRY);
		assertThat(decide(Phase.SENT, "GET", true, 2, 2)).isEqualTo(Verdict.FAIL);
		assertThat(decide(Phase.SENT, "GET", true, 4, 2)).isEqualTo(Verdict.FAIL);
	}

	@Test
	void requestThatWasNotAloneSurvivesMoreDeathsButNotAnyNumber() {
		assertThat(decide(Phase.SENT, "GET", true, 4, 1)).isEqualTo(Verdict.RETRY);
		assertThat(decide(Phase.SENT, "GET", true, 5, 0)).isEqualTo(Verdict.FAIL);
	}

	@Test
	void everythingIsAbortedWhenTheClientHasSeenAPart() {
		assertThat(decide(Phase.COMMITTED, "GET", true, 1, 0)).isEqualTo(Verdict.ABORT);
		assertThat(decide(Phase.COMMITTED, "POST", false, 1, 0)).isEqualTo(Verdict.ABORT);
	}

	private static Verdict decide(Phase phase, String method, boolean replayable, int deaths, int deathsAlone) {
		return RetryRule.decide(new FailedAttempt(phase, Method.of(method), replayable, deaths, deathsAlone));
	}

}
