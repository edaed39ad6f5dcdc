package com.example.readme;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.messaging.BroadcastResult;
import io.github.bootcluster.messaging.ClusterListener;
import io.github.bootcluster.messaging.ClusterMessaging;
import io.github.bootcluster.messaging.Sender;

import org.springframework.stereotype.Component;

@Component
class Prices {

	record Changed(String article, long cents) {
	}

	record Count(String prefix) {
	}

	private final Map<String, Long> cents = new ConcurrentHashMap<>();

	private final ClusterMessaging messaging;

	Prices(ClusterMessaging messaging) {
		this.messaging = messaging;
	}

	CompletableFuture<BroadcastResult> change(String article, long cents) {
		return this.messaging.broadcast(new Changed(article, cents));
	}

	CompletableFuture<Long> count(WorkerId worker, String prefix) {
		return this.messaging.request(worker, new Count(prefix), Long.class, Duration.ofSeconds(2));
	}

	@ClusterListener
	void changed(Changed price, Sender sender) {
		this.cents.put(price.article(), price.cents());
	}

	@ClusterListener
	long count(Count query) {
		return this.cents.keySet().stream().filter((article) -> article.startsWith(query.prefix())).count();
	}

}
