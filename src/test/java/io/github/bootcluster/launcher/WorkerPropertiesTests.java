package io.github.bootcluster.launcher;

import java.net.InetSocketAddress;
import java.util.Map;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.WorkerId;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class WorkerPropertiesTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void profileLauncherBecomesWorkerAndOthersStay() {
		this.environment.setActiveProfiles("prod", "launcher", "db");
		assertThat(properties(1)).containsEntry("spring.profiles.active", "prod,worker,db");
	}

	@Test
	void defaultProfileLauncherBecomesWorker() {
		this.environment.setDefaultProfiles("launcher");
		assertThat(properties(1)).containsEntry("spring.profiles.active", "worker");
	}

	@Test
	void groupsAndIncludesDoNotBringTheLauncherBack() {
		this.environment.setActiveProfiles("prod", "launcher", "db");
		this.environment.setProperty("spring.profiles.group.prod", "launcher,db");
		this.environment.setProperty("spring.profiles.group.other", "db");
		this.environment.setProperty("spring.profiles.include", "launcher");
		assertThat(properties(1)).containsEntry("spring.profiles.group.prod", "worker,db")
			.containsEntry("spring.profiles.include", "worker")
			.doesNotContainKey("spring.profiles.group.other");
	}

	@Test
	void workerListensOnLoopbackAndServesNoActuator() {
		assertThat(properties(1)).containsEntry("server.address", "127.0.0.1")
			.containsEntry("server.port", "0")
			.containsEntry("management.server.port", "-1");
	}

	@Test
	void workerListensAtTheSharedPortWithAllThatIsTheApplicationsOwn() {
		this.environment.setProperty("server.ssl.bundle", "web");
		assertThat(properties(1, new InetSocketAddress("127.0.0.2", 8081))).containsEntry("server.address", "127.0.0.2")
			.containsEntry("server.port", "8081")
			.containsEntry("server.shutdown", "graceful")
			.containsEntry("management.server.port", "-1")
			.doesNotContainKeys("server.ssl.enabled", "server.tomcat.keep-alive-timeout",
					"server.tomcat.max-keep-alive-requests", "server.tomcat.remoteip.internal-proxies",
					"server.forward-headers-strategy");
		assertThat(properties(1, new InetSocketAddress(8081))).containsEntry("server.address", "")
			.containsEntry("server.port", "8081");
	}

	@Test
	void workerWithoutASlotKeepsAwayFromTheSharedPort() {
		assertThat(properties(0, new InetSocketAddress(8081))).containsEntry("server.address", "127.0.0.1")
			.containsEntry("server.port", "0");
	}

	@Test
	void workerKeepsIdleConnectionsLongerThanTheDispatcher() {
		assertThat(properties(1)).containsEntry("server.tomcat.keep-alive-timeout", "105000ms")
			.containsEntry("server.tomcat.max-keep-alive-requests", "-1");
	}

	@Test
	void workerSpeaksPlainHttpWhateverTheFrontDoes() {
		this.environment.setProperty("server.ssl.bundle", "web");
		this.environment.setProperty("server.ssl.enabled", "true");
		assertThat(properties(1)).containsEntry("server.ssl.enabled", "false");
	}

	@Test
	void workerAlwaysHeedsWhatTheLauncherSaysOfTheClient() {
		assertThat(properties(1)).containsEntry("server.forward-headers-strategy", "native");
		this.environment.setProperty("server.forward-headers-strategy", "NONE");
		assertThat(properties(1)).containsEntry("server.forward-headers-strategy", "native");
		this.environment.setProperty("server.forward-headers-strategy", "framework");
		assertThat(properties(1)).doesNotContainKey("server.forward-headers-strategy");
	}

	@Test
	void workerTrustsTheProxiesThatTheDispatcherTrusts() {
		String property = "server.tomcat.remoteip.internal-proxies";
		assertThat(properties(1)).containsEntry(property, "127.0.0.0/8, ::1/128");
		this.environment.setProperty("cluster.dispatch.trusted-proxies", "192.0.2.7, 2001:db8::/32");
		assertThat(properties(1)).containsEntry(property, "127.0.0.0/8, ::1/128, 192.0.2.7, 2001:db8::/32");
		this.environment.setProperty(property, "10\\.0\\.0\\.1");
		assertThat(properties(1)).doesNotContainKey(property);
	}

	@Test
	void everySlotHasItsOwnLogFile() {
		this.environment.setProperty("logging.file.name", "/var/log.d/app.log");
		assertThat(properties(2)).containsEntry("logging.file.name", "/var/log.d/app-worker-2.log");
		this.environment.setProperty("logging.file.name", "/var/log.d/app");
		assertThat(properties(2)).containsEntry("logging.file.name", "/var/log.d/app-worker-2");
		this.environment.setProperty("logging.file.name", "");
		this.environment.setProperty("logging.file.path", "/var/log/app");
		assertThat(properties(2)).containsEntry("logging.file.name", "/var/log/app/spring-worker-2.log");
	}

	@Test
	void workerThatStandsByHasALogFileOfItsOwn() {
		this.environment.setProperty("logging.file.name", "app.log");
		assertThat(properties(new WorkerSpec(WorkerId.of(9), 0, 1, 3, 3))).containsEntry("logging.file.name",
				"app-worker-3.log");
	}

	@Test
	void sharedPropertiesOfTheSessionStoreAreIncluded() {
		assertThat(properties(1)).containsEntry("spring.datasource.url", "jdbc:shared");
	}

	private Map<String, String> properties(int slot) {
		return properties(slot, null);
	}

	private Map<String, String> properties(int slot, InetSocketAddress sharedPort) {
		return properties(new WorkerSpec(WorkerId.of(9), slot, 1, 2), sharedPort);
	}

	private Map<String, String> properties(WorkerSpec spec) {
		return properties(spec, null);
	}

	private Map<String, String> properties(WorkerSpec spec, InetSocketAddress sharedPort) {
		ClusterProperties properties = Binder.get(this.environment).bindOrCreate("cluster", ClusterProperties.class);
		return new WorkerProperties(this.environment, properties, Map.of("spring.datasource.url", "jdbc:shared"),
				sharedPort)
			.apply(spec);
	}

}
