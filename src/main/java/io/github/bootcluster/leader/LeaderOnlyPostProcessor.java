package io.github.bootcluster.leader;

import java.util.function.Supplier;

import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.core.Ordered;
import org.springframework.util.function.SingletonSupplier;

/**
 * Has {@link LeaderOnly} methods of beans run in the leader only. What it adds to a proxy
 * comes before a transaction, whose end belongs to what the leader does, and behind
 * {@code @Async}, which would be over before the method has begun: it is added in front
 * of what is there, and right before the processor of {@code @Async} does the same.
 */
public final class LeaderOnlyPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private final LeaderOnlyMethods methods = new LeaderOnlyMethods();

	/**
	 * Create the processor.
	 * @param leadership asked for with the first call of such a method
	 */
	public LeaderOnlyPostProcessor(Supplier<Leadership> leadership) {
		setProxyTargetClass(true);
		setBeforeExistingAdvisors(true);
		setOrder(Ordered.LOWEST_PRECEDENCE - 1);
		this.advisor = new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(null, LeaderOnly.class, true),
				new LeaderOnlyInterceptor(SingletonSupplier.of(leadership)::obtain));
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (this.methods.of(bean).isEmpty()) {
			return bean;
		}
		this.methods.checkBefore(bean);
		Object proxy = super.postProcessAfterInitialization(bean, beanName);
		this.methods.checkAfter(bean, proxy);
		return proxy;
	}

}
