package com.example.tiny;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.messaging.ClusterListener;
import io.github.bootcluster.messaging.ClusterMessage;
import io.github.bootcluster.messaging.ClusterMessaging;
import io.github.bootcluster.messaging.Sender;

import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Asks other workers, and the launcher. */
@RestController
class TinyMessages {

	private final ClusterMessaging messaging;

	TinyMessages(ClusterMessaging messaging) {
		this.messaging = messaging;
	}

	@GetMapping("/ask/{worker}/{length}")
	CompletableFuture<String> ask(@PathVariable long worker, @PathVariable int length) {
		return this.messaging
			.request(WorkerId.of(worker), new Question("x".repeat(length)), Reply.class, Duration.ofSeconds(20))
			.thenApply((reply) -> reply.pid() + " counted " + reply.length())
			.exceptionally((ex) -> String.valueOf(ex));
	}

	@GetMapping("/tell-launcher/{text}")
	CompletableFuture<String> tellLauncher(@PathVariable String text) {
		return this.messaging.sendToLauncher(new Report(text)).thenApply((nothing) -> "told");
	}

	@ClusterListener
	Reply answer(Question question) {
		return new Reply(ProcessHandle.current().pid(), question.text().length());
	}

	@EventListener
	void refresh(ClusterMessage<Refresh> message) {
		System.out.println("Refresh of " + message.payload().what() + " from " + message.sender());
	}

	record Question(String text) {

	}

	record Reply(long pid, int length) {

	}

	record Report(String text) {

	}

	record Refresh(String what) {

	}

	/** For the launcher alone. */
	static class InLauncher {

		private final ClusterMessaging messaging;

		InLauncher(ClusterMessaging messaging) {
			this.messaging = messaging;
		}

		@ClusterListener
		void report(Report report, Sender sender) {
			System.out.println("Launcher heard " + report.text() + " from " + sender);
			this.messaging.broadcast(new Refresh(report.text()));
		}

	}

}
