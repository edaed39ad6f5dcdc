package io.github.bootcluster.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.ClusterTimeline;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.OutputLines;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.TimelineEntry;
import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.TrafficRates.Rates;
import io.github.bootcluster.WorkerDiagnostics;
import io.github.bootcluster.actuate.ClusterEndpoint;
import io.github.bootcluster.actuate.ClusterView;
import io.github.bootcluster.dashboard.DashboardServlet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.actuate.web.WebMvcEndpointManagementContextConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/** The dashboard beside the endpoint that it shows. */
class DashboardConfigurationTests {

	private static final ClusterSnapshot CLUSTER = new ClusterSnapshot(7, ClusterState.RUNNING,
			SchedulingPolicy.ROUND_ROBIN, 1, 0, LauncherSnapshot.ofThisProcess(), DispatcherSnapshot.none(8080), "none",
			List.of(), null, null);

	private static final ClusterTimeline TIMELINE = (number) -> List
		.of(new TimelineEntry(5, Instant.now(), TimelineEntry.Kind.STATE, null, 0, 1, "There."));

	private final HttpClient client = HttpClient.newHttpClient();

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner(
			AnnotationConfigServletWebServerApplicationContext::new)
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class,
				HttpMessageConvertersAutoConfiguration.class, TomcatServletWebServerAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class, WebMvcAutoConfiguration.class,
				EndpointAutoConfiguration.class, JacksonEndpointAutoConfiguration.class,
				WebEndpointAutoConfiguration.class, ServletManagementContextAutoConfiguration.class,
				WebMvcEndpointManagementContextConfiguration.class))
		.withInitializer((context) -> context.getEnvironment().setConversionService(new ApplicationConversionService()))
		.withUserConfiguration(DashboardConfiguration.class)
		.withBean(ClusterTimeline.class, () -> TIMELINE)
		.withBean(ClusterEndpoint.class, DashboardConfigurationTests::endpoint)
		.withPropertyValues("server.port=0", "server.address=127.0.0.1",
				"management.endpoints.web.exposure.include=cluster");

	@Test
	void streamTellsWhatTheEndpointTells() {
		this.runner.run((context) -> {
			HttpResponse<String> endpoint = this.client.send(request(context, "/actuator/cluster"),
					BodyHandlers.ofString());
			try (Stream<String> lines = this.client.send(request(context, "/cluster/stream"), BodyHandlers.ofLines())
				.body()) {
				Iterator<String> stream = lines.iterator();
				assertThat(next(stream, "event")).isEqualTo("timeline");
				assertThat(next(stream, "data")).contains("\"number\":5", "\"message\":\"There.\"");
				assertThat(next(stream, "id")).isEqualTo("5");
				assertThat(next(stream, "data")).isEqualTo(endpoint.body());
			}
		});
	}

	@ParameterizedTest
	@CsvSource({ "management.endpoint.cluster.access=read-only, false",
			"management.endpoint.cluster.access=unrestricted, true",
			"management.endpoints.access.default=unrestricted, true",
			"management.endpoints.access.max-permitted=read-only, false" })
	void pageHasCommandsWhereTheEndpointTakesThem(String property, boolean commanding) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(page(context, "/cluster")).contains("data-commanding=\"" + commanding + "\""));
	}

	@Test
	void commandsOfThePageAreNotMoreThanArePermitted() {
		this.runner
			.withPropertyValues("management.endpoint.cluster.access=unrestricted",
					"management.endpoints.access.max-permitted=read-only")
			.run((context) -> assertThat(page(context, "/cluster")).contains("data-commanding=\"false\""));
	}

	@Test
	void pageFindsAnEndpointThatWasMoved() {
		this.runner
			.withPropertyValues("server.servlet.context-path=/app", "cluster.dashboard.path=/ops/dashboard",
					"management.endpoints.web.base-path=/manage", "management.endpoints.web.path-mapping.cluster=state")
			.run((context) -> {
				String page = page(context, "/app/ops/dashboard");
				assertThat(page).contains("data-endpoint=\"../manage/state\"", "src=\"dashboard/app.js\"");
				assertThat(page(context, "/app/manage/state")).contains("\"version\":7");
				assertThat(page(context, "/app/ops/dashboard/app.js")).contains("import");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster.dashboard.enabled=false", "management.endpoint.cluster.access=none",
			"management.endpoints.web.exposure.exclude=cluster", "management.endpoints.access.max-permitted=none" })
	void pageIsNotThereWhereItsEndpointIsNotOrNobodyWantsIt(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).doesNotHaveBean(DashboardServlet.class));
	}

	@Test
	void streamEndsWithTheContext() {
		CompletableFuture<HttpResponse<Stream<String>>> stream = new CompletableFuture<>();
		this.runner.run((context) -> stream
			.complete(this.client.send(request(context, "/cluster/stream"), BodyHandlers.ofLines())));
		assertThat(stream.join().body().toList()).anyMatch((line) -> line.startsWith("data: "));
	}

	private String page(AssertableWebApplicationContext context, String path) throws Exception {
		HttpResponse<String> response = this.client.send(request(context, path), BodyHandlers.ofString());
		assertThat(response.statusCode()).as(path).isEqualTo(200);
		return response.body();
	}

	private static HttpRequest request(AssertableWebApplicationContext context, String path) {
		WebServer server = context.getSourceApplicationContext(AnnotationConfigServletWebServerApplicationContext.class)
			.getWebServer();
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + path)).build();
	}

	private static String next(Iterator<String> lines, String field) {
		while (true) {
			String line = lines.next();
			if (line.startsWith(field + ": ")) {
				return line.substring(field.length() + 2);
			}
		}
	}

	private static ClusterEndpoint endpoint() {
		Cluster cluster = mock();
		given(cluster.snapshot()).willReturn(CLUSTER);
		ClusterTelemetry telemetry = mock();
		given(telemetry.traffic()).willReturn(new TrafficRates(Duration.ofSeconds(10), Rates.NONE, Map.of()));
		ClusterView view = new ClusterView(cluster, telemetry, TIMELINE, (id, number) -> OutputLines.NONE, null);
		return new ClusterEndpoint(view, ClusterOperations.none("None."),
				(type, payload) -> CompletableFuture.completedStage(CommandOutcome.accepted("Sent.")),
				WorkerDiagnostics.none("None."));
	}

}
