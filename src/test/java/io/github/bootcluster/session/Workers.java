package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.support.TransactionTemplate;

/** What a worker does with the properties it is given, without the worker. */
final class Workers {

	private Workers() {
	}

	static Connection connect(Map<String, String> properties) throws SQLException {
		return DriverManager.getConnection(properties.get("spring.datasource.url"),
				properties.get("spring.datasource.username"), properties.get("spring.datasource.password"));
	}

	static JdbcTemplate jdbc(Map<String, String> properties) {
		return new JdbcTemplate(dataSource(properties));
	}

	/** Save a session with one attribute through Spring Session and return its id. */
	static String saveSession(Map<String, String> properties, String attribute) {
		return save(repository(properties), attribute);
	}

	private static <S extends Session> String save(SessionRepository<S> repository, String attribute) {
		S session = repository.createSession();
		session.setMaxInactiveInterval(Duration.ofHours(1));
		session.setAttribute("attribute", attribute);
		repository.save(session);
		return session.getId();
	}

	/** The attribute of a session, or {@code null} if there is no such session. */
	static String attributeOf(Map<String, String> properties, String sessionId) {
		Session session = repository(properties).findById(sessionId);
		return (session != null) ? session.getAttribute("attribute") : null;
	}

	private static SessionRepository<? extends Session> repository(Map<String, String> properties) {
		DriverManagerDataSource dataSource = dataSource(properties);
		JdbcIndexedSessionRepository repository = new JdbcIndexedSessionRepository(new JdbcTemplate(dataSource),
				new TransactionTemplate(new DataSourceTransactionManager(dataSource)));
		repository.setTableName(properties.getOrDefault("spring.session.jdbc.table-name", "SPRING_SESSION"));
		return repository;
	}

	private static DriverManagerDataSource dataSource(Map<String, String> properties) {
		return new DriverManagerDataSource(properties.get("spring.datasource.url"),
				properties.get("spring.datasource.username"), properties.get("spring.datasource.password"));
	}

}
