package io.github.bootcluster.dispatch;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** {@link AdminPaths}. */
class AdminPathsTests {

	private final AdminPaths paths = AdminPaths.of(List.of("/actuator", "/cluster/"));

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/actuator/", "/actuator?x=1", "/actuator/health?x=//..", "/cluster",
			"/cluster/app.js", "/actuator/a.b" })
	void pathIsTheLaunchersWhenItIsPlainlyBelow(String target) {
		assertThat(this.paths.contain(target)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/actuatorx", "/actuato", "/Actuator", "/x/actuator", "//actuator", "/actuator//x",
			"/actuator/../hello", "/actuator/..", "/actuator/./x", "/%61ctuator", "/actuator/%2e%2e/hello",
			"/actuator/..;/hello", "/actuator;x=1", "/actuator/%2F", "/actuator\\..", "*", "/hello?/actuator",
			"/actuator/%252e%252e/x" })
	void pathIsTheWorkersWhenItIsNotOrCouldBeReadOtherwise(String target) {
		assertThat(this.paths.contain(target)).isFalse();
	}

	@Test
	void prefixIsRefusedWhenItWouldTakeEverything() {
		assertThatIllegalArgumentException().isThrownBy(() -> AdminPaths.of(List.of("/")));
		assertThatIllegalArgumentException().isThrownBy(() -> AdminPaths.of(List.of("actuator")));
	}

}
