package io.github.bootcluster.accesslog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.ClusterProperties.AccessLog.Format;
import io.github.bootcluster.accesslog.AccessLogEntry.Outcome;
import io.github.bootcluster.accesslog.AccessLogEntry.Request;
import io.github.bootcluster.accesslog.AccessLogEntry.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class LineFormatTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final Request NOT_UNDERSTOOD = new Request("192.0.2.7", null, "hello", null, null, null);

	@Test
	void combinedLineIsThatOfApacheWithOursBehindIt() {
		assertThat(render(Format.COMBINED, Entries.get("/hello?x=1")))
			.isEqualTo("192.0.2.7 - - [22/Nov/2026:18:57:15 +0100] \"GET /hello?x=1 HTTP/1.1\" 200 17 "
					+ "\"http://a/\" \"curl/8.5\" slot=2 pid=4711 upstream=0.001234 total=2.000001 retries=1 id=0af7 "
					+ "outcome=answered\n");
	}

	@Test
	void combinedLineHasADashForWhatIsNotKnown() {
		assertThat(render(Format.COMBINED, unknown(NOT_UNDERSTOOD, Outcome.REFUSED, 400)))
			.isEqualTo("192.0.2.7 - - [22/Nov/2026:18:57:15 +0100] \"hello\" 400 0 \"-\" \"-\" "
					+ "slot=- pid=- upstream=- total=0.000000 retries=0 id=- outcome=refused\n");
	}

	@Test
	void combinedLineHasThreeDigitsWhereThereIsNoStatus() {
		assertThat(render(Format.COMBINED, unknown(NOT_UNDERSTOOD, Outcome.ABORTED, 0))).contains("\"hello\" 000 0 ");
	}

	@Test
	void combinedLineHasTheMonthInThreeEnglishLetters() {
		List<String> months = new ArrayList<>();
		LineFormat format = LineFormat.of(Format.COMBINED, SettableClock.ZONE);
		for (int month = 1; month <= 12; month++) {
			StringBuilder line = new StringBuilder();
			format.renderMissing(1, Instant.parse("2026-%02d-10T00:00:00Z".formatted(month)).toEpochMilli(), line);
			months.add(line.substring(line.indexOf("/") + 1, line.indexOf("/2026")));
		}
		assertThat(months).containsExactly("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
				"Dec");
	}

	@Test
	void combinedLineIsNoRequestWhereSomeAreMissing() {
		assertThat(renderMissing(Format.COMBINED))
			.isEqualTo("# [22/Nov/2026:18:57:15 +0100] requests missing here: 3\n");
	}

	@Test
	void jsonLineIsAnObject() {
		assertThat(render(Format.JSON, Entries.get("/hello?x=1")))
			.isEqualTo("{\"time\":\"2026-11-22T17:57:15.062Z\",\"client\":\"192.0.2.7\",\"method\":\"GET\","
					+ "\"target\":\"/hello?x=1\",\"protocol\":\"HTTP/1.1\",\"status\":200,\"bytes\":17,"
					+ "\"referer\":\"http://a/\",\"userAgent\":\"curl/8.5\",\"requestId\":\"0af7\",\"slot\":2,"
					+ "\"pid\":4711,\"upstreamSeconds\":0.001234,\"totalSeconds\":2.000001,\"retries\":1,"
					+ "\"outcome\":\"answered\"}\n");
	}

	@Test
	void jsonLineLeavesOutWhatIsNotKnown() {
		JsonNode line = JSON.readTree(render(Format.JSON, unknown(NOT_UNDERSTOOD, Outcome.CLIENT_GONE, 499)));
		assertThat(line.propertyNames()).containsExactly("time", "client", "requestLine", "status", "bytes",
				"totalSeconds", "retries", "outcome");
		assertThat(line.get("requestLine").asString()).isEqualTo("hello");
		assertThat(line.get("outcome").asString()).isEqualTo("client-gone");
	}

	@Test
	void jsonLineOfTheLauncherItselfHasNoSlot() {
		AccessLogEntry entry = new AccessLogEntry(Entries.TIME, NOT_UNDERSTOOD, null, Outcome.ANSWERED, 200, 1,
				new Server(null, 7), 0, 1000, 1000);
		assertThat(render(Format.JSON, entry)).contains("\"pid\":7,\"upstreamSeconds\":0.000001")
			.doesNotContain("slot");
		assertThat(render(Format.COMBINED, entry)).contains(" slot=- pid=7 ");
	}

	@Test
	void jsonLineSaysWhereSomeAreMissing() {
		assertThat(renderMissing(Format.JSON)).isEqualTo("{\"time\":\"2026-11-22T17:57:15.062Z\",\"missing\":3}\n");
	}

	@Test
	void combinedValueCannotEndItsQuotes() {
		assertThat(render(Format.COMBINED, hostile("\" 200 \\\"\r\n\t\0\u001b[2J\u007f\u00e9")))
			.contains("\"\\x22 200 \\x5c\\x22\\x0d\\x0a\\x09\\x00\\x1b[2J\\x7f\\xe9\"");
	}

	@ParameterizedTest
	@EnumSource
	void lineIsPrintableAsciiWhateverTheClientSends(Format format) {
		StringBuilder every = new StringBuilder();
		for (char c = 0; c < 256; c++) {
			every.append(c);
		}
		String line = render(format, hostile(every.toString()));
		assertThat(line).endsWith("\n");
		assertThat(line.substring(0, line.length() - 1)).matches("[ -~]*");
	}

	@Test
	void jsonValueIsReadBackAsItWasSent() {
		StringBuilder every = new StringBuilder();
		for (char c = 0; c < 256; c++) {
			every.append(c);
		}
		JsonNode line = JSON.readTree(render(Format.JSON, hostile(every.toString())));
		for (String name : List.of("method", "target", "protocol", "referer", "userAgent", "requestId")) {
			assertThat(line.get(name).asString()).as(name).isEqualTo(every.toString());
		}
	}

	@Test
	void longValueIsCut() {
		String longest = "x".repeat(Request.MAX_LENGTH);
		Request request = new Request("a", longest + "y", longest, "HTTP/1.1", longest + "y", longest + longest);
		assertThat(request.target()).isEqualTo(longest);
		for (String cut : List.of(request.method(), request.referer(), request.userAgent())) {
			assertThat(cut).hasSize(Request.MAX_LENGTH).endsWith("x...");
		}
	}

	private static AccessLogEntry unknown(Request request, Outcome outcome, int status) {
		return new AccessLogEntry(Entries.TIME, request, null, outcome, status, 0, null, 0, -1, 0);
	}

	private static AccessLogEntry hostile(String value) {
		return new AccessLogEntry(Entries.TIME, new Request("::1", value, value, value, value, value), value,
				Outcome.ANSWERED, 200, 0, null, 0, 0, 0);
	}

	private static String render(Format format, AccessLogEntry entry) {
		StringBuilder line = new StringBuilder();
		LineFormat.of(format, SettableClock.ZONE).render(entry, line);
		return line.toString();
	}

	private static String renderMissing(Format format) {
		StringBuilder line = new StringBuilder();
		LineFormat.of(format, SettableClock.ZONE).renderMissing(3, Entries.TIME, line);
		return line.toString();
	}

}
