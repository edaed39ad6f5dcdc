package io.github.bootcluster.launcher;

import java.util.Set;
import java.util.TreeSet;

import io.github.bootcluster.ClusterProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/** Reads {@code cluster.*} before any application context exists. */
final class LauncherProperties {

	private static final Logger logger = LoggerFactory.getLogger(LauncherProperties.class);

	private static final String PREFIX = "cluster";

	private LauncherProperties() {
	}

	/**
	 * Bind the properties. A key that means nothing is only warned about: the prefix is
	 * common enough for an application to use it for something of its own.
	 * @throws BindException if a value makes no sense
	 */
	static ClusterProperties bind(Environment environment) {
		Binder binder = Binder.get(environment);
		ClusterProperties properties = binder.bindOrCreate(PREFIX, Bindable.of(ClusterProperties.class),
				BindHandler.DEFAULT);
		Set<String> unknown = findUnknown(binder);
		if (!unknown.isEmpty()) {
			logger.warn("Not known, so without effect on the cluster: {}", String.join(", ", unknown));
		}
		return properties;
	}

	private static Set<String> findUnknown(Binder binder) {
		try {
			binder.bind(PREFIX, Bindable.of(ClusterProperties.class), new UnknownKeys());
			return Set.of();
		}
		catch (BindException ex) {
			if (ex.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
				Set<String> names = new TreeSet<>();
				unbound.getUnboundProperties().forEach((property) -> names.add(property.getName().toString()));
				return names;
			}
			throw ex;
		}
	}

	/** Complains once everything under the prefix has been bound. */
	private static final class UnknownKeys extends NoUnboundElementsBindHandler {

		private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(PREFIX);

		UnknownKeys() {
			super(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
		}

		@Override
		public void onFinish(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
				@Nullable Object result) throws Exception {
			if (name.equals(ROOT)) {
				super.onFinish(name, target, context, result);
			}
		}

	}

}
