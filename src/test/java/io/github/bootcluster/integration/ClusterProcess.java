package io.github.bootcluster.integration;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;

import io.github.bootcluster.SelfSigned;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A launcher with its workers, as real processes on a free port. Closing it ends them
 * all, by their pids, and fails if one is left.
 */
final class ClusterProcess implements AutoCloseable {

	/** Generous: machines that run tests are slow and shared. */
	static final Duration PATIENCE = Duration.ofSeconds(90);

	/** What starts with the least processor time. */
	static final String WORKER_JVM_ARGUMENTS = "-XX:+UseSerialGC,-Xmx256m,-XX:TieredStopAtLevel=1";

	private static final long SIGINT_BIT = 1 << 1;

	/** The banner, to its last line: it is read line by line, unless it is JSON. */
	private static final Pattern SERVING = Pattern
		.compile("boot-cluster: .* serve (https?)://localhost:(\\d+)/(?s:.*?)(?:\n|\\\\n)    stop ");

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final Process process;

	private final List<String> output = new CopyOnWriteArrayList<>();

	/** Held by the reader for each line, and by the test that wants none to be read. */
	private final ReentrantLock outputGate = new ReentrantLock();

	private final Thread reader;

	private final HttpClient client;

	/** Every process seen below the launcher, so that none can be forgotten. */
	private final Map<Long, ProcessHandle> seen = new LinkedHashMap<>();

	/** What leads out of its directory. */
	private final List<Path> links;

	private ClusterProcess(Process process, SSLContext tls, List<Path> links) {
		this.process = process;
		this.links = List.copyOf(links);
		this.client = newClient(tls);
		this.reader = new Thread(this::readOutput, "cluster-output");
		this.reader.setDaemon(true);
		this.reader.start();
	}

	static HttpClient newClient(SSLContext tls) {
		return HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(Duration.ofSeconds(5))
			.sslContext(tls)
			.build();
	}

	static Builder of(Program program, Path temporary) {
		return new Builder(program, temporary);
	}

	ClusterProcess awaitServing() {
		await("the cluster to serve", () -> {
			if (!this.process.isAlive()) {
				throw new AssertionError("The launcher ended with " + this.process.exitValue() + ":\n" + output());
			}
			return banner().isPresent();
		});
		workerPids();
		return this;
	}

	int port() {
		return Integer.parseInt(served().group(2));
	}

	/** What the public port says of itself: {@code http} or {@code https}. */
	String scheme() {
		return served().group(1);
	}

	private MatchResult served() {
		return banner().orElseThrow(() -> new AssertionError("No banner yet:\n" + output()));
	}

	private Optional<MatchResult> banner() {
		return SERVING.matcher(output()).results().findFirst();
	}

	URI uri(String path) {
		return URI.create(scheme() + "://localhost:" + port() + path);
	}

	HttpClient client() {
		return this.client;
	}

	HttpResponse<String> get(String path) {
		return send(HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).build());
	}

	HttpResponse<String> send(HttpRequest request) {
		return send(this.client, request);
	}

	static HttpResponse<String> send(HttpClient client, HttpRequest request) {
		try {
			return client.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(request.method() + " " + request.uri(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Give a command below {@code /actuator/cluster}, as JSON. */
	HttpResponse<String> command(String path, String json) {
		return send(HttpRequest.newBuilder(uri("/actuator/cluster" + path))
			.header("Content-Type", "application/json")
			.timeout(PATIENCE.multipliedBy(2))
			.POST(BodyPublishers.ofString(json))
			.build());
	}

	/** The body of an answer of one process, past the dispatcher. */
	String getDirectly(int port, String path) {
		return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE).build())
			.body();
	}

	/** Do something on a thread of its own. */
	static <T> CompletableFuture<T> async(Supplier<T> task) {
		return CompletableFuture.supplyAsync(task, (command) -> new Thread(command, "client").start());
	}

	JsonNode json(String path) {
		HttpResponse<String> response = get(path);
		if (response.statusCode() != 200) {
			throw new AssertionError(path + " answered " + response.statusCode() + ": " + response.body());
		}
		return JSON.readTree(response.body());
	}

	/** What {@code /actuator/cluster} says. */
	JsonNode status() {
		return json("/actuator/cluster");
	}

	/** The entry of a slot in {@link #status()}. */
	JsonNode slot(int number) {
		for (JsonNode worker : status().get("workers")) {
			if (worker.get("slot").asInt() == number) {
				return worker;
			}
		}
		throw new AssertionError("No slot " + number + " in " + status());
	}

	/** The worker that stands by in {@link #status()}, where there is one seat. */
	JsonNode awaitStandby(long unlikePid) {
		return awaitSlot(0, (worker) -> worker.get("state").asString().equals("STANDBY")
				&& worker.get("pid").asLong() != unlikePid);
	}

	long pidOfSlot(int number) {
		return slot(number).get("pid").asLong();
	}

	JsonNode awaitSlot(int number, Predicate<JsonNode> condition) {
		await("slot " + number, () -> condition.test(slot(number)));
		workerPids();
		return slot(number);
	}

	JsonNode awaitReady(int number, long unlikePid) {
		return awaitSlot(number,
				(worker) -> worker.get("state").asString().equals("READY") && worker.get("pid").asLong() != unlikePid);
	}

	long pid() {
		return this.process.pid();
	}

	/** The launcher's live children. */
	List<Long> workerPids() {
		List<ProcessHandle> children = this.process.descendants().toList();
		children.forEach((child) -> this.seen.put(child.pid(), child));
		return children.stream().map(ProcessHandle::pid).toList();
	}

	List<String> outputLines() {
		return List.copyOf(this.output);
	}

	String output() {
		return String.join("\n", this.output);
	}

	/** Read nothing of what it writes from now on, until told to go on. */
	void holdOutput() {
		this.outputGate.lock();
	}

	void goOnWithOutput() {
		this.outputGate.unlock();
	}

	/** Wait for a line that contains that. */
	void awaitOutput(String... texts) {
		for (String text : texts) {
			await("'" + text + "' in the output", () -> output().contains(text));
		}
	}

	/** Send a signal to the launcher. */
	void signal(String name) {
		workerPids();
		signal(name, pid());
	}

	static void signal(String name, long pid) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start();
			if (kill.waitFor() != 0) {
				throw new AssertionError("kill -" + name + " " + pid + " failed");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Wait for the launcher to end, and all it wrote to be read. */
	int awaitExit(Duration timeout) throws InterruptedException {
		if (!this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new AssertionError("The launcher did not end within " + timeout + ":\n" + output());
		}
		this.reader.join(5000);
		return this.process.exitValue();
	}

	/** Those of the workers seen so far that still live. */
	List<Long> survivors() {
		return this.seen.values().stream().filter(ClusterProcess::isRunning).map(ProcessHandle::pid).toList();
	}

	/**
	 * Whether a process has not ended. One that has, and only waits for its parent to
	 * take note, has; when the launcher was killed that parent is the system's first
	 * process, which may take its time.
	 */
	private static boolean isRunning(ProcessHandle process) {
		if (!process.isAlive()) {
			return false;
		}
		try {
			String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
			return status.charAt(status.lastIndexOf(')') + 2) != 'Z';
		}
		catch (IOException ex) {
			// Gone meanwhile, or a system without /proc, where isAlive has to do.
			return process.isAlive();
		}
	}

	void await(String what, Callable<Boolean> condition) {
		try {
			Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(condition);
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError(ex.getMessage() + "\n" + output(), ex);
		}
	}

	@Override
	public void close() {
		workerPids();
		this.process.destroyForcibly();
		this.seen.values().forEach(ProcessHandle::destroyForcibly);
		Awaitility.await("every process to end")
			.atMost(Duration.ofSeconds(20))
			.until(() -> !this.process.isAlive() && survivors().isEmpty());
		try {
			for (Path link : this.links) {
				Files.deleteIfExists(link);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void readOutput() {
		try (BufferedReader lines = this.process.inputReader()) {
			lines.lines().forEach(this::add);
		}
		catch (IOException | UncheckedIOException ex) {
			this.output.add("(output ended: " + ex.getMessage() + ")");
		}
	}

	private void add(String line) {
		this.outputGate.lock();
		try {
			this.output.add(line);
		}
		finally {
			this.outputGate.unlock();
		}
	}

	/** How to start one. */
	static final class Builder {

		private final Program program;

		private final Path temporary;

		private final List<String> jvmArguments = new ArrayList<>(List.of(WORKER_JVM_ARGUMENTS.split(",")));

		private final Map<String, String> properties = new LinkedHashMap<>();

		private final Map<String, String> environment = new LinkedHashMap<>();

		private SSLContext tls = SelfSigned.trusting();

		private final List<Path> links = new ArrayList<>();

		private boolean archives;

		private Builder(Program program, Path temporary) {
			this.program = program;
			this.temporary = temporary;
			this.archives = program == Program.TINY;
			property("server.port", "0");
			property("server.address", "127.0.0.1");
			property("cluster.home", temporary.resolve("home").toString());
			property("cluster.workers", "2");
			property("cluster.worker.jvm-args", WORKER_JVM_ARGUMENTS);
			// Its training is one process more, and longer than most tests.
			property("cluster.worker.startup-cache", "off");
			if (program == Program.TINY) {
				property("spring.profiles.active", "launcher");
			}
		}

		Builder property(String name, String value) {
			this.properties.put(name, value);
			return this;
		}

		Builder without(String name) {
			this.properties.remove(name);
			return this;
		}

		Builder jvmArgument(String argument) {
			this.jvmArguments.add(argument);
			return this;
		}

		Builder environment(String name, String value) {
			this.environment.put(name, value);
			return this;
		}

		/** What the client makes of certificates. */
		Builder tls(SSLContext context) {
			this.tls = context;
			return this;
		}

		/** Have every JVM read its classes on its own. */
		Builder withoutArchives() {
			this.archives = false;
			return this;
		}

		ClusterProcess start() {
			List<String> command = new ArrayList<>();
			if (ignoresInterrupts()) {
				command.addAll(List.of("env", "--default-signal=INT"));
			}
			command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
			if (this.archives) {
				command.addAll(ClassArchives.launcherArguments());
				prepareWorkers();
			}
			command.addAll(this.jvmArguments);
			command.addAll(this.program.arguments());
			this.properties.forEach((name, value) -> command.add("--" + name + "=" + value));
			ProcessBuilder builder = new ProcessBuilder(command).directory(this.temporary.toFile())
				.redirectErrorStream(true);
			builder.environment().putAll(this.environment);
			try {
				return new ClusterProcess(builder.start(), this.tls, this.links);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/**
		 * A build in the background of a shell ignores SIGINT, and so would everything it
		 * starts.
		 */
		private static boolean ignoresInterrupts() {
			try {
				return Files.readAllLines(Path.of("/proc/self/status"))
					.stream()
					.filter((line) -> line.startsWith("SigIgn:"))
					.anyMatch((line) -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT_BIT) != 0);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/**
		 * Those of this program whose JVMs are as the archive's, with no other to make.
		 */
		private void prepareWorkers() {
			Path home = Path.of(this.properties.get("cluster.home"));
			if (this.properties.getOrDefault("spring.profiles.active", "").equals("launcher")
					&& WORKER_JVM_ARGUMENTS.equals(this.properties.get("cluster.worker.jvm-args"))
					&& this.properties.get("cluster.worker.startup-cache").equals("off")
					&& home.equals(this.temporary.resolve("home"))) {
				ClassArchives.linkRelease(home).ifPresent((link) -> {
					this.links.add(link);
					property("cluster.worker.jvm-args", WORKER_JVM_ARGUMENTS + "," + ClassArchives.workerArgument());
				});
			}
		}

	}

}
