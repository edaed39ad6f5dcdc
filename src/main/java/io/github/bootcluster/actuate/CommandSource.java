package io.github.bootcluster.actuate;

import java.security.Principal;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Who gives a command, as the log tells it. */
final class CommandSource {

	private CommandSource() {
	}

	/** The request that this thread is handling, or code if it is handling none. */
	static String ofThisThread() {
		return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
				? of(attributes.getRequest()) : "code of the launcher";
	}

	static String of(HttpServletRequest request) {
		Principal user = request.getUserPrincipal();
		return "HTTP request from " + request.getRemoteAddr()
				+ ((user != null) ? ", user " + user.getName().replaceAll("\\p{Cntrl}", "?") : "");
	}

}
