package io.github.bootcluster.session;

import java.nio.file.Path;
import java.util.Map;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.SessionStoreHealth;

import org.springframework.core.env.Environment;

/**
 * The session store of a cluster, as its launcher runs it: the database and the tables in
 * it. Workers read, write and remove sessions over JDBC.
 *
 * @since 0.1.0
 */
public interface SessionStore extends SessionStoreHealth, AutoCloseable {

	/**
	 * Open the store the environment asks for: the database {@code spring.datasource.url}
	 * names, else an embedded one with its file in the cluster's home. Blocks until the
	 * tables are there.
	 * @param environment where {@code spring.datasource.*} and
	 * {@code spring.session.jdbc.*} are read
	 * @param home existing directory of the cluster's own files; used by the embedded
	 * store only
	 * @param cluster how long to wait for it, at the start and afterwards
	 * @return the open store, to be closed by the caller once the workers are gone
	 * @throws SessionStoreException if the store cannot be used; says what to do about it
	 */
	static SessionStore open(Environment environment, Path home, ClusterProperties.Sessions cluster)
			throws SessionStoreException {
		SessionSettings settings = SessionSettings.from(environment);
		String url = settings.dataSource().url();
		return (url != null) ? ExternalSessionStore.open(url, settings, cluster.startTimeout())
				: EmbeddedSessionStore.open(home, settings.dataSource(), cluster.timeout());
	}

	/** The store of a cluster whose workers keep their sessions themselves. */
	static SessionStore none() {
		return new NoSessionStore();
	}

	/**
	 * Spring properties every worker needs to use this store. They win over the
	 * application's own and contain a password: hand them over where no other user can
	 * look. The map's {@code toString} tells the names only.
	 */
	Map<String, String> workerProperties();

	/**
	 * If the store is embedded, end its database. The sessions stay. Does nothing the
	 * second time.
	 */
	@Override
	void close();

}
