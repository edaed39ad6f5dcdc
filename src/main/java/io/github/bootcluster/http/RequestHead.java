package io.github.bootcluster.http;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request. Its syntax is sound once it is complete; whether it makes sense
 * is for others to say.
 */
public final class RequestHead extends Head {

	/** Longest request line in bytes. */
	public static final int MAX_LINE = 8 * 1024;

	/** Most bytes of all fields. */
	public static final int MAX_FIELD_BYTES = 16 * 1024;

	/** Most fields. */
	public static final int MAX_FIELDS = 100;

	private Method method = Method.GET;

	private int targetFrom;

	private int targetTo;

	private int majorVersion;

	private int minorVersion;

	private @Nullable String target;

	public RequestHead() {
		super(MAX_LINE, MAX_FIELD_BYTES, MAX_FIELDS);
	}

	public Method method() {
		return this.method;
	}

	/** The second word of the request line, as Latin-1, so that no byte is lost. */
	public String target() {
		String target = this.target;
		if (target == null) {
			target = new String(bytes(), this.targetFrom, this.targetTo - this.targetFrom, StandardCharsets.ISO_8859_1);
			this.target = target;
		}
		return target;
	}

	/** Whether the target is in the form that nearly all are in. */
	public boolean isOriginForm() {
		return bytes()[this.targetFrom] == '/';
	}

	/** The last word of the request line. */
	public String protocol() {
		if (!isHttp1()) {
			return "HTTP/" + this.majorVersion + "." + this.minorVersion;
		}
		return isHttp10() ? "HTTP/1.0" : "HTTP/1.1";
	}

	/** Whether it is HTTP/1.0 or HTTP/1.1. */
	public boolean isHttp1() {
		return this.majorVersion == 1 && this.minorVersion <= 1;
	}

	public boolean isHttp10() {
		return this.majorVersion == 1 && this.minorVersion == 0;
	}

	/**
	 * Whether the connection may be used for another request.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.3">RFC 9112, section
	 * 9.3</a>
	 */
	public boolean isKeepAlive() {
		if (!fields().has(FieldName.CONNECTION)) {
			return !isHttp10();
		}
		return !fields().lists(FieldName.CONNECTION, Word.CLOSE)
				&& (!isHttp10() || fields().lists(FieldName.CONNECTION, Word.KEEP_ALIVE));
	}

	/** Write the target as it was read. */
	public void writeTarget(ByteBuf out) {
		out.writeBytes(bytes(), this.targetFrom, this.targetTo - this.targetFrom);
	}

	@Override
	public void clear() {
		super.clear();
		this.method = Method.GET;
		this.target = null;
	}

	// https://www.rfc-editor.org/rfc/rfc9112#section-3: single blanks, and no other ones
	@Override
	void startLine(int from, int to) throws MessageException {
		byte[] bytes = bytes();
		int i = from;
		while (i < to && Syntax.isToken(bytes[i])) {
			i++;
		}
		if (i == from || i == to || bytes[i] != ' ') {
			throw MessageException.malformed("request line without a valid method");
		}
		this.method = Method.of(bytes, from, i);
		this.targetFrom = ++i;
		while (i < to && Syntax.isTarget(bytes[i])) {
			i++;
		}
		this.targetTo = i;
		if (i == this.targetFrom || i == to || bytes[i] != ' ') {
			throw MessageException.malformed("request line without a valid target");
		}
		int version = Version.read(bytes, i + 1, to);
		if (version < 0 || i + 1 + Version.LENGTH != to) {
			throw MessageException.malformed("request line without a valid version");
		}
		this.majorVersion = Version.major(version);
		this.minorVersion = Version.minor(version);
	}

	@Override
	boolean toleratesEmptyLines() {
		return true;
	}

}
