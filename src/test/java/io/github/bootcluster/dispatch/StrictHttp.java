package io.github.bootcluster.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTTP/1.x read the slow, plain way: whole lines against the grammar of RFC 9112, one
 * after the other. It judges what the dispatcher lets through and therefore shares no
 * code with it. Where the RFC leaves a choice between refusing and repairing, it refuses;
 * it knows no limits.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>
 */
final class StrictHttp {

	private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

	private static final String QUOTED = "\"(?:[\\t !#-\\[\\]-~\\x80-\\xff]++|\\\\[\\t -~\\x80-\\xff])*+\"";

	// Section 3. Bytes above 0x7F are no URI characters, but what browsers once sent.
	private static final Pattern REQUEST_LINE = Pattern
		.compile("(" + TOKEN + ") ([!-~\\x80-\\xff]+) (HTTP/[0-9]\\.[0-9])");

	// Section 4. Many servers leave out the blank before an empty reason.
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

	// RFC 3986, section 3.2.2; what makes sense as an IPv6 address is not looked into
	private static final Pattern HOST = Pattern
		.compile("(?:\\[[0-9A-Fa-f:.]+]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})++)(?::[0-9]*)?");

	private final String bytes;

	private int position;

	private final Draft draft = new Draft();

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
		String fault = reader.read(reader::request);
		Request request = reader.draft.request();
		return new Reading<>(reader.draft.whole ? request : null, reader.position, fault, request);
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
		String fault = reader.read(() -> reader.response(method, closed));
		Response response = reader.draft.response();
		return new Reading<>(reader.draft.whole ? response : null, reader.position, fault, response);
	}

	/** Returns the rule that is broken, or {@code null}. */
	private String read(Part part) {
		try {
			part.read();
			this.draft.whole = true;
			return null;
		}
		catch (Malformed ex) {
			return ex.getMessage();
		}
		catch (Incomplete ex) {
			return null;
		}
	}

	private void request() throws Malformed, Incomplete {
		String line = line("request line", (begun) -> begun.equals("\r") || mayBegin(REQUEST_LINE, begun));
		while (line.isEmpty()) {
			// Section 2.2
			this.draft.emptyLines++;
			line = line("request line", (begun) -> begun.equals("\r") || mayBegin(REQUEST_LINE, begun));
		}
		Matcher words = REQUEST_LINE.matcher(line);
		require(words.matches(), "request line");
		this.draft.lineLength = line.length();
		this.draft.method = words.group(1);
		this.draft.target = words.group(2);
		this.draft.version = words.group(3);
		checkTarget(this.draft.request());
		fields(this.draft.fields);
		Request head = this.draft.request();
		checkHost(head);
		checkFraming(head.version(), head.fields());
		if (!head.values("transfer-encoding").isEmpty()) {
			chunks();
			fields(this.draft.trailers);
		}
		else if (!head.values("content-length").isEmpty()) {
			take(head.values("content-length").get(0));
		}
	}

	private void response(String method, boolean closed) throws Malformed, Incomplete {
		Matcher words = STATUS_LINE
			.matcher(line("status line", (begun) -> begun.isEmpty() || mayBegin(STATUS_LINE, begun)));
		require(words.matches(), "status line");
		int status = Integer.parseInt(words.group(2));
		this.draft.status = status;
		fields(this.draft.fields);
		checkFraming(words.group(1), this.draft.fields);
		Response head = this.draft.response();
		// Section 6.3
		if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
			return;
		}
		if (!head.values("transfer-encoding").isEmpty()) {
			chunks();
			fields(this.draft.trailers);
		}
		else if (!head.values("content-length").isEmpty()) {
			take(head.values("content-length").get(0));
		}
		else {
			this.draft.body.append(take(this.bytes.length() - this.position));
			if (!closed) {
				throw new Incomplete();
			}
		}
	}

	private void fields(List<Field> fields) throws Malformed, Incomplete {
		while (true) {
			String line = line("field", (begun) -> begun.isEmpty() || begun.equals("\r") || mayBegin(FIELD, begun));
			this.draft.fieldBytes += line.length() + 2;
			if (line.isEmpty()) {
				return;
			}
			Matcher field = FIELD.matcher(line);
			require(field.matches(), "field");
			fields.add(new Field(field.group(1), field.group(2)));
		}
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

	// Sections 3.2 and 3.2.2
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

	private void chunks() throws Malformed, Incomplete {
		while (true) {
			String line = line("chunk size", StrictHttp::mayBeginChunk);
			this.draft.sizeLines.add(line);
			Matcher size = CHUNK_SIZE.matcher(line);
			require(size.lookingAt(), "chunk size");
			checkExtensions(line, size.end());
			String digits = size.group().replaceFirst("^0+", "");
			if (digits.isEmpty()) {
				return;
			}
			if (digits.length() > 7) {
				// More than anybody sends here, and than a test can hold.
				throw new Incomplete();
			}
			this.draft.body.append(take(Integer.parseInt(digits, 16)));
			require("\r\n"
				.startsWith(this.bytes.substring(this.position, Math.min(this.bytes.length(), this.position + 2))),
					"end of chunk");
			take(2);
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

	private static boolean mayBeginChunk(String begun) {
		if (begun.endsWith("\r")) {
			return isChunk(begun.substring(0, begun.length() - 1));
		}
		Matcher size = CHUNK_SIZE.matcher(begun);
		int position = size.lookingAt() ? size.end() : 0;
		Matcher extension = CHUNK_EXTENSION.matcher(begun);
		while (position > 0 && position < begun.length()) {
			extension.region(position, begun.length());
			boolean found = extension.lookingAt();
			if (extension.hitEnd()) {
				return true;
			}
			if (!found) {
				return false;
			}
			position = extension.end();
		}
		return position == begun.length();
	}

	private static boolean isChunk(String line) {
		Matcher size = CHUNK_SIZE.matcher(line);
		try {
			require(size.lookingAt(), "chunk size");
			checkExtensions(line, size.end());
			return true;
		}
		catch (Malformed ex) {
			return false;
		}
	}

	private static boolean mayBegin(Pattern line, String begun) {
		if (begun.endsWith("\r")) {
			return line.matcher(begun.substring(0, begun.length() - 1)).matches();
		}
		Matcher matcher = line.matcher(begun);
		return matcher.matches() || matcher.hitEnd();
	}

	/**
	 * Take a line: section 2.2, CRLF and no other CR or LF.
	 * @param mayBegin whether some valid line begins like that, if it ends with a CR the
	 * whole of it
	 */
	private String line(String rule, Predicate<String> mayBegin) throws Malformed, Incomplete {
		int end = this.bytes.indexOf('\n', this.position);
		String line = this.bytes.substring(this.position, (end < 0) ? this.bytes.length() : end);
		int carriageReturn = line.indexOf('\r');
		require(carriageReturn < 0 || carriageReturn == line.length() - 1, "bare CR");
		if (end < 0) {
			this.draft.unfinished = line;
			require(mayBegin.test(line), rule);
			throw new Incomplete();
		}
		require(carriageReturn >= 0, "bare LF");
		this.position = end + 1;
		return line.substring(0, carriageReturn);
	}

	private void take(String length) throws Incomplete {
		String digits = length.replaceFirst("^0+(?=.)", "");
		if (digits.length() > 9) {
			throw new Incomplete();
		}
		this.draft.body.append(take(Integer.parseInt(digits)));
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
	 * @param part as much of the message as was understood
	 */
	record Reading<T>(T message, int end, String fault, T part) {

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
			List<String> values = new ArrayList<>();
			for (Field field : fields) {
				if (field.name.equalsIgnoreCase(name)) {
					values.add(field.value);
				}
			}
			return values;
		}

		String lowerCaseName() {
			return this.name.toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * A request.
	 *
	 * @param size what it takes
	 */
	record Request(String method, String target, String version, List<Field> fields, String body, List<Field> trailers,
			Size size) {

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
			return this.fields.stream().map(Field::lowerCaseName).toList();
		}

	}

	/**
	 * What limits may apply to.
	 *
	 * @param emptyLines empty lines ahead
	 * @param lineLength length of the first line
	 * @param fieldBytes length of all fields and trailers, line ends included
	 * @param sizeLines lines with the sizes of chunks
	 * @param unfinished the line at which the bytes end, or nothing
	 */
	record Size(int emptyLines, int lineLength, int fieldBytes, List<String> sizeLines, String unfinished) {

	}

	/** An answer. */
	record Response(int status, List<Field> fields, String body, List<Field> trailers, Size size) {

		List<String> values(String name) {
			return Field.values(this.fields, name);
		}

	}

	/** What has been understood so far. */
	private static final class Draft {

		private final List<Field> fields = new ArrayList<>();

		private final StringBuilder body = new StringBuilder();

		private final List<Field> trailers = new ArrayList<>();

		private final List<String> sizeLines = new ArrayList<>();

		private boolean whole;

		private String method = "";

		private String target = "";

		private String version = "";

		private int status;

		private int emptyLines;

		private int lineLength;

		private int fieldBytes;

		private String unfinished = "";

		private Size size() {
			return new Size(this.emptyLines, this.lineLength, this.fieldBytes, this.sizeLines, this.unfinished);
		}

		Request request() {
			return new Request(this.method, this.target, this.version, this.fields, this.body.toString(), this.trailers,
					size());
		}

		Response response() {
			return new Response(this.status, this.fields, this.body.toString(), this.trailers, size());
		}

	}

	private interface Part {

		void read() throws Malformed, Incomplete;

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
