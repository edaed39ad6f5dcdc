package io.github.bootcluster.worker;

import java.util.function.Consumer;

import io.github.bootcluster.control.ControlMessage.Mailbox;
import io.github.bootcluster.control.Mail;
import io.github.bootcluster.messaging.Post;

/** A worker's mail, which goes and comes by way of its launcher. */
public final class WorkerPost implements Post {

	private final WorkerAgent agent;

	public WorkerPost(WorkerAgent agent) {
		this.agent = agent;
	}

	@Override
	public boolean send(Mail mail) {
		return this.agent.send(mail);
	}

	@Override
	public void receiveBy(Consumer<Mail> receiver, Runnable gone) {
		this.agent.receiveMailBy(receiver, gone);
	}

	@Override
	public void mailbox(boolean open) {
		this.agent.send(new Mailbox(open));
	}

}
