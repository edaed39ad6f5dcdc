package io.github.bootcluster.messaging;

import java.util.function.Consumer;

import io.github.bootcluster.control.Mail;

/** How one member's mail leaves and reaches it. */
public interface Post {

	/**
	 * Send mail, without waiting.
	 * @return whether it was taken; {@code false} if there is nobody to take it any more
	 */
	boolean send(Mail mail);

	/**
	 * Name who takes what comes for this member, from now on. Neither may block.
	 * @param receiver is given every mail
	 * @param gone run once there is nobody to send anything to any more
	 */
	void receiveBy(Consumer<Mail> receiver, Runnable gone);

	/** Say whether this member takes messages. At first it does not. */
	void mailbox(boolean open);

}
