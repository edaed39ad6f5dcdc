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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real browser without a window: Chromium, driven as
 * <a href="https://www.w3.org/TR/webdriver2/">WebDriver</a> says. The few commands that
 * are needed here are less than Selenium would bring along.
 */
final class Browser implements AutoCloseable {

	/** What the keyboard has and texts have not. */
	static final String TAB = "\uE004";

	static final String ENTER = "\uE007";

	static final String ESCAPE = "\uE00C";

	private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

	private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final Process driver;

	private final URI session;

	private Browser(Process driver, Path profile) {
		this.driver = driver;
		URI sessions = URI.create("http://127.0.0.1:" + awaitPort(driver) + "/session");
		Map<String, Object> options = Map.of("args", List.of("--headless=new", "--no-sandbox",
				"--disable-dev-shm-usage", "--disable-background-networking", "--user-data-dir=" + profile));
		JsonNode created = send("POST", sessions, Map.of("capabilities", Map.of("alwaysMatch", Map.of("browserName",
				"chrome", "goog:loggingPrefs", Map.of("browser", "ALL"), "goog:chromeOptions", options))));
		this.session = URI.create(sessions + "/" + created.get("sessionId").asString());
	}

	/**
	 * Open one; where there is none, the test is skipped.
	 * @param profile an empty directory for what it keeps
	 */
	static Browser open(Class<?> test, Path profile) throws IOException {
		Installed.require("chromium", test);
		Installed.require("chromedriver", test);
		ProcessBuilder builder = new ProcessBuilder("chromedriver", "--port=0").redirectErrorStream(true);
		// What it leaves behind when it is killed.
		builder.environment().put("TMPDIR", profile.toString());
		Process driver = builder.start();
		try {
			return new Browser(driver, profile);
		}
		catch (RuntimeException | Error ex) {
			end(driver);
			throw ex;
		}
	}

	void go(URI page) {
		post("/url", Map.of("url", page.toString()));
	}

	/** What a script returns, which may await something. */
	JsonNode run(String script, Object... arguments) {
		return post("/execute/sync", Map.of("script", script, "args", List.of(arguments)));
	}

	/** Wait until an expression is true. */
	void await(String expression) {
		try {
			Awaitility.await(expression)
				.atMost(ClusterProcess.PATIENCE)
				.pollInterval(Duration.ofMillis(100))
				.until(() -> run("return !!(" + expression + ")").asBoolean());
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError(ex.getMessage() + "\n" + run("return document.body.innerText").asString(), ex);
		}
	}

	String text(String selector) {
		return run("return document.querySelector(arguments[0]).textContent", selector).asString();
	}

	/** As a mouse does: fails if something else is in front of it. */
	void click(String selector) {
		post("/element/" + find(selector) + "/click", Map.of());
	}

	/** In place of what is there. */
	void type(String selector, String text) {
		String element = find(selector);
		post("/element/" + element + "/clear", Map.of());
		post("/element/" + element + "/value", Map.of("text", text));
	}

	/** Press keys, whatever has the focus. */
	void press(String keys) {
		List<Map<String, String>> actions = keys.chars()
			.mapToObj(Character::toString)
			.flatMap((key) -> Stream.of(Map.of("type", "keyDown", "value", key), Map.of("type", "keyUp", "value", key)))
			.toList();
		post("/actions", Map.of("actions", List.of(Map.of("type", "key", "id", "keyboard", "actions", actions))));
	}

	/** A window of that size, and a taste. */
	void look(int width, int height, boolean dark) {
		chrome("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
		chrome("Emulation.setTouchEmulationEnabled", Map.of("enabled", width < 600));
		chrome("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
	}

	/** Run a script in every page before those of its own. */
	void prepare(String script) {
		chrome("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
	}

	/** Let no request for these come through, or any if there are none. */
	void block(String... patterns) {
		chrome("Network.enable", Map.of());
		chrome("Network.setBlockedURLs", Map.of("urls", List.of(patterns)));
	}

	void screenshot(Path file) throws IOException {
		Files.createDirectories(file.getParent());
		Files.write(file, Base64.getDecoder().decode(send("GET", uri("/screenshot"), null).asString()));
	}

	/**
	 * What was written to the console since the last time, and what could not be loaded.
	 */
	List<String> console() {
		return post("/se/log", Map.of("type", "browser")).valueStream().map(JsonNode::toString).toList();
	}

	private void chrome(String command, Map<String, Object> parameters) {
		post("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
	}

	private String find(String selector) {
		return post("/element", Map.of("using", "css selector", "value", selector)).get(ELEMENT).asString();
	}

	private JsonNode post(String path, Map<String, Object> body) {
		return send("POST", uri(path), body);
	}

	private URI uri(String path) {
		return URI.create(this.session + path);
	}

	private JsonNode send(String method, URI uri, Map<String, Object> body) {
		HttpRequest request = HttpRequest.newBuilder(uri)
			.timeout(ClusterProcess.PATIENCE)
			.method(method,
					(body != null) ? BodyPublishers.ofString(JSON.writeValueAsString(body)) : BodyPublishers.noBody())
			.build();
		try {
			HttpResponse<String> response = this.client.send(request, BodyHandlers.ofString());
			JsonNode value = JSON.readTree(response.body()).get("value");
			if (response.statusCode() != 200) {
				throw new AssertionError(method + " " + uri + " " + body + ": " + value.get("message").asString());
			}
			return value;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static String awaitPort(Process driver) {
		StringBuilder output = new StringBuilder();
		try {
			BufferedReader lines = driver.inputReader();
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				Matcher started = STARTED.matcher(line);
				if (started.find()) {
					return started.group(1);
				}
				output.append(line).append('\n');
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		throw new AssertionError("chromedriver did not start:\n" + output);
	}

	@Override
	public void close() {
		List<ProcessHandle> below = this.driver.descendants().toList();
		try {
			send("DELETE", this.session, null);
		}
		finally {
			end(this.driver);
			below.forEach(ProcessHandle::destroyForcibly);
			// Whoever lives still writes to the profile, which is about to be removed.
			Awaitility.await("the browser to end").until(() -> below.stream().noneMatch(ProcessHandle::isAlive));
		}
	}

	private static void end(Process driver) {
		List<ProcessHandle> below = driver.descendants().toList();
		driver.destroyForcibly();
		below.forEach(ProcessHandle::destroyForcibly);
	}

}
