package io.github.bootcluster.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.bootcluster.dispatch.StrictHttp.Field;
import io.github.bootcluster.dispatch.StrictHttp.Request;
import io.netty.util.NetUtil;

/**
 * Why the dispatcher refuses a request, or the beginning of one, that RFC 9112 permits.
 * What is not in this list it must serve.
 */
enum StricterRule {

	/** RFC 9112, section 3: "a server that receives a request-target longer than …". */
	REQUEST_LINE_TOO_LONG(414,
			(request) -> tooManyEmptyLines(request) + request.size().lineLength() > 8192
					|| (request.method().isEmpty() && tooManyEmptyLines(request) + unfinished(request) > 8192)),

	/** RFC 9110, section 5.4; trailers have a limit of their own. */
	FIELDS_TOO_LARGE(431, (request) -> request.size().fieldBytes() + unfinished(request) > 16 * 1024),

	FIELDS_TOO_MANY(431, (request) -> request.fields().size() > 100 || request.trailers().size() > 100),

	/** RFC 9110, section 15.6.6. */
	VERSION_NOT_SPOKEN(505, (request) -> !request.version().isEmpty() && !request.version().matches("HTTP/1\\.[01]")),

	/** RFC 9110, section 9.3.6. */
	CONNECT(501, (request) -> request.method().equals("CONNECT")),

	/** RFC 9110, section 10.1.1. */
	EXPECTATION(417, (request) -> !request.values("expect").stream().allMatch("100-continue"::equalsIgnoreCase)),

	/** RFC 9110, section 15.5.14. */
	BODY_TOO_LARGE(413,
			(request) -> request.values("content-length")
				.stream()
				.anyMatch((length) -> length.length() < 19 && Long.parseLong(length) > EmbeddedFront.MAX_BODY)),

	/** No number of more digits fits into 64 bits, whatever it is. */
	LENGTH_OF_MANY_DIGITS(400,
			(request) -> request.values("content-length").stream().anyMatch((length) -> length.length() > 18)),

	/**
	 * RFC 9112, section 7.1: "MUST anticipate potentially large hexadecimal numerals".
	 */
	CHUNK_SIZE_OF_MANY_DIGITS(400, (request) -> sizeLines(request).anyMatch("[0-9A-Fa-f]{16}.*")),

	/** RFC 9112, section 7.1.1: what no sender may generate. */
	CHUNK_EXTENSION_WITH_BLANK(400, (request) -> sizeLines(request).anyMatch(".*[ \t].*")),

	/** RFC 9112, section 7.1.1: "ought to limit the total length of chunk extensions". */
	CHUNK_EXTENSIONS_TOO_LARGE(400, (request) -> String.join("", sizeLines(request).lines).length() > 1024),

	/** RFC 9110, section 17.10. */
	NAME_WITH_UNDERSCORE(400,
			(request) -> request.fields()
				.stream()
				.map(Field::lowerCaseName)
				.anyMatch((name) -> name.contains("_") && (name.replace('_', '-').startsWith("x-forwarded-")
						|| Set.of("content-length", "transfer-encoding").contains(name.replace('_', '-'))))),

	/** RFC 3986, section 3.2.2. */
	HOST_NOT_SENSIBLE(400, (request) -> request.values("host").stream().anyMatch((host) -> !isSensible(host))
			|| (request.authority() != null && !isSensible(request.authority())));

	private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"");

	private static final Pattern IPV6 = Pattern.compile("\\[(.*)].*");

	private static final Pattern PORT = Pattern.compile("[^\\[\\]]*:(.*)|\\[.*]:(.*)");

	private final int status;

	private final Predicate<Request> condition;

	StricterRule(int status, Predicate<Request> condition) {
		this.status = status;
		this.condition = condition;
	}

	/** Whether one of the rules refuses a request, or as much of it as there is. */
	static boolean refuses(Request request, int status) {
		for (StricterRule rule : values()) {
			if (rule.status == status && rule.condition.test(request)) {
				return true;
			}
		}
		return false;
	}

	/** Whether one of the rules refuses a message, or as much of it as there is. */
	static boolean refuses(StrictHttp.Response response) {
		Request likewise = new Request("GET", "/", "HTTP/1.1", response.fields(), response.body(), response.trailers(),
				response.size());
		return Stream.of(values()).anyMatch((rule) -> rule.condition.test(likewise));
	}

	/** In bytes; as many as a line may have count for nothing. */
	private static int tooManyEmptyLines(Request request) {
		return Math.max(0, 2 * request.size().emptyLines() - 8192);
	}

	private static int unfinished(Request request) {
		return request.size().unfinished().length();
	}

	private static SizeLines sizeLines(Request request) {
		boolean inChunks = !request.values("transfer-encoding").isEmpty();
		List<String> lines = new ArrayList<>(request.size().sizeLines());
		if (inChunks) {
			lines.add(request.size().unfinished());
		}
		return new SizeLines(lines);
	}

	private static boolean isSensible(String host) {
		Matcher address = IPV6.matcher(host);
		Matcher port = PORT.matcher(host);
		String digits = !port.matches() ? "" : (port.group(1) != null) ? port.group(1) : port.group(2);
		return host.length() <= 300 && !host.matches(".*[,;=].*")
				&& (!address.matches() || NetUtil.isValidIpV6Address(address.group(1))) && digits.length() <= 5
				&& (digits.isEmpty() || Integer.parseInt(digits) <= 65535);
	}

	private record SizeLines(List<String> lines) {

		boolean anyMatch(String regex) {
			Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
			return this.lines.stream()
				.map((line) -> QUOTED.matcher(line).replaceAll(""))
				.anyMatch((line) -> pattern.matcher(line).matches());
		}

	}

}
