package io.github.bootcluster.worker;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports a web server that cannot share its port the way Spring Boot does. */
class UnsharablePortFailureAnalyzer extends AbstractFailureAnalyzer<UnsharablePortException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsharablePortException cause) {
		return new FailureAnalysis(
				"With cluster.scheduling-policy=none the web servers of all workers listen at one port, "
						+ "which only Tomcat's can be told to. This application has %s.".formatted(cause.getServer()),
				"Let the application use Tomcat, or choose cluster.scheduling-policy=round-robin.", cause);
	}

}
