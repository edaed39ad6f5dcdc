package io.github.bootcluster.messaging;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongConsumer;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.Mail;
import io.github.bootcluster.control.Mail.Kind;
import io.github.bootcluster.messaging.MessagingException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** {@link PostOffice} with members that are mere queues. */
class PostOfficeTests {

	private static final int CAPACITY = 5;

	private final Set<Long> members = new HashSet<>();

	private final PostOffice office = new PostOffice((worker) -> this.members.contains(worker.value()), CAPACITY);

	private final Map<Long, Deque<Mail>> mail = new HashMap<>();

	private long backlog;

	@ParameterizedTest
	@EnumSource(value = Kind.class, names = { "MESSAGE", "REQUEST" })
	void mailComesWithItsSenderInPlaceOfItsReceiver(Kind kind) {
		join(1, 2);
		hand(1, new Mail(kind, 2, 77, "T", new byte[] { 5 }));
		assertThat(next(2)).usingRecursiveComparison().isEqualTo(new Mail(kind, 1, 77, "T", new byte[] { 5 }));
		hand(2, Mail.of(Kind.TAKEN, 1, 77));
		assertThat(next(1)).usingRecursiveComparison().isEqualTo(Mail.of(Kind.TAKEN, 2, 77));
		assertNothingLeft();
	}

	@Test
	void memberReachesItself() {
		join(1);
		hand(1, message(1, 1));
		assertThat(next(1).peer()).isEqualTo(1);
	}

	@Test
	void unknownWorkerIsRefused() {
		join(1);
		hand(1, message(9, 1));
		assertRefused(1, 1, Reason.UNKNOWN_WORKER, "no worker 9");
		hand(1, message(-1, 2));
		assertRefused(1, 2, Reason.UNKNOWN_WORKER, "no worker -1");
	}

	@Test
	void workerThatIsNotOpenIsRefused() {
		join(1);
		connect(2);
		hand(1, message(2, 1));
		assertRefused(1, 1, Reason.NOT_READY, "Worker 2 does not take messages");
		this.office.mailbox(WorkerId.of(2), true);
		this.office.mailbox(WorkerId.of(2), false);
		hand(1, message(2, 2));
		assertRefused(1, 2, Reason.NOT_READY, "Worker 2 does not take messages");
		assertThat(this.mail.get(2L)).isEmpty();
	}

	@Test
	void launcherWithoutListenersIsRefused() {
		join(1);
		hand(1, message(Mail.LAUNCHER, 1));
		assertRefused(1, 1, Reason.UNKNOWN_WORKER, "cluster.launcher.configuration");
	}

	@Test
	void processThatIsNobodysGetsNothing() {
		join(1, 2);
		this.members.remove(2L);
		hand(1, message(2, 1));
		assertRefused(1, 1, Reason.UNKNOWN_WORKER, "no worker 2");
		hand(1, new Mail(Kind.BROADCAST, 0, 2, "T", new byte[0]));
		assertThat(idsIn(next(1))).containsExactly(1L);
		assertThat(this.mail.get(2L)).isEmpty();
	}

	@Test
	void broadcastTellsWhoGetsItBeforeAnybodyCanAnswer() {
		join(1, 2, 3);
		connect(4);
		this.office.launcher().receiveBy((mail) -> {
			throw new AssertionError("The launcher is no worker");
		}, () -> {
		});
		this.office.launcher().mailbox(true);
		hand(2, new Mail(Kind.BROADCAST, 0, 8, "T", new byte[] { 1 }));
		Mail spread = next(2);
		assertThat(spread.kind()).isEqualTo(Kind.SPREAD);
		assertThat(idsIn(spread)).containsExactly(1L, 2L, 3L);
		for (long receiver : new long[] { 1, 2, 3 }) {
			assertThat(next(receiver)).usingRecursiveComparison()
				.isEqualTo(new Mail(Kind.MESSAGE, 2, 8, "T", new byte[] { 1 }));
		}
		assertNothingLeft();
	}

	@Test
	void sendersLearnOfAReceiverThatEnds() {
		join(1, 2, 3);
		hand(1, message(3, 1));
		hand(2, message(3, 1));
		hand(2, message(3, 2));
		hand(3, Mail.of(Kind.TAKEN, 2, 1));
		assertThat(next(2).kind()).isEqualTo(Kind.TAKEN);
		this.office.disconnected(WorkerId.of(3));
		assertRefused(1, 1, Reason.GONE, "Worker 3 has ended");
		assertRefused(2, 2, Reason.GONE, "Worker 3 has ended");
		hand(1, message(3, 2));
		assertRefused(1, 2, Reason.UNKNOWN_WORKER, "no worker 3");
	}

	@Test
	void noMoreMessagesWaitThanMay() {
		join(1, 2);
		for (int id = 1; id <= CAPACITY; id++) {
			hand(1, message(2, id));
		}
		hand(1, message(2, 6));
		assertRefused(1, 6, Reason.TOO_BUSY, "queue-capacity");
		hand(2, Mail.of(Kind.TAKEN, 1, 1));
		next(1);
		hand(1, message(2, 7));
		assertThat(this.mail.get(2L)).hasSize(CAPACITY + 1);
	}

	@Test
	void noMoreBytesWaitThanMay() {
		join(1, 2);
		byte[] quarter = new byte[(int) PostOffice.MAX_BYTES / 4 + 1];
		for (int id = 1; id <= 3; id++) {
			hand(1, new Mail(Kind.MESSAGE, 2, id, "T", quarter));
		}
		hand(1, new Mail(Kind.MESSAGE, 2, 4, "T", quarter));
		assertRefused(1, 4, Reason.TOO_BUSY, "16 MiB");
		hand(2, Mail.of(Kind.TAKEN, 1, 2));
		next(1);
		hand(1, new Mail(Kind.MESSAGE, 2, 5, "T", quarter));
		assertThat(this.mail.get(2L)).hasSize(4);
	}

	@Test
	void onlyWhatWasAskedIsAnsweredAndOnce() {
		join(1, 2);
		hand(2, Mail.of(Kind.TAKEN, 1, 1));
		hand(2, Mail.of(Kind.REPLY, 9, 1));
		hand(1, message(2, 1));
		next(2);
		hand(2, Mail.of(Kind.TAKEN, 1, 1));
		hand(2, Mail.of(Kind.TAKEN, 1, 1));
		assertThat(next(1).kind()).isEqualTo(Kind.TAKEN);
		assertNothingLeft();
	}

	@Test
	void replyForWhichThereIsNoRoomIsRefused() {
		join(1, 2);
		hand(1, new Mail(Kind.REQUEST, 2, 1, "T", new byte[0]));
		this.backlog = PostOffice.MAX_BYTES - 1;
		hand(2, new Mail(Kind.REPLY, 1, 1, "", new byte[2]));
		assertRefused(1, 1, Reason.TOO_BUSY, "replies wait for their asker");
	}

	@Test
	void messageThatCannotBeCarriedTakesNoRoom() {
		join(1);
		this.members.add(2L);
		this.office.connected(WorkerId.of(2), new PostOffice.Carrier() {

			@Override
			public boolean carry(Mail mail) {
				throw new IllegalArgumentException("as wished");
			}

			@Override
			public long backlog() {
				return 0;
			}

		});
		this.office.mailbox(WorkerId.of(2), true);
		for (int i = 1; i <= 2 * CAPACITY; i++) {
			Mail message = message(2, i);
			assertThatIllegalArgumentException().isThrownBy(() -> hand(1, message)).withMessage("as wished");
		}
	}

	@Test
	void secondMessageOfTheSameNumberIsRefused() {
		join(1, 2);
		hand(1, message(2, 1));
		hand(1, message(2, 1));
		assertRefused(1, 1, Reason.UNREADABLE, "with the number 1 from here already");
		assertThat(this.mail.get(2L)).hasSize(1);
	}

	@Test
	void everyMessageIsAnsweredOnceAndComesAtMostOnceAndInOrder() {
		for (int seed = 0; seed < 500; seed++) {
			new Story(new Random(seed)).run();
		}
	}

	private void join(long... workers) {
		for (long worker : workers) {
			connect(worker);
			this.office.mailbox(WorkerId.of(worker), true);
		}
	}

	private void connect(long worker) {
		this.members.add(worker);
		Deque<Mail> queue = new ArrayDeque<>();
		this.mail.put(worker, queue);
		this.office.connected(WorkerId.of(worker), new PostOffice.Carrier() {

			@Override
			public boolean carry(Mail mail) {
				return queue.add(mail);
			}

			@Override
			public long backlog() {
				return PostOfficeTests.this.backlog;
			}

		});
	}

	private void hand(long worker, Mail mail) {
		this.office.accept(WorkerId.of(worker), mail);
	}

	private Mail next(long worker) {
		return this.mail.get(worker).remove();
	}

	private void assertNothingLeft() {
		assertThat(this.mail.values()).allMatch(Deque::isEmpty);
	}

	private void assertRefused(long sender, long id, Reason reason, String text) {
		Mail refusal = next(sender);
		assertThat(refusal.id()).isEqualTo(id);
		assertThat(Refusal.read(refusal)).hasMessageContaining(text)
			.extracting(MessagingException::getReason)
			.isEqualTo(reason);
	}

	private static Mail message(long receiver, long id) {
		return new Mail(Kind.MESSAGE, receiver, id, "T", new byte[0]);
	}

	private static List<Long> idsIn(Mail spread) {
		List<Long> ids = new ArrayList<>();
		ByteBuffer content = ByteBuffer.wrap(spread.content());
		while (content.hasRemaining()) {
			ids.add(content.getLong());
		}
		return ids;
	}

	/** Members come and go, and send and handle messages, in random order. */
	private final class Story {

		private final Random random;

		/**
		 * Of each live member, the messages it has sent and how often each is answered.
		 */
		private final Map<Long, Map<Long, Integer>> answers = new HashMap<>();

		/** Of each broadcast, how many answers are to come. */
		private final Map<Long, Map<Long, Integer>> expected = new HashMap<>();

		private final Map<Long, Map<Long, Long>> lastFrom = new HashMap<>();

		private long lastMember;

		private long lastMessage;

		Story(Random random) {
			this.random = random;
			PostOfficeTests.this.mail.clear();
			PostOfficeTests.this.members
				.forEach((member) -> PostOfficeTests.this.office.disconnected(WorkerId.of(member)));
			PostOfficeTests.this.members.clear();
		}

		void run() {
			for (int step = 0; step < 400; step++) {
				switch (this.random.nextInt(12)) {
					case 0 -> arrive();
					case 1 -> leave();
					case 2 -> withMember((member) -> PostOfficeTests.this.office.mailbox(WorkerId.of(member),
							this.random.nextInt(4) > 0));
					case 3, 4, 5 -> withMember(this::send);
					case 6 -> withMember(this::broadcast);
					default -> withMember(this::handle);
				}
			}
			List<Long> left = List.copyOf(PostOfficeTests.this.members);
			boolean busy = true;
			while (busy) {
				busy = false;
				for (long member : left) {
					busy |= handle(member);
				}
			}
			this.answers.forEach((member, counts) -> assertThat(counts).as("member %d", member)
				.isEqualTo(this.expected.get(member)));
		}

		private void arrive() {
			if (PostOfficeTests.this.members.size() < 5) {
				long member = ++this.lastMember;
				connect(member);
				this.answers.put(member, new HashMap<>());
				this.expected.put(member, new HashMap<>());
				this.lastFrom.put(member, new HashMap<>());
				PostOfficeTests.this.office.mailbox(WorkerId.of(member), true);
			}
		}

		private void leave() {
			withMember((member) -> {
				if (this.random.nextInt(3) == 0) {
					PostOfficeTests.this.members.remove(member);
				}
				PostOfficeTests.this.office.disconnected(WorkerId.of(member));
				PostOfficeTests.this.members.remove(member);
				this.answers.remove(member);
				this.expected.remove(member);
			});
		}

		private void send(long member) {
			long receiver = 1 + this.random.nextLong(this.lastMember + 1);
			long id = ++this.lastMessage;
			this.expected.get(member).put(id, 1);
			hand(member, message(receiver, id));
		}

		private void broadcast(long member) {
			hand(member, new Mail(Kind.BROADCAST, 0, ++this.lastMessage, "T", new byte[0]));
		}

		private boolean handle(long member) {
			Mail next = PostOfficeTests.this.mail.get(member).poll();
			if (next == null) {
				return false;
			}
			switch (next.kind()) {
				case SPREAD -> {
					int receivers = idsIn(next).size();
					if (receivers > 0) {
						this.expected.get(member).put(next.id(), receivers);
					}
				}
				case MESSAGE -> {
					Long before = this.lastFrom.get(member).put(next.peer(), next.id());
					assertThat((before != null) ? before : 0).as("once and in order").isLessThan(next.id());
					hand(member, Mail.of(Kind.TAKEN, next.peer(), next.id()));
				}
				case TAKEN, REFUSED -> this.answers.get(member).merge(next.id(), 1, Integer::sum);
				case BROADCAST, REQUEST, REPLY -> throw new AssertionError(next);
			}
			return true;
		}

		private void withMember(LongConsumer action) {
			if (!PostOfficeTests.this.members.isEmpty()) {
				List<Long> all = List.copyOf(PostOfficeTests.this.members);
				action.accept(all.get(this.random.nextInt(all.size())));
			}
		}

	}

}
