package io.github.bootcluster.launcher;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports a {@link LaunchException} the way Spring Boot reports failures. */
class LaunchFailureAnalyzer extends AbstractFailureAnalyzer<LaunchException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, LaunchException cause) {
		return new FailureAnalysis(cause.getDescription(), cause.getAction(), cause);
	}

}
