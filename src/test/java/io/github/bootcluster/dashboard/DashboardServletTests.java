package io.github.bootcluster.dashboard;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is served, and what is not. */
class DashboardServletTests {

	private static final String PATH = DashboardServer.PATH;

	private static final Path SOURCES = Path.of("src/main/resources/META-INF/boot-cluster/dashboard");

	private static DashboardServer server;

	@BeforeAll
	static void start() {
		server = DashboardServer.start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void pageKnowsWhereEverythingIs() throws Exception {
		HttpResponse<String> page = server.get(PATH);
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
		assertThat(page.body()).contains("data-endpoint=\"../actuator/&lt;&quot;cluster&quot;&gt;\"",
				"data-stream=\"cluster/stream\"", "data-commanding=\"true\"", "src=\"cluster/app.js\"");
		assertThat(page.body()).doesNotContain("{files}", "{endpoint}", "{commanding}", "style=", "<script>", "http:",
				"https:", "onclick");
	}

	/** Whatever one of them refers to is there, and all that is there is referred to. */
	@Test
	void filesOfThePageAreComplete() throws Exception {
		URI page = server.uri(PATH);
		Set<URI> found = new HashSet<>();
		for (URI file : references(page, server.get(PATH).body())) {
			collect(file, found);
		}
		Set<String> names = found.stream()
			.map((uri) -> Path.of(uri.getPath()).getFileName().toString())
			.collect(Collectors.toSet());
		try (Stream<Path> sources = Files.list(SOURCES)) {
			assertThat(names).containsAll(sources.map((source) -> source.getFileName().toString())
				.filter((name) -> !name.equals("index.html"))
				.toList());
		}
		assertThat(names).contains("uPlot.iife.min.js", "uPlot.min.css");
	}

	private static void collect(URI file, Set<URI> found) throws IOException, InterruptedException {
		if (found.add(file)) {
			HttpResponse<String> response = server.get(file.getPath());
			assertThat(response.statusCode()).as("%s", file).isEqualTo(200);
			if (file.getPath().endsWith(".js") && !file.getPath().endsWith(".min.js")) {
				for (URI next : references(file, response.body())) {
					collect(next, found);
				}
			}
		}
	}

	private static List<URI> references(URI base, String text) {
		return Pattern.compile("(?:src=\"|href=\"|from \")((?:cluster/|\\./)[^\"#]+)\"")
			.matcher(text)
			.results()
			.map((match) -> base.resolve(match.group(1)))
			.toList();
	}

	@ParameterizedTest
	@CsvSource({ "'', text/html;charset=UTF-8", "/app.js, text/javascript;charset=UTF-8",
			"/style.css, text/css;charset=UTF-8", "/icon.svg, image/svg+xml",
			"/uPlot.iife.min.js, text/javascript;charset=UTF-8", "/uPlot.LICENSE.txt, text/plain;charset=UTF-8" })
	void filesAreNotAskedForTwice(String name, String type) throws Exception {
		HttpResponse<String> first = server.get(PATH + name);
		assertThat(first.statusCode()).isEqualTo(200);
		assertThat(first.headers().firstValue("Content-Type")).hasValue(type);
		assertProtected(first);
		String tag = first.headers().firstValue("ETag").orElseThrow();
		HttpResponse<String> second = server
			.send(HttpRequest.newBuilder(server.uri(PATH + name)).header("If-None-Match", "\"x\", W/" + tag).build());
		assertThat(second.statusCode()).isEqualTo(304);
		assertThat(second.body()).isEmpty();
		HttpResponse<String> other = server
			.send(HttpRequest.newBuilder(server.uri(PATH + name)).header("If-None-Match", "\"x\"").build());
		assertThat(other.statusCode()).isEqualTo(200);
		assertThat(other.body()).isEqualTo(first.body());
	}

	@Test
	void headHasNoBody() throws Exception {
		HttpResponse<String> head = server
			.send(HttpRequest.newBuilder(server.uri(PATH + "/app.js")).method("HEAD", BodyPublishers.noBody()).build());
		assertThat(head.statusCode()).isEqualTo(200);
		assertThat(head.body()).isEmpty();
		assertThat(head.headers().firstValue("ETag")).isPresent();
		assertThat(server.stream().viewers()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/nothing", "/index.html", "/app.js/", "/app.js/x", "/APP.JS", "/uPlot.esm.js", "/stream/",
			"/stream/1", "/META-INF", "/a%0d%0ab" })
	void unknownFileIsNotThere(String name) throws Exception {
		HttpResponse<String> response = server.get(PATH + name);
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.body()).isEqualTo("The dashboard has no such file.\n");
		assertProtected(response);
	}

	@ParameterizedTest
	@CsvSource({ "POST, ''", "POST, /stream", "PUT, /app.js", "DELETE, /nothing", "PATCH, ''", "OPTIONS, ''" })
	void nothingIsCommandedHere(String method, String name) throws Exception {
		HttpResponse<String> response = server.send(HttpRequest.newBuilder(server.uri(PATH + name))
			.method(method, BodyPublishers.ofString("x".repeat(100_000)))
			.build());
		assertThat(response.statusCode()).isEqualTo(405);
		assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
		assertThat(response.body()).contains("Commands go to the cluster's endpoint");
		assertProtected(response);
	}

	@Test
	void slashTooManyLeadsToThePage() throws Exception {
		HttpResponse<String> response = server.get(PATH + "/");
		assertThat(response.statusCode()).isEqualTo(302);
		String location = response.headers().firstValue("Location").orElseThrow();
		assertThat(location).isEqualTo("../cluster");
		assertThat(server.uri(PATH + "/").resolve(location).getPath()).isEqualTo(PATH);
	}

	private static void assertProtected(HttpResponse<?> response) {
		assertThat(response.headers().firstValue("Content-Security-Policy"))
			.hasValueSatisfying((policy) -> assertThat(policy)
				.contains("default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'")
				.doesNotContain("unsafe", "*"));
		assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
		assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
		assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
	}

}
