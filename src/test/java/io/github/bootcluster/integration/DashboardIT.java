package io.github.bootcluster.integration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The dashboard as an operator uses it: in a browser, beside a cluster that works. Leaves
 * pictures in {@code target/screenshots}.
 */
class DashboardIT {

	private static final Path PICTURES = Path.of(System.getProperty("project.build.directory"), "screenshots");

	/** For a slow machine; it takes no longer with a dashboard than without. */
	private static final Duration STOPPED_WITHIN = Duration.ofSeconds(25);

	/** The output of a worker that ended after the page had last heard of it. */
	private static final Pattern GONE = Pattern.compile("/actuator/cluster/\\d+\\?after=\\d+ .* status of 404");

	@TempDir
	Path directory;

	@TempDir
	Path profile;

	@Test
	void operatorSeesAndSteersTheClusterInABrowser() throws Exception {
		try (Browser browser = Browser.open(DashboardIT.class, this.profile);
				ClusterProcess cluster = ClusterProcess.of(Program.SAMPLE_JAR, this.directory)
					.property("cluster.reload.batch-size", "3")
					.property("management.endpoint.cluster.access", "unrestricted")
					.start()
					.awaitServing()) {
			browser.prepare("window.violations = [];"
					+ "addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));");
			try (Load load = Load.reading(cluster, "/hello", 3)) {
				browser.look(1440, 1000, false);
				browser.go(cluster.uri("/cluster"));
				showsWorkersAndTheirTraffic(browser);
				showsACrash(browser, cluster);
				showsACrashBesides(browser, cluster);
				killsOnlyWhenSure(browser);
				showsOutputAndThreads(browser);
				scalesByKeyboard(browser);
				reloads(browser);
				browser.await("document.querySelector('#answers').childElementCount === 0");
				isLegibleEverywhere(browser);
				scalesDown(browser);
				load.assertNoFailure();
			}
			assertThat(browser.console()).filteredOn((entry) -> !GONE.matcher(entry).find()).isEmpty();
			assertThat(browser.run("return violations")).isEmpty();
			pollsWhereItGetsNoStream(browser, cluster);
			outlivesTheLauncher(browser, cluster);
		}
	}

	private void showsWorkersAndTheirTraffic(Browser browser) {
		browser.await(ready(1, 2));
		browser.await("document.querySelector('#link').textContent === 'Live'");
		for (String figure : new String[] { "requests", "errors", "p50", "p95", "p99", "uptime", "store" }) {
			browser.await(known("#figure-" + figure));
		}
		for (String fact : new String[] { "rate", "share", "p95", "cpu", "resident", "heap", "gc", "threads",
				"heartbeat" }) {
			browser.await(known(".worker .fact-" + fact + " dd"));
		}
		assertThat(browser.text("#state")).contains("Running");
		assertThat(browser.text("#figure-ready")).isEqualTo("2 / 2");
		assertThat(browser.text("#timeline")).contains("Started", "Ready");
		browser.await("document.querySelector('.sparkline path').getAttribute('d') !== ''");
	}

	private void showsACrash(Browser browser, ClusterProcess cluster) {
		browser.run("document.querySelector('[data-worker=\"2\"] button').focus()");
		ClusterProcess.signal("KILL", cluster.pidOfSlot(2));
		browser.await("document.querySelector('[data-worker=\"2\"]') === null");
		assertThat(focusedWorker(browser)).as("where the focus went").isEqualTo("3");
		browser.await(ready(1, 3));
		browser.await("document.querySelector('#timeline [data-kind=CRASHED]')");
		assertThat(browser.text("#timeline")).contains("slot 2, worker 2", "SIGKILL");
		assertThat(browser.text("[data-worker=\"3\"] .exit")).contains("SIGKILL");
		assertThat(browser.text("#figure-restarts")).isEqualTo("1");
	}

	/** Whoever is at another card stays there, and reads in the output how it ended. */
	private void showsACrashBesides(Browser browser, ClusterProcess cluster) {
		browser.click("[data-worker=\"1\"] .buttons button:first-child");
		browser.await("document.querySelector('#log-lines').textContent.includes('Tomcat')");
		browser.run("document.querySelector('[data-worker=\"3\"] .buttons button:nth-child(2)').focus()");
		ClusterProcess.signal("KILL", cluster.pidOfSlot(1));
		browser.await("document.querySelector('[data-worker=\"1\"]') === null");
		assertThat(focusedWorker(browser)).as("where the focus stayed").isEqualTo("3");
		browser.await(ready(3, 4));
		browser.await("document.querySelector('#log-lines').textContent"
				+ ".split('Its place has worker 4')[1]?.includes('Tomcat started')");
		assertThat(browser
			.run("return document.querySelector('#log-lines').textContent"
					+ ".split('Its place has')[0].match(/Tomcat started/g).length")
			.asInt()).as("lines shown twice").isEqualTo(1);
	}

	private static String focusedWorker(Browser browser) {
		return browser.run("return document.activeElement.closest('[data-worker]')?.dataset.worker ?? 'none'")
			.asString();
	}

	private void killsOnlyWhenSure(Browser browser) {
		browser.click("[data-worker=\"4\"] button.danger");
		browser.await("document.querySelector('#dialog').open");
		assertThat(browser.text("#dialog-title")).isEqualTo("Kill worker 4 in slot 1?");
		assertThat(browser.run("return document.activeElement.textContent").asString()).isEqualTo("Cancel");
		browser.press(Browser.ESCAPE);
		browser.await("!document.querySelector('#dialog').open");
		assertThat(browser.run("return document.activeElement.className").asString()).isEqualTo("danger");
		browser.click("[data-worker=\"4\"] button.danger");
		browser.click("#dialog-confirm");
		browser.await("document.querySelector('#answers').textContent.startsWith('Done')");
		browser.await(ready(3, 5));
		assertThat(browser.text("#timeline")).contains("slot 1, worker 5");
	}

	private void showsOutputAndThreads(Browser browser) {
		browser.click("[data-worker=\"5\"] .buttons button:first-child");
		browser.await("document.querySelector('#log-lines').textContent.includes('Tomcat')");
		browser.click("[data-worker=\"5\"] .buttons button:nth-child(4)");
		browser.await("document.querySelector('#dialog').open");
		assertThat(browser.text("#dialog-fields pre")).contains("\"Reference Handler\"");
		browser.click("#dialog-cancel");
	}

	private void scalesByKeyboard(Browser browser) {
		browser.run("document.activeElement.blur(); scrollTo(0, 0)");
		browser.run("document.querySelector('.skip').focus()");
		for (int i = 0; i < 10
				&& !browser.run("return document.activeElement.textContent").asString().equals("Scale…"); i++) {
			browser.press(Browser.TAB);
		}
		browser.press(Browser.ENTER);
		browser.await("document.activeElement.id === 'field-workers'");
		browser.run("document.activeElement.select()");
		browser.press("3");
		assertThat(browser.text("#dialog-text")).isEqualTo("From 2 to 3: 1 worker more.");
		browser.press(Browser.ENTER);
		browser.await(ready(3, 5, 6));
		browser.await("document.querySelector('#timeline [data-kind=SCALED]')");
		assertThat(browser.text("#figure-ready")).isEqualTo("3 / 3");
	}

	private void reloads(Browser browser) {
		browser.click("#cluster-commands button:first-child");
		browser.click("#dialog-confirm");
		browser.await("!document.querySelector('#reload-progress').hidden");
		browser.await("document.querySelector('#state').textContent.includes('Reloading')");
		browser.await("document.querySelector('#reload-text').textContent.includes('generation 2 succeeded')");
		browser.await(ready(7, 8, 9));
		assertThat(browser.text("#summary")).startsWith("Generation 2");
		browser.await("document.querySelector('#timeline [data-kind=RELOAD]')");
	}

	private void scalesDown(Browser browser) {
		browser.click("#cluster-commands button:nth-child(2)");
		browser.type("#field-workers", "2");
		assertThat(browser.text("#dialog-text")).contains("From 3 to 2", "finish their requests and end");
		browser.click("#dialog-confirm");
		browser.await("document.querySelectorAll('.worker').length === 2");
	}

	private void isLegibleEverywhere(Browser browser) throws IOException {
		try (InputStream script = DashboardIT.class.getResourceAsStream("/axe.min.js")) {
			browser.run(new String(script.readAllBytes(), StandardCharsets.UTF_8));
		}
		isLegible(browser, 1440, 1000, false, "desktop-light");
		isLegible(browser, 1440, 1000, true, "desktop-dark");
		isLegible(browser, 390, 844, false, "phone");
		assertThat(browser.run("return document.documentElement.scrollWidth").asInt()).as("width on a phone")
			.isLessThanOrEqualTo(390);
		assertThat(browser.run("return [...document.querySelectorAll('button, select')]"
				+ ".filter((control) => control.offsetParent && control.offsetHeight < 44).map((control) => control.textContent)"))
			.as("what fingers miss")
			.isEmpty();
		browser.look(1440, 1000, true);
		browser.click("#cluster-commands button:nth-child(2)");
		assertNoViolation(browser, "dialog");
		browser.press(Browser.ESCAPE);
		browser.look(1440, 1000, false);
	}

	private static void isLegible(Browser browser, int width, int height, boolean dark, String name)
			throws IOException {
		browser.look(width, height, dark);
		browser.run("scrollTo(0, 0)");
		browser.screenshot(PICTURES.resolve(name + ".png"));
		assertNoViolation(browser, name);
	}

	/** As axe-core finds them: contrast, labels, roles, what the keyboard reaches. */
	private static void assertNoViolation(Browser browser, String what) {
		JsonNode found = browser.run("return axe.run().then((result) => result.violations.map((violation) => "
				+ "violation.id + ': ' + violation.nodes.map((node) => node.html + ' ' + node.failureSummary).join('; ')))");
		assertThat(found.valueStream().map(JsonNode::asString)).as(what).isEmpty();
	}

	private static void pollsWhereItGetsNoStream(Browser browser, ClusterProcess cluster) {
		browser.block("*/cluster/stream");
		browser.go(cluster.uri("/cluster"));
		browser.await("document.querySelector('#link').textContent === 'Polling'");
		browser.await(ready(7, 8));
		browser.await("document.querySelector('#timeline [data-kind=RELOAD]')");
		assertThat(browser.run("return document.querySelector('#stale').hidden").asBoolean()).isTrue();
		browser.block();
		browser.await("document.querySelector('#link').textContent === 'Live'");
	}

	/**
	 * It stops as fast as ever, the page says that it is out of date, and finds the next.
	 */
	private void outlivesTheLauncher(Browser browser, ClusterProcess cluster) throws Exception {
		String port = Integer.toString(cluster.port());
		cluster.signal("TERM");
		assertThat(cluster.awaitExit(STOPPED_WITHIN)).isZero();
		browser.await("!document.querySelector('#stale').hidden");
		assertThat(browser.text("#link")).isEqualTo("Out of date");
		browser.screenshot(PICTURES.resolve("out-of-date.png"));
		// One that starts within a moment: what it runs makes no difference here.
		try (ClusterProcess next = ClusterProcess.of(Program.SAMPLE_JAR, this.directory)
			.without("cluster.worker.jvm-args")
			.property("cluster.worker.command", Program.HTTP_PROGRAM)
			.property("server.port", port)
			.start()
			.awaitServing()) {
			browser.await("document.querySelector('#link').textContent === 'Live'");
			browser.await(ready(1, 2));
			assertThat(browser.run("return document.querySelector('#stale').hidden").asBoolean()).isTrue();
			browser.await("document.querySelectorAll('#timeline [data-kind=CRASHED]').length === 0");
			assertThat(browser.run("return violations")).isEmpty();
			assertThat(next.survivors()).hasSize(2);
		}
	}

	/** That these workers are there and in rotation, and no others. */
	private static String ready(int... workers) {
		StringBuilder expected = new StringBuilder();
		for (int worker : workers) {
			expected.append(worker).append(" Ready,");
		}
		return "[...document.querySelectorAll('.worker')].map((card) => card.dataset.worker + ' '"
				+ " + card.querySelector('.pill strong').textContent + ',').sort().join('') === '" + expected + "'";
	}

	private static String known(String selector) {
		return "!['–', ''].includes(document.querySelector('" + selector + "').textContent)";
	}

}
