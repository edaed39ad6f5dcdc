package io.github.bootcluster.sample;

import jakarta.servlet.http.HttpSession;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Counts the visits of one client in its HTTP session, whichever process it meets. */
@RestController
class VisitsController {

	private static final String ATTRIBUTE = "visits";

	private final long pid = ProcessHandle.current().pid();

	@GetMapping("/visits")
	Visits visits(HttpSession session) {
		long visits = (session.getAttribute(ATTRIBUTE) instanceof Long before) ? before + 1 : 1;
		session.setAttribute(ATTRIBUTE, visits);
		return new Visits(visits, this.pid);
	}

	/**
	 * The answer.
	 *
	 * @param visits visits so far, this one included
	 * @param pid the process that answered
	 */
	record Visits(long visits, long pid) {

	}

}
