package io.github.bootcluster.worker;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports a worker without a launcher the way Spring Boot reports failures. */
class LauncherUnreachableFailureAnalyzer extends AbstractFailureAnalyzer<LauncherUnreachableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, LauncherUnreachableException cause) {
		return new FailureAnalysis(
				"The environment variables BOOT_CLUSTER_* make this process worker %s of the launcher at %s, which does not accept it: %s"
					.formatted(cause.getAddress().worker(), cause.getAddress().socket(), rootFailure.getMessage()),
				"If a worker started this process, remove these variables from its environment. "
						+ "Otherwise the launcher ended, and this process ends with it.",
				cause);
	}

}
