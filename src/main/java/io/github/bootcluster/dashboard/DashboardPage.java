package io.github.bootcluster.dashboard;

import org.springframework.util.StringUtils;
import org.springframework.web.util.HtmlUtils;

/**
 * What the page has to know before it asks for anything. Its references are relative, so
 * that it also works behind a proxy that serves it below some other path.
 *
 * @param path where it is served, such as {@code /cluster}
 * @param endpoint where the endpoint is that it shows, such as {@code /actuator/cluster}
 * @param commanding whether that endpoint takes commands
 * @since 0.1.0
 */
public record DashboardPage(String path, String endpoint, boolean commanding) {

	/** The page for a browser, which takes the last segment of the path for a file. */
	String render(String template) {
		int depth = StringUtils.countOccurrencesOf(this.path, "/") - 1;
		return template.replace("{files}", HtmlUtils.htmlEscape(this.path.substring(this.path.lastIndexOf('/') + 1)))
			.replace("{endpoint}", HtmlUtils.htmlEscape("../".repeat(depth) + this.endpoint.substring(1)))
			.replace("{commanding}", Boolean.toString(this.commanding));
	}

}
