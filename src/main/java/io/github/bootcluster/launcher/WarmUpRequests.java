package io.github.bootcluster.launcher;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.WorkerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends fresh workers the requests of their warm-ups. What is wrong with a path is told
 * once, however many workers show it.
 */
final class WarmUpRequests {

	private static final Logger logger = LoggerFactory.getLogger(WarmUpRequests.class);

	private final ClusterProperties.WarmUp settings;

	private final Consumer<Fact> facts;

	/** Filled by the supervisor's thread, emptied by any. */
	private final Map<WorkerId, WarmUpThread> threads = new ConcurrentHashMap<>();

	/** Paths with what was told of them. Used by any thread. */
	private final Set<String> told = ConcurrentHashMap.newKeySet();

	WarmUpRequests(ClusterProperties.WarmUp settings, Consumer<Fact> facts) {
		this.settings = settings;
		this.facts = facts;
	}

	/** Begin with a worker; the end is reported as {@link Fact.WarmedUp}. */
	void begin(WorkerId worker, int port) {
		WarmUpThread thread = new WarmUpThread(worker, port, this);
		this.threads.put(worker, thread);
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			// Out of threads: a worker that is cold is better than none.
			logger.warn("Worker {} is not warmed up: {}", worker, ex.getMessage());
			ended(worker, 0);
		}
	}

	/** Send a worker no more, if it still gets any. Does not wait for what that takes. */
	void end(WorkerId worker) {
		WarmUpThread thread = this.threads.remove(worker);
		if (thread != null) {
			try {
				thread.end();
			}
			catch (OutOfMemoryError ex) {
				logger.debug("The warm-up of worker {} ends by itself, later: {}", worker, ex.getMessage());
			}
		}
	}

	ClusterProperties.WarmUp settings() {
		return this.settings;
	}

	/** A worker has had its requests. */
	void ended(WorkerId worker, int requests) {
		this.threads.remove(worker);
		this.facts.accept(new Fact.WarmedUp(worker, requests));
	}

	/** A path was answered in a way that warms up little. */
	void answeredWith(String path, int status) {
		if (this.told.add(status + " " + path)) {
			logger.warn(
					"Warm-up: GET {} was answered with {}. Name paths in cluster.worker.warm-up.paths that exist, "
							+ "with the context path in front, and that are open to requests without credentials",
					path, status);
		}
	}

	/** A path was not answered, and is asked no more in this warm-up. */
	void failed(String path, String why) {
		if (this.told.add(path)) {
			logger.warn("Warm-up: GET {} failed: {}. Leave it out of cluster.worker.warm-up.paths, "
					+ "or raise cluster.worker.warm-up.timeout if it takes longer", path, why);
		}
	}

}
