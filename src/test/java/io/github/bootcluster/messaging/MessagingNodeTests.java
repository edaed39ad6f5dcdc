package io.github.bootcluster.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.Mail;
import io.github.bootcluster.control.Mail.Kind;
import io.github.bootcluster.messaging.MessagingException.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Members with real contexts and threads, and a real {@link PostOffice} between them. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class MessagingNodeTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final WorkerId ONE = WorkerId.of(1);

	private static final WorkerId TWO = WorkerId.of(2);

	private final PostOffice office = new PostOffice((worker) -> true, 1000);

	private final List<Member> members = new ArrayList<>();

	private ClusterProperties.Messaging properties = new ClusterProperties.Messaging(DataSize.ofMegabytes(1), 1000,
			Duration.ofSeconds(30));

	@AfterEach
	void close() {
		this.members.forEach(Member::close);
	}

	@Test
	void messageReachesTheListenersOfItsClassWithItsSender() throws Exception {
		Member one = member(1);
		Member two = member(2);
		one.node.send(TWO, new Text("hello")).get();
		one.node.send(TWO, "plain").get();
		assertThat(two.next()).isEqualTo("text hello from worker 1");
		assertThat(two.next()).isEqualTo("event hello from worker 1");
		assertThat(two.next()).isEqualTo("plain plain");
		assertThat(one.seen).isEmpty();
	}

	@Test
	void messagesComeInOrderHoweverFastTheyAreSent() throws Exception {
		Member one = member(1);
		Member two = member(2);
		int count = 10_000;
		CompletableFuture<?> last = null;
		for (int i = 0; i < count; i++) {
			last = one.node.send(TWO, i);
		}
		last.get();
		for (int i = 0; i < count; i++) {
			assertThat(two.next()).isEqualTo("number " + i);
		}
		assertThat(two.seen).isEmpty();
	}

	@Test
	void broadcastReachesEveryWorkerAndItsSender() throws Exception {
		Member one = member(1);
		Member two = member(2);
		Member launcher = new Member(this.office.launcher());
		assertThat(one.node.broadcast("to all").get()).isEqualTo(new BroadcastResult(Set.of(ONE, TWO), Map.of()));
		assertThat(one.next()).isEqualTo("plain to all");
		assertThat(two.next()).isEqualTo("plain to all");
		launcher.node.broadcast(new Text("from above")).get();
		assertThat(two.next()).isEqualTo("text from above from the launcher");
		assertThat(launcher.seen).isEmpty();
	}

	@Test
	void broadcastTellsWhoDidNotGetIt() throws Exception {
		Member one = member(1);
		member(2, Silent.class);
		BroadcastResult result = one.node.broadcast(new Text("x")).get();
		assertThat(result.receivers()).containsExactly(ONE);
		assertThat(result.isComplete()).isFalse();
		assertThat(result.failures()).containsOnlyKeys(TWO)
			.hasEntrySatisfying(TWO, (why) -> assertThat(why).contains("no listener"));
	}

	@Test
	void launcherTakesMessages() throws Exception {
		Member one = member(1);
		assertFailure(one.node.sendToLauncher("early"), Reason.UNKNOWN_WORKER, "cluster.launcher.configuration");
		Member launcher = new Member(this.office.launcher());
		one.node.sendToLauncher(new Text("up")).get();
		assertThat(launcher.next()).isEqualTo("text up from worker 1");
	}

	@Test
	void requestHasTheReplyOfTheListener() throws Exception {
		Member one = member(1);
		member(2);
		assertThat(one.node.request(TWO, new Question(6, 7), Answer.class, PATIENCE).get()).isEqualTo(new Answer(42));
		assertThat(one.node.request(ONE, new Question(2, 2), Answer.class, PATIENCE).get()).isEqualTo(new Answer(4));
	}

	@Test
	void requestFailsWhenTheListenerThrows(CapturedOutput output) {
		Member one = member(1);
		Member two = member(2);
		assertFailure(one.node.request(TWO, new Question(1, 0), Answer.class, PATIENCE), Reason.LISTENER_FAILED,
				"ArithmeticException");
		assertThat(output).contains("Recorder.answer failed");
		assertThat(two.node.isRunning()).isTrue();
	}

	@Test
	void requestFailsWhenNobodyReplies() {
		Member one = member(1);
		assertFailure(one.node.request(ONE, new Text("?"), Answer.class, PATIENCE), Reason.LISTENER_FAILED,
				"returned a reply");
	}

	@Test
	void requestFailsWhenTheReplyIsOfAnotherClass() {
		Member one = member(1);
		assertFailure(one.node.request(ONE, new Question(1, 1), Integer.class, PATIENCE), Reason.UNREADABLE, "Integer");
	}

	@Test
	void requestFailsWhenNoReplyComesInTimeAndALateOneIsDropped() throws Exception {
		Member one = member(1);
		Member two = member(2);
		CountDownLatch gate = new CountDownLatch(1);
		two.recorder.gate = gate;
		CompletableFuture<Answer> late = one.node.request(TWO, new Question(1, 1), Answer.class, Duration.ofMillis(50));
		assertFailure(late, Reason.TIMED_OUT, "worker 2 has not replied within 50 ms");
		gate.countDown();
		assertThat(one.node.request(TWO, new Question(3, 1), Answer.class, PATIENCE).get()).isEqualTo(new Answer(3));
	}

	@Test
	void listenerThatThrowsDisturbsNobody(CapturedOutput output) throws Exception {
		Member one = member(1);
		Member two = member(2);
		one.node.send(TWO, new Text("throw")).get();
		one.node.send(TWO, "after").get();
		assertThat(two.next()).isEqualTo("event throw from worker 1");
		assertThat(two.next()).isEqualTo("plain after");
		assertThat(output).contains("Listener Recorder.text failed for a message of");
	}

	@Test
	void classNobodyListensForIsRefusedAndToldOfOnce(CapturedOutput output) {
		Member one = member(1);
		member(2);
		for (int i = 0; i < 3; i++) {
			assertFailure(one.node.send(TWO, new Unheard("x")), Reason.NO_LISTENER, Unheard.class.getName());
		}
		assertThat(output.toString().split("There is no listener", -1)).hasSize(2);
	}

	@Test
	void payloadThatIsNotOfItsClassIsIgnored(CapturedOutput output) throws Exception {
		Member one = member(1);
		Member two = member(2);
		BroadcastResult result = one.node.broadcastJson(Question.class.getName(), "{\"a\":\"no number\"}").get();
		assertThat(result.receivers()).isEmpty();
		assertThat(result.failures()).containsOnlyKeys(ONE, TWO);
		assertThat(output).contains("A message from worker 1 is ignored");
		one.node.send(TWO, "fine").get();
		assertThat(two.next()).isEqualTo("plain fine");
	}

	@Test
	void whatIsWrongWithTheCallIsThrown() {
		Member one = member(1);
		List<Object> circular = new ArrayList<>();
		circular.add(circular);
		assertThatExceptionOfType(MessagingException.class).isThrownBy(() -> one.node.send(ONE, circular))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(Reason.UNWRITABLE))
			.withMessageContaining("cannot be written as JSON");
		assertThatExceptionOfType(MessagingException.class)
			.isThrownBy(() -> one.node.broadcast("x".repeat(1024 * 1024)))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(Reason.TOO_LARGE))
			.withMessageContaining("1048578 bytes")
			.withMessageContaining("cluster.messaging.max-message-size allows 1048576");
		assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> one.node.send(ONE, null))
			.withMessageContaining("payload");
		assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> one.node.send(null, "x"))
			.withMessageContaining("receiver");
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> one.node.request(ONE, "x", String.class, Duration.ZERO))
			.withMessageContaining("PT0S");
	}

	@Test
	void messageOfTheLargestSizeArrives() throws Exception {
		Member one = member(1);
		Member two = member(2);
		String large = "x".repeat(1024 * 1024 - 2);
		one.node.send(TWO, large).get();
		assertThat(two.next()).isEqualTo("plain " + large);
	}

	@Test
	void workerThatIsNotThereIsToldOf() {
		Member one = member(1);
		assertFailure(one.node.send(WorkerId.of(9), "x"), Reason.UNKNOWN_WORKER, "no worker 9");
	}

	@Test
	void senderOfASlowReceiverWaitsAndThenFails() throws Exception {
		this.properties = new ClusterProperties.Messaging(DataSize.ofMegabytes(1), 1000, Duration.ofMillis(20));
		Member one = member(1);
		Member two = member(2);
		Member three = member(3);
		CountDownLatch gate = new CountDownLatch(1);
		two.recorder.gate = gate;
		one.node.send(TWO, new Question(1, 1)).get();
		List<CompletableFuture<Void>> waiting = IntStream.range(0, Outbox.MAX_MESSAGES)
			.mapToObj((i) -> one.node.send(TWO, i))
			.toList();
		assertFailure(one.node.send(TWO, "one too many"), Reason.TOO_BUSY,
				"worker 2 has not taken any of 256 messages");
		// Nobody else has to wait for it.
		one.node.send(WorkerId.of(3), "x").get();
		assertThat(three.next()).isEqualTo("plain x");
		gate.countDown();
		CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).get();
		one.node.send(TWO, "again").get();
	}

	@Test
	void senderGoesOnWhenASlowReceiverHasRoomAgain() throws Exception {
		Member one = member(1);
		Member two = member(2);
		CountDownLatch gate = new CountDownLatch(1);
		two.recorder.gate = gate;
		one.node.send(TWO, new Question(1, 1)).get();
		IntStream.range(0, Outbox.MAX_MESSAGES).forEach((i) -> one.node.send(TWO, i));
		CompletableFuture<Void> further = CompletableFuture
			.supplyAsync(() -> one.node.send(TWO, "further"), (task) -> new Thread(task).start())
			.thenCompose((sent) -> sent);
		gate.countDown();
		further.get(30, TimeUnit.SECONDS);
		assertThat(IntStream.range(0, Outbox.MAX_MESSAGES + 1).mapToObj((i) -> two.next()).toList())
			.endsWith("number 255", "plain further");
	}

	@Test
	void noMoreMessagesOfAllSendersWaitThanMay() throws Exception {
		PostOffice small = new PostOffice((worker) -> true, 10);
		Member one = new Member(small.local(ONE));
		Member two = new Member(small.local(TWO));
		CountDownLatch gate = new CountDownLatch(1);
		two.recorder.gate = gate;
		one.node.send(TWO, new Question(1, 1)).get();
		List<CompletableFuture<Void>> waiting = IntStream.range(0, 10).mapToObj((i) -> one.node.send(TWO, i)).toList();
		assertFailure(one.node.send(TWO, "x"), Reason.TOO_BUSY, "cluster.messaging.queue-capacity");
		gate.countDown();
		CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).get();
	}

	@Test
	void sendersLearnOfAReceiverThatEnds() throws Exception {
		Member one = member(1);
		Member two = member(2);
		CountDownLatch gate = new CountDownLatch(1);
		two.recorder.gate = gate;
		one.node.send(TWO, new Question(1, 1)).get();
		CompletableFuture<Void> unread = one.node.send(TWO, "unread");
		CompletableFuture<BroadcastResult> broadcast = one.node.broadcast("to all");
		this.office.disconnected(TWO);
		assertFailure(unread, Reason.GONE, "Worker 2 has ended");
		assertThat(broadcast.get().failures()).containsOnlyKeys(TWO);
		assertThat(broadcast.get().receivers()).containsExactly(ONE);
		gate.countDown();
	}

	@Test
	void receiverThatShutsDownRefusesWhatHasNotHadItsTurn() throws Exception {
		Member one = member(1);
		Member two = member(2);
		CountDownLatch gate = new CountDownLatch(1);
		two.recorder.gate = gate;
		one.node.send(TWO, new Question(1, 1)).get();
		CompletableFuture<Void> unread = one.node.send(TWO, "unread");
		Thread stop = new Thread(two.node::stop);
		stop.start();
		// The mailbox is closed first.
		while (!isRefused(one.node.send(TWO, "late"))) {
			Thread.onSpinWait();
		}
		gate.countDown();
		stop.join();
		assertFailure(unread, Reason.NOT_READY, "shutting down");
		// It can still send.
		two.node.send(ONE, "farewell").get();
	}

	@Test
	void stoppedMemberTakesMessagesAgainWhenItIsStartedAgain() throws Exception {
		Member one = member(1);
		Member two = member(2);
		for (int i = 0; i < 3; i++) {
			two.context.stop();
			assertFailure(one.node.send(TWO, "lost"), Reason.NOT_READY, "does not take messages");
			two.context.start();
			one.node.send(TWO, i).get();
			assertThat(two.next()).isEqualTo("number " + i);
		}
		two.context.pause();
		two.context.restart();
		one.node.send(TWO, "again").get();
		assertThat(two.next()).isEqualTo("plain again");
	}

	@Test
	void listenerThatLeavesItsThreadInterruptedDoesNotEndIt() throws Exception {
		Member one = member(1);
		Member two = member(2);
		one.node.send(TWO, new Text("interrupt")).get();
		one.node.send(TWO, "after").get();
		assertThat(two.next()).isEqualTo("event interrupt from worker 1");
		assertThat(two.next()).isEqualTo("plain after");
	}

	@Test
	void listenerMayCloseItsApplication() throws Exception {
		Member one = member(1);
		Member two = member(2);
		two.recorder.closing = two.context;
		one.node.send(TWO, new Text("close")).get();
		assertThat(two.next()).isEqualTo("closed, interrupted false");
	}

	@Test
	void requestFailsWhateverTheReaderOfItsReplyThrows() {
		Member one = member(1);
		assertFailure(one.node.request(ONE, new Question(1, 1), Broken.class, Duration.ofMinutes(1)), Reason.UNREADABLE,
				"could not be read");
	}

	@Test
	void classWithAnAbsurdNameIsRefusedByItsSender() {
		Member one = member(1);
		for (int i = 0; i < 2 * Outbox.MAX_MESSAGES; i++) {
			assertThatExceptionOfType(MessagingException.class)
				.isThrownBy(() -> one.node.broadcastJson("x".repeat(5000), "1"))
				.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(Reason.TOO_LARGE));
		}
	}

	@Test
	void dependentMaySendEvenIfItsReceiverHasAllItMay() throws Exception {
		Member one = member(1);
		Member two = member(2);
		List<CompletableFuture<Void>> chains = IntStream.range(0, 4 * Outbox.MAX_MESSAGES)
			.mapToObj((i) -> one.node.send(TWO, i).thenCompose((done) -> one.node.send(TWO, "then")))
			.toList();
		CompletableFuture.allOf(chains.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
		// The turn of the last one has come; that it has been handled is not said.
		IntStream.range(0, 8 * Outbox.MAX_MESSAGES).forEach((i) -> two.next());
		assertThat(two.seen).isEmpty();
	}

	@Test
	void nothingCanBeSentAfterTheShutdownAndNoFutureIsLeftOpen() throws Exception {
		Member one = member(1);
		Member two = member(2);
		two.recorder.gate = new CountDownLatch(1);
		one.node.send(TWO, new Question(1, 1)).get();
		CompletableFuture<Void> open = one.node.send(TWO, "open");
		CompletableFuture<Answer> request = one.node.request(TWO, new Question(1, 1), Answer.class, PATIENCE);
		one.close();
		assertFailure(open, Reason.SHUT_DOWN, "shutting down");
		assertFailure(request, Reason.SHUT_DOWN, "shutting down");
		assertFailure(one.node.send(TWO, "x"), Reason.SHUT_DOWN, "shutting down");
		two.recorder.gate.countDown();
	}

	@Test
	void nothingIsWaitedForWhenTheLauncherIsGone() {
		AtomicReference<Runnable> end = new AtomicReference<>();
		Member one = new Member(new Post() {

			@Override
			public boolean send(Mail mail) {
				return true;
			}

			@Override
			public void receiveBy(Consumer<Mail> receiver, Runnable gone) {
				end.set(gone);
			}

			@Override
			public void mailbox(boolean open) {
			}

		});
		CompletableFuture<Void> open = one.node.send(TWO, "open");
		CompletableFuture<BroadcastResult> broadcast = one.node.broadcast("open");
		end.get().run();
		assertFailure(open, Reason.SHUT_DOWN, "its launcher is gone");
		assertFailure(broadcast, Reason.SHUT_DOWN, "its launcher is gone");
		assertFailure(one.node.send(TWO, "x"), Reason.SHUT_DOWN, "its launcher is gone");
	}

	@ParameterizedTest
	@EnumSource(value = Kind.class, names = { "TAKEN", "REPLY", "REFUSED" })
	void everyAnswerEndsAMessage(Kind answer) {
		Post odd = this.office.local(TWO);
		odd.receiveBy((mail) -> odd.send(new Mail(answer, mail.peer(), mail.id(), "", "1".getBytes())), () -> {
		});
		odd.mailbox(true);
		Member one = member(1);
		for (CompletableFuture<?> future : List.of(one.node.send(TWO, "x"), one.node.broadcast("x"),
				one.node.request(TWO, "x", Integer.class, Duration.ofMinutes(1)))) {
			assertThat(future.handle((result, failure) -> "over")).succeedsWithin(PATIENCE).isEqualTo("over");
		}
	}

	@Test
	void futuresAreNotCompletedByTheThreadOfTheListeners() throws Exception {
		Member one = member(1);
		String thread = one.node.request(ONE, new Question(1, 1), Answer.class, PATIENCE)
			.thenApply((answer) -> Thread.currentThread().getName())
			.get();
		assertThat(thread).isIn("cluster-message-results", Thread.currentThread().getName());
	}

	private static boolean isRefused(CompletableFuture<Void> future) throws InterruptedException {
		try {
			future.get(100, TimeUnit.MILLISECONDS);
			return false;
		}
		catch (ExecutionException ex) {
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

	private static void assertFailure(CompletableFuture<?> future, Reason reason, String text) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> future.get(30, TimeUnit.SECONDS))
			.satisfies((ex) -> assertThat(ex.getCause()).isInstanceOfSatisfying(MessagingException.class,
					(cause) -> assertThat(cause.getReason()).isEqualTo(reason)))
			.withMessageContaining(text);
	}

	private Member member(long id) {
		return member(id, Recorder.class);
	}

	private Member member(long id, Class<?>... beans) {
		return new Member(this.office.local(WorkerId.of(id)), beans);
	}

	/** An application that is a member. */
	private final class Member {

		private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

		private final MessagingNode node;

		private final Recorder recorder;

		private final BlockingQueue<String> seen;

		Member(Post post) {
			this(post, Recorder.class);
		}

		Member(Post post, Class<?>... beans) {
			this.context.register(beans);
			this.context.registerBean(Listeners.class,
					() -> new Listeners(this.context, this.context.getBeanFactory()));
			this.context.registerBean(MessagingNode.class,
					() -> new MessagingNode(post, this.context.getBean(Listeners.class), JsonMapper.builder().build(),
							MessagingNodeTests.this.properties));
			this.context.refresh();
			this.node = this.context.getBean(MessagingNode.class);
			this.recorder = this.context.getBeanProvider(Recorder.class).getIfAvailable(Recorder::new);
			this.seen = this.recorder.seen;
			MessagingNodeTests.this.members.add(this);
		}

		String next() {
			try {
				String next = this.seen.poll(30, TimeUnit.SECONDS);
				assertThat(next).as("something to come").isNotNull();
				return next;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}

		void close() {
			if (this.recorder.gate != null && !this.context.isActive()) {
				this.recorder.gate.countDown();
			}
			this.context.close();
		}

	}

	record Text(String text) {

	}

	record Question(int a, int b) {

	}

	record Answer(int value) {

	}

	record Unheard(String text) {

	}

	@JsonDeserialize(using = BrokenDeserializer.class)
	record Broken(int value) {

	}

	static class BrokenDeserializer extends ValueDeserializer<Broken> {

		@Override
		public Broken deserialize(JsonParser parser, DeserializationContext context) {
			throw new NoClassDefFoundError("as wished");
		}

	}

	/** Nobody listens here. */
	static class Silent {

	}

	/** Says what it was given. */
	static class Recorder {

		private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

		private volatile CountDownLatch gate;

		private volatile AnnotationConfigApplicationContext closing;

		@ClusterListener
		void text(Text text, Sender sender) {
			if (text.text().equals("throw")) {
				throw new IllegalStateException("as wished");
			}
			if (text.text().equals("interrupt")) {
				Thread.currentThread().interrupt();
				return;
			}
			if (text.text().equals("close")) {
				this.closing.close();
				this.seen.add("closed, interrupted " + Thread.currentThread().isInterrupted());
				return;
			}
			this.seen.add("text " + text.text() + " from " + sender);
		}

		@EventListener
		void event(ClusterMessage<Text> message) {
			this.seen.add("event " + message.payload().text() + " from " + message.sender());
		}

		@ClusterListener
		void plain(String text) {
			this.seen.add("plain " + text);
		}

		@ClusterListener
		void number(Integer number) {
			this.seen.add("number " + number);
		}

		@ClusterListener
		Answer answer(Question question) throws InterruptedException {
			if (this.gate != null) {
				this.gate.await();
			}
			return new Answer((question.b() != 0) ? question.a() * question.b() : question.a() / question.b());
		}

	}

}
