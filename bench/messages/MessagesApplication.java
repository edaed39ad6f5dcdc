package bench;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.messaging.ClusterListener;
import io.github.bootcluster.messaging.ClusterMessaging;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sends as many messages as asked, and tells how long it took until all were taken. */
@SpringBootApplication
@RestController
public class MessagesApplication {

	private final ClusterMessaging messaging;

	private final LongAdder received = new LongAdder();

	MessagesApplication(ClusterMessaging messaging) {
		this.messaging = messaging;
	}

	public static void main(String[] args) {
		SpringApplication.run(MessagesApplication.class, args);
	}

	@GetMapping("/pid")
	long pid() {
		return ProcessHandle.current().pid();
	}

	@GetMapping("/received")
	long received() {
		return this.received.sum();
	}

	@GetMapping("/send")
	String send(long to, int count, int size) {
		Message message = new Message("x".repeat(size));
		return time(count, () -> this.messaging.send(WorkerId.of(to), message));
	}

	@GetMapping("/request")
	String request(long to, int count, int size) {
		Question question = new Question("x".repeat(size));
		return time(count,
				() -> this.messaging.request(WorkerId.of(to), question, Integer.class, Duration.ofSeconds(30)));
	}

	@GetMapping("/broadcast")
	String broadcast(int count, int size) {
		Message message = new Message("x".repeat(size));
		return time(count, () -> this.messaging.broadcast(message));
	}

	@ClusterListener
	void take(Message message) {
		this.received.increment();
	}

	@ClusterListener
	int answer(Question question) {
		return question.text().length();
	}

	/** Microseconds, and how many failed. */
	private static String time(int count, Supplier<CompletableFuture<?>> sending) {
		LongAdder failed = new LongAdder();
		CompletableFuture<?>[] all = new CompletableFuture<?>[count];
		long begin = System.nanoTime();
		for (int i = 0; i < count; i++) {
			all[i] = sending.get().whenComplete((result, failure) -> {
				if (failure != null) {
					failed.increment();
				}
			});
		}
		CompletableFuture.allOf(all).exceptionally((failure) -> null).join();
		return (System.nanoTime() - begin) / 1000 + " " + failed.sum();
	}

	record Message(String text) {

	}

	record Question(String text) {

	}

}
