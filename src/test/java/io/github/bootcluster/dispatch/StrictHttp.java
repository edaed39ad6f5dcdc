package io.github.bootcluster.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTTP/1.x read the slow, plain way: whole lines against the grammar of RFC 9112, one
 * after the other. It judges what the dispatcher lets through and therefore shares no
 * code with it. Where the RFC leaves a choice between refusing and repairing, it refuses.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>
 */
final class StrictHttp {

	private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

	private static final String QUOTED = "\"(?:[\\t !#-\\[\\]-~\\x80-\\xff]++|\\\\[\\t -~\\x80-\\xff])*+\"";

	// Section 3. Bytes above 0x7F are no URI characters, but every browser's UTF-8.
	private static final Pattern REQUEST_LINE = Pattern
		.compile("(" + TOKEN + ") ([!-~\\x80-\\xff]+) (HTTP/[0-9]\\.[0-9])");

	// Section 4. Many servers leave the blank before an empty reason out.
	private static final Pattern STATUS_LINE = Pattern
		.compile("(HTTP/1\\.[01]) ([1-9][0-9]{2})(?: ([\\t -~\\x80-\\xff]*))?");

	// Section 5
	private static final Pattern FIELD = Pattern
		.compile("(" + TOKEN + "):[ \\t]*((?:[!-~\\x80-\\xff](?:[\\t -~\\x80-\\xff]*[!-~\\x80-\\xff])?)?)[ \\t]*");

	// Section 7.1
	private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]+");

	// Section 7.1.1
	private static final Pattern CHUNK_EXTENSION = Pattern
		.compile("[ \\t]*;[ \\t]*" + TOKEN + "(?:[ \\t]*=[ \\t]*(?:" + TOKEN + "|" + QUOTED + "))?");

	private static final Pattern DIGITS = Pattern.compile("[0-9]+");

	private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?#]*)([^#]*)");

	// RFC 3986, section 3.2.2; the groups of an IPv6 address are not looked into
	private static final Pattern HOST = Pattern
		.compile("(?:\\[[0-9A-Fa-f:.]+]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})++)(?::[0-9]*)?");

	private final String bytes;

	private int position;

	private StrictHttp(String bytes, int position) {
		this.bytes = bytes;
		this.position = position;
	}

	/**
	 * Read the request that begins at a position.
	 * @param bytes all that was received, a char for a byte
	 */
	static Reading<Request> readRequest(String bytes, int from) {
		StrictHttp reader = new StrictHttp(bytes, from);
		return reader.read(reader::request);
	}

	/** Read one request after the other, up to the first that is not whole. */
	static Requests readRequests(String bytes) {
		List<Request> requests = new ArrayList<>();
		int position = 0;
		while (true) {
			Reading<Request> reading = readRequest(bytes, position);
			if (reading.message() == null) {
				return new Requests(requests, position, reading);
			}
			requests.add(reading.message());
			position = reading.end();
		}
	}

	/**
	 * Read the answer that begins at a position.
	 * @param method what it answers
	 * @param closed whether no more bytes will come
	 */
	static Reading<Response> readResponse(String bytes, int from, String method, boolean closed) {
		StrictHttp reader = new StrictHttp(bytes, from);
		return reader.read(() -> reader.response(method, closed));
	}

	private <T> Reading<T> read(Part<T> part) {
		try {
			T message = part.read();
			return new Reading<>(message, this.position, null);
		}
		catch (Malformed ex) {
			return new Reading<>(null, this.position, ex.getMessage());
		}
		catch (Incomplete ex) {
			return new Reading<>(null, this.position, null);
		}
	}

	private Request request() throws Malformed, Incomplete {
		int emptyLines = 0;
		String line = line();
		while (line.isEmpty()) {
			// Section 2.2
			emptyLines++;
			line = line();
		}
		Matcher words = REQUEST_LINE.matcher(line);
		require(words.matches(), "request line");
		List<Field> fields = fields();
		Request head = new Request(words.group(1), words.group(2), words.group(3), fields, "", List.of(), line.length(),
				emptyLines, 0, 0);
		checkTarget(head);
		checkHost(head);
		checkFraming(head.version(), fields);
		int begin = this.position;
		StringBuilder body = new StringBuilder();
		List<Field> trailers = List.of();
		int longest = 0;
		if (!head.values("transfer-encoding").isEmpty()) {
			longest = chunks(body);
			trailers = fields();
		}
		else if (!head.values("content-length").isEmpty()) {
			body.append(take(head.values("content-length").get(0)));
		}
		return new Request(head.method(), head.target(), head.version(), fields, body.toString(), trailers,
				line.length(), emptyLines, longest, this.position - begin - body.length());
	}

	private Response response(String method, boolean closed) throws Malformed, Incomplete {
		Matcher words = STATUS_LINE.matcher(line());
		require(words.matches(), "status line");
		int status = Integer.parseInt(words.group(2));
		List<Field> fields = fields();
		checkFraming(words.group(1), fields);
		Response head = new Response(status, fields, "", List.of());
		// Section 6.3
		if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
			return head;
		}
		StringBuilder body = new StringBuilder();
		if (!head.values("transfer-encoding").isEmpty()) {
			chunks(body);
			return new Response(status, fields, body.toString(), fields());
		}
		if (!head.values("content-length").isEmpty()) {
			body.append(take(head.values("content-length").get(0)));
		}
		else if (closed) {
			body.append(take(this.bytes.length() - this.position));
		}
		else {
			throw new Incomplete();
		}
		return new Response(status, fields, body.toString(), List.of());
	}

	private List<Field> fields() throws Malformed, Incomplete {
		List<Field> fields = new ArrayList<>();
		for (String line = line(); !line.isEmpty(); line = line()) {
			Matcher field = FIELD.matcher(line);
			require(field.matches(), "field");
			fields.add(new Field(field.group(1), field.group(2)));
		}
		return fields;
	}

	// Sections 6.1 to 6.3
	private static void checkFraming(String version, List<Field> fields) throws Malformed {
		List<String> encodings = Field.values(fields, "transfer-encoding");
		List<String> lengths = Field.values(fields, "content-length");
		require(encodings.size() <= 1, "several Transfer-Encodings");
		require(lengths.size() <= 1, "several Content-Lengths");
		require(encodings.isEmpty() || lengths.isEmpty(), "both framings");
		require(encodings.isEmpty() || encodings.get(0).equalsIgnoreCase("chunked"), "Transfer-Encoding");
		require(encodings.isEmpty() || !version.equals("HTTP/1.0"), "Transfer-Encoding on 1.0");
		require(lengths.isEmpty() || DIGITS.matcher(lengths.get(0)).matches(), "Content-Length");
	}

	// Section 3.2
	private static void checkTarget(Request request) throws Malformed {
		String target = request.target();
		require(target.indexOf('#') < 0, "fragment");
		if (request.method().equals("CONNECT")) {
			require(HOST.matcher(target).matches(), "authority form");
			return;
		}
		boolean asterisk = target.equals("*") && request.method().equals("OPTIONS");
		require(target.startsWith("/") || asterisk || ABSOLUTE.matcher(target).matches(), "target");
	}

	// Section 3.2 and 3.2.2
	private static void checkHost(Request request) throws Malformed {
		List<String> hosts = request.values("host");
		require(hosts.size() <= 1, "several Hosts");
		require(!hosts.isEmpty() || request.version().equals("HTTP/1.0"), "no Host");
		require(hosts.isEmpty() || HOST.matcher(hosts.get(0)).matches(), "Host");
		String authority = request.authority();
		require(authority == null || HOST.matcher(authority).matches(), "authority");
		require(authority == null || hosts.isEmpty() || authority.equalsIgnoreCase(hosts.get(0)),
				"Host other than the authority");
	}

	/** Returns the length of the longest line with a size. */
	private int chunks(StringBuilder body) throws Malformed, Incomplete {
		int longest = 0;
		while (true) {
			String line = line();
			longest = Math.max(longest, line.length());
			Matcher size = CHUNK_SIZE.matcher(line);
			require(size.lookingAt(), "chunk size");
			checkExtensions(line, size.end());
			String digits = size.group().replaceFirst("^0+", "");
			if (digits.isEmpty()) {
				return longest;
			}
			require(digits.length() <= 7, "chunk size beyond 28 bits");
			body.append(take(Integer.parseInt(digits, 16)));
			require(take(2).equals("\r\n"), "end of chunk");
		}
	}

	private static void checkExtensions(String line, int from) throws Malformed {
		Matcher extension = CHUNK_EXTENSION.matcher(line);
		int position = from;
		while (position < line.length()) {
			extension.region(position, line.length());
			require(extension.lookingAt(), "chunk extension");
			position = extension.end();
		}
	}

	// Section 2.2: CRLF, and no other CR or LF
	private String line() throws Malformed, Incomplete {
		int end = this.bytes.indexOf('\n', this.position);
		if (end < 0) {
			throw new Incomplete();
		}
		require(end > this.position && this.bytes.charAt(end - 1) == '\r', "bare LF");
		String line = this.bytes.substring(this.position, end - 1);
		require(line.indexOf('\r') < 0, "bare CR");
		this.position = end + 1;
		return line;
	}

	private String take(String length) throws Incomplete {
		String digits = length.replaceFirst("^0+(?=.)", "");
		if (digits.length() > 9) {
			throw new Incomplete();
		}
		return take(Integer.parseInt(digits));
	}

	private String take(int length) throws Incomplete {
		if (this.bytes.length() - this.position < length) {
			throw new Incomplete();
		}
		this.position += length;
		return this.bytes.substring(this.position - length, this.position);
	}

	private static void require(boolean condition, String rule) throws Malformed {
		if (!condition) {
			throw new Malformed(rule);
		}
	}

	/**
	 * What was made of some bytes: a whole message, or none.
	 *
	 * @param message the message, or {@code null} if it is malformed or incomplete
	 * @param end where it ends, or how far it was understood
	 * @param fault the rule that is broken, or {@code null}
	 */
	record Reading<T>(T message, int end, String fault) {

		boolean isIncomplete() {
			return this.message == null && this.fault == null;
		}

	}

	/**
	 * Requests that followed each other.
	 *
	 * @param whole the whole ones
	 * @param end where the last of them ends
	 * @param rest what follows them
	 */
	record Requests(List<Request> whole, int end, Reading<Request> rest) {

	}

	/** A field; the name as it was written, the value without blanks around it. */
	record Field(String name, String value) {

		static List<String> values(List<Field> fields, String name) {
			return fields.stream().filter((field) -> field.name().equalsIgnoreCase(name)).map(Field::value).toList();
		}

	}

	/**
	 * A request.
	 *
	 * @param lineLength length of its first line
	 * @param emptyLines how many preceded it
	 * @param longestSizeLine length of the longest line with a chunk's size
	 * @param overhead bytes of the body's framing
	 */
	record Request(String method, String target, String version, List<Field> fields, String body, List<Field> trailers,
			int lineLength, int emptyLines, int longestSizeLine, int overhead) {

		List<String> values(String name) {
			return Field.values(this.fields, name);
		}

		/** The authority of an absolute form, or {@code null}. */
		String authority() {
			Matcher absolute = ABSOLUTE.matcher(this.target);
			return absolute.matches() ? absolute.group(1) : null;
		}

		/** The target as an origin server expects it. */
		String origin() {
			Matcher absolute = ABSOLUTE.matcher(this.target);
			if (!absolute.matches()) {
				return this.target;
			}
			String rest = absolute.group(2);
			if (rest.isEmpty() && this.method.equals("OPTIONS")) {
				return "*";
			}
			return rest.startsWith("/") ? rest : "/" + rest;
		}

		/** Field names in small letters. */
		List<String> names() {
			return this.fields.stream().map((field) -> field.name().toLowerCase(Locale.ROOT)).toList();
		}

	}

	/** An answer. */
	record Response(int status, List<Field> fields, String body, List<Field> trailers) {

		List<String> values(String name) {
			return Field.values(this.fields, name);
		}

	}

	private interface Part<T> {

		T read() throws Malformed, Incomplete;

	}

	/** A control-flow exception: costs no stack trace. */
	private static final class Malformed extends Exception {

		Malformed(String rule) {
			super(rule, null, false, false);
		}

	}

	/** A control-flow exception: costs no stack trace. */
	private static final class Incomplete extends Exception {

		Incomplete() {
			super(null, null, false, false);
		}

	}

}
