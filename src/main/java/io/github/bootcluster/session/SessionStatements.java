package io.github.bootcluster.session;

import java.sql.DatabaseMetaData;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.Db2JdbcIndexedSessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.MySqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.session.jdbc.OracleJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.session.jdbc.SqlServerJdbcIndexedSessionRepositoryCustomizer;

/**
 * Statements in which requests that use one session at once do not hurt each other: an
 * attribute that somebody else has added meanwhile is overwritten instead of refused
 * (https://github.com/spring-projects/spring-session/issues/1213), one of a session that
 * is gone is left out, and the time of the last access never goes back when a long
 * request ends. All of that for H2 and PostgreSQL; for other databases the first, in
 * Spring Session's own words.
 */
public final class SessionStatements implements SessionRepositoryCustomizer<JdbcIndexedSessionRepository> {

	private static final Logger logger = LoggerFactory.getLogger(SessionStatements.class);

	private static final String H2_ADD_ATTRIBUTE = """
			MERGE INTO %TABLE_NAME%_ATTRIBUTES A
			USING (SELECT PRIMARY_ID FROM %TABLE_NAME% WHERE PRIMARY_ID = ?1) S
			ON A.SESSION_PRIMARY_ID = S.PRIMARY_ID AND A.ATTRIBUTE_NAME = ?2
			WHEN MATCHED THEN UPDATE SET ATTRIBUTE_BYTES = ?3
			WHEN NOT MATCHED THEN INSERT (SESSION_PRIMARY_ID, ATTRIBUTE_NAME, ATTRIBUTE_BYTES) VALUES (?1, ?2, ?3)
			""";

	private static final String H2_UPDATE_SESSION = """
			UPDATE %TABLE_NAME%
			SET SESSION_ID = ?1, LAST_ACCESS_TIME = GREATEST(LAST_ACCESS_TIME, ?2), MAX_INACTIVE_INTERVAL = ?3,
			EXPIRY_TIME = CASE WHEN MAX_INACTIVE_INTERVAL = ?3 THEN GREATEST(EXPIRY_TIME, ?4) ELSE ?4 END,
			PRINCIPAL_NAME = ?5
			WHERE PRIMARY_ID = ?6
			""";

	private static final String POSTGRESQL_ADD_ATTRIBUTE = """
			INSERT INTO %TABLE_NAME%_ATTRIBUTES (SESSION_PRIMARY_ID, ATTRIBUTE_NAME, ATTRIBUTE_BYTES)
			SELECT S.PRIMARY_ID, V.NAME, V.BYTES
			FROM (VALUES (CAST(? AS CHAR(36)), CAST(? AS VARCHAR), CAST(? AS BYTEA))) AS V (ID, NAME, BYTES)
			JOIN %TABLE_NAME% S ON S.PRIMARY_ID = V.ID
			ON CONFLICT (SESSION_PRIMARY_ID, ATTRIBUTE_NAME) DO UPDATE SET ATTRIBUTE_BYTES = EXCLUDED.ATTRIBUTE_BYTES
			""";

	private static final String POSTGRESQL_UPDATE_SESSION = """
			UPDATE %TABLE_NAME% AS S
			SET SESSION_ID = V.ID, LAST_ACCESS_TIME = GREATEST(S.LAST_ACCESS_TIME, V.ACCESSED),
			MAX_INACTIVE_INTERVAL = V.TIMEOUT,
			EXPIRY_TIME = CASE WHEN S.MAX_INACTIVE_INTERVAL = V.TIMEOUT
			THEN GREATEST(S.EXPIRY_TIME, V.EXPIRY) ELSE V.EXPIRY END,
			PRINCIPAL_NAME = V.PRINCIPAL
			FROM (VALUES (CAST(? AS CHAR(36)), CAST(? AS BIGINT), CAST(? AS INT), CAST(? AS BIGINT),
			CAST(? AS VARCHAR), CAST(? AS CHAR(36)))) AS V (ID, ACCESSED, TIMEOUT, EXPIRY, PRINCIPAL, PRIMARY_ID)
			WHERE S.PRIMARY_ID = V.PRIMARY_ID
			""";

	private final Supplier<@Nullable DataSource> dataSource;

	/**
	 * Create the customizer.
	 * @param dataSource where the sessions are, if that is known
	 */
	public SessionStatements(Supplier<@Nullable DataSource> dataSource) {
		this.dataSource = dataSource;
	}

	@Override
	public void customize(JdbcIndexedSessionRepository repository) {
		switch (product()) {
			case "H2" -> {
				repository.setCreateSessionAttributeQuery(H2_ADD_ATTRIBUTE);
				repository.setUpdateSessionQuery(H2_UPDATE_SESSION);
			}
			case "PostgreSQL" -> {
				repository.setCreateSessionAttributeQuery(POSTGRESQL_ADD_ATTRIBUTE);
				repository.setUpdateSessionQuery(POSTGRESQL_UPDATE_SESSION);
			}
			case "MySQL", "MariaDB" -> new MySqlJdbcIndexedSessionRepositoryCustomizer().customize(repository);
			case "Oracle" -> new OracleJdbcIndexedSessionRepositoryCustomizer().customize(repository);
			case "Microsoft SQL Server" -> new SqlServerJdbcIndexedSessionRepositoryCustomizer().customize(repository);
			case "DB2" -> new Db2JdbcIndexedSessionRepositoryCustomizer().customize(repository);
			default -> logger.debug("Sessions are saved by statements that every database knows");
		}
	}

	private String product() {
		DataSource source = this.dataSource.get();
		if (source == null) {
			return "";
		}
		try {
			String name = JdbcUtils.extractDatabaseMetaData(source, DatabaseMetaData::getDatabaseProductName);
			String common = JdbcUtils.commonDatabaseName(name);
			return (common != null) ? common : "";
		}
		catch (MetaDataAccessException ex) {
			logger.warn("It is not known how to save sessions that several requests use at once: the database did not "
					+ "tell its kind: {}", ex.toString());
			return "";
		}
	}

}
