package io.github.bootcluster.dispatch;

import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.github.bootcluster.dispatch.ErrorAnswer.Status;
import io.github.bootcluster.http.Authority;
import io.github.bootcluster.http.FieldName;
import io.github.bootcluster.http.Fields;
import io.github.bootcluster.http.Framing;
import io.github.bootcluster.http.MessageException;
import io.github.bootcluster.http.Method;
import io.github.bootcluster.http.RequestHead;
import io.github.bootcluster.http.Word;

/**
 * What a well-formed request must satisfy beyond its syntax before it may get any
 * further. A request that could be read in two ways is refused, never repaired.
 */
final class RequestRules {

	private RequestRules() {
	}

	/** Why a request is refused, or {@code null} if it is not. */
	static @Nullable ErrorAnswer refusal(RequestHead head, long maxBody) {
		if (!head.isHttp1()) {
			return new ErrorAnswer(Status.VERSION_NOT_SUPPORTED, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
		}
		if (head.method().equals(Method.CONNECT)) {
			return new ErrorAnswer(Status.NOT_IMPLEMENTED, "This server is no forward proxy.");
		}
		ErrorAnswer refusal = framingRefusal(head, maxBody);
		if (refusal == null) {
			refusal = authorityRefusal(head);
		}
		if (refusal == null) {
			refusal = expectationRefusal(head);
		}
		return refusal;
	}

	/**
	 * Why a request is refused on this connection, or {@code null} if it is not.
	 * @param head a request that is otherwise in order
	 * @param hosts the hosts it may be for
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.4">RFC 9110, section
	 * 7.4</a>
	 */
	static @Nullable ErrorAnswer misdirection(RequestHead head, Predicate<String> hosts) {
		String authority = head.fields().value(FieldName.HOST);
		if (authority == null) {
			RequestTarget target = RequestTarget.of(head);
			authority = (target != null) ? target.authority() : null;
		}
		return hosts.test((authority != null) ? Authority.hostOf(authority) : "") ? null
				: new ErrorAnswer(Status.MISDIRECTED_REQUEST,
						"This host must be asked on a connection of its own, opened with its name.");
	}

	private static @Nullable ErrorAnswer framingRefusal(RequestHead head, long maxBody) {
		if (head.fields().has(FieldName.IMITATION)) {
			return ErrorAnswer.badRequest("A field may be taken for another, but for its underscores.");
		}
		try {
			Framing framing = Framing.of(head);
			return (framing instanceof Framing.Fixed fixed && fixed.length() > maxBody) ? ErrorAnswer.tooLarge(maxBody)
					: null;
		}
		catch (MessageException ex) {
			return ErrorAnswer.badRequest(String.valueOf(ex.getMessage()));
		}
	}

	// https://www.rfc-editor.org/rfc/rfc9112#section-3.2
	private static @Nullable ErrorAnswer authorityRefusal(RequestHead head) {
		Fields fields = head.fields();
		int hosts = fields.count(FieldName.HOST);
		if (hosts > 1) {
			return ErrorAnswer.badRequest("There must be only one Host.");
		}
		if (hosts == 0 && !head.isHttp10()) {
			return ErrorAnswer.badRequest("Host is missing.");
		}
		if (hosts == 1 && !fields.isAuthority(FieldName.HOST)) {
			return ErrorAnswer.badRequest("Host is not valid.");
		}
		return head.isOriginForm() ? null : targetRefusal(head);
	}

	private static @Nullable ErrorAnswer targetRefusal(RequestHead head) {
		RequestTarget target = RequestTarget.of(head);
		if (target == null || (target.authority() != null && !Authority.isValid(target.authority()))) {
			return ErrorAnswer.badRequest("The request target is not valid.");
		}
		if (target.authority() != null && head.fields().has(FieldName.HOST)
				&& !head.fields().is(FieldName.HOST, new Word(target.authority()))) {
			return ErrorAnswer.badRequest("Host is not that of the request target.");
		}
		return null;
	}

	// https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
	private static @Nullable ErrorAnswer expectationRefusal(RequestHead head) {
		if (head.isHttp10() || !head.fields().has(FieldName.EXPECT)) {
			return null;
		}
		boolean met = head.fields().values(FieldName.EXPECT).stream().allMatch("100-continue"::equalsIgnoreCase);
		return met ? null
				: new ErrorAnswer(Status.EXPECTATION_FAILED, "The only expectation that can be met is '100-continue'.");
	}

}
