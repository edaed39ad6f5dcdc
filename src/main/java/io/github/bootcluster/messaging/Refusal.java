package io.github.bootcluster.messaging;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.github.bootcluster.control.Mail;
import io.github.bootcluster.control.Mail.Kind;
import io.github.bootcluster.messaging.MessagingException.Reason;

/** How a {@link MessagingException} travels. */
final class Refusal {

	private static final int MAX_LENGTH = 1000;

	private Refusal() {
	}

	static Mail mail(long peer, long id, Reason reason, String why) {
		String text = (why.length() <= MAX_LENGTH) ? why : why.substring(0, MAX_LENGTH) + "…";
		return new Mail(Kind.REFUSED, peer, id, reason.name(), text.getBytes(StandardCharsets.UTF_8));
	}

	static MessagingException read(Mail mail) {
		Reason reason = Arrays.stream(Reason.values())
			.filter((candidate) -> candidate.name().equals(mail.type()))
			.findFirst()
			.orElse(Reason.UNREADABLE);
		return new MessagingException(reason, new String(mail.content(), StandardCharsets.UTF_8));
	}

}
