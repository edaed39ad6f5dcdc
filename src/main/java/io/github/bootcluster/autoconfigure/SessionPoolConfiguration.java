package io.github.bootcluster.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.session.SessionPool;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.config.annotation.SpringSessionDataSource;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Connections and transactions of the sessions, apart from the application's. No default
 * candidates: whoever asks for a data source gets the application's.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ HikariDataSource.class, JdbcIndexedSessionRepository.class, DataSourceProperties.class })
@Conditional(OnOwnSessionPoolCondition.class)
@EnableConfigurationProperties(DataSourceProperties.class)
class SessionPoolConfiguration {

	static final String TRANSACTIONS = "springSessionTransactionOperations";

	@Bean(defaultCandidate = false)
	@SpringSessionDataSource
	HikariDataSource bootClusterSessionDataSource(DataSourceProperties properties, Environment environment,
			Cluster cluster) {
		Binder binder = Binder.get(environment);
		HikariDataSource pool = properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
		binder.bind("spring.datasource.hikari", Bindable.ofInstance(pool));
		ClusterProperties settings = binder.bindOrCreate("cluster", ClusterProperties.class);
		int processes = cluster.snapshot().desiredWorkers() + settings.standby() + settings.reload().batchSize();
		SessionPool.configure(pool, SessionPool.share(settings.sessions().maxConnections(), processes),
				settings.sessions().timeout());
		return pool;
	}

	@Bean(name = TRANSACTIONS, defaultCandidate = false)
	@ConditionalOnMissingBean(name = TRANSACTIONS)
	TransactionOperations bootClusterSessionTransactions(@SpringSessionDataSource DataSource dataSource) {
		return new TransactionTemplate(new JdbcTransactionManager(dataSource));
	}

}
