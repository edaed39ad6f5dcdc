package io.github.bootcluster.autoconfigure;

import java.util.Optional;
import java.util.function.Supplier;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.LogOrigin;
import io.github.bootcluster.Role;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.worker.WorkerAgent;

import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Lets log entries in JSON tell which process of the cluster they are of. A worker's slot
 * is that of the moment: one that stands by has none until it steps in. The entries of an
 * ordinary process stay as they are.
 */
class LogOriginCustomizer implements StructuredLoggingJsonMembersCustomizer<Object> {

	private final Environment environment;

	private final Supplier<Optional<LogOrigin>> origin;

	/** Logging is set up once profiles are known, and a worker has joined before that. */
	public LogOriginCustomizer(Environment environment) {
		this(environment, originOf(RoleDecision.of(environment, System.getenv())));
	}

	LogOriginCustomizer(Environment environment, Supplier<Optional<LogOrigin>> origin) {
		this.environment = environment;
		this.origin = origin;
	}

	@Override
	public void customize(Members<Object> members) {
		if (takesNestedMembers()) {
			members.add(LogOrigin.NAME, this.origin)
				.when(Optional::isPresent)
				.as((present) -> present.orElseThrow().members());
		}
		else {
			members.add()
				.usingPairs((entry, pairs) -> this.origin.get()
					.ifPresent((present) -> present.flatMembers().forEach(pairs)));
		}
	}

	/** There is no telling whether this is about the console or a file. */
	private boolean takesNestedMembers() {
		String console = this.environment.getProperty("logging.structured.format.console");
		String file = this.environment.getProperty("logging.structured.format.file");
		return !"gelf".equalsIgnoreCase(StringUtils.hasText(console) ? console : file);
	}

	private static Supplier<Optional<LogOrigin>> originOf(Role role) {
		return switch (role) {
			case LAUNCHER -> () -> Optional.of(LogOrigin.launcher());
			case WORKER -> () -> WorkerAgent.current().map(WorkerAgent::cluster).map(LogOriginCustomizer::originOf);
			case STANDALONE -> Optional::empty;
		};
	}

	private static LogOrigin originOf(Cluster worker) {
		return LogOrigin.worker(worker.workerId().orElseThrow(), worker.slot().orElse(WorkerSnapshot.NO_SLOT),
				worker.generation());
	}

}
