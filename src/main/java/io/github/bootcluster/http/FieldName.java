package io.github.bootcluster.http;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.bootcluster.http.FieldName.Trait;

/**
 * The fields that mean something to a proxy. All others pass.
 */
public enum FieldName {

	AUTHORIZATION("authorization", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	CONNECTION("connection", Trait.HOP_BY_HOP),

	CONTENT_ENCODING("content-encoding", Trait.NOT_AFTER_BODY),

	CONTENT_LENGTH("content-length", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	CONTENT_RANGE("content-range", Trait.NOT_AFTER_BODY),

	CONTENT_TYPE("content-type", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	COOKIE("cookie", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	DATE("date", Trait.END_TO_END),

	EXPECT("expect", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	FORWARDED("forwarded", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	HOST("host", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	KEEP_ALIVE("keep-alive", Trait.HOP_BY_HOP),

	LOCATION("location", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	/**
	 * Between a client and the proxy next to it, and that proxy wants none.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-11.7">RFC 9110,
	 * section 11.7</a>
	 */
	PROXY_AUTHENTICATE("proxy-authenticate", Trait.HOP_BY_HOP),

	PROXY_AUTHENTICATION_INFO("proxy-authentication-info", Trait.HOP_BY_HOP),

	PROXY_AUTHORIZATION("proxy-authorization", Trait.HOP_BY_HOP),

	PROXY_CONNECTION("proxy-connection", Trait.HOP_BY_HOP),

	SET_COOKIE("set-cookie", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	TE("te", Trait.HOP_BY_HOP),

	TRAILER("trailer", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	TRANSFER_ENCODING("transfer-encoding", Trait.HOP_BY_HOP),

	UPGRADE("upgrade", Trait.HOP_BY_HOP),

	X_FORWARDED_FOR("x-forwarded-for", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	X_FORWARDED_HOST("x-forwarded-host", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	X_FORWARDED_PORT("x-forwarded-port", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	X_FORWARDED_PROTO("x-forwarded-proto", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	/** Any other that begins like these. */
	X_FORWARDED_OTHER("x-forwarded-", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	X_REQUEST_ID("x-request-id", Trait.END_TO_END, Trait.NOT_AFTER_BODY),

	/**
	 * A name that has underscores where one of a length, a coding or a forwarded field
	 * has dashes. A program that reads its fields as CGI variables takes it for that one.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-17.10">RFC 9110,
	 * section 17.10</a>
	 */
	IMITATION("", Trait.END_TO_END, Trait.NOT_AFTER_BODY);

	private static final FieldName[][] BY_LENGTH = byLength();

	private final Word word;

	private final boolean hopByHop;

	private final boolean endToEnd;

	private final boolean notAfterBody;

	FieldName(String name, Trait... traits) {
		this.word = new Word(name);
		List<Trait> all = List.of(traits);
		this.hopByHop = all.contains(Trait.HOP_BY_HOP);
		this.endToEnd = all.contains(Trait.END_TO_END);
		this.notAfterBody = all.contains(Trait.NOT_AFTER_BODY);
	}

	/**
	 * Whether it concerns one connection only and goes no further than it.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110,
	 * section 7.6.1</a>
	 */
	boolean isHopByHop() {
		return this.hopByHop;
	}

	/** Whether a sender names it in Connection only by mistake or with bad intent. */
	boolean isEndToEnd() {
		return this.endToEnd;
	}

	/**
	 * Whether it may not arrive after the body, where no rule is applied to it any more.
	 */
	boolean isNotAfterBody() {
		return this.notAfterBody;
	}

	/** The field of that name, or {@code null} if it means nothing here. */
	static @Nullable FieldName of(byte[] bytes, int from, int to) {
		int length = to - from;
		if (length < BY_LENGTH.length) {
			for (FieldName candidate : BY_LENGTH[length]) {
				if (candidate.word.matches(bytes, from, to)) {
					return candidate;
				}
			}
		}
		if (X_FORWARDED_OTHER.word.isPrefix(bytes, from, to)) {
			return X_FORWARDED_OTHER;
		}
		return isImitation(bytes, from, to) ? IMITATION : null;
	}

	/** Asked only of names that are none of ours. */
	private static boolean isImitation(byte[] bytes, int from, int to) {
		return CONTENT_LENGTH.word.isImitatedBy(bytes, from, to) || TRANSFER_ENCODING.word.isImitatedBy(bytes, from, to)
				|| X_FORWARDED_OTHER.word.isPrefixImitatedBy(bytes, from, to);
	}

	private static FieldName[][] byLength() {
		List<List<FieldName>> lists = new ArrayList<>();
		for (FieldName name : values()) {
			while (lists.size() <= name.word.length()) {
				lists.add(new ArrayList<>());
			}
			lists.get(name.word.length()).add(name);
		}
		return lists.stream().map((list) -> list.toArray(FieldName[]::new)).toArray(FieldName[][]::new);
	}

	/** What is to be observed of a field. */
	enum Trait {

		HOP_BY_HOP, END_TO_END, NOT_AFTER_BODY

	}

}
