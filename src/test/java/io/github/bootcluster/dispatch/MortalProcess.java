package io.github.bootcluster.dispatch;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The process of a {@link MortalWorker}, as seen by whoever started it. */
final class MortalProcess implements AutoCloseable {

	/** Generous: machines that run tests are slow and shared. */
	static final Duration PATIENCE = Duration.ofSeconds(60);

	/** 128 and the number of the signal. */
	private static final int KILLED = 137;

	private final String name;

	private final Process process;

	private final CompletableFuture<Integer> port = new CompletableFuture<>();

	private final Set<String> reached = ConcurrentHashMap.newKeySet();

	private final List<String> output = new CopyOnWriteArrayList<>();

	private MortalProcess(String name, Process process) {
		this.name = name;
		this.process = process;
		Thread reader = new Thread(this::read, "output-of-" + name);
		reader.setDaemon(true);
		reader.start();
	}

	/** Start one; its port is known later. */
	static MortalProcess start(String name, Path executions, String... arguments) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
						"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx160m", "-Xss512k", "-cp", classPath(),
						MortalWorker.class.getName(), name, executions.toString()));
		command.addAll(List.of(arguments));
		try {
			return new MortalProcess(name, new ProcessBuilder(command).redirectErrorStream(true).start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String classPath() {
		try {
			return new File(MortalWorker.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getPath();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	String name() {
		return this.name;
	}

	long pid() {
		return this.process.pid();
	}

	/** Where it listens, once it does; fails if it ends before. */
	CompletableFuture<Integer> whenListening() {
		return this.port;
	}

	int port() {
		return this.port.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

	boolean isListening() {
		return this.port.isDone() && !this.port.isCompletedExceptionally();
	}

	/** Completes when the process has ended. */
	CompletableFuture<Process> onExit() {
		return this.process.onExit();
	}

	/** Wait until requests with these keys are where they were to stop. */
	void awaitReached(Collection<String> keys) {
		await(this.name + " to get there").atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(2))
			.untilAsserted(() -> assertThat(this.reached).as("%s", this.output).containsAll(keys));
	}

	boolean hasReached(String key) {
		return this.reached.contains(key);
	}

	/** Let it answer the requests that wait for that. */
	void openGate() throws IOException {
		this.process.getOutputStream().write('\n');
		this.process.getOutputStream().flush();
	}

	/** Let it stand still, with its connections open. */
	void freeze() throws Exception {
		Process stop = new ProcessBuilder("kill", "-STOP", Long.toString(pid())).inheritIO().start();
		assertThat(stop.waitFor()).isZero();
		await(this.name + " to stand still").atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(this::isFrozen);
	}

	private boolean isFrozen() throws IOException {
		try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
			for (Path thread : threads.toList()) {
				String status = Files.readString(thread.resolve("stat"));
				if (status.charAt(status.lastIndexOf(')') + 2) != 'T') {
					return false;
				}
			}
			return true;
		}
	}

	/** Send it SIGKILL, as this is on any Unix. */
	void kill() {
		this.process.destroyForcibly();
	}

	/** Wait until a process that was killed is no more. */
	void awaitDeath() throws InterruptedException {
		assertThat(this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(this.process.exitValue()).as("%s", this.output).isEqualTo(KILLED);
	}

	@Override
	public void close() {
		kill();
	}

	private void read() {
		try (BufferedReader lines = this.process.inputReader()) {
			lines.lines().forEach(this::take);
		}
		catch (IOException | UncheckedIOException ex) {
			this.output.add("(output ended: " + ex.getMessage() + ")");
		}
		this.port.completeExceptionally(new IllegalStateException(this.name + " ended: " + this.output));
	}

	private void take(String line) {
		if (line.startsWith("port ")) {
			this.port.complete(Integer.valueOf(line.substring("port ".length())));
		}
		else if (line.startsWith("reached ")) {
			this.reached.add(line.substring("reached ".length()));
		}
		else {
			this.output.add(line);
		}
	}

}
