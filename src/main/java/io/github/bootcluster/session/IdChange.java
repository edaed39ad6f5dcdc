package io.github.bootcluster.session;

import org.springframework.session.Session;

/** Stores the id that a session has been given. */
@FunctionalInterface
interface IdChange {

	void apply(Session session);

}
