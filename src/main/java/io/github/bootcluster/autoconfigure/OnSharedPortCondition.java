package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.worker.WorkerAgent;

import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches in workers that share the public port. */
class OnSharedPortCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return WorkerAgent.current()
			.map((agent) -> agent.cluster().snapshot().policy())
			.map((policy) -> new ConditionOutcome(policy == SchedulingPolicy.NONE,
					"the scheduling policy is " + policy))
			.orElseGet(() -> ConditionOutcome.noMatch("this process is no worker"));
	}

}
