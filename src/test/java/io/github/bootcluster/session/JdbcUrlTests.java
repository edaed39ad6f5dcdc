package io.github.bootcluster.session;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for {@link JdbcUrl}. */
class JdbcUrlTests {

	@ParameterizedTest
	@CsvSource({ "jdbc:postgresql://localhost/app, postgresql", "jdbc:mysql://localhost/app, mysql",
			"JDBC:H2:tcp://localhost/app, h2", "jdbc:oracle:thin:@localhost:1521/app, oracle",
			"jdbc:sqlserver://localhost;databaseName=app, sqlserver" })
	void subProtocolIsWhatFollowsJdbc(String url, String subProtocol) {
		assertThat(new JdbcUrl(url).subProtocol()).isEqualTo(subProtocol);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:app", "jdbc:h2:mem:", "jdbc:h2:file:./app", "jdbc:h2:./app", "jdbc:h2:~/app",
			"jdbc:h2:/var/app", "jdbc:h2:file:./app;AUTO_SERVER=TRUE", "JDBC:H2:MEM:app", "jdbc:h2:zip:app.zip!/app",
			"jdbc:hsqldb:mem:app", "jdbc:hsqldb:file:app", "jdbc:hsqldb:app", "jdbc:hsqldb:res:app",
			"jdbc:derby:memory:app;create=true", "jdbc:derby:app" })
	void isInProcessWhenNoServerIsNamed(String url) {
		assertThat(new JdbcUrl(url).isInProcess()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:tcp://localhost/mem:app", "jdbc:h2:ssl://localhost/~/app", "JDBC:H2:TCP://h/app",
			"jdbc:hsqldb:hsql://localhost/app", "jdbc:hsqldb:https://localhost/app", "jdbc:derby://localhost/app",
			"jdbc:postgresql://localhost/mem:app", "jdbc:mariadb://localhost/app" })
	void isNotInProcessWhenServerIsNamed(String url) {
		assertThat(new JdbcUrl(url).isInProcess()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:postgresql://host:5432/app, jdbc:postgresql://host:5432/app",
			"jdbc:postgresql://host/app?user=u&password=secret, jdbc:postgresql://host/app",
			"jdbc:mysql://u:secret@host/app, jdbc:mysql:...@host/app",
			"jdbc:mysql://u:sec@ret@host/app, jdbc:mysql:...@host/app",
			"jdbc:mysql://u:s?ecret@host/app, jdbc:mysql:...", "jdbc:mysql://u:x@s?ecret@host/app, jdbc:mysql:...",
			"jdbc:mysql://host/app?password=se@cret, jdbc:mysql:...",
			"'jdbc:mysql://address=(host=h)(password=secret)/app', jdbc:mysql://address=",
			"jdbc:h2:tcp://host/app;PASSWORD=secret, jdbc:h2:tcp://host/app",
			"jdbc:sqlserver://host;user=u;password=secret, jdbc:sqlserver://host",
			"jdbc:oracle:thin:u/secret@host:1521/app, jdbc:oracle:...@host:1521/app" })
	void withoutSecretsLeavesOutWhatMayBeOne(String url, String shown) {
		assertThat(new JdbcUrl(url).withoutSecrets()).isEqualTo(shown).doesNotContain("secret", "ecret", "cret");
		assertThat(new JdbcUrl(url)).hasToString(shown);
	}

	@Test
	void createWhenNoJdbcUrlFailsWithoutShowingIt() {
		assertThatExceptionOfType(SessionStoreException.class)
			.isThrownBy(() -> new JdbcUrl("postgres://u:secret@host/app"))
			.withMessageContaining("spring.datasource.url is not a JDBC URL")
			.withMessageNotContaining("secret");
	}

}
