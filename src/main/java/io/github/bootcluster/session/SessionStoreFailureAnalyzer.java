package io.github.bootcluster.session;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows an operator what is wrong with the session store instead of a stack trace. */
class SessionStoreFailureAnalyzer extends AbstractFailureAnalyzer<SessionStoreException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SessionStoreException cause) {
		return new FailureAnalysis("Session store %s %s.".formatted(cause.getStore(), cause.getProblem()),
				cause.getAction(), cause);
	}

}
