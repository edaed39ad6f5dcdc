package io.github.bootcluster.session;

import java.sql.DatabaseMetaData;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.session.DelegatingIndexResolver;
import org.springframework.session.IndexResolver;
import org.springframework.session.PrincipalNameIndexResolver;
import org.springframework.session.Session;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.Db2JdbcIndexedSessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.MySqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.session.jdbc.OracleJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.session.jdbc.SqlServerJdbcIndexedSessionRepositoryCustomizer;

/**
 * Has Spring Session save sessions in a way that requests which use one at once do not
 * hurt each other: an attribute that somebody else has added meanwhile is overwritten
 * instead of refused (https://github.com/spring-projects/spring-session/issues/1213), one
 * that somebody else has removed is there again, one of a session that is gone is left
 * out; and when a long request ends, neither the time of the last access goes back nor
 * {@linkplain StoredRows what else} the session's row has. All of that for H2 and
 * PostgreSQL; for other databases the first, in Spring Session's own words.
 */
public final class SharedSessionCustomizer implements SessionRepositoryCustomizer<JdbcIndexedSessionRepository> {

	private static final Logger logger = LoggerFactory.getLogger(SharedSessionCustomizer.class);

	/** The parameters are the session's key, the attribute's name and its bytes. */
	private static final String H2_SET_ATTRIBUTE = """
			MERGE INTO %TABLE_NAME%_ATTRIBUTES A
			USING (SELECT PRIMARY_ID FROM %TABLE_NAME% WHERE PRIMARY_ID = {key}) S
			ON A.SESSION_PRIMARY_ID = S.PRIMARY_ID AND A.ATTRIBUTE_NAME = {name}
			WHEN MATCHED THEN UPDATE SET ATTRIBUTE_BYTES = {bytes}
			WHEN NOT MATCHED THEN INSERT (SESSION_PRIMARY_ID, ATTRIBUTE_NAME, ATTRIBUTE_BYTES)
			VALUES ({key}, {name}, {bytes})
			""";

	/** Names what it has no use for, too: H2 wants to see all parameters it is given. */
	private static final String H2_UPDATE_SESSION = """
			UPDATE %TABLE_NAME%
			SET LAST_ACCESS_TIME = GREATEST(LAST_ACCESS_TIME, ?2),
			EXPIRY_TIME = CASE WHEN MAX_INACTIVE_INTERVAL < 0 THEN EXPIRY_TIME
			ELSE GREATEST(LAST_ACCESS_TIME, ?2) + CAST(MAX_INACTIVE_INTERVAL AS BIGINT) * 1000 END
			WHERE PRIMARY_ID = ?6 AND (?1 IS NULL OR ?3 IS NULL OR ?4 IS NULL OR ?5 IS NULL OR TRUE)
			""";

	private static final String POSTGRESQL_SET_ATTRIBUTE = """
			INSERT INTO %TABLE_NAME%_ATTRIBUTES (SESSION_PRIMARY_ID, ATTRIBUTE_NAME, ATTRIBUTE_BYTES)
			SELECT S.PRIMARY_ID, V.NAME, V.BYTES
			FROM (VALUES ({parameters})) AS V ({columns})
			JOIN %TABLE_NAME% S ON S.PRIMARY_ID = V.ID
			ON CONFLICT (SESSION_PRIMARY_ID, ATTRIBUTE_NAME) DO UPDATE SET ATTRIBUTE_BYTES = EXCLUDED.ATTRIBUTE_BYTES
			""";

	private static final String POSTGRESQL_UPDATE_SESSION = """
			UPDATE %TABLE_NAME% AS S
			SET LAST_ACCESS_TIME = GREATEST(S.LAST_ACCESS_TIME, V.ACCESSED),
			EXPIRY_TIME = CASE WHEN S.MAX_INACTIVE_INTERVAL < 0 THEN S.EXPIRY_TIME
			ELSE GREATEST(S.LAST_ACCESS_TIME, V.ACCESSED) + CAST(S.MAX_INACTIVE_INTERVAL AS BIGINT) * 1000 END
			FROM (VALUES (CAST(? AS VARCHAR), CAST(? AS BIGINT), CAST(? AS INT), CAST(? AS BIGINT),
			CAST(? AS VARCHAR), CAST(? AS CHAR(36)))) AS V (ID, ACCESSED, TIMEOUT, EXPIRY, PRINCIPAL, PRIMARY_ID)
			WHERE S.PRIMARY_ID = V.PRIMARY_ID
			""";

	private final Supplier<@Nullable DataSource> dataSource;

	private final @Nullable String tableName;

	private final @Nullable IndexResolver<Session> ownIndexes;

	private final IndexResolver<Session> indexes;

	private final Duration timeout;

	/** Set when the repository is customized, before anything else is asked for. */
	private DatabaseDriver product = DatabaseDriver.UNKNOWN;

	private final UnreadableAttributes unreadable = new UnreadableAttributes();

	/**
	 * Create the customizer.
	 * @param dataSource where the sessions are, if that is known; asked for when they are
	 * customized
	 * @param tableName name of their table, if their rows are to be changed by the
	 * repository that {@link SharedSessionRepository#of} makes; else it is done as Spring
	 * Session does it
	 * @param ownIndexes by what sessions can be found, if the application says so
	 * @param timeout time for a statement, where that costs no statement more
	 */
	public SharedSessionCustomizer(Supplier<@Nullable DataSource> dataSource, @Nullable String tableName,
			@Nullable IndexResolver<Session> ownIndexes, Duration timeout) {
		this.dataSource = dataSource;
		this.tableName = tableName;
		this.ownIndexes = ownIndexes;
		this.timeout = timeout;
		this.indexes = new ReadableIndexes(
				(ownIndexes != null) ? ownIndexes : new DelegatingIndexResolver<>(new PrincipalNameIndexResolver<>()),
				this.unreadable);
	}

	private static boolean areRowsPossible() {
		return Arrays.stream(JdbcIndexedSessionRepository.class.getDeclaredClasses())
			.filter(Session.class::isAssignableFrom)
			.anyMatch(StoredRows::arePossible);
	}

	@Override
	public void customize(JdbcIndexedSessionRepository repository) {
		repository.setIndexResolver(this.indexes);
		this.product = product();
		boolean changesRows = this.tableName != null && areRowsPossible();
		switch (this.product) {
			case H2 -> {
				repository.setCreateSessionAttributeQuery(h2("?1", "?2", "?3"));
				repository.setUpdateSessionAttributeQuery(h2("?2", "?3", "?1"));
				if (changesRows) {
					repository.setUpdateSessionQuery(H2_UPDATE_SESSION);
				}
			}
			case POSTGRESQL -> {
				repository.setCreateSessionAttributeQuery(postgresql("ID", "NAME", "BYTES"));
				repository.setUpdateSessionAttributeQuery(postgresql("BYTES", "ID", "NAME"));
				if (changesRows) {
					repository.setUpdateSessionQuery(POSTGRESQL_UPDATE_SESSION);
				}
			}
			case MYSQL, MARIADB -> new MySqlJdbcIndexedSessionRepositoryCustomizer().customize(repository);
			case ORACLE -> new OracleJdbcIndexedSessionRepositoryCustomizer().customize(repository);
			case SQLSERVER -> new SqlServerJdbcIndexedSessionRepositoryCustomizer().customize(repository);
			case DB2 -> new Db2JdbcIndexedSessionRepositoryCustomizer().customize(repository);
			default -> logger.debug("Sessions are saved by statements that every database knows");
		}
	}

	/** How the row of a session is changed, apart from the time of the last access. */
	RowChange changeRow() {
		DataSource source = this.dataSource.get();
		return (source != null && this.tableName != null && areRowsPossible() && isKnownWell())
				? new StoredRows(source, this.tableName, this.indexes, this.ownIndexes != null,
						(this.product == DatabaseDriver.POSTGRESQL) ? SessionPool.seconds(this.timeout) : 0)
				: (session, changes) -> {
				};
	}

	/** What removes the sessions that expired from a repository that was customized. */
	public Removal removalOfExpired(JdbcIndexedSessionRepository repository) {
		DataSource source = this.dataSource.get();
		return (source != null && this.tableName != null && isKnownWell())
				? new ExpiredSessions(source, this.tableName, InstantSource.system())
				: Removal.atOnce(repository::cleanUpExpiredSessions);
	}

	private boolean isKnownWell() {
		return Set.of(DatabaseDriver.H2, DatabaseDriver.POSTGRESQL).contains(this.product);
	}

	UnreadableAttributes unreadable() {
		return this.unreadable;
	}

	private static String h2(String key, String name, String bytes) {
		return H2_SET_ATTRIBUTE.replace("{key}", key).replace("{name}", name).replace("{bytes}", bytes);
	}

	private static String postgresql(String... columns) {
		Map<String, String> types = Map.of("ID", "CHAR(36)", "NAME", "VARCHAR", "BYTES", "BYTEA");
		return POSTGRESQL_SET_ATTRIBUTE
			.replace("{parameters}",
					Arrays.stream(columns)
						.map((column) -> "CAST(? AS %s)".formatted(types.get(column)))
						.collect(Collectors.joining(", ")))
			.replace("{columns}", String.join(", ", columns));
	}

	/** By its URL if possible: a worker may start while the database is down. */
	private DatabaseDriver product() {
		DataSource source = this.dataSource.get();
		if (source == null) {
			return DatabaseDriver.UNKNOWN;
		}
		HikariDataSource pool = DataSourceUnwrapper.unwrap(source, HikariConfigMXBean.class, HikariDataSource.class);
		String url = (pool != null) ? pool.getJdbcUrl() : null;
		if (url != null) {
			return DatabaseDriver.fromJdbcUrl(url);
		}
		try {
			return DatabaseDriver
				.fromProductName(JdbcUtils.extractDatabaseMetaData(source, DatabaseMetaData::getDatabaseProductName));
		}
		catch (MetaDataAccessException ex) {
			logger.warn("It is not known how to save sessions that several requests use at once: the database did not "
					+ "tell its kind: {}", ex.toString());
			return DatabaseDriver.UNKNOWN;
		}
	}

}
