package io.github.bootcluster.leader;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Finds the methods of beans that are {@link LeaderOnly}, and refuses what cannot be. */
final class LeaderOnlyMethods {

	/** Of the classes seen so far. */
	private final Map<Class<?>, Set<Method>> known = new ConcurrentHashMap<>();

	/** Those of a bean, proxied already or not. */
	Set<Method> of(Object bean) {
		if (bean instanceof AopInfrastructureBean) {
			return Set.of();
		}
		return this.known.computeIfAbsent(typeOf(bean), LeaderOnlyMethods::find);
	}

	/** Refuse what no proxy of the bean could keep from running. */
	void checkBefore(Object bean) {
		for (Method method : of(bean)) {
			if (method.getReturnType() != void.class) {
				throw new InvalidLeaderOnlyMethodException(method,
						"returns " + ClassUtils.getShortName(method.getReturnType()),
						"Make it void: where this process is not the leader there is nothing it could return.");
			}
			String modifiers = Modifier
				.toString(method.getModifiers() & (Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL));
			if (!modifiers.isEmpty()) {
				throw new InvalidLeaderOnlyMethodException(method, "is " + modifiers,
						"Make it neither private nor static nor final: Spring cannot intercept such a method.");
			}
			if (Modifier.isFinal(typeOf(bean).getModifiers()) && !AopUtils.isAopProxy(bean)) {
				throw new InvalidLeaderOnlyMethodException(method, "its class is final",
						"Make the class not final: Spring cannot intercept the methods of such a class.");
			}
		}
	}

	/** Refuse what the proxy of the bean does not have. */
	void checkAfter(Object bean, Object proxy) {
		for (Method method : of(bean)) {
			if (ReflectionUtils.findMethod(proxy.getClass(), method.getName(), method.getParameterTypes()) == null) {
				throw new InvalidLeaderOnlyMethodException(method,
						"its bean is known by its interfaces only, which lack the method",
						"Declare it in one of them, or have Spring proxy classes (spring.aop.proxy-target-class=true).");
			}
		}
	}

	private static Class<?> typeOf(Object bean) {
		return ClassUtils.getUserClass(AopProxyUtils.ultimateTargetClass(bean));
	}

	private static Set<Method> find(Class<?> type) {
		// Most beans are Spring's own, and to look through their methods takes its time.
		if (type.getName().startsWith("org.springframework.")
				|| !AnnotationUtils.isCandidateClass(type, LeaderOnly.class)) {
			return Set.of();
		}
		return Set.copyOf(
				MethodIntrospector.selectMethods(type, (ReflectionUtils.MethodFilter) (method) -> AnnotatedElementUtils
					.hasAnnotation(method, LeaderOnly.class)));
	}

}
