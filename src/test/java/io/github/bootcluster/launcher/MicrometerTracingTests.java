package io.github.bootcluster.launcher;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import com.sun.net.httpserver.HttpServer;
import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.dispatch.Dispatcher;
import io.github.bootcluster.dispatch.DispatcherSettings;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@link MicrometerTracing}, with the tracer of OpenTelemetry and a real dispatcher. */
class MicrometerTracingTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String PARENT = "b7ad6b7169203331";

	private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

	private final SdkTracerProvider provider = SdkTracerProvider.builder()
		.addSpanProcessor(SimpleSpanProcessor.create(this.exporter))
		.build();

	private final AtomicReference<List<String>> traceparent = new AtomicReference<>();

	private final HttpClient client = HttpClient.newHttpClient();

	private HttpServer worker;

	private Dispatcher dispatcher;

	@BeforeEach
	void start() throws Exception {
		this.worker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.worker.createContext("/", (exchange) -> {
			this.traceparent.set(exchange.getRequestHeaders().getOrDefault("traceparent", List.of()));
			int status = exchange.getRequestURI().getPath().startsWith("/broken") ? 500 : 200;
			byte[] body = "ok".getBytes(StandardCharsets.US_ASCII);
			exchange.sendResponseHeaders(status, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.worker.start();
		this.dispatcher = Dispatcher.start(
				new DispatcherSettings(InetAddress.getLoopbackAddress(), 0, SchedulingPolicy.ROUND_ROBIN,
						new Binder(List.of()).bindOrCreate("cluster.dispatch",
								Bindable.of(ClusterProperties.Dispatch.class)),
						1, List.of("/actuator"), null),
				(drained) -> {
				});
		WorkerSnapshot ready = new WorkerSnapshot(WorkerId.of(1), 1, 1, 100L, this.worker.getAddress().getPort(),
				WorkerState.READY, Instant.EPOCH, 0, 0, 0, 0, null, null, null);
		this.dispatcher.update(new ClusterSnapshot(1, ClusterState.RUNNING, SchedulingPolicy.ROUND_ROBIN, 1, 1,
				LauncherSnapshot.ofThisProcess(), DispatcherSnapshot.none(0), "none", List.of(ready), null, null));
	}

	@AfterEach
	void stop() {
		this.dispatcher.close();
		this.worker.stop(0);
		this.provider.close();
	}

	@Test
	void withoutATracerWhatTellsOfTheTracePassesUnchanged() throws Exception {
		ask("/hello", "00-" + TRACE + "-" + PARENT + "-01");
		assertThat(this.traceparent.get()).containsExactly("00-" + TRACE + "-" + PARENT + "-01");
		assertThat(this.exporter.getFinishedSpanItems()).isEmpty();
	}

	@Test
	void spanOfTheDispatcherIsBetweenThatOfTheClientAndThatOfTheWorker() throws Exception {
		trace();
		ask("/hello?secret=1", "00-" + TRACE + "-" + PARENT + "-01");
		SpanData span = onlySpan();
		assertThat(span.getTraceId()).isEqualTo(TRACE);
		assertThat(span.getParentSpanId()).isEqualTo(PARENT);
		assertThat(this.traceparent.get()).containsExactly("00-" + TRACE + "-" + span.getSpanId() + "-01");
		assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
		assertThat(span.getName()).isEqualTo("GET");
		Map<String, Object> tags = tags(span);
		assertThat(tags).containsEntry("url.path", "/hello")
			.containsEntry("http.request.method", "GET")
			.containsEntry("cluster.outcome", "answered")
			.doesNotContainKey("error.type");
		assertThat(tags.get("http.response.status_code")).hasToString("200");
		assertThat(tags.get("cluster.worker.slot")).hasToString("1");
	}

	@Test
	void requestWithoutATraceBeginsOne() throws Exception {
		trace();
		ask("/hello", null);
		SpanData span = onlySpan();
		assertThat(span.getParentSpanContext().isValid()).isFalse();
		assertThat(this.traceparent.get()).singleElement()
			.asString()
			.startsWith("00-" + span.getTraceId() + "-" + span.getSpanId() + "-");
	}

	@Test
	void errorsAreSeen() throws Exception {
		trace();
		ask("/broken", null);
		assertThat(tags(onlySpan())).containsEntry("error.type", "500");
	}

	@Test
	void tracerThatFailsCostsNoRequest() throws Exception {
		Propagator broken = new BrokenPropagator();
		this.dispatcher.traceWith(new MicrometerTracing(tracer(), broken));
		ask("/hello", "00-" + TRACE + "-" + PARENT + "-01");
		assertThat(this.traceparent.get()).containsExactly("00-" + TRACE + "-" + PARENT + "-01");
	}

	private void trace() {
		this.dispatcher.traceWith(new MicrometerTracing(tracer(), new OtelPropagator(
				ContextPropagators.create(W3CTraceContextPropagator.getInstance()), this.provider.get("test"))));
	}

	private OtelTracer tracer() {
		return new OtelTracer(this.provider.get("test"), new OtelCurrentTraceContext(), (event) -> {
		});
	}

	private void ask(String target, String traceparent) throws Exception {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + this.dispatcher.port() + target));
		if (traceparent != null) {
			request.header("traceparent", traceparent);
		}
		assertThat(this.client.send(request.build(), BodyHandlers.ofString()).body()).isEqualTo("ok");
	}

	private SpanData onlySpan() {
		await().until(() -> this.exporter.getFinishedSpanItems().size() == 1);
		return this.exporter.getFinishedSpanItems().get(0);
	}

	private static Map<String, Object> tags(SpanData span) {
		Map<String, Object> tags = new HashMap<>();
		span.getAttributes().asMap().forEach((AttributeKey<?> key, Object value) -> tags.put(key.getKey(), value));
		return tags;
	}

	private static final class BrokenPropagator implements Propagator {

		@Override
		public List<String> fields() {
			return List.of();
		}

		@Override
		public <C> void inject(io.micrometer.tracing.TraceContext context, C carrier, Setter<C> setter) {
			throw new IllegalStateException("broken");
		}

		@Override
		public <C> io.micrometer.tracing.Span.Builder extract(C carrier, Getter<C> getter) {
			throw new IllegalStateException("broken");
		}

	}

}
