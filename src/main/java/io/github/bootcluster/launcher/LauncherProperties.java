package io.github.bootcluster.launcher;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.InvalidClusterPropertyException;
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

	private static final Bindable<String> TEXT = Bindable.of(String.class);

	private LauncherProperties() {
	}

	/**
	 * Bind the properties. A key that means nothing is only warned about: the prefix is
	 * common enough for an application to use it for something of its own.
	 * @throws BindException if a value cannot be read
	 * @throws InvalidClusterPropertyException if a value makes no sense
	 */
	static ClusterProperties bind(Environment environment) {
		Binder binder = Binder.get(environment);
		ClusterProperties properties = bind(binder);
		Set<String> unknown = findUnknown(binder);
		if (!unknown.isEmpty()) {
			logger.warn("Not known, so without effect on the cluster: {}", String.join(", ", unknown));
		}
		return properties;
	}

	private static ClusterProperties bind(Binder binder) {
		try {
			return binder.bindOrCreate(PREFIX, Bindable.of(ClusterProperties.class), new EmptyValues(binder));
		}
		catch (BindException ex) {
			for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
				if (cause instanceof InvalidClusterPropertyException invalid) {
					throw new InvalidClusterPropertyException(invalid.getProperty(), asWritten(binder, invalid),
							invalid.getRequirement(), ex);
				}
			}
			throw ex;
		}
	}

	/** A value as its user knows it: '-1s', not 'PT-1S'. */
	private static String asWritten(Binder binder, InvalidClusterPropertyException invalid) {
		return binder.bind(invalid.getProperty(), TEXT).orElse(invalid.getValue());
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

	/**
	 * Refuses a single value that is there but empty, most likely of a variable that is
	 * not set: Spring Boot would take the default, and nobody would notice. Lists and
	 * maps may be empty, as may what is in them, and so may groups: the rest of one whose
	 * properties have all been commented out.
	 */
	private static final class EmptyValues implements BindHandler {

		private final Binder binder;

		private final Set<ConfigurationPropertyName> containers = new HashSet<>();

		EmptyValues(Binder binder) {
			this.binder = binder;
		}

		@Override
		public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
			Class<?> type = target.getType().resolve(Object.class);
			if (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)) {
				this.containers.add(name);
			}
			else if (!isGroup(type) && this.containers.stream().noneMatch((container) -> container.isAncestorOf(name))
					&& this.binder.bind(name, TEXT).map(String::isBlank).orElse(false)) {
				throw new InvalidClusterPropertyException(name.toString(), "", "must have a value");
			}
			return target;
		}

		private static boolean isGroup(Class<?> type) {
			return type.isRecord() && type.getNestHost() == ClusterProperties.class;
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
