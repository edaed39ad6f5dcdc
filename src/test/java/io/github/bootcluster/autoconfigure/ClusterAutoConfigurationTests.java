package io.github.bootcluster.autoconfigure;

import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.leader.Leadership;
import io.github.bootcluster.messaging.ClusterListener;
import io.github.bootcluster.messaging.ClusterMessaging;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** What an ordinary process finds of its cluster of one. */
class ClusterAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class));

	@Test
	void standaloneProcessLeadsAndReachesItself() {
		this.runner.withBean(Recorder.class).run((context) -> {
			assertThat(context.getBean(Cluster.class).isLeader()).isTrue();
			assertThat(context.getBean(Leadership.class).isLeader()).isTrue();
			context.getBean(ClusterMessaging.class).broadcast("hello").get();
			assertThat(context.getBean(Recorder.class).heard.get()).isEqualTo("hello");
		});
	}

	@Test
	void contextBelowAnotherSharesItsMessaging() {
		this.runner.run((parent) -> this.runner.withParent(parent).run((child) -> {
			assertThat(child).hasNotFailed();
			assertThat(child.getBean(ClusterMessaging.class)).isSameAs(parent.getBean(ClusterMessaging.class));
		}));
	}

	@Test
	void wrongLimitFailsTheStartAndIsNamed() {
		this.runner.withPropertyValues("cluster.messaging.max-message-size=4MB")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("cluster.messaging.max-message-size")
				.hasMessageContaining("'1B' to '3MB'"));
	}

	static class Recorder {

		private final CompletableFuture<String> heard = new CompletableFuture<>();

		@ClusterListener
		void hear(String text) {
			this.heard.complete(text);
		}

	}

}
