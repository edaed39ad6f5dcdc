package io.github.bootcluster.session;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.IndexResolver;
import org.springframework.session.PrincipalNameIndexResolver;
import org.springframework.session.Session;
import org.springframework.util.ReflectionUtils;

/**
 * Gives a stored session another id, at a login for one, another timeout, or another
 * principal to be found by. By a statement of its own, so that no other request of the
 * session which ends later, and knows only what was before, brings that back: whoever had
 * planted a former id would be logged in. Of two logins at once the last wins.
 */
final class StoredRows implements RowChange {

	/** Spring Session keeps it to itself, and nothing else stays the same. */
	private static final String PRIMARY_KEY = "primaryKey";

	private static final String PRINCIPAL = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;

	/** What {@link PrincipalNameIndexResolver} asks for. */
	private static final Set<String> ATTRIBUTES_OF_PRINCIPAL = Set.of(PRINCIPAL, "SPRING_SECURITY_CONTEXT");

	private final DataSource dataSource;

	private final String tableName;

	private final IndexResolver<Session> indexes;

	private final boolean anyAttributeTellsThePrincipal;

	private final int timeoutSeconds;

	/**
	 * Create the rows.
	 * @param indexes tells the principal
	 * @param areIndexesOwn whether it is the application that says by what
	 * @param timeoutSeconds time for a statement; 0 for no limit
	 */
	StoredRows(DataSource dataSource, String tableName, IndexResolver<Session> indexes, boolean areIndexesOwn,
			int timeoutSeconds) {
		this.dataSource = dataSource;
		this.tableName = tableName;
		this.indexes = indexes;
		this.anyAttributeTellsThePrincipal = areIndexesOwn;
		this.timeoutSeconds = timeoutSeconds;
	}

	/** Whether sessions are of a kind whose key can be had. */
	static boolean arePossible(Class<?> sessionType) {
		return keyOf(sessionType) != null;
	}

	@Override
	public void apply(Session session, SessionChanges changes) {
		List<String> columns = new ArrayList<>();
		List<@Nullable Object> values = new ArrayList<>();
		if (changes.id()) {
			columns.add("SESSION_ID = ?");
			values.add(session.getId());
		}
		if (changes.timeout()) {
			columns.add("MAX_INACTIVE_INTERVAL = ?, EXPIRY_TIME = ?");
			values.add((int) session.getMaxInactiveInterval().toSeconds());
			values.add(expiryOf(session));
		}
		if (tellsThePrincipal(changes.attributes())) {
			columns.add("PRINCIPAL_NAME = ?");
			values.add(this.indexes.resolveIndexesFor(session).get(PRINCIPAL));
		}
		if (!columns.isEmpty()) {
			values.add(primaryKeyOf(session));
			String sql = "UPDATE %s SET %s WHERE PRIMARY_ID = ?".formatted(this.tableName, String.join(", ", columns));
			new OwnStatement(this.dataSource, "Change of a session", sql).update(values, this.timeoutSeconds);
		}
	}

	private boolean tellsThePrincipal(Set<String> attributes) {
		return this.anyAttributeTellsThePrincipal ? !attributes.isEmpty()
				: attributes.stream().anyMatch(ATTRIBUTES_OF_PRINCIPAL::contains);
	}

	/** As Spring Session reckons it. */
	private static long expiryOf(Session session) {
		Duration timeout = session.getMaxInactiveInterval();
		return timeout.isNegative() ? Long.MAX_VALUE : session.getLastAccessedTime().plus(timeout).toEpochMilli();
	}

	private static @Nullable Object primaryKeyOf(Session session) {
		Field key = keyOf(session.getClass());
		if (key == null) {
			throw new IllegalStateException("The key of " + session.getClass() + " is not known");
		}
		return ReflectionUtils.getField(key, session);
	}

	private static @Nullable Field keyOf(Class<?> sessionType) {
		Field field = ReflectionUtils.findField(sessionType, PRIMARY_KEY, String.class);
		if (field != null) {
			ReflectionUtils.makeAccessible(field);
		}
		return field;
	}

}
