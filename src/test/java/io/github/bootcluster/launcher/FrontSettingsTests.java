package io.github.bootcluster.launcher;

import java.net.InetAddress;

import io.github.bootcluster.InvalidClusterPropertyException;
import io.github.bootcluster.SchedulingPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FrontSettingsTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void defaultsAreThoseOfBoot() {
		FrontSettings settings = settings();
		assertThat(settings.address()).isNull();
		assertThat(settings.port()).isEqualTo(8080);
		assertThat(settings.tls()).isNull();
		assertThat(settings.admin()).isEqualTo(new FrontSettings.Admin.BehindFront("/actuator"));
		assertThat(settings.dashboard()).isEqualTo("/cluster");
	}

	@Test
	void adminPathsFollowContextAndBasePath() {
		this.environment.setProperty("server.servlet.context-path", "/app");
		this.environment.setProperty("management.endpoints.web.base-path", "/ops");
		assertThat(settings().admin()).isEqualTo(new FrontSettings.Admin.BehindFront("/app/ops"));
	}

	@Test
	void probesHavePathsOfTheirOwnIfBootIsToldSo() {
		this.environment.setProperty("server.servlet.context-path", "/app");
		assertThat(settings().adminPaths()).containsExactly("/app/actuator", "/app/cluster");
		this.environment.setProperty("management.endpoint.health.probes.add-additional-paths", "true");
		assertThat(settings().adminPaths()).containsExactly("/app/actuator", "/app/cluster", "/app/livez",
				"/app/readyz");
		this.environment.setProperty("management.server.port", "9090");
		assertThat(settings().adminPaths()).isEmpty();
	}

	@Test
	void managementPortTakesTheAdminAwayFromTheFront() {
		this.environment.setProperty("management.server.port", "9090");
		assertThat(settings().admin()).isEqualTo(new FrontSettings.Admin.OwnPort(null, 9090, "", "/actuator", null));
		this.environment.setProperty("management.server.port", "-1");
		assertThat(settings().admin()).isEqualTo(new FrontSettings.Admin.Disabled());
		this.environment.setProperty("management.server.port", "8080");
		assertThat(settings().admin()).isInstanceOf(FrontSettings.Admin.BehindFront.class);
	}

	@Test
	void managementPortHasPathsOfItsOwn() {
		this.environment.setProperty("server.port", "0");
		this.environment.setProperty("server.servlet.context-path", "/app");
		this.environment.setProperty("management.server.port", "0");
		this.environment.setProperty("management.server.base-path", "/manage/");
		this.environment.setProperty("management.endpoints.web.base-path", "/");
		this.environment.setProperty("cluster.dashboard.path", "/dashboard");
		assertThat(settings().admin()).isEqualTo(new FrontSettings.Admin.OwnPort(null, 0, "/manage", "/manage", null));
		assertThat(settings().dashboard()).isEqualTo("/manage/dashboard");
		assertThat(settings().adminPaths()).isEmpty();
	}

	@Test
	void dashboardIsWhereItsUserWantsIt() {
		this.environment.setProperty("server.servlet.context-path", "/app");
		this.environment.setProperty("cluster.dashboard.path", "/ops/dashboard");
		assertThat(settings().dashboard()).isEqualTo("/app/ops/dashboard");
		assertThat(settings().adminPaths()).containsExactly("/app/actuator", "/app/ops/dashboard");
		this.environment.setProperty("cluster.dashboard.enabled", "false");
		assertThat(settings().dashboard()).isNull();
		assertThat(settings().adminPaths()).containsExactly("/app/actuator");
	}

	@ParameterizedTest
	@CsvSource({ "management.endpoints.web.exposure.include, health",
			"management.endpoints.web.exposure.exclude, cluster", "management.endpoint.cluster.access, none",
			"management.endpoints.access.default, none", "management.endpoints.access.max-permitted, none",
			"management.server.port, -1" })
	void dashboardIsNotThereWhereItsEndpointIsNot(String property, String value) {
		this.environment.setConversionService(new ApplicationConversionService());
		this.environment.setProperty(property, value);
		assertThat(settings().dashboard()).isNull();
		assertThat(settings().adminPaths()).doesNotContain("/cluster");
	}

	@ParameterizedTest
	@CsvSource({ "/actuator, /actuator", "/ops, /ops/cluster", "/ops/actuator, /ops" })
	void dashboardThatIsInTheWayOfTheEndpointsIsRefused(String basePath, String path) {
		this.environment.setProperty("management.endpoints.web.base-path", basePath);
		this.environment.setProperty("cluster.dashboard.path", path);
		assertDashboardRefused(path, basePath);
	}

	@Test
	void dashboardAndEndpointOfTheSamePathAreRefused() {
		this.environment.setProperty("management.server.port", "9090");
		this.environment.setProperty("management.endpoints.web.base-path", "/");
		this.environment.setProperty("cluster.dashboard.path", "/cluster");
		assertDashboardRefused("/cluster", "/cluster");
		this.environment.setProperty("management.endpoints.web.path-mapping.cluster", "state");
		assertThat(settings().dashboard()).isEqualTo("/cluster");
	}

	@Test
	void dashboardThatNobodyAskedForGivesWayToTheEndpoints() {
		this.environment.setProperty("management.endpoints.web.base-path", "/cluster");
		assertThat(settings().dashboard()).isNull();
		assertThat(settings().adminPaths()).containsExactly("/cluster");
		this.environment.setProperty("management.server.port", "9090");
		this.environment.setProperty("management.endpoints.web.base-path", "/");
		assertThat(settings().dashboard()).isNull();
		this.environment.setProperty("management.endpoints.web.path-mapping.cluster", "state");
		assertThat(settings().dashboard()).isEqualTo("/cluster");
	}

	private void assertDashboardRefused(String path, String taken) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class).isThrownBy(this::settings)
			.withMessageContaining("'cluster.dashboard.path'")
			.withMessageContaining("'" + path + "'")
			.withMessageContaining("must be apart from '" + taken + "'");
	}

	@Test
	void managementPortHasTheAddressOfTheFrontUnlessItSaysOtherwise() throws Exception {
		this.environment.setProperty("management.server.port", "9090");
		this.environment.setProperty("server.address", "127.0.0.2");
		assertThat(ownPort().address()).isEqualTo(InetAddress.getByName("127.0.0.2"));
		this.environment.setProperty("management.server.address", "127.0.0.3");
		assertThat(ownPort().address()).isEqualTo(InetAddress.getByName("127.0.0.3"));
	}

	@Test
	void trailingSlashOfTheContextPathIsDropped() {
		this.environment.setProperty("server.servlet.context-path", "/");
		assertThat(settings().admin()).isEqualTo(new FrontSettings.Admin.BehindFront("/actuator"));
	}

	@Test
	void basePathThatHidesTheApplicationIsRefused() {
		this.environment.setProperty("management.endpoints.web.base-path", "/");
		assertRefused("management.endpoints.web.base-path");
	}

	@ParameterizedTest
	@ValueSource(strings = { "key-store", "certificate", "bundle", "key-store-type", "keystore" })
	void anyPropertyAsksForTlsUnlessItIsSwitchedOff(String key) {
		this.environment.setProperty("server.ssl." + key, "something");
		assertThat(settings().tls()).isNotNull();
		this.environment.setProperty("server.ssl.enabled", "false");
		assertThat(settings().tls()).isNull();
	}

	@Test
	void managementPortInheritsTlsUnlessItSaysOtherwise() {
		this.environment.setProperty("management.server.port", "9090");
		this.environment.setProperty("server.ssl.bundle", "web");
		assertThat(ownTls().ssl().getBundle()).isEqualTo("web");
		this.environment.setProperty("management.server.ssl.bundle", "ops");
		assertThat(ownTls().ssl().getBundle()).isEqualTo("ops");
		assertThat(ownTls().prefix()).isEqualTo("management.server.ssl");
		this.environment.setProperty("management.server.ssl.enabled", "false");
		assertThat(ownTls()).isNull();
		assertThat(settings().tls()).isNotNull();
	}

	@Test
	void tlsOfAManagementPortThatDoesNotExistIsRefused() {
		this.environment.setProperty("management.server.ssl.bundle", "ops");
		assertRefused("management.server.ssl");
		this.environment.setProperty("management.server.ssl.enabled", "false");
		assertThat(settings().admin()).isInstanceOf(FrontSettings.Admin.BehindFront.class);
	}

	@Test
	void endpointsNeedAPortOfTheirOwnWhereWorkersShareThePublicOne() {
		assertThatExceptionOfType(LaunchException.class)
			.isThrownBy(() -> FrontSettings.from(this.environment, SchedulingPolicy.NONE))
			.withMessageContaining("cluster.scheduling-policy=none")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("management.server.port", "-1"));
		this.environment.setProperty("management.server.port", "9090");
		assertThat(FrontSettings.from(this.environment, SchedulingPolicy.NONE).admin())
			.isInstanceOf(FrontSettings.Admin.OwnPort.class);
		this.environment.setProperty("management.server.port", "-1");
		assertThat(FrontSettings.from(this.environment, SchedulingPolicy.NONE).admin())
			.isInstanceOf(FrontSettings.Admin.Disabled.class);
	}

	@Test
	void negativePortIsRefused() {
		this.environment.setProperty("server.port", "-1");
		assertRefused("server.port");
	}

	@Test
	void portBeyondTheLastIsRefused() {
		this.environment.setProperty("server.port", "70000");
		assertRefused("'server.port' is 70000: ports go up to 65535");
		this.environment.setProperty("server.port", "8080");
		this.environment.setProperty("management.server.port", "65536");
		assertRefused("'management.server.port' is 65536: ports go up to 65535");
	}

	@Test
	void unknownAddressIsRefused() {
		this.environment.setProperty("server.address", "no.such.host.invalid");
		assertRefused("server.address");
	}

	private FrontSettings settings() {
		return FrontSettings.from(this.environment, SchedulingPolicy.ROUND_ROBIN);
	}

	private TlsSettings ownTls() {
		return ownPort().tls();
	}

	private FrontSettings.Admin.OwnPort ownPort() {
		return (FrontSettings.Admin.OwnPort) settings().admin();
	}

	private void assertRefused(String property) {
		assertThatExceptionOfType(LaunchException.class).isThrownBy(this::settings).withMessageContaining(property);
	}

}
