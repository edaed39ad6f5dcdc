package io.github.bootcluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.Delimiter;
import org.springframework.util.unit.DataSize;

/**
 * Everything under {@code cluster.*}. Read by the launcher, once, before anything is
 * started; values that make no sense are refused here.
 *
 * @param workers Number of worker processes, or 'auto' for one per available processor.
 * @param standby Number of further workers that are started and warmed up, but get no
 * requests: one of them steps in at once for a worker that died, or where one is added.
 * @param home Directory of the cluster's own files: control socket, session database,
 * copies of the application, temporary files of the workers. Private to its owner; two
 * launchers cannot share one.
 * @param schedulingPolicy How requests are shared out among the workers. With 'none' all
 * of them listen at the public port and the system shares connections out: no dispatcher,
 * and so none of 'cluster.dispatch.*', no standby and no warm-up. Linux and Tomcat only.
 * @param pidFile File that holds the launcher's process id while it runs. None by
 * default.
 * @param worker What a worker is and how long it may take.
 * @param restart When and how fast workers that ended are replaced.
 * @param reload How workers are replaced by those of a new generation.
 * @param dispatch The embedded dispatcher in front of the workers.
 * @param messaging Messages between workers, by way of the launcher.
 * @param sessions HTTP sessions in the shared store.
 * @param health When the cluster is ready for its clients.
 * @param launcher What the launcher runs besides its own.
 * @param dashboard The page that shows the cluster.
 * @since 0.1.0
 */
@ConfigurationProperties("cluster")
public record ClusterProperties(@DefaultValue("auto") WorkerCount workers, @DefaultValue("0") int standby,
		@DefaultValue(".cluster") Path home, @DefaultValue("round-robin") SchedulingPolicy schedulingPolicy,
		@Nullable Path pidFile, @DefaultValue Worker worker, @DefaultValue Restart restart, @DefaultValue Reload reload,
		@DefaultValue Dispatch dispatch, @DefaultValue Messaging messaging, @DefaultValue Sessions sessions,
		@DefaultValue Health health, @DefaultValue Launcher launcher, @DefaultValue Dashboard dashboard) {

	/** Name of the property that tells the home. */
	public static final String HOME = "cluster.home";

	/** Largest number of workers that stand by. */
	public static final int MAX_STANDBY = 64;

	public ClusterProperties {
		Check.that(standby >= 0 && standby <= MAX_STANDBY, "cluster.standby", standby,
				"must be from 0 (none) to " + MAX_STANDBY);
		if (schedulingPolicy == SchedulingPolicy.NONE) {
			checkThatWorkersCanShareThePort(standby, worker);
		}
	}

	/** A worker that listens at the shared port gets connections at once. */
	private static void checkThatWorkersCanShareThePort(int standby, Worker worker) {
		Check.that(standby == 0, "cluster.standby", standby,
				"must be 0 with cluster.scheduling-policy=none, where a worker that is started serves");
		if (worker.command() != null) {
			throw new InvalidClusterPropertyException(Worker.COMMAND, String.join(" ", worker.command()),
					"must not be set together with cluster.scheduling-policy=none: "
							+ "such a program knows nothing of a port that it shares with others");
		}
		Check.that(!worker.warmUp().isWanted(), "cluster.worker.warm-up.paths",
				String.join(",", worker.warmUp().paths()),
				"must not be set together with cluster.scheduling-policy=none: "
						+ "a single worker cannot be reached at a port that it shares with others");
	}

	/**
	 * Worker processes.
	 *
	 * @param command Program to run as a worker in place of this application: a command
	 * line, split into words like a shell does but without one, or a list of the program
	 * and its arguments. It must serve HTTP on 127.0.0.1 at the port that '{port}' in an
	 * argument is replaced by and the environment variable PORT holds.
	 * @param readinessPath Path that a worker run by 'cluster.worker.command' answers
	 * with 2xx or 3xx while it is ready. Without it, one that accepts connections is.
	 * @param javaHome Directory of the Java installation that runs the workers. Defaults
	 * to the launcher's own.
	 * @param jvmArgs JVM arguments of every worker, after those the launcher derives, so
	 * that they win. The launcher's own heap, collector, compiler and debug arguments are
	 * not passed on. A debug port (jdwp) is that of slot 1, and the following ones are
	 * those of the others where they are free.
	 * @param startupCache Whether workers start from an archive of their classes, which
	 * is made in the background once the cluster serves.
	 * @param environment Environment variables of every worker, added to the launcher's.
	 * @param startTimeout Time a worker may take from spawn to ready, not counting its
	 * warm-up.
	 * @param stopTimeout Time a worker may take to finish its requests and end, before it
	 * is killed.
	 * @param heartbeatInterval Time between two signs of life of a worker.
	 * @param heartbeatTimeout Time without a sign of life after which a worker counts as
	 * hung, also while it finishes its requests (but for policy none): it writes a thread
	 * dump, if it can, and is ended.
	 * @param maxRequests Requests after which a worker is replaced, shortened by a random
	 * part of up to a tenth. Use '0' for no limit.
	 * @param maxLifetime Time since its start after which a worker is replaced, shortened
	 * by a random part of up to a tenth. Use '0' for no limit.
	 * @param maxMemory Resident memory beyond which a worker is replaced. Use '0' for no
	 * limit. Has no effect where the system does not tell it.
	 * @param warmUp Requests that a fresh worker gets before those of clients.
	 */
	public record Worker(@Delimiter(Delimiter.NONE) @Nullable List<String> command, @Nullable String readinessPath,
			@Nullable Path javaHome, @DefaultValue List<String> jvmArgs,
			@DefaultValue("auto") StartupCaching startupCache, @DefaultValue Map<String, String> environment,
			@DefaultValue("60s") Duration startTimeout, @DefaultValue("30s") Duration stopTimeout,
			@DefaultValue("1s") Duration heartbeatInterval, @DefaultValue("30s") Duration heartbeatTimeout,
			@DefaultValue("0") long maxRequests, @DefaultValue("0") Duration maxLifetime,
			@DefaultValue("0B") DataSize maxMemory, @DefaultValue WarmUp warmUp) {

		/** Name of the property that makes workers of any program. */
		public static final String COMMAND = "cluster.worker.command";

		/** RFC 3986: a path that begins with a slash, and a query. */
		private static final String PATH = "/([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*";

		public Worker {
			command = (command != null) ? wordsOf(command) : null;
			if (command != null) {
				Check.that(jvmArgs.isEmpty(), "cluster.worker.jvm-args", jvmArgs,
						"must not be set together with cluster.worker.command, which holds all arguments itself");
				Check.that(javaHome == null, "cluster.worker.java-home", String.valueOf(javaHome),
						"must not be set together with cluster.worker.command, which names its program itself");
			}
			if (readinessPath != null) {
				Check.that(command != null, "cluster.worker.readiness-path", readinessPath,
						"must not be set without cluster.worker.command: Spring Boot's readiness counts");
				Check.that(isPath(readinessPath), "cluster.worker.readiness-path", readinessPath,
						"must be a path, such as '/health', with what is special in it encoded");
			}
			Check.positive("cluster.worker.start-timeout", startTimeout);
			Check.notNegative("cluster.worker.stop-timeout", stopTimeout);
			Check.positive("cluster.worker.heartbeat-interval", heartbeatInterval);
			Check.that(heartbeatTimeout.compareTo(heartbeatInterval) > 0, "cluster.worker.heartbeat-timeout",
					heartbeatTimeout, "must be more than cluster.worker.heartbeat-interval");
			Check.that(maxRequests >= 0, "cluster.worker.max-requests", maxRequests,
					"must be 0 (no limit) or a number of requests");
			Check.that(maxLifetime.isZero() || maxLifetime.toMillis() > 0, "cluster.worker.max-lifetime", maxLifetime,
					"must be 0 (no limit) or at least one millisecond, such as '24h'");
			Check.that(maxMemory.toBytes() >= 0, "cluster.worker.max-memory", maxMemory,
					"must be 0 (no limit) or a size, such as '800MB'");
			environment.keySet()
				.forEach((name) -> Check.that(!name.isEmpty() && name.indexOf('=') < 0, "cluster.worker.environment",
						name, "must have names that are not empty and without '='"));
		}

		/** A single text is a line to split; of several each is a word. */
		private static List<String> wordsOf(List<String> command) {
			List<String> words = (command.size() == 1) ? CommandLine.split(COMMAND, command.get(0)) : command;
			Check.that(!words.isEmpty() && !words.get(0).isBlank(), COMMAND, String.join(" ", command),
					"must name a program, such as 'node server.js'");
			return List.copyOf(words);
		}

		private static boolean isPath(String text) {
			return text.matches(PATH);
		}

		/** What becomes of start-up caches. */
		public enum StartupCaching {

			/** Made and used as far as the JVM of the workers allows. */
			AUTO,

			/** Neither made nor used. */
			OFF;

			@Override
			public String toString() {
				return name().toLowerCase(Locale.ROOT);
			}

		}

	}

	/**
	 * Requests that the launcher sends to a fresh worker before it joins the rotation, so
	 * that no client pays for code that runs for the first time.
	 *
	 * @param paths Paths that are requested by GET, in turn, as clients would write them:
	 * the context path included. None by default, which is no warm-up.
	 * @param requests Number of requests to each path.
	 * @param timeout Time for all of them. What is not done by then is left undone.
	 */
	public record WarmUp(@DefaultValue List<String> paths, @DefaultValue("50") int requests,
			@DefaultValue("10s") Duration timeout) {

		/** Largest number of requests to each path. */
		public static final int MAX_REQUESTS = 100_000;

		public WarmUp {
			paths.forEach((path) -> Check.that(Worker.isPath(path), "cluster.worker.warm-up.paths", path,
					"must be paths, such as '/hello', with what is special in them encoded"));
			Check.that(requests >= 1 && requests <= MAX_REQUESTS, "cluster.worker.warm-up.requests", requests,
					"must be from 1 to " + MAX_REQUESTS);
			Check.positive("cluster.worker.warm-up.timeout", timeout);
		}

		/** Whether there is anything to request. */
		public boolean isWanted() {
			return !this.paths.isEmpty();
		}

	}

	/**
	 * Replacement of workers that ended.
	 *
	 * @param onExit Which unexpected ends are followed by a replacement.
	 * @param initialDelay Delay before the replacement of a worker whose predecessor,
	 * too, died young. Doubles with every further one; the first is replaced at once.
	 * @param maxDelay Longest delay before a replacement. While no worker serves or
	 * starts, the first that had been ready is replaced after the initial delay at the
	 * latest.
	 * @param stableAfter Time a worker must have been ready for its death not to count as
	 * dying young.
	 */
	public record Restart(@DefaultValue("failure") OnExit onExit, @DefaultValue("200ms") Duration initialDelay,
			@DefaultValue("15s") Duration maxDelay, @DefaultValue("10s") Duration stableAfter) {

		public Restart {
			Check.positive("cluster.restart.initial-delay", initialDelay);
			Check.notNegative("cluster.restart.stable-after", stableAfter);
			Check.that(maxDelay.compareTo(initialDelay) >= 0, "cluster.restart.max-delay", maxDelay,
					"must not be less than cluster.restart.initial-delay");
		}

		/** Which unexpected ends are followed by a replacement. */
		public enum OnExit {

			/** An exit status other than 0, or a signal. */
			FAILURE,

			/** Any. */
			ALWAYS;

			@Override
			public String toString() {
				return name().toLowerCase(Locale.ROOT);
			}

		}

	}

	/**
	 * Replacement of all workers by those of a new generation.
	 *
	 * @param batchSize Slots that are given their new worker at the same time.
	 * @param order Whether the new worker of a slot starts first, or the old one stops
	 * first, which takes less memory and some capacity.
	 */
	public record Reload(@DefaultValue("1") int batchSize, @DefaultValue("start-first") Order order) {

		public Reload {
			Check.that(batchSize >= 1 && batchSize <= WorkerCount.MAX, "cluster.reload.batch-size", batchSize,
					"must be from 1 to " + WorkerCount.MAX);
		}

		/** What comes first in a slot. */
		public enum Order {

			/** The old worker serves until the new one does. */
			START_FIRST,

			/** The new worker is started once the old one is gone. */
			STOP_FIRST;

			@Override
			public String toString() {
				return name().toLowerCase(Locale.ROOT).replace('_', '-');
			}

		}

	}

	/**
	 * The embedded dispatcher.
	 *
	 * @param threads Number of its event loops. Use '0' for half of the available
	 * processors, at least 1 and at most 4.
	 * @param maxInFlightPerWorker Requests one worker may have in flight; further ones go
	 * to its peers or wait.
	 * @param slowStart Time over which the share of requests of a worker that is new in
	 * the rotation rises from a tenth to that of its peers, as long as one of them has
	 * been there for that time and has room; and in which it begins with 8 requests at a
	 * time, may have one more with each it answers, and twice as many every half second.
	 * Use '0' for a full share of all at once.
	 * @param queueCapacity Requests that may wait for a worker with room; further ones
	 * get 503.
	 * @param queueTimeout Time a request may wait for a worker with room before it gets
	 * 503.
	 * @param connectTimeout Time a connection to a worker may take.
	 * @param responseTimeout Time a worker may take before the first byte of its answer,
	 * and between two parts of it, before the client gets 504 or the answer is aborted.
	 * @param idleTimeout Time a kept-alive connection may be idle, or a client may take
	 * nothing of its answer, before the connection is closed.
	 * @param headTimeout Time a client may take to send the whole head of a request.
	 * @param maxRequestSize Largest body of a request. Use '-1' for no limit.
	 * @param trustedProxies Addresses or CIDR ranges of proxies in front of this one
	 * whose forwarded headers are kept.
	 * @param accessLog One line for every request.
	 */
	public record Dispatch(@DefaultValue("0") int threads, @DefaultValue("200") int maxInFlightPerWorker,
			@DefaultValue("5s") Duration slowStart, @DefaultValue("1000") int queueCapacity,
			@DefaultValue("10s") Duration queueTimeout, @DefaultValue("1s") Duration connectTimeout,
			@DefaultValue("60s") Duration responseTimeout, @DefaultValue("75s") Duration idleTimeout,
			@DefaultValue("10s") Duration headTimeout, @DefaultValue("-1B") DataSize maxRequestSize,
			@DefaultValue List<String> trustedProxies, @DefaultValue AccessLog accessLog) {

		public Dispatch {
			Check.that(threads >= 0 && threads <= 256, "cluster.dispatch.threads", threads,
					"must be from 0 (chosen by the number of processors) to 256");
			Check.that(maxInFlightPerWorker >= 1, "cluster.dispatch.max-in-flight-per-worker", maxInFlightPerWorker,
					"must be at least 1");
			Check.notNegative("cluster.dispatch.slow-start", slowStart);
			Check.that(queueCapacity >= 0, "cluster.dispatch.queue-capacity", queueCapacity, "must not be negative");
			Check.notNegative("cluster.dispatch.queue-timeout", queueTimeout);
			Check.positive("cluster.dispatch.connect-timeout", connectTimeout);
			Check.positive("cluster.dispatch.response-timeout", responseTimeout);
			Check.positive("cluster.dispatch.idle-timeout", idleTimeout);
			Check.positive("cluster.dispatch.head-timeout", headTimeout);
			Check.that(maxRequestSize.toBytes() >= -1, "cluster.dispatch.max-request-size", maxRequestSize,
					"must be -1 (no limit) or a size");
		}

		/** The number of event loops on a machine with that many processors. */
		public int resolveThreads(int availableProcessors) {
			return (this.threads != 0) ? this.threads : Math.max(1, Math.min(4, availableProcessors / 2));
		}

	}

	/**
	 * The dispatcher's access log.
	 *
	 * @param enabled Whether to write one.
	 * @param format What a line looks like.
	 * @param file Where to write it. Taken below 'cluster.home' if relative.
	 * @param maxSize Size beyond which the file is put aside, as it also is with the
	 * first request of another day.
	 * @param maxHistory How many files that were put aside are kept.
	 */
	public record AccessLog(@DefaultValue("false") boolean enabled, @DefaultValue("combined") Format format,
			@DefaultValue("access.log") Path file, @DefaultValue("64MB") DataSize maxSize,
			@DefaultValue("10") int maxHistory) {

		public AccessLog {
			Check.that(maxSize.toKilobytes() >= 1, "cluster.dispatch.access-log.max-size", maxSize,
					"must be at least '1KB'");
			Check.that(maxHistory >= 0 && maxHistory <= 10_000, "cluster.dispatch.access-log.max-history", maxHistory,
					"must be from 0 (keep none) to 10000");
		}

		/** What a line looks like. */
		public enum Format {

			/** The combined format of NCSA and Apache, and what only we know after it. */
			COMBINED,

			/** A JSON object. */
			JSON;

			@Override
			public String toString() {
				return name().toLowerCase(Locale.ROOT);
			}

		}

	}

	/**
	 * The launcher's own context.
	 *
	 * @param configuration Classes of the application that are beans of the launcher, or
	 * declare some: listeners of messages to it, and of events of workers. Nothing else
	 * of the application is there.
	 */
	public record Launcher(@DefaultValue List<String> configuration) {

		/** Name of the property. */
		public static final String CONFIGURATION = "cluster.launcher.configuration";

		public Launcher {
			configuration.forEach((name) -> Check.that(!name.isBlank(), CONFIGURATION, name,
					"must be names of classes, such as 'com.example.LauncherListeners'"));
		}

	}

	/**
	 * Messages between members of the cluster.
	 *
	 * @param maxMessageSize Largest message, as JSON.
	 * @param queueCapacity Messages that may wait for their turn in one worker; further
	 * ones fail at their senders.
	 * @param sendTimeout Time a sender waits for a receiver that is slower than itself,
	 * before its message fails.
	 */
	public record Messaging(@DefaultValue("1MB") DataSize maxMessageSize, @DefaultValue("1000") int queueCapacity,
			@DefaultValue("5s") Duration sendTimeout) {

		/** Name of the group. */
		public static final String PREFIX = "cluster.messaging";

		/** Largest limit for a message. */
		public static final DataSize MAX_MESSAGE_SIZE = DataSize.ofMegabytes(3);

		/** Largest number of messages that wait. */
		public static final int MAX_QUEUE_CAPACITY = 10_000;

		public Messaging {
			Check.that(maxMessageSize.toBytes() >= 1 && maxMessageSize.compareTo(MAX_MESSAGE_SIZE) <= 0,
					"cluster.messaging.max-message-size", maxMessageSize, "must be from '1B' to '3MB'");
			Check.that(queueCapacity >= 1 && queueCapacity <= MAX_QUEUE_CAPACITY, "cluster.messaging.queue-capacity",
					queueCapacity, "must be from 1 to " + MAX_QUEUE_CAPACITY);
			Check.notNegative("cluster.messaging.send-timeout", sendTimeout);
		}

	}

	/**
	 * HTTP sessions in the shared store, in workers and in standalone processes.
	 *
	 * @param lastAccessGrain How old the stored time of a session's last access may
	 * become before it is written again, but at most a tenth of the session's timeout; a
	 * session may expire earlier by that. 0 to write it with every request.
	 * @param maxConnections Connections of all workers together to a database of the
	 * application's own, for sessions alone; also for those that a reload starts besides.
	 * @param timeout Time a request waits for a connection to the session store, and
	 * then, in a database of the application's own, for its session to be loaded or
	 * saved, before it gets 503.
	 * @param startTimeout Time the launcher waits at its start for a database of the
	 * application's own that is not there yet, before it starts anything else. 0 to end
	 * at once with a message.
	 */
	public record Sessions(@DefaultValue("30s") Duration lastAccessGrain, @DefaultValue("20") int maxConnections,
			@DefaultValue("3s") Duration timeout, @DefaultValue("0s") Duration startTimeout) {

		/** Name of the group. */
		public static final String PREFIX = "cluster.sessions";

		/** What the pool of connections takes. */
		private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(250);

		public Sessions {
			Check.notNegative("cluster.sessions.last-access-grain", lastAccessGrain);
			Check.that(maxConnections >= 1, "cluster.sessions.max-connections", maxConnections, "must be at least 1");
			Check.that(timeout.compareTo(SHORTEST_TIMEOUT) >= 0, "cluster.sessions.timeout", timeout,
					"must be at least '250ms'");
			Check.notNegative("cluster.sessions.start-timeout", startTimeout);
		}

	}

	/**
	 * What load balancers are told.
	 *
	 * @param minReadyWorkers Number of workers in rotation from which the cluster is
	 * ready; where fewer are wanted, all of them.
	 */
	public record Health(@DefaultValue("1") int minReadyWorkers) {

		/** Name of the group. */
		public static final String PREFIX = "cluster.health";

		public Health {
			Check.that(minReadyWorkers >= 1, "cluster.health.min-ready-workers", minReadyWorkers, "must be at least 1");
		}

	}

	/**
	 * The page that shows the cluster, beside its endpoint.
	 *
	 * @param enabled Whether it is served, as far as the endpoint 'cluster' is exposed
	 * and may be read.
	 * @param path Path of the page and below it of its files, after the context path. The
	 * application has nothing there.
	 */
	public record Dashboard(@DefaultValue("true") boolean enabled, @DefaultValue("/cluster") String path) {

		/** Name of the group. */
		public static final String PREFIX = "cluster.dashboard";

		/** Name of the property of the path. */
		public static final String PATH = "cluster.dashboard.path";

		private static final String SEGMENTS = "(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+";

		public Dashboard {
			Check.that(path.matches(SEGMENTS), PATH, path,
					"must be a path such as '/cluster': segments of letters, digits, '-', '.', '_' and '~', each after a '/'");
		}

	}

}
