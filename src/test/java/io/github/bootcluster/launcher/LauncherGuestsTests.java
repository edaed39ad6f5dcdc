package io.github.bootcluster.launcher;

import java.util.List;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.InvalidClusterPropertyException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Which classes {@link LauncherGuests} lets in. */
class LauncherGuestsTests {

	private static final FrontSettings.Admin ADMIN = new FrontSettings.Admin.BehindFront("/actuator");

	@Test
	void classesAreLoadedInOrder() {
		assertThat(LauncherGuests.load(guests(Guest.class.getName(), "java.lang.String"), ADMIN))
			.containsExactly(Guest.class, String.class);
		assertThat(LauncherGuests.load(guests(), new FrontSettings.Admin.Disabled())).isEmpty();
	}

	@Test
	void classThatIsNotThereIsNamed() {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> LauncherGuests.load(guests("com.example.Missing"), ADMIN))
			.withMessageContaining("cluster.launcher.configuration")
			.withMessageContaining("com.example.Missing")
			.withMessageContaining("full name of a class");
	}

	@Test
	void launcherWithoutAContextHasNone() {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> LauncherGuests.load(guests(Guest.class.getName()), new FrontSettings.Admin.Disabled()))
			.withMessageContaining("management.server.port=-1");
	}

	private static ClusterProperties.Launcher guests(String... names) {
		return new ClusterProperties.Launcher(List.of(names));
	}

	static class Guest {

	}

}
