package io.github.bootcluster.messaging;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ReflectionUtils;

/** A method of a bean that is called with messages. */
final class ListenerMethod {

	private final BeanFactory beans;

	private final String beanName;

	private final Method method;

	private final Class<?> payloadType;

	private ListenerMethod(BeanFactory beans, String beanName, Method method, Class<?> payloadType) {
		this.beans = beans;
		this.beanName = beanName;
		this.method = method;
		this.payloadType = payloadType;
	}

	/**
	 * Make one of an annotated method.
	 * @throws IllegalStateException if it cannot be called with messages
	 */
	static ListenerMethod of(BeanFactory beans, String beanName, Method method) {
		Class<?>[] parameters = method.getParameterTypes();
		check(method, parameters.length == 1 || parameters.length == 2,
				"must have the message as its parameter, and may have a Sender as a second one");
		check(method, parameters.length == 1 || parameters[1] == Sender.class,
				"has a second parameter that is not a Sender");
		Class<?> payloadType = parameters[0];
		check(method,
				!payloadType.isPrimitive() && !payloadType.isInterface() && payloadType != Object.class
						&& payloadType.getTypeParameters().length == 0,
				"must have a class without type parameters as its message, such as a record: messages are of exactly that class");
		Class<?> beanType = beans.getType(beanName);
		if (beanType != null) {
			// Refuses what a proxy hides.
			AopUtils.selectInvocableMethod(method, beanType);
		}
		return new ListenerMethod(beans, beanName, method, payloadType);
	}

	Class<?> payloadType() {
		return this.payloadType;
	}

	/**
	 * Call it.
	 * @throws Exception what the method throws
	 */
	@Nullable Object invoke(Object payload, Sender sender) throws Exception {
		Object bean = this.beans.getBean(this.beanName);
		Method invocable = AopUtils.selectInvocableMethod(this.method, bean.getClass());
		ReflectionUtils.makeAccessible(invocable);
		try {
			return (invocable.getParameterCount() == 1) ? invocable.invoke(bean, payload)
					: invocable.invoke(bean, payload, sender);
		}
		catch (InvocationTargetException ex) {
			if (ex.getCause() instanceof Exception cause) {
				throw cause;
			}
			throw ex;
		}
	}

	private static void check(Method method, boolean condition, String requirement) {
		if (!condition) {
			throw new IllegalStateException(
					"Method %s is annotated with @ClusterListener and %s.".formatted(method, requirement));
		}
	}

	@Override
	public String toString() {
		return this.method.getDeclaringClass().getSimpleName() + "." + this.method.getName();
	}

}
