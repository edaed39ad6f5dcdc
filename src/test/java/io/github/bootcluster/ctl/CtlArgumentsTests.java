package io.github.bootcluster.ctl;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CtlArgumentsTests {

	@Test
	void processIsAskedByItsArguments() {
		assertThat(isAsked()).isFalse();
		assertThat(isAsked("--spring.profiles.active=launcher", "cluster.ctl=status")).isFalse();
		assertThat(isAsked("--cluster.ctlx=status")).isFalse();
		assertThat(isAsked("--cluster.ctl=status")).isTrue();
		assertThat(isAsked("--server.port=0", "--cluster.ctl", "status")).isTrue();
	}

	@Test
	void commandMayFollowAnEqualsSignOrBeTheNextWord() {
		assertThat(read("--json", "--cluster.ctl=scale=4").words()).containsExactly("scale=4", "--json");
		assertThat(read("--cluster.ctl", "scale", "4", "--json").words()).containsExactly("scale", "4", "--json");
		assertThat(read("--cluster.ctl").words()).isEmpty();
	}

	@Test
	void argumentsOfTheApplicationAreNotForUs() {
		CtlArguments read = read("input.txt", "--server.port=0", "--cluster.ctl=status", "--app.name=a=b");
		assertThat(read.words()).containsExactly("status");
		assertThat(read.configured()).isTrue();
		assertThat(read("--cluster.ctl=status", "--watch=0.5").configured()).isFalse();
	}

	@Test
	void homeIsToldByArgumentElseByEnvironment() {
		Map<String, String> environment = Map.of("CLUSTER_HOME", "/environment");
		assertThat(read("--cluster.ctl=status").home()).isNull();
		assertThat(CtlArguments.read(new String[] { "--cluster.ctl=status" }, environment).home())
			.isEqualTo("/environment");
		assertThat(CtlArguments.read(new String[] { "--cluster.ctl=status", "--cluster.home=/argument" }, environment)
			.home()).isEqualTo("/argument");
	}

	@Test
	void namesOfTheEnvironmentAreTakenInAnyCaseAsSpringBootDoes() {
		String[] status = { "--cluster.ctl=status" };
		for (String name : List.of("cluster_home", "Cluster_Home", "cluster.home")) {
			assertThat(CtlArguments.read(status, Map.of(name, "/environment")).home()).as(name)
				.isEqualTo("/environment");
		}
		assertThat(CtlArguments.read(status, Map.of("CLUSTER_HOME", "/exact", "cluster_home", "/other")).home())
			.isEqualTo("/exact");
		assertThat(ThisProgram.relevant(
				Map.of("spring_profiles_active", "a", "Spring.Config.Name", "b", "SPRING_X", "c", "SPRINGS", "d")))
			.containsOnlyKeys("spring_profiles_active", "Spring.Config.Name", "SPRING_X");
	}

	@Test
	void whatMakesNoSenseIsToldOf() {
		assertThatExceptionOfType(CtlUsageException.class)
			.isThrownBy(() -> read("--cluster.ctl=status", "--cluster.ctl=stop"))
			.withMessageContaining("one command at a time");
		for (String home : List.of("--cluster.home=", "--cluster.home")) {
			assertThatExceptionOfType(CtlUsageException.class).isThrownBy(() -> read("--cluster.ctl=status", home))
				.withMessageContaining("cluster.home is there, but empty");
		}
	}

	private static boolean isAsked(String... arguments) {
		return CtlArguments.isAsked(arguments);
	}

	private static CtlArguments read(String... arguments) {
		return CtlArguments.read(arguments, Map.of());
	}

}
