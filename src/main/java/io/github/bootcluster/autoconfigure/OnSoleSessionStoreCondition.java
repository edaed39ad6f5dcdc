package io.github.bootcluster.autoconfigure;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.session.SessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.util.Assert;

/**
 * Matches where Spring Session's repository in a database is the only one: an application
 * that has further ones, or says which is the primary one, decides for itself.
 */
class OnSoleSessionStoreCondition extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		Assert.state(beans != null, "There is no bean factory");
		String[] names = beans.getBeanNamesForType(SessionRepository.class, true, false);
		boolean sole = names.length == 1 && beans.isTypeMatch(names[0], JdbcIndexedSessionRepository.class)
				&& !(beans.containsBeanDefinition(names[0]) && beans.getBeanDefinition(names[0]).isPrimary());
		return new ConditionOutcome(sole, "the session repositories are " + String.join(", ", names));
	}

}
