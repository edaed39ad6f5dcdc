package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.messaging.Listeners;
import io.github.bootcluster.messaging.MessagingNode;
import io.github.bootcluster.messaging.Post;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Not in a context below one that has it: they share it.
 * <p>
 * This process as one that sends and takes messages, in every role: only its {@link Post}
 * differs.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(MessagingNode.class)
class MessagingConfiguration {

	@Bean
	static Listeners bootClusterListeners(ApplicationContext context, ConfigurableListableBeanFactory beans) {
		return new Listeners(context, beans);
	}

	@Bean
	MessagingNode bootClusterMessaging(Post post, Listeners listeners, ObjectProvider<JsonMapper> mapper,
			Environment environment) {
		return new MessagingNode(post, listeners, mapper.getIfUnique(() -> JsonMapper.builder().build()),
				properties(environment));
	}

	static ClusterProperties.Messaging properties(Environment environment) {
		return Binder.get(environment)
			.bindOrCreate(ClusterProperties.Messaging.PREFIX, ClusterProperties.Messaging.class);
	}

}
