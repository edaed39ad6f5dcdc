package io.github.bootcluster.leader;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports a method that cannot be the leader's the way Spring Boot reports failures. */
class InvalidLeaderOnlyMethodFailureAnalyzer extends AbstractFailureAnalyzer<InvalidLeaderOnlyMethodException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidLeaderOnlyMethodException cause) {
		return new FailureAnalysis(cause.getDescription(), cause.getAction(), cause);
	}

}
