package io.github.bootcluster.launcher;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import io.github.bootcluster.dispatch.RequestTracing;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds a span of the dispatcher to the traces of requests, between those of whoever asks
 * and those of the worker. Names and tags as OpenTelemetry has them for
 * <a href="https://opentelemetry.io/docs/specs/semconv/http/http-spans/">HTTP</a>. Where
 * the tracer fails, the request goes on without.
 */
final class MicrometerTracing implements RequestTracing {

	private static final Logger logger = LoggerFactory.getLogger(MicrometerTracing.class);

	private static final Set<String> KNOWN_METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS",
			"TRACE");

	private static final Span NOTHING = new NoSpan();

	private final Tracer tracer;

	private final Propagator propagator;

	MicrometerTracing(Tracer tracer, Propagator propagator) {
		this.tracer = tracer;
		this.propagator = propagator;
	}

	@Override
	public Span begin(Request request) {
		try {
			io.micrometer.tracing.Span span = this.propagator
				.extract(request, (carrier, name) -> request.field().apply(name))
				.kind(io.micrometer.tracing.Span.Kind.SERVER)
				.name(isKnown(request) ? request.method() : "HTTP")
				.tag("http.request.method", isKnown(request) ? request.method() : "_OTHER")
				.tag("url.path", request.path())
				.start();
			Map<String, String> fields = new HashMap<>();
			this.propagator.inject(span.context(), fields, (carrier, name, value) -> {
				if (value != null && isFieldValue(value)) {
					fields.put(name, value);
				}
			});
			return new Traced(span, Map.copyOf(fields));
		}
		catch (RuntimeException ex) {
			logger.warn("A request is not traced: the tracer failed", ex);
			return NOTHING;
		}
	}

	/** Others may be anything: names of spans must not be of any number. */
	private static boolean isKnown(Request request) {
		return KNOWN_METHODS.contains(request.method());
	}

	/** What a propagator hands on may come from anybody. */
	private static boolean isFieldValue(String value) {
		return value.chars().allMatch((next) -> next >= ' ' && next < 0x7F);
	}

	private record Traced(io.micrometer.tracing.Span span, Map<String, String> fields) implements RequestTracing.Span {

		@Override
		public void end(End end) {
			try {
				if (end.status() != 0) {
					this.span.tag("http.response.status_code", end.status());
				}
				if (end.worker() != null) {
					this.span.tag("cluster.worker.slot", end.worker());
				}
				if (end.retries() > 0) {
					this.span.tag("http.request.resend_count", end.retries());
				}
				this.span.tag("cluster.outcome", end.outcome());
				if (end.error()) {
					this.span.tag("error.type", (end.status() != 0) ? Integer.toString(end.status()) : end.outcome());
				}
				this.span.end();
			}
			catch (RuntimeException ex) {
				logger.warn("A request is not in its trace: the tracer failed", ex);
			}
		}

	}

	private static final class NoSpan implements RequestTracing.Span {

		@Override
		public Map<String, String> fields() {
			return Map.of();
		}

		@Override
		public void end(End end) {
		}

	}

}
