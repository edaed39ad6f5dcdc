package io.github.bootcluster.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.github.bootcluster.dispatch.EmbeddedFront.Passage;
import io.github.bootcluster.dispatch.StrictHttp.Field;
import io.github.bootcluster.dispatch.StrictHttp.Reading;
import io.github.bootcluster.dispatch.StrictHttp.Request;
import io.github.bootcluster.dispatch.StrictHttp.Requests;
import io.github.bootcluster.dispatch.StrictHttp.Response;
import org.jspecify.annotations.Nullable;

/**
 * Whether the dispatcher dealt with some bytes as it should have: every request that it
 * let through is one that {@link StrictHttp} finds in them, in their order, and what it
 * refused is malformed or forbidden by a {@link StricterRule}.
 */
final class Verdict {

	/** Fields the dispatcher sets, drops or rewrites. */
	private static final Set<String> OURS = Set.of("connection", "keep-alive", "proxy-connection", "te",
			"transfer-encoding", "upgrade", "proxy-authenticate", "proxy-authorization", "proxy-authentication-info",
			"content-length", "host", "expect", "trailer", "forwarded", "x-request-id");

	/** Fields that do not pass after a body. */
	private static final Set<String> NOT_AFTER_BODY = Set.of("authorization", "content-encoding", "content-range",
			"content-type", "cookie", "set-cookie", "location", "content_length", "transfer_encoding");

	private final Requests expected;

	private final List<String> objections = new ArrayList<>();

	private Verdict(String bytes) {
		this.expected = StrictHttp.readRequests(bytes);
	}

	/** What is to be objected to, or nothing. */
	static List<String> of(String bytes, Passage passage) {
		Verdict verdict = new Verdict(bytes);
		verdict.judge(passage);
		return verdict.objections;
	}

	/** What is to be objected to of requests that a target has read. */
	static List<String> of(String bytes, List<Request> seen) {
		Verdict verdict = new Verdict(bytes);
		verdict.judgeSeen(seen);
		return verdict.objections;
	}

	/**
	 * What is to be objected to an answer.
	 * @param method what was asked for
	 * @param answer what was understood of the bytes, or {@code null} for nothing whole
	 */
	static List<String> of(String bytes, String method, @Nullable Response answer) {
		Reading<Response> expected = StrictHttp.readResponse(bytes, 0, method, false);
		Response whole = expected.message();
		if (answer == null) {
			boolean refused = whole != null && !StricterRule.refuses(whole);
			return refused ? List.of("refused " + whole) : List.of();
		}
		boolean same = whole != null && whole.status() == answer.status() && whole.body().equals(answer.body());
		return same ? List.of() : List.of("expected " + expected + ", found " + answer);
	}

	private void judge(Passage passage) {
		List<Request> seen = new ArrayList<>();
		for (String sent : passage.sent()) {
			Reading<Request> reading = StrictHttp.readRequest(sent, 0);
			if (reading.message() == null || reading.end() != sent.length()) {
				object("sent what is not one whole request (%s): %s", reading.fault(), sent);
				return;
			}
			seen.add(reading.message());
		}
		if (!passage.unfinished().isEmpty() && !StrictHttp.readRequest(passage.unfinished(), 0).isIncomplete()) {
			object("sent what is not a part of a request: %s", passage.unfinished());
		}
		judgeSeen(seen);
		if (passage.refusal() != 0) {
			judgeRefusal(seen.size(), passage.refusal());
		}
		else if (seen.size() < this.expected.whole().size()) {
			object("passed over %s", this.expected.whole().get(seen.size()));
		}
	}

	private void judgeSeen(List<Request> seen) {
		if (seen.size() > this.expected.whole().size()) {
			object("let %d requests through, not %d: %s", seen.size(), this.expected.whole().size(), seen);
			return;
		}
		for (int i = 0; i < seen.size(); i++) {
			compare(this.expected.whole().get(i), seen.get(i));
		}
	}

	private void judgeRefusal(int index, int status) {
		Reading<Request> rest = this.expected.rest();
		boolean whole = index < this.expected.whole().size();
		Request refused = whole ? this.expected.whole().get(index) : rest.part();
		boolean malformed = !whole && rest.fault() != null;
		if (!malformed && !StricterRule.refuses(refused, status)) {
			object("refused by %d: %s", status, refused);
		}
	}

	private void compare(Request received, Request sent) {
		Set<String> named = Set.copyOf(received.values("connection")
			.stream()
			.flatMap((options) -> List.of(options.split(",")).stream())
			.map((option) -> option.strip().toLowerCase(Locale.ROOT))
			.toList());
		same("method", received.method(), sent.method());
		same("target", received.origin(), sent.target());
		same("version", "HTTP/1.1", sent.version());
		same("body", received.body(), sent.body());
		same("chunked", received.values("transfer-encoding").size(), sent.values("transfer-encoding").size());
		same("lengths", received.values("content-length").size(), sent.values("content-length").size());
		same("hosts", 1, sent.values("host").size());
		if (!received.values("host").isEmpty()) {
			same("host", received.values("host"), sent.values("host"));
		}
		else if (received.authority() != null) {
			same("host", List.of(received.authority()), sent.values("host"));
		}
		same("fields", passing(received.fields(), named), passing(sent.fields(), named));
		List<Field> trailers = passing(received.trailers(), trailerOptions(received));
		trailers.removeIf((field) -> NOT_AFTER_BODY.contains(field.lowerCaseName()));
		same("trailers", trailers, sent.trailers());
		same("connection", sent.values("upgrade").isEmpty() ? List.of() : List.of("upgrade"),
				sent.values("connection"));
	}

	/** A Connection field among the trailers concerns those. */
	private static Set<String> trailerOptions(Request received) {
		return Set.copyOf(Field.values(received.trailers(), "connection")
			.stream()
			.flatMap((options) -> List.of(options.split(",")).stream())
			.map((option) -> option.strip().toLowerCase(Locale.ROOT))
			.toList());
	}

	private static List<Field> passing(List<Field> fields, Set<String> named) {
		List<Field> passing = new ArrayList<>();
		for (Field field : fields) {
			String name = field.lowerCaseName();
			if (!OURS.contains(name) && !name.replace('_', '-').startsWith("x-forwarded-") && !named.contains(name)) {
				passing.add(field);
			}
		}
		return passing;
	}

	private void same(String what, Object expected, Object found) {
		if (!expected.equals(found)) {
			object("%s: expected %s, found %s", what, expected, found);
		}
	}

	private void object(String format, Object... arguments) {
		this.objections.add(String.format(format, arguments));
	}

}
