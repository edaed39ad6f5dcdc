package io.github.bootcluster.launcher;

import java.io.IOException;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterMeasures;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerDiagnostics;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.accesslog.AccessLog;
import io.github.bootcluster.accesslog.AccessLogException;
import io.github.bootcluster.console.Console;
import io.github.bootcluster.control.ControlMessage.ClusterChanged;
import io.github.bootcluster.control.ControlMessage.EventOccurred;
import io.github.bootcluster.control.ControlServer;
import io.github.bootcluster.ctl.OperatorDesk;
import io.github.bootcluster.dispatch.Dispatcher;
import io.github.bootcluster.dispatch.DispatcherBindException;
import io.github.bootcluster.dispatch.DispatcherSettings;
import io.github.bootcluster.dispatch.Tls;
import io.github.bootcluster.messaging.PostOffice;
import io.github.bootcluster.event.EventDelivery;
import io.github.bootcluster.session.SessionStore;
import io.github.bootcluster.systemd.ServiceManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * One cluster, from its launch to its stop: brings the parts up in the order that makes
 * failures cheap (home, port, control socket), starts the workers before the slow parts
 * (session store, own web context), and takes everything down in reverse.
 */
public final class Launcher {

	private static final Logger logger = LoggerFactory.getLogger(Launcher.class);

	private final Console console;

	private final ConfigurableEnvironment environment;

	private final Class<?> adminConfiguration;

	private final ClusterProperties properties;

	private final FrontSettings front;

	private final InstantSource clock = new MonotonicClock();

	/** Set before any worker is started. */
	private volatile @Nullable Supervisor supervisor;

	private final PostOffice postOffice;

	private final SupervisorLoop loop = new SupervisorLoop(this.clock);

	private final EventDelivery events = new EventDelivery();

	private final LifeCounts life = new LifeCounts();

	private final MeterCalls meters = new MeterCalls(MeterCalls.PATIENCE);

	private final Timeline timeline = new Timeline();

	private final Vitals vitals = new Vitals();

	private final Inquiries inquiries = new Inquiries(LauncherDiagnostics.PATIENCE);

	private final CompletableFuture<SessionStore> sessionStore = new CompletableFuture<>();

	/** Open from when there is a cluster to command. */
	private final OperatorDesk operatorDesk;

	private final OpeningStore storeHealth = new OpeningStore(this.sessionStore);

	/** The state of the cluster once it serves, or why it never will. */
	private final CompletableFuture<ClusterSnapshot> launched = new CompletableFuture<>();

	private final CompletableFuture<@Nullable Void> allWorkersGone = new CompletableFuture<>();

	/**
	 * What to close, last opened first. Used by the launching, then the stopping thread.
	 */
	private final OpenParts parts = new OpenParts();

	private Launcher(Console console, ConfigurableEnvironment environment, Class<?> adminConfiguration) {
		this.console = console;
		this.environment = environment;
		this.adminConfiguration = adminConfiguration;
		this.properties = LauncherProperties.bind(environment);
		this.front = FrontSettings.from(environment, this.properties.schedulingPolicy());
		this.operatorDesk = new OperatorDesk(
				!Binder.get(environment).bind(ClusterProperties.HOME, String.class).isBound(), this.clock);
		this.postOffice = new PostOffice(this::isMember, this.properties.messaging().queueCapacity());
	}

	/**
	 * Launch a cluster of this program and serve until the process is told to stop. Does
	 * not return: a stop ends the JVM.
	 * @param environment the prepared environment of the application
	 * @param arguments the arguments of the application
	 * @param adminConfiguration configuration of the launcher's own web context
	 * @throws LaunchException if the cluster cannot be started; nothing is left running
	 */
	public static void run(ConfigurableEnvironment environment, List<String> arguments, Class<?> adminConfiguration) {
		// Whatever is wrong, it is told there.
		Console console = Console.open(environment.getProperty("logging.structured.format.console"));
		new Launcher(console, environment, adminConfiguration).run(arguments);
	}

	private void run(List<String> arguments) {
		try {
			launch(arguments);
			new CompletableFuture<Void>().join();
		}
		catch (RuntimeException | Error ex) {
			this.launched.completeExceptionally(ex);
			this.loop.stop();
			this.parts.close();
			throw ex;
		}
	}

	private void launch(List<String> arguments) {
		Terminal terminal = Terminal.ofThisProcess();
		List<Class<?>> guests = LauncherGuests.load(this.properties.launcher(), this.front.admin());
		SslBundles sslBundles = usesTls() ? this.parts.add(SslBundleContext.open(this.environment)).bundles() : null;
		Supplier<Tls> tls = openTls(sslBundles);
		int processors = Runtime.getRuntime().availableProcessors();
		int workers = this.properties.workers().resolve(processors);
		ClusterHome home = this.parts.add(ClusterHome.open(this.properties.home()));
		openSessionStore(home);
		TemporaryDirectories temporary = this.parts.add(TemporaryDirectories.open(home, Clock.systemUTC()));
		BiFunction<ControlServer, PublicPort, WorkerKind> kindOfWorkers = kindOfWorkers(processors, arguments, home,
				temporary);
		writePidFile();
		PublicPort port = this.parts.add(openPort(processors, tls, home));
		ControlServer control = this.parts.add(openControl(home));
		WorkerKind kind = kindOfWorkers.apply(control, port);
		Optional<ServiceReports> reports = ServiceManager.find(System.getenv())
			.map((manager) -> this.parts.add(new ServiceReports(manager, stopLimit())));
		reports.ifPresent((service) -> service.watch(this.loop::post, port::ping));
		WorkerProcesses processes = this.parts
			.add(new WorkerProcesses(kind, this.properties.worker().warmUp(), this.loop::post, this.console));
		Supervisor supervisor = new Supervisor(this.properties, workers, this.clock, new Random(), processes,
				new Announcements(port, control, processes, kind, reports));
		this.supervisor = supervisor;
		ClusterOperations operations = new LauncherOperations(this.loop::post);
		LauncherSignals signals = LauncherSignals.handle(processes::killAll, operations, terminal);
		SpringApplication.getShutdownHandlers().add(() -> stop(port));
		this.loop.start(supervisor);
		Cluster cluster = new LauncherCluster(() -> observe(supervisor.latest(), port));
		ClusterTelemetry telemetry = telemetry(port);
		this.operatorDesk.open(new OperatorDesk.Subject(cluster, telemetry, this.timeline, processes, operations,
				this.storeHealth, signals::stopFor));
		this.parts.add(UsageMeter.start(this.properties.worker(), cluster::snapshot, this.vitals, this.loop::post));
		Integer adminPort = startAdmin(port, sslBundles, guests, temporary,
				new AdminServer.Subject(cluster, telemetry, measures(port), this.timeline, processes, operations,
						diagnostics(cluster, processes), this.postOffice, this.events, this.storeHealth));
		await(this.launched);
		reports.ifPresent(ServiceReports::launched);
		new LaunchBanner(supervisor.latest(), this.front, port.port(), adminPort).print(System.out);
		this.parts.add(LauncherMemory.manage());
	}

	/**
	 * What the workers shall be. What is wrong with it is found out at once, before the
	 * control server it may need is opened.
	 */
	private BiFunction<ControlServer, PublicPort, WorkerKind> kindOfWorkers(int processors, List<String> arguments,
			ClusterHome home, TemporaryDirectories temporary) {
		ClusterProperties.Worker settings = this.properties.worker();
		if (settings.command() != null) {
			ExternalCommand command = ExternalCommand.find(settings);
			return (control, port) -> new ExternalProgram(command, settings, Tether.find(), this.loop::post);
		}
		WorkerProgram program = WorkerProgram.ofThisProcess(this.properties, processors, arguments, home);
		StartupCaches caches = new StartupCaches(program, settings);
		Stages stages = this.parts.add(Stages.open(home, WorkerProgram.program(), this.loop::post, caches::look));
		return (control, port) -> new SameApplication(program, stages, caches, temporary, settings, control,
				home.controlSocket(), this.sessionStore.thenApply((store) -> workerProperties(store, port)));
	}

	/**
	 * Beside everything else: opening a database takes longer than starting a process.
	 * But if there may be none yet, nothing else is begun before: workers would come to
	 * the end of their start-timeout.
	 */
	private void openSessionStore(ClusterHome home) {
		if (this.properties.worker().command() != null) {
			this.sessionStore.complete(SessionStore.none());
			return;
		}
		ClusterProperties.Sessions settings = this.properties.sessions();
		Thread opener = new Thread(() -> {
			try {
				this.sessionStore
					.complete(this.parts.add(SessionStore.open(this.environment, home.directory(), settings)));
			}
			catch (RuntimeException | Error ex) {
				this.sessionStore.completeExceptionally(ex);
				this.launched.completeExceptionally(ex);
			}
		}, "cluster-session-store");
		opener.setDaemon(true);
		opener.start();
		if (!settings.startTimeout().isZero()) {
			await(this.sessionStore);
		}
	}

	/** The home is open by then: there is no other launcher. */
	private void writePidFile() {
		if (this.properties.pidFile() != null) {
			this.parts.add(PidFile.write(this.properties.pidFile()));
		}
	}

	private @Nullable AccessLog openAccessLog(ClusterHome home) {
		ClusterProperties.AccessLog accessLog = this.properties.dispatch().accessLog();
		if (!accessLog.enabled()) {
			return null;
		}
		try {
			return this.parts.add(AccessLog.open(accessLog, home.directory()));
		}
		catch (AccessLogException ex) {
			throw new LaunchException("%s.".formatted(ex.getMessage()),
					"Make it a file in a directory this user can write to, set cluster.dispatch.access-log.file to one, "
							+ "or set cluster.dispatch.access-log.enabled=false.",
					ex);
		}
	}

	/** Whether it is the launcher that speaks TLS, somewhere. */
	private boolean usesTls() {
		return isFrontTls()
				|| (this.front.admin() instanceof FrontSettings.Admin.OwnPort ownPort && ownPort.tls() != null);
	}

	/** Where the workers listen themselves, it is for their servers to speak it. */
	private boolean isFrontTls() {
		return this.front.tls() != null && isDispatched();
	}

	private boolean isDispatched() {
		return this.properties.schedulingPolicy() != SchedulingPolicy.NONE;
	}

	/** Before anything else is: a port whose TLS does not work must never be opened. */
	private @Nullable Supplier<Tls> openTls(@Nullable SslBundles sslBundles) {
		if (sslBundles == null) {
			return null;
		}
		if (this.front.admin() instanceof FrontSettings.Admin.OwnPort ownPort && ownPort.tls() != null) {
			// Its server would not say as clearly what is wrong.
			new TlsFactory(ownPort.tls(), sslBundles).create();
		}
		if (this.front.tls() == null || !isFrontTls()) {
			return null;
		}
		Duration quietPeriod = this.environment.getProperty("spring.ssl.bundle.watch.file.quiet-period", Duration.class,
				Duration.ofSeconds(10));
		return this.parts.add(FrontTls.open(this.front.tls(), sslBundles, quietPeriod));
	}

	private PublicPort openPort(int processors, @Nullable Supplier<Tls> tls, ClusterHome home) {
		if (isDispatched()) {
			return new DispatchedPort(startDispatcher(processors, tls, openAccessLog(home)));
		}
		IneffectiveProperties.warn(this.environment);
		return SharedPort.open(this.front.address(), this.front.port(), this::drained);
	}

	private void drained(WorkerId worker) {
		this.loop.post(new Fact.Drained(worker));
	}

	private Dispatcher startDispatcher(int processors, @Nullable Supplier<Tls> tls, @Nullable AccessLog accessLog) {
		try {
			return Dispatcher.start(new DispatcherSettings(this.front.address(), this.front.port(),
					this.properties.schedulingPolicy(), this.properties.dispatch(),
					this.properties.dispatch().resolveThreads(processors), this.front.adminPaths(), tls), this::drained,
					accessLog);
		}
		catch (DispatcherBindException ex) {
			throw new PortUnavailableException(ex);
		}
	}

	private ControlServer openControl(ClusterHome home) {
		try {
			return ControlServer.open(home.controlSocket(),
					new ControlFacts(this.loop::post, this.postOffice, this.meters, this.vitals, this.inquiries),
					this.operatorDesk);
		}
		catch (SocketException ex) {
			throw new LaunchException(
					"The control socket %s cannot be made: %s".formatted(home.controlSocket(), ex.getMessage()),
					"Set cluster.home to a local directory with a short path: that of a Unix socket may have about 100 bytes.",
					ex);
		}
		catch (IOException ex) {
			throw new LaunchException("The control socket %s cannot be made: %s".formatted(home.controlSocket(), ex),
					"Set cluster.home to a local directory that allows Unix sockets.", ex);
		}
	}

	private @Nullable Integer startAdmin(PublicPort port, @Nullable SslBundles sslBundles, List<Class<?>> guests,
			TemporaryDirectories temporary, AdminServer.Subject subject) {
		if (this.front.admin() instanceof FrontSettings.Admin.Disabled) {
			return null;
		}
		String trustedHops = WorkerProperties.trustedHops(this.properties.dispatch());
		AdminServer admin = this.parts.add(AdminServer.start(configuration(guests), this.environment,
				this.front.admin(), trustedHops, sslBundles, temporary.createForLauncher(), subject));
		if (this.front.admin() instanceof FrontSettings.Admin.BehindFront) {
			port.admin(admin.address());
		}
		admin.tracing().ifPresent(port::traceWith);
		return admin.address().getPort();
	}

	private ClusterTelemetry telemetry(PublicPort port) {
		return new LauncherTelemetry(this.parts.add(TrafficMeter.start(port::sample)), this.vitals);
	}

	private ClusterMeasures measures(PublicPort port) {
		return new LauncherMeasures(port::report, this.life, this.meters);
	}

	private WorkerDiagnostics diagnostics(Cluster cluster, WorkerProcesses processes) {
		return (this.properties.worker().command() == null)
				? new LauncherDiagnostics(this.inquiries, cluster::snapshot, processes::signalForThreads)
				: WorkerDiagnostics.none(
						"The workers are programs of cluster.worker.command, which can only be asked in ways of their own.");
	}

	private Class<?>[] configuration(List<Class<?>> guests) {
		return Stream.concat(Stream.of(this.adminConfiguration), guests.stream()).toArray(Class<?>[]::new);
	}

	private Function<WorkerSpec, Map<String, String>> workerProperties(SessionStore store, PublicPort port) {
		return new WorkerProperties(this.environment, this.properties, store.workerProperties(),
				(port instanceof SharedPort shared) ? shared.address() : null);
	}

	/** Not the one that trains a start-up cache, which is nobody's. */
	private boolean isMember(WorkerId worker) {
		Supervisor supervisor = this.supervisor;
		return supervisor != null && supervisor.latest().worker(worker).isPresent();
	}

	/** The supervisor's view, completed with what others know. */
	private ClusterSnapshot observe(ClusterSnapshot snapshot, PublicPort port) {
		return port.observe(snapshot).withSessionStore(this.storeHealth.type());
	}

	private static void await(CompletableFuture<?> step) {
		try {
			step.get();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			throw new IllegalStateException("The cluster could not be launched", ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while the cluster is launched", ex);
		}
	}

	/** To drain, to end, to be killed, and for what has to be closed then. */
	private Duration stopLimit() {
		return this.properties.worker().stopTimeout().plus(Endings.GRACE.multipliedBy(3));
	}

	/** Run by the JVM's shutdown, whatever began it. */
	private void stop(PublicPort port) {
		if (this.launched.isCompletedExceptionally()) {
			return;
		}
		logger.info("Stopping: no new connections, workers finish their requests");
		CompletableFuture<Void> quiet = port.quiesce().toCompletableFuture();
		this.loop.post(new Fact.StopRequested());
		Duration limit = stopLimit();
		try {
			CompletableFuture.allOf(this.allWorkersGone, quiet).get(limit.toMillis(), TimeUnit.MILLISECONDS);
			logger.info("Stopped");
		}
		catch (TimeoutException ex) {
			logger.error("Not everything ended within {} s: what is left is killed", limit.toSeconds());
		}
		catch (ExecutionException ex) {
			logger.error("The stop was not clean", ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			logger.warn("Interrupted while stopping: what is left is killed");
		}
		this.loop.stop();
		this.parts.close();
		this.console.finish();
	}

	/** Passes on what the supervisor says. Called by its thread. */
	private final class Announcements implements SupervisorListener {

		private final PublicPort port;

		private final ControlServer control;

		private final WorkerProcesses processes;

		private final WorkerKind kind;

		private final Optional<ServiceReports> reports;

		private final Narrator narrator = new Narrator(Launcher.this.timeline, Launcher.this.clock);

		Announcements(PublicPort port, ControlServer control, WorkerProcesses processes, WorkerKind kind,
				Optional<ServiceReports> reports) {
			this.port = port;
			this.control = control;
			this.processes = processes;
			this.kind = kind;
			this.reports = reports;
		}

		@Override
		public void changed(ClusterSnapshot snapshot) {
			Launcher.this.life.changed(snapshot);
			this.port.update(snapshot);
			this.control.broadcast(new ClusterChanged(observe(snapshot, this.port)));
			this.reports.ifPresent((service) -> service.changed(snapshot));
			this.narrator.changed(snapshot);
		}

		@Override
		public void happened(WorkerEvent event) {
			Launcher.this.life.happened(event);
			this.control.broadcast(new EventOccurred(event));
			Launcher.this.events.deliver(event);
			this.narrator.happened(event);
		}

		@Override
		public void settled() {
			this.narrator.settled();
		}

		@Override
		public void launched(ClusterSnapshot snapshot) {
			Launcher.this.launched.complete(snapshot);
			this.kind.launched();
		}

		@Override
		public void launchFailed(ExitInfo lastExit) {
			// The supervisor must not wait for the rest of the output.
			CompletableFuture
				.runAsync(() -> Launcher.this.launched.completeExceptionally(new FirstStartFailedException(lastExit,
						this.processes.lastLines(lastExit.worker()), this.kind.howToTryAlone())));
		}

		@Override
		public void stopped() {
			Launcher.this.allWorkersGone.complete(null);
		}

	}

}
