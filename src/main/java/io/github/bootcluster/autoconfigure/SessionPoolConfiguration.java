package io.github.bootcluster.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.session.SessionPool;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.config.annotation.SpringSessionDataSource;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Connections and transactions of the sessions, apart from the application's. No default
 * candidates: whoever asks for a data source gets the application's.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ HikariDataSource.class, JdbcIndexedSessionRepository.class })
@Conditional(OnOwnSessionPoolCondition.class)
class SessionPoolConfiguration {

	@Bean(defaultCandidate = false)
	@SpringSessionDataSource
	HikariDataSource bootClusterSessionDataSource(Environment environment, Cluster cluster) {
		ClusterProperties settings = settings(environment);
		int processes = cluster.snapshot().desiredWorkers() + settings.standby() + settings.reload().batchSize();
		return SessionPool.open(environment, SessionPool.share(settings.sessions().maxConnections(), processes),
				settings.sessions().timeout());
	}

	@Bean(name = OnOwnSessionPoolCondition.TRANSACTIONS, defaultCandidate = false)
	TransactionOperations bootClusterSessionTransactions(@SpringSessionDataSource DataSource dataSource,
			Environment environment) {
		return SessionPool.transactions(dataSource, settings(environment).sessions().timeout());
	}

	private static ClusterProperties settings(Environment environment) {
		return Binder.get(environment).bindOrCreate("cluster", ClusterProperties.class);
	}

}
