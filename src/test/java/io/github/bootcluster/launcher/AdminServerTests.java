package io.github.bootcluster.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.OutputLines;
import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.TrafficRates.Rates;
import io.github.bootcluster.TrafficReport;
import io.github.bootcluster.WorkerDiagnostics;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerReady;
import io.github.bootcluster.dispatch.RequestTracing;
import io.github.bootcluster.event.EventDelivery;
import io.github.bootcluster.messaging.PostOffice;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/** The launcher's own context. */
class AdminServerTests {

	private static final BlockingQueue<WorkerEvent> heard = new LinkedBlockingQueue<>();

	@TempDir
	Path temporary;

	@Test
	void listenersOfTheLaunchersContextHearOfWorkers() throws Exception {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		EventDelivery events = new EventDelivery();
		WorkerReady event = new WorkerReady(WorkerId.of(1), 1, 1, 100, Instant.EPOCH);
		try (AdminServer admin = AdminServer.start(new Class<?>[] { Listening.class }, new StandardEnvironment(),
				new FrontSettings.Admin.BehindFront("/actuator"), "127.0.0.1", null, this.temporary,
				subject(fixture, events))) {
			assertThat(admin.address().getPort()).isPositive();
			events.deliver(event);
			assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(event);
		}
	}

	@Test
	void tracerOfAGuestIsFoundAndWithoutOneThereIsNone() {
		assertThat(tracing(Plain.class)).isEmpty();
		assertThat(tracing(Plain.class, Traced.class)).containsInstanceOf(MicrometerTracing.class);
	}

	private static AdminServer.Subject subject(SupervisorFixture fixture, EventDelivery events) {
		return new AdminServer.Subject(new LauncherCluster(fixture::latest),
				new LauncherTelemetry(() -> new TrafficRates(Duration.ZERO, Rates.NONE, Map.of()), new Vitals()),
				new LauncherMeasures(() -> TrafficReport.NONE, new LifeCounts(), new MeterCalls(MeterCalls.PATIENCE)),
				fixture.timeline, (id, number) -> OutputLines.NONE,
				ClusterOperations.none("There is nothing to command."),
				WorkerDiagnostics.none("There is nobody to ask."), new PostOffice((worker) -> true, 1), events,
				new OpeningStore(new CompletableFuture<>()));
	}

	private Optional<RequestTracing> tracing(Class<?>... configuration) {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		try (AdminServer admin = AdminServer.start(configuration, new StandardEnvironment(),
				new FrontSettings.Admin.BehindFront("/actuator"), "127.0.0.1", null, this.temporary,
				subject(fixture, new EventDelivery()))) {
			return admin.tracing();
		}
	}

	@ImportAutoConfiguration({ ConfigurationPropertiesAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class })
	static class Plain {

	}

	static class Traced {

		@Bean
		Tracer tracer() {
			return Tracer.NOOP;
		}

		@Bean
		Propagator propagator() {
			return Propagator.NOOP;
		}

	}

	@ImportAutoConfiguration({ ConfigurationPropertiesAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class })
	static class Listening {

		@EventListener
		void happened(WorkerEvent event) {
			heard.add(event);
		}

	}

}
