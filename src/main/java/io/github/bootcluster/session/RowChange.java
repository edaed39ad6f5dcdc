package io.github.bootcluster.session;

import org.springframework.session.Session;

/** Stores what a request has changed of a session's own row. */
@FunctionalInterface
interface RowChange {

	void apply(Session session, SessionChanges changes);

}
