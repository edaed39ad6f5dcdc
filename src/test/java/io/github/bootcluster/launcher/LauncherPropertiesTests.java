package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.InvalidClusterPropertyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LauncherPropertiesTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final Logger logger = (Logger) LoggerFactory.getLogger(LauncherProperties.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.setLevel(Level.INFO);
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void listenNoMore() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster.workers", "cluster.home", "cluster.scheduling-policy", "cluster.worker.java-home",
			"cluster.worker.start-timeout", "cluster.restart.on-exit", "cluster.dispatch.queue-capacity",
			"cluster.dispatch.idle-timeout", "cluster.dispatch.max-request-size", "cluster.dispatch.access-log.enabled",
			"cluster.dispatch.access-log.format", "cluster.dispatch.access-log.file" })
	void emptyValueIsRefused(String property) {
		for (String value : new String[] { "", " ", "${UNSET:}" }) {
			this.environment.setProperty(property, value);
			FailureAnalysis analysis = refusal();
			assertThat(analysis.getDescription()).isEqualTo("Property '%s' is empty.", property);
			assertThat(analysis.getAction()).contains("Set it", "remove it");
		}
	}

	@Test
	void emptyEnvironmentVariableIsRefused() {
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
					Map.of("CLUSTER_DISPATCH_IDLETIMEOUT", "")));
		assertThat(refusal().getDescription()).isEqualTo("Property 'cluster.dispatch.idle-timeout' is empty.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster", "cluster.worker", "cluster.dispatch", "cluster.dispatch.access-log",
			"cluster.worker.jvm-args", "cluster.worker.environment", "cluster.dispatch.trusted-proxies",
			"cluster.worker.environment.TZ", "cluster.worker.environment.a.b" })
	void whatHoldsSeveralValuesMayBeEmptyAndSoMayTheyBe(String property) {
		this.environment.setProperty(property, "");
		this.environment.setProperty("cluster.dispatch.idle-timeout", "5s");
		ClusterProperties properties = LauncherProperties.bind(this.environment);
		assertThat(properties.dispatch().idleTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(properties.worker().jvmArgs()).isEmpty();
		assertThat(this.log.list).isEmpty();
	}

	@Test
	void unknownKeyIsWarnedOf() {
		this.environment.setProperty("cluster.wrokers", "");
		LauncherProperties.bind(this.environment);
		assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage)
			.containsExactly("Not known, so without effect on the cluster: cluster.wrokers");
	}

	@ParameterizedTest
	@CsvSource({ "cluster.worker.stop-timeout, -1s", "cluster.dispatch.max-request-size, -2KB", "cluster.workers, 007x",
			"cluster.dispatch.threads, -1" })
	void valueIsToldAsItWasWritten(String property, String value) {
		this.environment.setProperty(property, value);
		assertThat(refusal().getDescription())
			.startsWith("Property '%s' has the value '%s',".formatted(property, value));
	}

	@Test
	void valueOfAnotherTypeIsLeftToSpringBoot() {
		this.environment.setProperty("cluster.dispatch.idle-timeout", "soon");
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> LauncherProperties.bind(this.environment));
	}

	private FailureAnalysis refusal() {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> LauncherProperties.bind(this.environment))
			.satisfies((ex) -> analysis[0] = new InvalidClusterPropertyFailureAnalyzer().analyze(ex, ex));
		return analysis[0];
	}

}
