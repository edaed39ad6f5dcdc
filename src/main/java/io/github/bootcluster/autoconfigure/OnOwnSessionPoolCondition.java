package io.github.bootcluster.autoconfigure;

import java.util.Arrays;
import java.util.List;

import io.github.bootcluster.session.SessionPool;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.session.jdbc.config.annotation.SpringSessionDataSource;
import org.springframework.util.Assert;

/**
 * Matches where the launcher says that sessions are in a database of the application's,
 * unless that has a data source or transactions for them. Boot's own conditions do not
 * see one that is no default candidate.
 */
class OnOwnSessionPoolCondition extends SpringBootCondition implements ConfigurationCondition {

	/** Name by which Spring Session knows them. */
	static final String TRANSACTIONS = "springSessionTransactionOperations";

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		if (!context.getEnvironment().getProperty(SessionPool.WANTED, Boolean.class, false)) {
			return ConditionOutcome.noMatch("the sessions need no connections of their own");
		}
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		Assert.state(beans != null, "There is no bean factory");
		if (beans.containsBean(TRANSACTIONS)) {
			return ConditionOutcome.noMatch("the application's transactions for sessions are on its own connections");
		}
		List<String> own = Arrays.stream(beans.getBeanDefinitionNames())
			.filter((name) -> beans.findAnnotationOnBean(name, SpringSessionDataSource.class, false) != null)
			.toList();
		return new ConditionOutcome(own.isEmpty(),
				"the application's data sources for sessions are " + String.join(", ", own));
	}

}
