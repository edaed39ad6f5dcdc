package io.github.bootcluster.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The files of the page: those named here and no others, whatever else is on the class
 * path. None is read before somebody asks for it. Safe for use by any thread.
 */
final class DashboardFiles {

	/** The page itself, which has no name of its own. */
	static final String PAGE = "";

	private static final String LOCATION = "/META-INF/boot-cluster/dashboard/";

	private static final String HTML = "text/html;charset=UTF-8";

	private static final String CSS = "text/css;charset=UTF-8";

	private static final String SCRIPT = "text/javascript;charset=UTF-8";

	private static final Map<String, String> TYPES = Map.ofEntries(Map.entry("icon.svg", "image/svg+xml"),
			Map.entry("style.css", CSS), Map.entry("uPlot.min.css", CSS), Map.entry("uPlot.iife.min.js", SCRIPT),
			Map.entry("uPlot.LICENSE.txt", "text/plain;charset=UTF-8"), Map.entry("app.js", SCRIPT),
			Map.entry("api.js", SCRIPT), Map.entry("charts.js", SCRIPT), Map.entry("commands.js", SCRIPT),
			Map.entry("connection.js", SCRIPT), Map.entry("dialogs.js", SCRIPT), Map.entry("dom.js", SCRIPT),
			Map.entry("format.js", SCRIPT), Map.entry("history.js", SCRIPT), Map.entry("log.js", SCRIPT),
			Map.entry("overview.js", SCRIPT), Map.entry("timeline.js", SCRIPT), Map.entry("traffic.js", SCRIPT),
			Map.entry("workers.js", SCRIPT));

	private final Supplier<DashboardPage> page;

	private final Map<String, DashboardFile> read = new ConcurrentHashMap<>();

	DashboardFiles(Supplier<DashboardPage> page) {
		this.page = page;
	}

	/**
	 * Find one by its name.
	 * @return {@code null} if there is none of that name
	 */
	@Nullable DashboardFile find(String name) {
		if (name.equals(PAGE)) {
			return this.read.computeIfAbsent(PAGE, (key) -> renderPage());
		}
		String type = TYPES.get(name);
		return (type != null) ? this.read.computeIfAbsent(name, (key) -> DashboardFile.of(type, load(name))) : null;
	}

	private DashboardFile renderPage() {
		String template = new String(load("index.html"), StandardCharsets.UTF_8);
		return DashboardFile.of(HTML, this.page.get().render(template).getBytes(StandardCharsets.UTF_8));
	}

	private static byte[] load(String name) {
		try (InputStream content = DashboardFiles.class.getResourceAsStream(LOCATION + name)) {
			if (content == null) {
				throw new IllegalStateException("The jar of the dashboard has no " + LOCATION + name);
			}
			return content.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The dashboard's " + name + " cannot be read", ex);
		}
	}

}
