package io.github.bootcluster.launcher;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlListener;
import io.github.bootcluster.control.ControlMessage;
import io.github.bootcluster.control.ControlMessage.FromWorker;
import io.github.bootcluster.control.Mail;
import io.github.bootcluster.messaging.PostOffice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what workers say into facts, and has the rest taken by whom it is for: what they
 * say to each other, what they use, and what they answer.
 */
final class ControlFacts implements ControlListener {

	private static final Logger logger = LoggerFactory.getLogger(ControlFacts.class);

	private final Consumer<Fact> facts;

	private final PostOffice postOffice;

	private final MeterCalls meters;

	private final Vitals vitals;

	private final Inquiries inquiries;

	/**
	 * Create one.
	 * @param facts takes what concerns the supervisor
	 * @param postOffice takes what workers say to each other
	 * @param meters takes what workers tell of their meters
	 * @param vitals takes what they say of what they use
	 * @param inquiries takes what they answer
	 */
	ControlFacts(Consumer<Fact> facts, PostOffice postOffice, MeterCalls meters, Vitals vitals, Inquiries inquiries) {
		this.facts = facts;
		this.postOffice = postOffice;
		this.meters = meters;
		this.vitals = vitals;
		this.inquiries = inquiries;
	}

	@Override
	public void connected(WorkerId worker, Connection connection) {
		this.inquiries.connected(worker, connection);
		this.postOffice.connected(worker, new MailCarrier(connection));
		this.meters.connected(worker, connection);
		this.facts.accept(new Fact.Connected(worker));
	}

	@Override
	public void received(WorkerId worker, FromWorker message) {
		if (message instanceof ControlMessage.Listening listening) {
			this.facts.accept(new Fact.Listening(worker, listening.port()));
		}
		else if (message instanceof ControlMessage.Availability availability) {
			this.facts.accept(new Fact.AvailabilityChanged(worker, availability.accepting(), availability.live()));
		}
		else if (message instanceof ControlMessage.Heartbeat heartbeat) {
			if (heartbeat.jvm() != null) {
				this.vitals.told(worker, heartbeat.jvm());
			}
			this.facts.accept(new Fact.HeartbeatReceived(worker));
		}
		else if (message instanceof Mail mail) {
			this.postOffice.accept(worker, mail);
		}
		else if (message instanceof ControlMessage.Meters part) {
			this.meters.received(worker, part);
		}
		else if (message instanceof ControlMessage.Mailbox mailbox) {
			this.postOffice.mailbox(worker, mailbox.open());
		}
		else if (message instanceof ControlMessage.Answer answer) {
			this.inquiries.answered(worker, answer);
		}
		else if (message instanceof ControlMessage.Resigned resigned) {
			this.facts.accept(new Fact.Resigned(worker, resigned.term()));
		}
		else if (message instanceof ControlMessage.Recycle) {
			// Nobody waits for the answer: the desk logs it.
			this.facts.accept(new Fact.CommandGiven(new ClusterCommand.Restart(worker), false,
					"worker " + worker + " itself", new CompletableFuture<>()));
		}
		else if (message instanceof ControlMessage.Hello) {
			logger.warn("Worker {} said hello twice: ignored", worker);
		}
	}

	@Override
	public void disconnected(WorkerId worker) {
		this.inquiries.disconnected(worker);
		this.postOffice.disconnected(worker);
		this.meters.disconnected(worker);
		this.facts.accept(new Fact.Disconnected(worker));
	}

	/** Takes mail to a worker. */
	private record MailCarrier(Connection connection) implements PostOffice.Carrier {

		@Override
		public boolean carry(Mail mail) {
			return this.connection.send(mail);
		}

		@Override
		public long backlog() {
			return this.connection.backlog();
		}

	}

}
