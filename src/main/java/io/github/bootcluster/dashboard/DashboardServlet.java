package io.github.bootcluster.dashboard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterTimeline;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * The dashboard: one page, the files it is made of, and the stream that feeds it. All of
 * it is read only. What the page commands it sends to the endpoint, as anybody else would
 * have to.
 *
 * @since 0.1.0
 */
public class DashboardServlet extends HttpServlet implements ApplicationListener<ContextClosedEvent> {

	private static final long serialVersionUID = 1L;

	/** As many as would look at one cluster, and some that were left open. */
	static final int MAX_VIEWERS = 100;

	private static final Duration BETWEEN_FRAMES = Duration.ofSeconds(1);

	/** For those who vanished without a word, and nobody before us has noticed. */
	private static final Duration LONGEST_STREAM = Duration.ofMinutes(10);

	/**
	 * Nothing from elsewhere, nothing inline and no code made of text: what workers print
	 * and clients send is shown on this page.
	 */
	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	private static final String STREAM = "stream";

	private final transient DashboardFiles files;

	private final transient DashboardStream stream;

	/**
	 * Create the servlet.
	 * @param page what the page has to know; asked for when it is first needed
	 * @param cluster makes what the endpoint tells of the cluster
	 * @param timeline what happened
	 * @param json writes what the endpoint tells as the endpoint does
	 */
	public DashboardServlet(Supplier<DashboardPage> page, Supplier<?> cluster, ClusterTimeline timeline,
			JsonMapper json) {
		this(page, new DashboardStream(new Frames(cluster, timeline, json, InstantSource.system()), BETWEEN_FRAMES,
				LONGEST_STREAM, MAX_VIEWERS));
	}

	DashboardServlet(Supplier<DashboardPage> page, DashboardStream stream) {
		this.files = new DashboardFiles(page);
		this.stream = stream;
	}

	/** Its streams would last as long as their viewers want. */
	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		this.stream.close();
	}

	@Override
	protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
		response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader("Referrer-Policy", "no-referrer");
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
		boolean head = HttpMethod.HEAD.matches(request.getMethod());
		String name = nameIn(request.getPathInfo());
		if (!head && !HttpMethod.GET.matches(request.getMethod())) {
			response.setHeader(HttpHeaders.ALLOW, "GET, HEAD");
			answer(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED,
					"The dashboard is to be read. Commands go to the cluster's endpoint.");
		}
		else if (name == null) {
			// Relative, since a proxy may have put more before it than is seen here.
			response.setHeader(HttpHeaders.LOCATION,
					".." + request.getServletPath().substring(request.getServletPath().lastIndexOf('/')));
			response.setStatus(HttpServletResponse.SC_FOUND);
		}
		else if (name.equals(STREAM) && !head) {
			open(request, response);
		}
		else {
			send(this.files.find(name), request.getHeader(HttpHeaders.IF_NONE_MATCH), response);
		}
	}

	/** The name of a file, or {@code null} for a slash too many. */
	private static @Nullable String nameIn(@Nullable String pathInfo) {
		if (pathInfo == null) {
			return DashboardFiles.PAGE;
		}
		return pathInfo.equals("/") ? null : pathInfo.substring(1);
	}

	private void open(HttpServletRequest request, HttpServletResponse response) throws IOException {
		String refusal = this.stream.open(request, response);
		if (refusal != null) {
			response.setHeader(HttpHeaders.RETRY_AFTER, "30");
			answer(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, refusal);
		}
	}

	private static void send(@Nullable DashboardFile file, @Nullable String knownTags, HttpServletResponse response)
			throws IOException {
		if (file == null) {
			answer(response, HttpServletResponse.SC_NOT_FOUND, "The dashboard has no such file.");
			return;
		}
		response.setHeader(HttpHeaders.ETAG, file.tag());
		if (knownTags != null && file.isOneOf(knownTags)) {
			response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
			return;
		}
		write(response, file.contentType(), file.content());
	}

	private static void answer(HttpServletResponse response, int status, String text) throws IOException {
		response.setStatus(status);
		write(response, "text/plain;charset=UTF-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
	}

	/** To who asked for the head only, the container does not send the rest. */
	private static void write(HttpServletResponse response, String contentType, byte[] content) throws IOException {
		response.setContentType(contentType);
		response.setContentLength(content.length);
		response.getOutputStream().write(content);
	}

}
