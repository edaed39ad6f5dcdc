package io.github.bootcluster.messaging;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.Mail;
import io.github.bootcluster.control.Mail.Kind;
import io.github.bootcluster.messaging.MessagingException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes mail on between members, without reading it, and answers for those that cannot
 * be reached. Of each message it remembers that it is under way until its receiver
 * answers, so that the sender learns of a receiver that ends, and nobody has more of them
 * waiting than may. Safe for use by any thread; mail of one member must be handed in by
 * one thread at a time, or in any order.
 */
public final class PostOffice {

	private static final Logger logger = LoggerFactory.getLogger(PostOffice.class);

	/** Bytes that may be under way to one receiver, besides the number of messages. */
	static final long MAX_BYTES = 16 * 1024 * 1024;

	private final Predicate<WorkerId> workers;

	private final int capacity;

	private final Map<Long, Box> boxes = new ConcurrentHashMap<>();

	/**
	 * Create a post office without members.
	 * @param workers which workers belong to the cluster at present
	 * @param capacity messages that may be under way to one receiver
	 */
	public PostOffice(Predicate<WorkerId> workers, int capacity) {
		this.workers = workers;
		this.capacity = capacity;
	}

	/**
	 * A worker can be reached, but takes no messages yet.
	 * @param carrier takes mail to it
	 */
	public void connected(WorkerId worker, Carrier carrier) {
		connected(worker.value(), carrier);
	}

	/** A worker takes messages, or does so no more. */
	public void mailbox(WorkerId worker, boolean open) {
		mailbox(worker.value(), open);
	}

	/** A worker cannot be reached any more. */
	public void disconnected(WorkerId worker) {
		Box box = this.boxes.remove(worker.value());
		if (box != null) {
			box.close();
			box.underWay()
				.forEach((key) -> refuse(key, worker.value(), Reason.GONE,
						"Worker %s has ended before it was the message's turn.".formatted(worker)));
		}
	}

	/** A worker hands in mail. */
	public void accept(WorkerId sender, Mail mail) {
		accept(sender.value(), mail);
	}

	/** For the launcher itself. */
	public Post launcher() {
		return new LocalPost(Mail.LAUNCHER);
	}

	/** For a worker in the same process. */
	public Post local(WorkerId worker) {
		return new LocalPost(worker.value());
	}

	private void connected(long member, Carrier carrier) {
		this.boxes.put(member, new Box(carrier));
	}

	private void mailbox(long member, boolean open) {
		Box box = this.boxes.get(member);
		if (box != null) {
			box.open(open);
		}
	}

	private void accept(long sender, Mail mail) {
		switch (mail.kind()) {
			case MESSAGE, REQUEST -> forward(sender, mail);
			case BROADCAST -> spread(sender, mail);
			case TAKEN, REPLY, REFUSED -> answer(sender, mail);
			case SPREAD -> logger.warn("{} sent mail that only launchers send: ignored", Sender.of(sender));
		}
	}

	private void spread(long sender, Mail mail) {
		long[] receivers = this.boxes.entrySet()
			.stream()
			.filter((entry) -> entry.getKey() != Mail.LAUNCHER && entry.getValue().isOpen() && isMember(entry.getKey()))
			.mapToLong(Map.Entry::getKey)
			.sorted()
			.toArray();
		ByteBuffer content = ByteBuffer.allocate(receivers.length * Long.BYTES);
		content.asLongBuffer().put(receivers);
		// Before the answers of those receivers.
		carry(sender, new Mail(Kind.SPREAD, Mail.LAUNCHER, mail.id(), "", content.array()));
		for (long receiver : receivers) {
			forward(sender, new Mail(Kind.MESSAGE, receiver, mail.id(), mail.type(), mail.content()));
		}
	}

	private void forward(long sender, Mail mail) {
		long receiver = mail.peer();
		Key key = new Key(sender, mail.id());
		Box box = (receiver == Mail.LAUNCHER || isMember(receiver)) ? this.boxes.get(receiver) : null;
		if (box == null) {
			refuse(key, receiver, Reason.UNKNOWN_WORKER, (receiver == Mail.LAUNCHER)
					? "The launcher takes no messages: no class of cluster.launcher.configuration listens."
					: "There is no worker %d (any more), or it has only just been started.".formatted(receiver));
			return;
		}
		switch (box.put(key, mail.withPeer(sender), this.capacity)) {
			case DONE -> {
			}
			case DUPLICATE -> refuse(key, receiver, Reason.UNREADABLE,
					"%s has a message with the number %d from here already.".formatted(nameOf(receiver), mail.id()));
			case CLOSED -> refuse(key, receiver, Reason.NOT_READY,
					"%s does not take messages (yet, or any more).".formatted(nameOf(receiver)));
			case FULL -> refuse(key, receiver, Reason.TOO_BUSY,
					"%s has as many messages waiting as it may (cluster.messaging.queue-capacity, or %d MiB)."
						.formatted(nameOf(receiver), MAX_BYTES >> 20));
		}
	}

	/** Only what was asked is answered, and once. */
	private void answer(long receiver, Mail mail) {
		Key key = new Key(mail.peer(), mail.id());
		Box box = this.boxes.get(receiver);
		if (box != null && box.settle(key)) {
			carry(key.sender(),
					isTooMuchFor(key.sender(), mail)
							? Refusal.mail(receiver, key.id(), Reason.TOO_BUSY,
									"More replies wait for their asker than may (%d MiB).".formatted(MAX_BYTES >> 20))
							: mail.withPeer(receiver));
		}
		else {
			logger.debug("{} answered what nobody waits for: {}", Sender.of(receiver), mail);
		}
	}

	/** A message is small until its reply comes. */
	private boolean isTooMuchFor(long member, Mail reply) {
		Box box = this.boxes.get(member);
		return box != null && reply.content().length > 0 && box.carrier.backlog() + reply.content().length > MAX_BYTES;
	}

	private void refuse(Key key, long receiver, Reason reason, String why) {
		carry(key.sender(), Refusal.mail(receiver, key.id(), reason, why));
	}

	/** To a sender, which may be gone: then there is nobody to tell. */
	private void carry(long member, Mail mail) {
		Box box = this.boxes.get(member);
		if (box != null) {
			box.carry(mail);
		}
	}

	private boolean isMember(long worker) {
		return worker > 0 && this.workers.test(WorkerId.of(worker));
	}

	private static String nameOf(long member) {
		return (member == Mail.LAUNCHER) ? "The launcher" : "Worker " + member;
	}

	/** A message under way. */
	private record Key(long sender, long id) {

	}

	/** What became of a message that was to go into a box. */
	private enum Delivery {

		DONE, CLOSED, FULL, DUPLICATE

	}

	/** One member's mail. */
	private static final class Box {

		private final Carrier carrier;

		/** Bytes of each message that its receiver has not answered. Guarded by this. */
		private final Map<Key, Integer> underWay = new HashMap<>();

		/** Guarded by this. */
		private long bytes;

		/** Written with this held, read anywhere. */
		private volatile boolean open;

		Box(Carrier carrier) {
			this.carrier = carrier;
		}

		boolean isOpen() {
			return this.open;
		}

		synchronized void open(boolean open) {
			this.open = open;
		}

		/** For good: nobody finds it any more. */
		synchronized void close() {
			this.open = false;
		}

		/** Carried with the lock held, so that the order is that of being put in. */
		synchronized Delivery put(Key key, Mail mail, int capacity) {
			int size = mail.content().length;
			if (!this.open) {
				return Delivery.CLOSED;
			}
			if (this.underWay.size() >= capacity || this.bytes + size > MAX_BYTES) {
				return Delivery.FULL;
			}
			if (this.underWay.putIfAbsent(key, size) != null) {
				return Delivery.DUPLICATE;
			}
			this.bytes += size;
			boolean carried = false;
			try {
				carried = this.carrier.carry(mail);
			}
			finally {
				if (!carried) {
					settle(key);
				}
			}
			return carried ? Delivery.DONE : Delivery.CLOSED;
		}

		synchronized boolean settle(Key key) {
			Integer size = this.underWay.remove(key);
			if (size != null) {
				this.bytes -= size;
			}
			return size != null;
		}

		void carry(Mail mail) {
			this.carrier.carry(mail);
		}

		synchronized Collection<Key> underWay() {
			return List.copyOf(this.underWay.keySet());
		}

	}

	/** The way to a member. */
	public interface Carrier {

		/**
		 * Take mail to it, without waiting.
		 * @return whether that could be done; {@code false} if it is gone
		 */
		boolean carry(Mail mail);

		/** Bytes that have been taken and are still on their way. */
		long backlog();

	}

	/** Of a member that lives in this process. */
	private final class LocalPost implements Post {

		private final long member;

		private LocalPost(long member) {
			this.member = member;
		}

		@Override
		public boolean send(Mail mail) {
			accept(this.member, mail);
			return true;
		}

		@Override
		public void receiveBy(Consumer<Mail> receiver, Runnable gone) {
			connected(this.member, new Carrier() {

				@Override
				public boolean carry(Mail mail) {
					receiver.accept(mail);
					return true;
				}

				@Override
				public long backlog() {
					return 0;
				}

			});
		}

		@Override
		public void mailbox(boolean open) {
			PostOffice.this.mailbox(this.member, open);
		}

	}

}
