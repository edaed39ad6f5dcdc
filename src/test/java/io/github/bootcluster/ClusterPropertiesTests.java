package io.github.bootcluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.github.bootcluster.ClusterProperties.Worker.StartupCaching;
import io.github.bootcluster.ClusterProperties.AccessLog;
import io.github.bootcluster.ClusterProperties.Reload.Order;
import io.github.bootcluster.ClusterProperties.Restart.OnExit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class ClusterPropertiesTests {

	@Test
	void defaultsAreThoseOfTheContract() {
		ClusterProperties properties = bind(Map.of());
		assertThat(properties.workers()).isEqualTo(WorkerCount.AUTO);
		assertThat(properties.standby()).isZero();
		assertThat(properties.home()).isEqualTo(Path.of(".cluster"));
		assertThat(properties.schedulingPolicy()).isEqualTo(SchedulingPolicy.ROUND_ROBIN);
		assertThat(properties.worker().javaHome()).isNull();
		assertThat(properties.worker().jvmArgs()).isEmpty();
		assertThat(properties.worker().startupCache()).isEqualTo(StartupCaching.AUTO);
		assertThat(properties.worker().environment()).isEmpty();
		assertThat(properties.worker().command()).isNull();
		assertThat(properties.worker().readinessPath()).isNull();
		assertThat(properties.worker().startTimeout()).isEqualTo(Duration.ofSeconds(60));
		assertThat(properties.worker().stopTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.worker().heartbeatInterval()).isEqualTo(Duration.ofSeconds(1));
		assertThat(properties.worker().heartbeatTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.worker().maxRequests()).isZero();
		assertThat(properties.worker().maxLifetime()).isZero();
		assertThat(properties.worker().maxMemory()).isEqualTo(DataSize.ofBytes(0));
		assertThat(properties.worker().warmUp().paths()).isEmpty();
		assertThat(properties.worker().warmUp().isWanted()).isFalse();
		assertThat(properties.worker().warmUp().requests()).isEqualTo(50);
		assertThat(properties.worker().warmUp().timeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(properties.pidFile()).isNull();
		assertThat(properties.reload().batchSize()).isEqualTo(1);
		assertThat(properties.reload().order()).isEqualTo(Order.START_FIRST);
		assertThat(properties.restart().onExit()).isEqualTo(OnExit.FAILURE);
		assertThat(properties.restart().initialDelay()).isEqualTo(Duration.ofMillis(200));
		assertThat(properties.restart().maxDelay()).isEqualTo(Duration.ofSeconds(15));
		assertThat(properties.restart().stableAfter()).isEqualTo(Duration.ofSeconds(10));
		assertThat(properties.dispatch().threads()).isZero();
		assertThat(properties.dispatch().maxInFlightPerWorker()).isEqualTo(200);
		assertThat(properties.dispatch().slowStart()).isEqualTo(Duration.ofSeconds(5));
		assertThat(properties.dispatch().queueCapacity()).isEqualTo(1000);
		assertThat(properties.dispatch().queueTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(properties.dispatch().connectTimeout()).isEqualTo(Duration.ofSeconds(1));
		assertThat(properties.dispatch().responseTimeout()).isEqualTo(Duration.ofSeconds(60));
		assertThat(properties.dispatch().idleTimeout()).isEqualTo(Duration.ofSeconds(75));
		assertThat(properties.dispatch().headTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(properties.dispatch().maxRequestSize()).isEqualTo(DataSize.ofBytes(-1));
		assertThat(properties.dispatch().trustedProxies()).isEmpty();
		assertThat(properties.dispatch().accessLog().enabled()).isFalse();
		assertThat(properties.dispatch().accessLog().format()).isEqualTo(AccessLog.Format.COMBINED);
		assertThat(properties.dispatch().accessLog().file()).isEqualTo(Path.of("access.log"));
		assertThat(properties.dispatch().accessLog().maxSize()).isEqualTo(DataSize.ofMegabytes(64));
		assertThat(properties.dispatch().accessLog().maxHistory()).isEqualTo(10);
		assertThat(properties.launcher().configuration()).isEmpty();
		assertThat(properties.dashboard().enabled()).isTrue();
		assertThat(properties.dashboard().path()).isEqualTo("/cluster");
		assertThat(properties.messaging().maxMessageSize()).isEqualTo(DataSize.ofMegabytes(1));
		assertThat(properties.messaging().queueCapacity()).isEqualTo(1000);
		assertThat(properties.messaging().sendTimeout()).isEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void everyPropertyIsBoundByItsName() {
		ClusterProperties properties = bind(Map.ofEntries(Map.entry("cluster.workers", "3"),
				Map.entry("cluster.standby", "25"), Map.entry("cluster.home", "/srv/cluster"),
				Map.entry("cluster.scheduling-policy", "least-requests"),
				Map.entry("cluster.worker.java-home", "/opt/java"), Map.entry("cluster.worker.jvm-args", "-Xmx1g,-ea"),
				Map.entry("cluster.worker.startup-cache", "off"), Map.entry("cluster.worker.environment.TZ", "UTC"),
				Map.entry("cluster.worker.start-timeout", "1s"), Map.entry("cluster.worker.stop-timeout", "2s"),
				Map.entry("cluster.worker.heartbeat-interval", "3s"),
				Map.entry("cluster.worker.heartbeat-timeout", "18s"), Map.entry("cluster.worker.max-requests", "19"),
				Map.entry("cluster.worker.max-lifetime", "20h"), Map.entry("cluster.worker.max-memory", "21MB"),
				Map.entry("cluster.worker.warm-up.paths", "/,/a?b=c"),
				Map.entry("cluster.worker.warm-up.requests", "23"), Map.entry("cluster.worker.warm-up.timeout", "24s"),
				Map.entry("cluster.pid-file", "/run/x.pid"), Map.entry("cluster.reload.batch-size", "22"),
				Map.entry("cluster.reload.order", "stop-first"), Map.entry("cluster.restart.on-exit", "always"),
				Map.entry("cluster.restart.initial-delay", "4s"), Map.entry("cluster.restart.max-delay", "5s"),
				Map.entry("cluster.restart.stable-after", "6s"), Map.entry("cluster.dispatch.threads", "7"),
				Map.entry("cluster.dispatch.max-in-flight-per-worker", "8"),
				Map.entry("cluster.dispatch.slow-start", "23s"), Map.entry("cluster.dispatch.queue-capacity", "9"),
				Map.entry("cluster.dispatch.queue-timeout", "10s"),
				Map.entry("cluster.dispatch.connect-timeout", "11s"),
				Map.entry("cluster.dispatch.response-timeout", "12s"),
				Map.entry("cluster.dispatch.idle-timeout", "13s"), Map.entry("cluster.dispatch.head-timeout", "14s"),
				Map.entry("cluster.dispatch.max-request-size", "15MB"),
				Map.entry("cluster.dispatch.trusted-proxies", "10.0.0.0/8"),
				Map.entry("cluster.dispatch.access-log.enabled", "true"),
				Map.entry("cluster.dispatch.access-log.format", "json"),
				Map.entry("cluster.dispatch.access-log.file", "/srv/access.log"),
				Map.entry("cluster.dispatch.access-log.max-size", "16KB"),
				Map.entry("cluster.dispatch.access-log.max-history", "17"),
				Map.entry("cluster.launcher.configuration", "a.B,c.D"),
				Map.entry("cluster.messaging.max-message-size", "26KB"),
				Map.entry("cluster.messaging.queue-capacity", "27"), Map.entry("cluster.messaging.send-timeout", "28s"),
				Map.entry("cluster.sessions.last-access-grain", "29s"),
				Map.entry("cluster.sessions.max-connections", "30"), Map.entry("cluster.sessions.timeout", "31s"),
				Map.entry("cluster.sessions.start-timeout", "32s"), Map.entry("cluster.health.min-ready-workers", "33"),
				Map.entry("cluster.dashboard.enabled", "false"), Map.entry("cluster.dashboard.path", "/a/b")));
		assertThat(properties).hasToString("ClusterProperties[workers=3, standby=25, home=/srv/cluster, "
				+ "schedulingPolicy=least-requests, pidFile=/run/x.pid, worker=Worker[command=null, readinessPath=null, javaHome=/opt/java, jvmArgs=[-Xmx1g, -ea], startupCache=off, "
				+ "environment={TZ=UTC}, startTimeout=PT1S, stopTimeout=PT2S, heartbeatInterval=PT3S, "
				+ "heartbeatTimeout=PT18S, maxRequests=19, maxLifetime=PT20H, maxMemory=22020096B, warmUp=WarmUp[paths=[/, /a?b=c], requests=23, timeout=PT24S]], "
				+ "restart=Restart[onExit=always, initialDelay=PT4S, maxDelay=PT5S, stableAfter=PT6S], "
				+ "reload=Reload[batchSize=22, order=stop-first], "
				+ "dispatch=Dispatch[threads=7, maxInFlightPerWorker=8, slowStart=PT23S, queueCapacity=9, queueTimeout=PT10S, "
				+ "connectTimeout=PT11S, responseTimeout=PT12S, idleTimeout=PT13S, headTimeout=PT14S, "
				+ "maxRequestSize=15728640B, trustedProxies=[10.0.0.0/8], accessLog=AccessLog[enabled=true, format=json, "
				+ "file=/srv/access.log, maxSize=16384B, maxHistory=17]], "
				+ "messaging=Messaging[maxMessageSize=26624B, queueCapacity=27, sendTimeout=PT28S], "
				+ "sessions=Sessions[lastAccessGrain=PT29S, maxConnections=30, timeout=PT31S, startTimeout=PT32S], "
				+ "health=Health[minReadyWorkers=33], launcher=Launcher[configuration=[a.B, c.D]], "
				+ "dashboard=Dashboard[enabled=false, path=/a/b]]");
	}

	@Test
	void commandIsALineOrAList() {
		assertThat(bind(Map.of("cluster.worker.command", "node 'my server.js' a,b --port={port}")).worker().command())
			.containsExactly("node", "my server.js", "a,b", "--port={port}");
		assertThat(bind(Map.of("cluster.worker.command[0]", "sh", "cluster.worker.command[1]", "-c",
				"cluster.worker.command[2]", "exec 'x"))
			.worker()
			.command()).containsExactly("sh", "-c", "exec 'x");
		assertThat(bind(Map.of("cluster.worker.command[0]", "node server.js")).worker().command())
			.containsExactly("node", "server.js");
	}

	@Test
	void readinessPathIsOneOfTheCommand() {
		assertThat(
				bind(Map.of("cluster.worker.command", "x", "cluster.worker.readiness-path", "/health?a=%20")).worker()
					.readinessPath())
			.isEqualTo("/health?a=%20");
		assertRefused(Map.of("cluster.worker.readiness-path", "/health"), "cluster.worker.readiness-path");
	}

	@ParameterizedTest
	@CsvSource({ "readiness-path, health", "readiness-path, /he alth", "readiness-path, /#a", "readiness-path, /%zz",
			"readiness-path, /a|b", "jvm-args, -Xmx1g", "java-home, /opt/java" })
	void commandDoesNotGoWithEverything(String property, String value) {
		assertRefused(Map.of("cluster.worker.command", "node", "cluster.worker." + property, value),
				"cluster.worker." + property);
	}

	@Test
	void systemMaySchedule() {
		assertThat(bind(Map.of("cluster.scheduling-policy", "none")).schedulingPolicy())
			.isEqualTo(SchedulingPolicy.NONE)
			.hasToString("none");
	}

	@ParameterizedTest
	@CsvSource({ "cluster.standby, 1", "cluster.worker.command, node server.js",
			"cluster.worker.warm-up.paths, '/a,/b'" })
	void workersThatShareThePortCannotHaveEverything(String property, String value) {
		assertThat(bind(Map.of(property, value))).isNotNull();
		assertRefused(Map.of("cluster.scheduling-policy", "none", property, value), property);
	}

	@ParameterizedTest
	@CsvSource({ "cluster.workers, 0", "cluster.workers, -3", "cluster.workers, abc", "cluster.workers, 1025",
			"cluster.workers, 2.5", "cluster.sessions.last-access-grain, -1s", "cluster.sessions.max-connections, 0",
			"cluster.sessions.timeout, 249ms", "cluster.sessions.start-timeout, -1s",
			"cluster.health.min-ready-workers, 0", "cluster.dashboard.path, cluster", "cluster.dashboard.path, /",
			"cluster.dashboard.path, /a/", "cluster.dashboard.path, /a//b", "cluster.dashboard.path, /a/../b",
			"cluster.dashboard.path, /.", "cluster.dashboard.path, /a?b", "cluster.dashboard.path, /a%2fb",
			"cluster.dashboard.path, /a*", "cluster.standby, -1", "cluster.standby, 65",
			"cluster.worker.start-timeout, 0s", "cluster.worker.stop-timeout, -1s",
			"cluster.worker.heartbeat-interval, 0s", "cluster.worker.heartbeat-timeout, 1s",
			"cluster.worker.command, ''", "cluster.worker.command, ' '", "cluster.worker.command, 'node \"x'",
			"cluster.worker.command, '\"\" x'", "cluster.worker.max-requests, -1", "cluster.worker.max-lifetime, -1s",
			"cluster.worker.max-memory, -1MB", "cluster.worker.warm-up.paths, hello",
			"cluster.worker.warm-up.paths, '/,/he llo'", "cluster.worker.warm-up.paths, http://x/",
			"cluster.worker.warm-up.requests, 0", "cluster.worker.warm-up.requests, 100001",
			"cluster.worker.warm-up.timeout, 0s", "cluster.reload.batch-size, 0", "cluster.reload.batch-size, 1025",
			"cluster.restart.initial-delay, 0s", "cluster.restart.max-delay, 1ms", "cluster.restart.stable-after, -1s",
			"cluster.dispatch.threads, -1", "cluster.dispatch.max-in-flight-per-worker, 0",
			"cluster.dispatch.slow-start, -1s", "cluster.dispatch.queue-capacity, -1",
			"cluster.dispatch.queue-timeout, -1s", "cluster.dispatch.connect-timeout, 0s",
			"cluster.dispatch.response-timeout, 0s", "cluster.dispatch.idle-timeout, 0s",
			"cluster.dispatch.head-timeout, 0s", "cluster.dispatch.max-request-size, -2B",
			"cluster.dispatch.access-log.max-size, 0", "cluster.dispatch.access-log.max-size, -1MB",
			"cluster.dispatch.access-log.max-size, 64", "cluster.dispatch.access-log.max-history, -1",
			"cluster.dispatch.access-log.max-history, 10001" })
	void senselessValueIsRefusedByName(String property, String value) {
		assertRefused(Map.of(property, value), property);
	}

	@Test
	void slowStartIsOffWhenItTakesNoTime() {
		assertThat(bind(Map.of("cluster.dispatch.slow-start", "0s")).dispatch().slowStart()).isZero();
	}

	@Test
	void numberOfWorkersFollowsTheProcessorsUnlessGiven() {
		assertThat(WorkerCount.valueOf("auto").resolve(8)).isEqualTo(8);
		assertThat(WorkerCount.valueOf("3").resolve(8)).isEqualTo(3);
	}

	@Test
	void numberOfEventLoopsIsHalfOfTheProcessorsWithinBounds() {
		ClusterProperties.Dispatch dispatch = bind(Map.of()).dispatch();
		assertThat(dispatch.resolveThreads(1)).isEqualTo(1);
		assertThat(dispatch.resolveThreads(4)).isEqualTo(2);
		assertThat(dispatch.resolveThreads(64)).isEqualTo(4);
		assertThat(bind(Map.of("cluster.dispatch.threads", "6")).dispatch().resolveThreads(1)).isEqualTo(6);
	}

	private static void assertRefused(Map<String, String> properties, String property) {
		assertThatException().isThrownBy(() -> bind(properties))
			.havingRootCause()
			.isInstanceOfSatisfying(InvalidClusterPropertyException.class,
					(ex) -> assertThat(ex.getProperty()).isEqualTo(property));
	}

	private static ClusterProperties bind(Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("cluster",
				Bindable.of(ClusterProperties.class));
	}

}
