package io.github.bootcluster.actuate;

import java.security.Principal;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Who gives a command, as the log tells it. */
final class CommandSource {

	private static final int MAX_LENGTH = 200;

	private CommandSource() {
	}

	/** The request that this thread is handling, or code if it is handling none. */
	static String ofThisThread() {
		return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
				? of(attributes.getRequest()) : "code of the launcher";
	}

	static String of(HttpServletRequest request) {
		Principal user = request.getUserPrincipal();
		return "HTTP request from " + printable(request.getRemoteAddr())
				+ ((user != null) ? ", user " + printable(user.getName()) : "");
	}

	/** A value that a client may have chosen, so that it cannot forge a line of a log. */
	static String printable(String value) {
		String clean = value.replaceAll("[^\\x20-\\x7e]", "?");
		return (clean.length() <= MAX_LENGTH) ? clean : clean.substring(0, MAX_LENGTH) + "...";
	}

}
