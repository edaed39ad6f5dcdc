package io.github.bootcluster.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.control.ControlAddress;
import io.github.bootcluster.control.ControlClient;
import io.github.bootcluster.control.ControlMessage.Availability;
import io.github.bootcluster.control.ControlMessage.ClusterChanged;
import io.github.bootcluster.control.ControlMessage.DumpThreads;
import io.github.bootcluster.control.ControlMessage.EventOccurred;
import io.github.bootcluster.control.ControlMessage.FromLauncher;
import io.github.bootcluster.control.ControlMessage.FromWorker;
import io.github.bootcluster.control.ControlMessage.Heartbeat;
import io.github.bootcluster.control.ControlMessage.Lead;
import io.github.bootcluster.control.ControlMessage.Listening;
import io.github.bootcluster.control.ControlMessage.Meters;
import io.github.bootcluster.control.ControlMessage.MetersWanted;
import io.github.bootcluster.control.ControlMessage.Recycle;
import io.github.bootcluster.control.ControlMessage.Resign;
import io.github.bootcluster.control.ControlMessage.Resigned;
import io.github.bootcluster.control.ControlMessage.SetLevel;
import io.github.bootcluster.control.ControlMessage.ShutDown;
import io.github.bootcluster.control.ControlMessage.Welcome;
import io.github.bootcluster.control.JvmUsage;
import io.github.bootcluster.control.Mail;
import io.github.bootcluster.control.ProcessSignals;
import io.github.bootcluster.event.EventDelivery;
import io.github.bootcluster.leader.Leadership;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystem;

/**
 * This process as one worker of a launcher. There is at most one per process, whatever
 * number of application contexts it has; it outlives them all.
 */
public final class WorkerAgent {

	private static final Logger logger = LoggerFactory.getLogger(WorkerAgent.class);

	/** Beyond the time to stop, for what is not covered by it. */
	private static final Duration HALT_MARGIN = Duration.ofSeconds(5);

	/** Written once, by the thread that starts the first application of the process. */
	private static volatile @Nullable WorkerAgent current;

	private final ControlClient client;

	private final WorkerCluster cluster;

	private final WorkerLeadership leadership = new WorkerLeadership();

	private final EventDelivery events = new EventDelivery();

	private final LogLevels logLevels = new LogLevels(() -> LoggingSystem.get(WorkerAgent.class.getClassLoader()));

	private final Answers answers;

	private final ScheduledExecutorService timer;

	/** Set by the thread that starts an application, read by the one that listens. */
	private volatile Consumer<Mail> mailReceiver = (mail) -> logger.warn("Nobody is there to take {}", mail);

	/** Likewise: run when no mail can be sent any more. */
	private volatile Runnable mailEnd = () -> logger.debug("Nobody has sent mail");

	/** Set by the thread that starts an application, read by the one that listens. */
	private volatile Consumer<MetersWanted> meterTeller = this::tellOfNoMeters;

	private final AtomicBoolean ending = new AtomicBoolean();

	private WorkerAgent(ControlAddress address, ControlClient client) {
		this.client = client;
		this.cluster = new WorkerCluster(address.worker(), client.welcome().generation(), client.welcome().snapshot(),
				this.leadership, this::recycle);
		this.answers = new Answers(client::send);
		this.timer = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "cluster-heartbeat");
			thread.setDaemon(true);
			return thread;
		});
	}

	/** The agent of this process; empty if it is no worker. */
	public static Optional<WorkerAgent> current() {
		return Optional.ofNullable(current);
	}

	/**
	 * Join the launcher that started this process, if one did. Returns at once if this
	 * process has joined already.
	 * @throws LauncherUnreachableException if the launcher is gone or turns this process
	 * away
	 */
	public static synchronized Optional<WorkerAgent> join(Map<String, String> environment) {
		if (current == null) {
			ControlAddress.find(environment).ifPresent((address) -> current = join(address));
		}
		return current();
	}

	private static WorkerAgent join(ControlAddress address) {
		// Ctrl-C and a closed terminal reach the whole process group; the launcher alone
		// decides what they mean.
		ProcessSignals.handle("INT", () -> logger.debug("SIGINT left to the launcher"));
		ProcessSignals.handle("HUP", () -> logger.debug("SIGHUP left to the launcher"));
		try {
			WorkerAgent agent = new WorkerAgent(address,
					ControlClient.connect(address.socket(), address.worker(), address.credential()));
			agent.start();
			return agent;
		}
		catch (IOException ex) {
			throw new LauncherUnreachableException(address, ex);
		}
	}

	/** Spring properties that outrank the application's own. May hold secrets. */
	public Map<String, String> properties() {
		return welcome().properties();
	}

	public Cluster cluster() {
		return this.cluster;
	}

	boolean send(FromWorker message) {
		return this.client.send(message);
	}

	/** At most one does, since the application contexts of a process share it. */
	void receiveMailBy(Consumer<Mail> receiver, Runnable gone) {
		this.mailReceiver = receiver;
		this.mailEnd = gone;
	}

	/** At most one does, likewise; must not block. */
	void tellOfMetersBy(Consumer<MetersWanted> teller) {
		this.meterTeller = teller;
	}

	private void tellOfNoMeters(MetersWanted question) {
		this.client.send(new Meters(question.number(), List.of(), true));
	}

	public Leadership leadership() {
		return this.leadership;
	}

	/** Brings what happens to workers to the contexts of this process. */
	public EventDelivery events() {
		return this.events;
	}

	void listening(int port) {
		this.client.send(new Listening(port));
	}

	void available(boolean accepting, boolean live) {
		this.client.send(new Availability(accepting, live));
	}

	/** An application of this process has set logging up. */
	public void loggingIsReady() {
		this.logLevels.ready();
	}

	private void start() {
		this.client.listen(this::received, this::launcherGone);
		SpringApplication.getShutdownHandlers().add(this::leave);
		long interval = welcome().heartbeatMillis();
		this.timer.scheduleWithFixedDelay(() -> this.client.send(new Heartbeat(usage())), 0, interval,
				TimeUnit.MILLISECONDS);
	}

	private static @Nullable JvmUsage usage() {
		try {
			return JvmUsage.ofThisProcess();
		}
		catch (RuntimeException ex) {
			// A heap that is being resized may contradict itself. To be alive is enough.
			logger.debug("This JVM does not say what it uses", ex);
			return null;
		}
	}

	private Welcome welcome() {
		return this.client.welcome();
	}

	private void received(FromLauncher message) {
		if (message instanceof ClusterChanged changed) {
			this.cluster.update(changed.snapshot());
		}
		else if (message instanceof Mail mail) {
			this.mailReceiver.accept(mail);
		}
		else if (message instanceof MetersWanted question) {
			this.meterTeller.accept(question);
		}
		else if (message instanceof EventOccurred occurred) {
			this.events.deliver(occurred.event());
		}
		else if (message instanceof Lead lead) {
			this.leadership.lead(lead.term());
		}
		else if (message instanceof Resign resign) {
			this.leadership.resign(resign.term(), () -> this.client.send(new Resigned(resign.term())));
		}
		else if (message instanceof DumpThreads question) {
			this.answers.answer(question.question(), ThreadReport::ofThisProcess);
		}
		else if (message instanceof SetLevel question) {
			this.answers.answer(question.question(), () -> {
				this.logLevels.set(question.level());
				return "";
			});
		}
		else if (message instanceof ShutDown) {
			end("the launcher asked for it", 0);
		}
	}

	private void recycle() {
		if (!this.client.send(new Recycle())) {
			logger.debug("The launcher is gone, and so is what could replace this worker: it is ending");
		}
	}

	private void launcherGone() {
		this.mailEnd.run();
		this.leadership.lose();
		end("the launcher is gone", 1);
	}

	/**
	 * The application is closed: all that is left is to end. A JVM waits 300 ms with that
	 * for a thread that is in native code, as the one is that reads the connection.
	 */
	private void leave() {
		this.ending.set(true);
		this.client.close();
	}

	/** End this process: the application gracefully, and if it hangs, without it. */
	private void end(String why, int status) {
		if (!this.ending.compareAndSet(false, true)) {
			return;
		}
		logger.info("Worker ends: {}", why);
		long limit = welcome().stopMillis() + HALT_MARGIN.toMillis();
		this.timer.schedule(() -> Runtime.getRuntime().halt(1), limit, TimeUnit.MILLISECONDS);
		// Runs the shutdown hooks, Spring Boot's among them: the thread waits for them.
		new Thread(() -> System.exit(status), "cluster-shutdown").start();
	}

}
