package io.github.bootcluster.session;

import java.io.IOException;

import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link SessionStoreFailureAnalyzer}. */
class SessionStoreFailureAnalyzerTests {

	@Test
	void analyzerFoundByBootTellsProblemAndAction() {
		SessionStoreException failure = new SessionStoreException("/home/app/sessions.mv.db", "is in use", "Stop it.",
				new IOException("locked"));
		FailureAnalyzer analyzer = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, (type, name, cause) -> {
				// Boot's own, whose constructors want a bean factory.
			})
			.stream()
			.filter(SessionStoreFailureAnalyzer.class::isInstance)
			.findFirst()
			.orElseThrow();
		FailureAnalysis analysis = analyzer.analyze(new IllegalStateException(failure));
		assertThat(analysis.getDescription()).isEqualTo("Session store /home/app/sessions.mv.db is in use.");
		assertThat(analysis.getAction()).isEqualTo("Stop it.");
		assertThat(analysis.getCause()).isSameAs(failure);
	}

}
