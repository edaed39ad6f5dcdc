package io.github.bootcluster.session;

import java.time.InstantSource;
import java.util.List;

import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the sessions that expired, some at a time: however many there are, as after a
 * long stop, no statement lasts long and none holds many rows, in the embedded database
 * in the launcher's memory. (Spring Session has one statement for all of them.)
 */
final class ExpiredSessions implements Removal {

	/** So few that a slow disk, too, has them gone before the connection is given up. */
	private static final int BATCH = 200;

	private static final Logger logger = LoggerFactory.getLogger(SessionCleanup.class);

	private final OwnStatement statement;

	private final InstantSource clock;

	ExpiredSessions(DataSource dataSource, String tableName, InstantSource clock) {
		// Asked twice: one that a request extends meanwhile is not to be removed.
		this.statement = new OwnStatement(dataSource, "Removal of expired sessions", """
				DELETE FROM %1$s WHERE PRIMARY_ID IN (
				SELECT PRIMARY_ID FROM %1$s WHERE EXPIRY_TIME < ? FETCH FIRST %2$d ROWS ONLY)
				AND EXPIRY_TIME < ?
				""".formatted(tableName, BATCH));
		this.clock = clock;
	}

	@Override
	public boolean removeSome() {
		long begin = System.nanoTime();
		long now = this.clock.millis();
		int removed = this.statement.update(List.of(now, now), 0);
		logger.debug("Removed {} expired sessions in {} ms", removed, (System.nanoTime() - begin) / 1_000_000);
		return removed == BATCH;
	}

}
