package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.Role;
import io.github.bootcluster.worker.WorkerAgent;

import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Knows the role of this process once its application context is made: a launcher never
 * makes one, so it is a worker if it joined a launcher, else standalone.
 */
class OnRoleCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Role role = WorkerAgent.current().isPresent() ? Role.WORKER : Role.STANDALONE;
		Role required = metadata.getAnnotations().get(ConditionalOnRole.class).getEnum("value", Role.class);
		return new ConditionOutcome(role == required, "the role of this process is " + role);
	}

}
