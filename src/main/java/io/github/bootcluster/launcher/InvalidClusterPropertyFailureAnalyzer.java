package io.github.bootcluster.launcher;

import io.github.bootcluster.InvalidClusterPropertyException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

/**
 * Reports a refused property. Asked before Spring Boot's analyser of failed bindings,
 * which would show the exception inside one.
 */
class InvalidClusterPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidClusterPropertyException>
		implements Ordered {

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidClusterPropertyException cause) {
		if (cause.getValue().isBlank()) {
			return new FailureAnalysis("Property '%s' is empty.".formatted(cause.getProperty()),
					"Set it to a value, or remove it to get the default.", cause);
		}
		return new FailureAnalysis("Property '%s' has the value '%s', with which no cluster can be started.".formatted(
				cause.getProperty(), cause.getValue()), "Change it: it %s.".formatted(cause.getRequirement()), cause);
	}

}
