package io.github.bootcluster.session;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.core.env.StandardEnvironment;

/** A store that is open in a JVM of its own, until closed or killed. */
final class OtherLauncher implements AutoCloseable {

	private final Process process;

	private final Map<String, String> workerProperties = new HashMap<>();

	/** Written by the thread that reads. */
	private final StringBuffer output = new StringBuffer();

	private OtherLauncher(Process process) throws IOException {
		this.process = process;
		BufferedReader lines = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
		String line;
		while ((line = lines.readLine()) != null && !line.isEmpty()) {
			String[] entry = line.split("=", 2);
			this.workerProperties.put(entry[0], entry[1]);
		}
		Thread reader = new Thread(
				() -> lines.lines().forEach((text) -> this.output.append(text).append(System.lineSeparator())));
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Start it.
	 * @param prefix a command that runs the one that follows it, if any
	 */
	static OtherLauncher start(Path home, String... prefix) throws IOException {
		List<String> command = new ArrayList<>(List.of(prefix));
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), OtherLauncher.class.getName(), home.toString()));
		return new OtherLauncher(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
	}

	long pid() {
		return this.process.pid();
	}

	/** What it logs. */
	String output() {
		return this.output.toString();
	}

	Map<String, String> workerProperties() {
		return this.workerProperties;
	}

	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	@Override
	public void close() throws Exception {
		this.process.getOutputStream().close();
		this.process.waitFor();
	}

	/** The child: tells the properties, then serves until its input ends. */
	public static void main(String[] args) throws IOException {
		try (SessionStore store = SessionStore.open(new StandardEnvironment(), Path.of(args[0]),
				StoreSettings.DEFAULTS)) {
			store.workerProperties().forEach((name, value) -> System.out.println(name + "=" + value));
			System.out.println();
			System.in.read();
		}
	}

}
