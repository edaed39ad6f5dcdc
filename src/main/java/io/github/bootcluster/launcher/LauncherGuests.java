package io.github.bootcluster.launcher;

import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.InvalidClusterPropertyException;

import org.springframework.util.ClassUtils;

/** The classes of the application that the launcher runs, at its user's wish. */
final class LauncherGuests {

	private static final String PROPERTY = ClusterProperties.Launcher.CONFIGURATION;

	private LauncherGuests() {
	}

	/**
	 * Load them.
	 * @throws InvalidClusterPropertyException if one cannot be loaded, or there is no
	 * context for it
	 */
	static List<Class<?>> load(ClusterProperties.Launcher properties, FrontSettings.Admin admin) {
		List<Class<?>> classes = new ArrayList<>();
		for (String name : properties.configuration()) {
			if (admin instanceof FrontSettings.Admin.Disabled) {
				throw new InvalidClusterPropertyException(PROPERTY, name,
						"must not be set where the launcher has no context of its own (management.server.port=-1)");
			}
			try {
				classes.add(ClassUtils.forName(name, null));
			}
			catch (ClassNotFoundException | LinkageError ex) {
				throw new InvalidClusterPropertyException(PROPERTY, name,
						"must be the full name of a class on the class path (" + ex + ")", ex);
			}
		}
		return classes;
	}

}
