package io.github.bootcluster.launcher;

import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterMeasures;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.ClusterTimeline;
import io.github.bootcluster.SessionStoreHealth;
import io.github.bootcluster.WorkerDiagnostics;
import io.github.bootcluster.WorkerOutput;
import io.github.bootcluster.messaging.PostOffice;
import io.github.bootcluster.dispatch.RequestTracing;
import io.github.bootcluster.event.EventDelivery;
import io.github.bootcluster.event.EventSubscription;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.support.StandardServletEnvironment;

/**
 * The launcher's own web context: actuator endpoints about the cluster, and none of the
 * application's beans. It sees the application's configuration, overlaid with what makes
 * it a small server on loopback. A bare context rather than a second
 * {@code SpringApplication}: configuration is loaded and logging set up already, and the
 * listeners of the application's libraries have no business here.
 */
final class AdminServer implements AutoCloseable {

	/** Loggers that would tell of the start of this server. */
	private static final List<String> SERVER_LOGGERS = List.of("org.apache.catalina",
			"org.springframework.boot.actuate", "org.springframework.boot.tomcat", "org.springframework.boot.web");

	/** Endpoints that are exposed unless the operator says otherwise. */
	static final List<String> EXPOSED = List.of("health", "cluster");

	private static final String HEALTH_GROUP = "management.endpoint.health.group.";

	/** Boot's own are gone once there is one. */
	private static final String HEALTH_MAPPING = "management.endpoint.health.status.http-mapping.";

	private static final String TRACER = "io.micrometer.tracing.Tracer";

	private final AnnotationConfigServletWebServerApplicationContext context;

	private AdminServer(AnnotationConfigServletWebServerApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start the context.
	 * @param configuration its only sources
	 * @param application the application's environment, which stays untouched
	 * @param trustedHops addresses of whom the server believes what they say of clients
	 * @param sslBundles the application's SSL bundles, or {@code null} if there is no TLS
	 * @param temporary an empty directory for temporary files
	 * @param subject what the endpoints are about
	 */
	static AdminServer start(Class<?>[] configuration, ConfigurableEnvironment application,
			FrontSettings.Admin settings, String trustedHops, @Nullable SslBundles sslBundles, Path temporary,
			Subject subject) {
		quietServer(application);
		AnnotationConfigServletWebServerApplicationContext context = new AnnotationConfigServletWebServerApplicationContext();
		context.setDisplayName("cluster-admin");
		context.setEnvironment(environmentFor(application, settings, trustedHops));
		context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
		context.registerBean("adminFiles", WebServerFactoryCustomizer.class, () -> filesIn(temporary));
		subject.registerWith(context);
		if (settings instanceof FrontSettings.Admin.OwnPort ownPort && ownPort.tls() != null) {
			speakTls(context, ownPort.tls(), Objects.requireNonNull(sslBundles));
		}
		context.register(configuration);
		context.refresh();
		return new AdminServer(context);
	}

	/** Where it listens. */
	InetSocketAddress address() {
		WebServer server = this.context.getWebServer();
		Assert.state(server != null, "The launcher's own context has no web server");
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
	}

	/** What makes requests visible in traces, if the context has a tracer. */
	Optional<RequestTracing> tracing() {
		if (!ClassUtils.isPresent(TRACER, AdminServer.class.getClassLoader())) {
			return Optional.empty();
		}
		return Optional.ofNullable(new TracerLookup().find(this.context));
	}

	@Override
	public void close() {
		this.context.close();
	}

	/** It serves no files, and yet makes a directory for them unless it is given one. */
	private static WebServerFactoryCustomizer<TomcatServletWebServerFactory> filesIn(Path directory) {
		return (factory) -> {
			factory.setBaseDirectory(directory.toFile());
			File documents = directory.resolve("documents").toFile();
			documents.mkdir();
			factory.setDocumentRoot(documents);
		};
	}

	/** After the settings of the application's own server, which say what they will. */
	private static void speakTls(AnnotationConfigServletWebServerApplicationContext context, TlsSettings tls,
			SslBundles sslBundles) {
		context.registerBean("sslBundles", SslBundles.class, () -> sslBundles);
		WebServerFactoryCustomizer<ConfigurableWebServerFactory> customizer = (factory) -> factory.setSsl(tls.ssl());
		context.registerBean("adminTls", WebServerFactoryCustomizer.class, () -> customizer);
	}

	private static ConfigurableEnvironment environmentFor(ConfigurableEnvironment application,
			FrontSettings.Admin settings, String trustedHops) {
		StandardServletEnvironment environment = new StandardServletEnvironment();
		environment.setActiveProfiles(application.getActiveProfiles());
		// As SpringApplication does: else constants must be written in capitals.
		environment.setConversionService(new ApplicationConversionService());
		for (PropertySource<?> source : application.getPropertySources()) {
			if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)) {
				environment.getPropertySources().addLast(source);
			}
		}
		environment.getPropertySources()
			.addFirst(new MapPropertySource("clusterAdmin", overrides(settings, trustedHops)));
		environment.getPropertySources().addLast(new MapPropertySource("clusterAdminDefaults", defaults()));
		ConfigurationPropertySources.attach(environment);
		return environment;
	}

	private static Map<String, Object> overrides(FrontSettings.Admin settings, String trustedHops) {
		Map<String, Object> properties = new HashMap<>();
		if (settings instanceof FrontSettings.Admin.OwnPort ownPort) {
			properties.put("server.port", ownPort.port());
			properties.put("server.address", (ownPort.address() != null) ? ownPort.address().getHostAddress() : "");
			properties.put("server.servlet.context-path", ownPort.contextPath());
			// Nobody stands before it who would tell the truth about who asks.
			properties.put("server.forward-headers-strategy", "none");
		}
		else {
			properties.put("server.port", 0);
			properties.put("server.address", "127.0.0.1");
			// The dispatcher tells who asks, and at which address.
			properties.put("server.forward-headers-strategy", "native");
			properties.put("server.tomcat.remoteip.internal-proxies", trustedHops);
		}
		// This context is the management server; it must not plan another one.
		properties.put("management.server.port", "");
		properties.put("management.server.base-path", "");
		// Behind the front it is plain HTTP on loopback, whatever the front speaks.
		properties.put("server.ssl.enabled", false);
		properties.put("server.shutdown", "immediate");
		properties.put("server.tomcat.threads.max", 8);
		properties.put("server.tomcat.threads.min-spare", 1);
		properties.put("server.tomcat.accesslog.enabled", false);
		properties.put("spring.mvc.servlet.path", "/");
		// The application's pages are the workers' to serve.
		properties.put("spring.web.resources.add-mappings", false);
		// What is wrong with a command is said in a message.
		properties.put("spring.web.error.include-message", "always");
		// Health groups may name contributors that only the application has. These two
		// tell of the cluster, whatever makes a worker live and ready.
		properties.put("management.endpoint.health.validate-group-membership", false);
		properties.put(HEALTH_GROUP + "liveness.include", "ping");
		properties.put(HEALTH_GROUP + "liveness.additional-path", "server:" + FrontSettings.LIVENESS);
		properties.put(HEALTH_GROUP + "readiness.include", "cluster");
		properties.put(HEALTH_GROUP + "readiness.additional-path", "server:" + FrontSettings.READINESS);
		return properties;
	}

	/** What the operator may say otherwise. */
	private static Map<String, Object> defaults() {
		return Map.of("management.endpoints.web.exposure.include", String.join(",", EXPOSED),
				"management.endpoint.health.show-components", "always", "management.endpoint.health.show-details",
				"always", HEALTH_MAPPING + "down", 503, HEALTH_MAPPING + "out-of-service", 503,
				HEALTH_MAPPING + "unavailable", 503);
	}

	/** Its start is a detail; what the operator reads is about the cluster. */
	private static void quietServer(ConfigurableEnvironment application) {
		LoggingSystem logging = LoggingSystem.get(AdminServer.class.getClassLoader());
		SERVER_LOGGERS.stream()
			.filter((name) -> !application.containsProperty("logging.level." + name))
			.forEach((name) -> logging.setLogLevel(name, LogLevel.WARN));
	}

	/** Loaded only where there are such classes. */
	private static final class TracerLookup {

		@Nullable RequestTracing find(ApplicationContext context) {
			Tracer tracer = context.getBeanProvider(Tracer.class).getIfUnique();
			Propagator propagator = context.getBeanProvider(Propagator.class).getIfUnique();
			return (tracer != null && propagator != null) ? new MicrometerTracing(tracer, propagator) : null;
		}

	}

	/**
	 * What the endpoints are about, and what listeners hear of.
	 *
	 * @param cluster its state
	 * @param telemetry how busy it is
	 * @param measures what its metrics are made of
	 * @param timeline what happened to it
	 * @param output what its workers write
	 * @param operations what it can be told to do
	 * @param diagnostics what its workers can be asked
	 * @param postOffice takes messages to workers
	 * @param events what happens to workers, for listeners
	 * @param sessionStore where its sessions are
	 */
	record Subject(Cluster cluster, ClusterTelemetry telemetry, ClusterMeasures measures, ClusterTimeline timeline,
			WorkerOutput output, ClusterOperations operations, WorkerDiagnostics diagnostics, PostOffice postOffice,
			EventDelivery events, SessionStoreHealth sessionStore) {

		private void registerWith(GenericApplicationContext context) {
			context.registerBean("cluster", Cluster.class, this::cluster);
			context.registerBean("clusterTelemetry", ClusterTelemetry.class, this::telemetry);
			context.registerBean("clusterMeasures", ClusterMeasures.class, this::measures);
			context.registerBean("clusterTimeline", ClusterTimeline.class, this::timeline);
			context.registerBean("workerOutput", WorkerOutput.class, this::output);
			context.registerBean("clusterOperations", ClusterOperations.class, this::operations);
			context.registerBean("workerDiagnostics", WorkerDiagnostics.class, this::diagnostics);
			context.registerBean("postOffice", PostOffice.class, this::postOffice);
			context.registerBean("clusterEvents", EventSubscription.class,
					() -> new EventSubscription(this.events, context));
			context.registerBean("sessionStoreHealth", SessionStoreHealth.class, this::sessionStore);
		}

	}

}
