package io.github.bootcluster.dispatch;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A dispatcher in a process of its own, which has no more memory than it is given and
 * nothing else to do.
 */
final class DispatcherProcess implements AutoCloseable {

	private final Process process;

	private final BufferedReader output;

	private final BufferedWriter input;

	private final int port;

	private DispatcherProcess(Process process) throws IOException {
		this.process = process;
		this.output = process.inputReader();
		this.input = process.outputWriter();
		this.port = Integer.parseInt(readLine());
	}

	/**
	 * Start a dispatcher with one event loop.
	 * @param megabytes size of its heap, and of its memory outside of that
	 * @param target port of its only target
	 * @param properties such as {@code head-timeout=1s}
	 */
	static DispatcherProcess start(int megabytes, int target, String... properties) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
						"-XX:+ExitOnOutOfMemoryError", "-Xmx" + megabytes + "m",
						"-XX:MaxDirectMemorySize=" + megabytes + "m", "-cp", System.getProperty("java.class.path"),
						DispatcherProgram.class.getName(), Integer.toString(target)));
		command.addAll(List.of(properties));
		return new DispatcherProcess(
				new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
	}

	int port() {
		return this.port;
	}

	/** What it uses and does at the moment, after a collection of garbage. */
	Figures figures() throws IOException {
		this.input.write("\n");
		this.input.flush();
		String[] numbers = readLine().split(" ");
		return new Figures(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Integer.parseInt(numbers[2]),
				Integer.parseInt(numbers[3]), Long.parseLong(numbers[4]));
	}

	/** Bytes of memory it has at the moment, as the system sees it. */
	long resident() throws IOException {
		return status("VmRSS:");
	}

	/** The most bytes of memory it ever had. */
	long peakResident() throws IOException {
		return status("VmHWM:");
	}

	private long status(String name) throws IOException {
		for (String line : Files.readAllLines(Path.of("/proc", Long.toString(this.process.pid()), "status"))) {
			if (line.startsWith(name)) {
				return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
			}
		}
		throw new IOException("No " + name + " of process " + this.process.pid());
	}

	/** Its log goes the same way as its answers. */
	private String readLine() throws IOException {
		for (String line = this.output.readLine(); line != null; line = this.output.readLine()) {
			if (line.matches("[0-9 ]+")) {
				return line;
			}
			System.err.println(line);
		}
		throw new IOException("The dispatcher has ended");
	}

	@Override
	public void close() throws Exception {
		this.input.close();
		if (!this.process.waitFor(20, TimeUnit.SECONDS)) {
			this.process.destroyForcibly().waitFor();
			throw new IllegalStateException("The dispatcher did not end");
		}
	}

	/**
	 * What a dispatcher uses and does.
	 *
	 * @param heap bytes of live objects
	 * @param direct bytes reserved for buffers
	 * @param connections open connections of clients
	 * @param inFlight requests being worked on
	 * @param failures requests that failed or were refused
	 */
	record Figures(long heap, long direct, int connections, int inFlight, long failures) {

	}

}
