package io.github.bootcluster.messaging;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * The methods of an application that take messages, found once all its singletons are
 * there. Their parameters are the classes that messages may have: no other is ever looked
 * up.
 */
public final class Listeners implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(Listeners.class);

	private final ApplicationContext context;

	private final ConfigurableListableBeanFactory beans;

	/** By the name of the class. Written once, before messages come. */
	private final Map<String, Subject> subjects = new HashMap<>();

	public Listeners(ApplicationContext context, ConfigurableListableBeanFactory beans) {
		this.context = context;
		this.beans = beans;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (String name : this.beans.getBeanNamesForType(Object.class, true, false)) {
			Class<?> type = AutoProxyUtils.determineTargetClass(this.beans, name);
			// Behind a scoped proxy, which is there under another name.
			boolean behindProxy = ScopedProxyUtils.isScopedTarget(name);
			if (type != null && !behindProxy && !type.getName().startsWith("org.springframework.")) {
				register(name, type);
			}
		}
		this.subjects.forEach((type, subject) -> logger.debug("Messages of {} go to {}", type, subject.methods));
	}

	/** Who wants messages of a class; empty if nobody does. */
	Optional<Subject> find(String type) {
		return Optional.ofNullable(this.subjects.get(type));
	}

	private void register(String name, Class<?> type) {
		if (AnnotationUtils.isCandidateClass(type, ClusterListener.class)) {
			annotated(type, ClusterListener.class).forEach((method) -> {
				ListenerMethod listener = ListenerMethod.of(this.beans, name, method);
				subject(listener.payloadType()).methods.add(listener);
			});
		}
		if (AnnotationUtils.isCandidateClass(type, EventListener.class)) {
			annotated(type, EventListener.class).forEach(this::registerEvent);
		}
	}

	private void registerEvent(Method method) {
		if (method.getParameterCount() == 1 && method.getParameterTypes()[0] == ClusterMessage.class) {
			Class<?> payloadType = ResolvableType.forMethodParameter(method, 0).getGeneric(0).resolve();
			if (payloadType != null && payloadType != Object.class) {
				subject(payloadType).published = true;
			}
		}
	}

	private Subject subject(Class<?> type) {
		return this.subjects.computeIfAbsent(type.getName(), (name) -> new Subject(type));
	}

	private static Set<Method> annotated(Class<?> type, Class<? extends Annotation> annotation) {
		return MethodIntrospector.selectMethods(type,
				(Method method) -> AnnotatedElementUtils.hasAnnotation(method, annotation));
	}

	/** A class of messages, and who wants them. */
	final class Subject {

		private final Class<?> type;

		private final List<ListenerMethod> methods = new ArrayList<>();

		private boolean published;

		private Subject(Class<?> type) {
			this.type = type;
		}

		Class<?> type() {
			return this.type;
		}

		/**
		 * Tell all of them, whatever one of them does.
		 * @return the first reply and the first failure
		 */
		Outcome tell(Object payload, Sender sender) {
			Object reply = null;
			Throwable failure = null;
			for (ListenerMethod method : this.methods) {
				try {
					Object result = method.invoke(payload, sender);
					reply = (reply != null) ? reply : result;
				}
				catch (Exception ex) {
					logger.error("Listener {} failed for a message of {} from {}", method, this.type.getName(), sender,
							ex);
					failure = (failure != null) ? failure : ex;
				}
			}
			if (this.published) {
				publish(payload, sender);
			}
			return new Outcome(reply, failure);
		}

		private void publish(Object payload, Sender sender) {
			try {
				Listeners.this.context.publishEvent(new ClusterMessage<>(payload, sender));
			}
			catch (RuntimeException ex) {
				logger.error("A listener of events failed for a message of {} from {}", this.type.getName(), sender,
						ex);
			}
		}

	}

	/** What listeners made of a message. */
	record Outcome(@Nullable Object reply, @Nullable Throwable failure) {

	}

}
