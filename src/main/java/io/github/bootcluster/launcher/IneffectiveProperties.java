package io.github.bootcluster.launcher;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.ClusterProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;

/**
 * Properties that say what a dispatcher shall do, or count what it has done, in a cluster
 * that has none. Who has set them relies on them.
 */
final class IneffectiveProperties {

	private static final Logger logger = LoggerFactory.getLogger(IneffectiveProperties.class);

	private IneffectiveProperties() {
	}

	/** Warn of those that are set, of all at once. */
	static void warn(Environment environment) {
		List<String> names = find(environment);
		if (!names.isEmpty()) {
			logger.warn("Without effect with cluster.scheduling-policy=none, where no dispatcher handles requests: {}",
					String.join(", ", names));
		}
	}

	static List<String> find(Environment environment) {
		List<ConfigurationPropertyName> names = new ArrayList<>();
		names.add(ConfigurationPropertyName.of("cluster.worker.max-requests"));
		addAll(ConfigurationPropertyName.of("cluster.dispatch"), ClusterProperties.Dispatch.class, names);
		return names.stream()
			.filter((name) -> isSet(environment, name))
			.map(ConfigurationPropertyName::toString)
			.toList();
	}

	private static void addAll(ConfigurationPropertyName group, Class<?> type, List<ConfigurationPropertyName> names) {
		for (RecordComponent component : type.getRecordComponents()) {
			ConfigurationPropertyName name = group.append(DataObjectPropertyName.toDashedForm(component.getName()));
			if (component.getType() == ClusterProperties.AccessLog.class) {
				addAll(name, component.getType(), names);
			}
			else {
				names.add(name);
			}
		}
	}

	/** One of several values has a name of its own below. */
	private static boolean isSet(Environment environment, ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.getConfigurationProperty(name) != null
					|| source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

}
