package io.github.bootcluster.launcher;

import org.springframework.beans.BeansException;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The SSL bundles of {@code spring.ssl.bundle}, read and watched by Spring Boot's own
 * code, in a context that has nothing else: the application's never exists here.
 */
final class SslBundleContext implements AutoCloseable {

	private final AnnotationConfigApplicationContext context;

	private SslBundleContext(AnnotationConfigApplicationContext context) {
		this.context = context;
	}

	/**
	 * Read the bundles.
	 * @throws LaunchException if one cannot be read
	 */
	static SslBundleContext open(ConfigurableEnvironment environment) {
		PemTexts.check(environment);
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.setDisplayName("cluster-ssl");
		context.setEnvironment(environment);
		context.register(SslAutoConfiguration.class);
		try {
			context.refresh();
		}
		catch (BeansException ex) {
			if (ex.contains(BindException.class)) {
				// Spring Boot explains these better.
				throw ex;
			}
			throw new LaunchException("The SSL bundles cannot be set up: %s.".formatted(Causes.describe(ex)),
					"Correct the properties under spring.ssl.bundle.", ex);
		}
		return new SslBundleContext(context);
	}

	SslBundles bundles() {
		return this.context.getBean(SslBundles.class);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
