package io.github.bootcluster.dispatch;

import java.util.List;
import java.util.stream.Stream;

import io.github.bootcluster.dispatch.FramingBed.Malformed;
import io.github.bootcluster.dispatch.FramingBed.Peculiar;
import io.github.bootcluster.dispatch.StrictHttp.Field;
import io.github.bootcluster.dispatch.StrictHttp.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Where a body begins and ends, by its length or by its coding: the families of request
 * smuggling that let two servers differ about it, one nested class each.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6">RFC 9112, section 6</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-11.2">RFC 9112, section
 * 11.2</a>
 */
class DispatcherFramingTests {

	private static final String HOST = "Host: a\r\n";

	private static final String POST = "POST /refused HTTP/1.1\r\n" + HOST;

	private static final String POST_10 = "POST /refused HTTP/1.0\r\n" + HOST;

	private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

	/** A body that a server going by the length takes for a further request. */
	private static final String CHUNKS_HIDING_A_REQUEST = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

	private static FramingBed bed;

	@BeforeAll
	static void start() throws Exception {
		bed = FramingBed.start((settings) -> {
			settings.maxRequestSize = 1000;
			return settings;
		});
	}

	@AfterAll
	static void stop() throws Exception {
		bed.close();
	}

	/** Section 6.1: "ought to be handled as an error". */
	@Nested
	class ContentLengthBeforeTransferEncoding {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream.of(both("covers the chunks", "POST", "1.1", 5, ""),
					both("covers more", "POST", "1.1", 43, ""), both("is zero", "POST", "1.1", 0, ""),
					both("is one less", "POST", "1.1", 4, ""), both("is huge", "POST", "1.1", 999999999, ""),
					both("of a GET", "GET", "1.1", 5, ""), both("of a HEAD", "HEAD", "1.1", 5, ""),
					both("of an OPTIONS", "OPTIONS", "1.1", 5, ""), both("of an unknown method", "BREW", "1.1", 5, ""),
					both("and the connection is to be closed", "POST", "1.1", 5, "Connection: close\r\n"),
					both("and its removal is asked for", "POST", "1.1", 5, "Connection: Content-Length\r\n"),
					both("and the removal of the coding is asked for", "POST", "1.1", 5,
							"Connection: Transfer-Encoding\r\n"),
					both("on HTTP/1.0", "POST", "1.0", 5, ""),
					both("on HTTP/1.0, kept alive", "POST", "1.0", 5, "Connection: keep-alive\r\n"));
		}

		private static Malformed both(String name, String method, String version, int length, String more) {
			return Malformed.of("length " + name, method + " /refused HTTP/" + version + "\r\n" + HOST + more
					+ "Content-Length: " + length + "\r\n" + CHUNKED + "\r\n" + CHUNKS_HIDING_A_REQUEST);
		}

	}

	@Nested
	class TransferEncodingBeforeContentLength {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream.of(both("4", "Content-Length: 4\r\n"), both("0", "Content-Length: 0\r\n"),
					both("with a further field between", "X: a\r\nContent-Length: 4\r\n"),
					both("in small letters", "content-length: 4\r\n"), both("empty", "Content-Length:\r\n"),
					both("garbled", "Content-Length: 4x\r\n"),
					both("twice", "Content-Length: 4\r\nContent-Length: 4\r\n"),
					both("on both sides", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
					both("to be closed", "Content-Length: 4\r\nConnection: close\r\n"));
		}

		private static Malformed both(String name, String length) {
			return Malformed.of("length " + name,
					POST + CHUNKED + length + "\r\n24\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n\r\n0\r\n\r\n");
		}

	}

	/**
	 * A coding that one server recognises and another does not. Each spelling comes alone
	 * and with the length a server that overlooks it goes by.
	 */
	@Nested
	class ObfuscatedTransferEncoding {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			Stream<String> values = Stream.of("", "xchunked", "chunkedx", "chunke", "x-chunked", "chu nked",
					"chunked x", "chunked chunked", "chunked,", ",chunked", ", chunked", "chunked ,",
					"chunked, chunked", "chunked,chunked", "chunked, identity", "identity, chunked", "identity", "gzip",
					"gzip, chunked", "chunked, gzip", "chunked, x", "none, chunked", "\"chunked\"", "'chunked'",
					"(chunked)", "<chunked>", "[chunked]", "chunked;", "chunked;q=1", "chunked; ext=val", ";chunked",
					"=chunked", ": chunked", "\u000bchunked", "chunked\u000b", "\fchunked", "chunked\f", "\0chunked",
					"chunked\0", "chu\0nked", "\u0001chunked", "\u001fchunked", "\u007fchunked", "chunked\u007f",
					"\bchunked", "\u00a0chunked", "chunked\u00a0", "\u0085chunked", "chunked\u0085", "\u00adchunked",
					"\u00e2\u0080\u008bchunked", "chun\u00e2\u0084\u00aaed", "\u00effchunked", "%63hunked",
					"chunked%20", "chunked\\", "\\chunked", "trailers", "deflate;chunked", "chunked/1.0", "cow");
			Stream<String> fields = Stream.of("Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked",
					"Transfer-Encoding  : chunked", "Transfer-Encoding\u000b: chunked", "Transfer-Encoding\0: chunked",
					"Transfer-Encoding\u0085: chunked", "Transfer-Encoding\u00a0: chunked", "Transfer-Encoding",
					"Transfer-Encoding chunked", "Transfer-Encoding;: chunked", "Transfer-Encoding=chunked",
					"Transfer Encoding: chunked", "Transfer\u00adEncoding: chunked", "\"Transfer-Encoding\": chunked",
					"\0Transfer-Encoding: chunked", "\u000bTransfer-Encoding: chunked", "(Transfer-Encoding): chunked",
					"Transfer-Encoding/: chunked", "Transfer_Encoding: chunked", "transfer_encoding: chunked",
					// Section 5.2: folded, as continuation and as what is continued
					" Transfer-Encoding: chunked", "\tTransfer-Encoding: chunked", "Transfer-Encoding:\r\n chunked",
					"Transfer-Encoding:\r\n\tchunked", "Transfer-Encoding: chunked\r\n ",
					"Transfer-Encoding: chunked\r\n x", "Transfer-Encoding: chunked\r\n , identity",
					"Transfer-Encoding: identity,\r\n chunked", "X: a\r\n Transfer-Encoding: chunked",
					"Transfer-Encoding\r\n : chunked", "Transfer-\r\n Encoding: chunked",
					// Section 2.2: hidden behind what only some take for the end of a
					// line
					"X: a\nTransfer-Encoding: chunked", "X: a\rTransfer-Encoding: chunked",
					"X: a\n\rTransfer-Encoding: chunked", "X: a\r\r\nTransfer-Encoding: chunked",
					"X: a\r\n\rTransfer-Encoding: chunked", "X: a\0Transfer-Encoding: chunked",
					"Transfer-Encoding: chunked\rX: a", "Transfer-Encoding: chunked\nX: a",
					"Transfer-Encoding:\rchunked", "Transfer-Encoding:\nchunked",
					// more than once
					"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
					"Transfer-Encoding: chunked\r\ntransfer-encoding: chunked",
					"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
					"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
					"Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
					"Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
					"Transfer-Encoding: chunked\r\nTransfer-Encoding:",
					"Transfer-Encoding:\r\nTransfer-Encoding: chunked",
					"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
					"Transfer-Encoding: chunked\r\nTransfer-Encoding : x",
					"Transfer-Encoding: chunked\r\nTransfer_Encoding: x");
			return Stream.concat(values.map((value) -> "Transfer-Encoding: " + value), fields)
				.flatMap((field) -> Stream.of(
						Malformed.of(FramingBed.visible(field), POST + field + "\r\n\r\n" + CHUNKS_HIDING_A_REQUEST),
						Malformed.of(FramingBed.visible(field) + " after a length",
								POST + "Content-Length: 5\r\n" + field + "\r\n\r\n" + CHUNKS_HIDING_A_REQUEST),
						Malformed.of(FramingBed.visible(field) + " before a length",
								POST + field + "\r\nContent-Length: 5\r\n\r\n" + CHUNKS_HIDING_A_REQUEST)));
		}

		/** Sections 5.1 and 7: blanks around a value and its case mean nothing. */
		@ParameterizedTest
		@MethodSource
		void isServedInItsPlainSpelling(Peculiar request) throws Exception {
			Request seen = bed.serves(request.bytes());
			assertThat(seen.body()).isEqualTo(request.body());
			assertThat(seen.values("transfer-encoding")).containsExactly("chunked");
			assertThat(seen.values("content-length")).isEmpty();
		}

		static Stream<Peculiar> isServedInItsPlainSpelling() {
			return Stream
				.of("Transfer-Encoding: chunked", "Transfer-Encoding:chunked", "Transfer-Encoding:  chunked",
						"Transfer-Encoding:\tchunked", "Transfer-Encoding: chunked ", "Transfer-Encoding: chunked\t",
						"Transfer-Encoding: \t chunked \t ", "Transfer-Encoding: Chunked", "Transfer-Encoding: CHUNKED",
						"TRANSFER-ENCODING: chunked", "transfer-encoding: cHuNkEd")
				.map((field) -> new Peculiar(FramingBed.visible(field), POST + field + "\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
						"abc"));
		}

		/** It is some other field, and no coding at all. */
		@ParameterizedTest
		@MethodSource
		void isNoCodingUnderAnotherName(Peculiar request) throws Exception {
			Request seen = bed.serves(request.bytes());
			assertThat(seen.body()).isEqualTo(request.body());
			assertThat(seen.values("content-length")).containsExactly("5");
			assertThat(seen.values("transfer-encoding")).isEmpty();
		}

		static Stream<Peculiar> isNoCodingUnderAnotherName() {
			return Stream
				.of("X-Transfer-Encoding: chunked", "Transfer-Encodin: chunked", "Transfer-Encodings: chunked",
						"TransferEncoding: chunked", "TE: chunked", "Content-Encoding: chunked", "X: Transfer-Encoding")
				.map((field) -> new Peculiar(field, POST + field + "\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
						"0\r\n\r\n"));
		}

	}

	/** Section 6.1: HTTP/1.0 knows no coding, "even if a Content-Length is present". */
	@Nested
	class TransferEncodingOnHttp10 {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream
				.of("Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Transfer-Encoding:",
						"Transfer-Encoding: chunked\r\nConnection: keep-alive",
						"Transfer-Encoding: chunked\r\nContent-Length: 5", "Transfer-Encoding: gzip",
						"Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked")
				.map((fields) -> Malformed.of(FramingBed.visible(fields),
						POST_10 + fields + "\r\n\r\n" + CHUNKS_HIDING_A_REQUEST));
		}

	}

	/** Section 6.3, and RFC 9110, section 8.6. */
	@Nested
	class ContentLength {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			Stream<String> values = Stream.of("", "a", "+3", "-3", "-0", "+0", "--3", "0x3", "0X3", "3h", "0b11", "0o3",
					"3.0", "3.", ".3", "3e0", "1e1", "3L", "3_0", "_3", "3,3", "3, 3", "3,4", "3, 0", ",3", "3,", "3;3",
					"3;q=1", "3 3", "3 0", "3\t3", "3x", "x3", "\"3\"", "'3'", "(3)", "3\0", "\0003", "3\u000b",
					"\u000b3", "3\f", "\f3", "3\u007f", "3\u0085", "\u00a03", "3\u00a0", "\u00b3", "\u00ef\u00bc\u0093",
					"\u00d9\u00a3", "NaN", "Infinity", "null", "%33", "=3", ":3", "18446744073709551619",
					"9223372036854775808", "99999999999999999999", "1".repeat(100), "0".repeat(60) + "3");
			Stream<String> fields = Stream.of("Content-Length : 3", "Content-Length\t: 3", "Content-Length\u000b: 3",
					"Content-Length\0: 3", "Content-Length", "Content-Length 3", "Content Length: 3",
					"Content_Length: 3", "content_length: 3", " Content-Length: 3", "\tContent-Length: 3",
					"Content-Length:\r\n 3", "Content-Length: 3\r\n 1", "Content-Length: 3\r\n\t",
					"X: a\nContent-Length: 3", "X: a\rContent-Length: 3", "Content-Length: 3\rX: a",
					"X: a\0Content-Length: 3", "Content-Length: 3\r\nContent-Length: 3",
					"Content-Length: 3\r\nContent-Length: 0", "Content-Length: 0\r\nContent-Length: 3",
					"Content-Length: 3\r\ncontent-length: 4", "Content-Length: 3\r\nX: a\r\nCONTENT-LENGTH: 3",
					"Content-Length: 3\r\nContent-Length:", "Content-Length:\r\nContent-Length: 3",
					"Content-Length: 3\r\nContent-Length: x",
					"Content-Length: 3\r\nContent-Length: 3\r\nContent-Length: 3",
					"Content-Length: 3\r\nContent_Length: 0", "Content-Length: 3\r\nContent-Length : 0");
			return Stream.concat(values.map((value) -> "Content-Length: " + value), fields)
				.flatMap((field) -> Stream.of(Malformed.of(FramingBed.visible(field), POST + field + "\r\n\r\nabc"),
						Malformed.of(FramingBed.visible(field) + " on HTTP/1.0",
								POST_10 + "Connection: keep-alive\r\n" + field + "\r\n\r\nabc")));
		}

		@ParameterizedTest
		@MethodSource
		void isServedAsOneNumber(Peculiar request) throws Exception {
			Request seen = bed.serves(request.bytes());
			assertThat(seen.body()).isEqualTo(request.body());
			assertThat(seen.values("content-length")).containsExactly(String.valueOf(request.body().length()));
		}

		static Stream<Peculiar> isServedAsOneNumber() {
			return Stream
				.of("Content-Length: 3", "Content-Length:3", "Content-Length:\t3", "Content-Length: 3 ",
						"Content-Length:  3\t", "content-length: 3", "CONTENT-LENGTH: 3", "Content-Length: 03",
						"Content-Length: 0003", "Content-Length: " + "0".repeat(15) + "3",
						"Connection: Content-Length\r\nContent-Length: 3", "Content-Length: 3\r\nX-Content-Length: 4")
				.flatMap((field) -> Stream
					.of(new Peculiar(FramingBed.visible(field), POST + field + "\r\n\r\nabc", "abc"), new Peculiar(
							FramingBed.visible(field) + " on HTTP/1.0", POST_10 + field + "\r\n\r\nabc", "abc")));
		}

	}

	/** A body where some servers expect none, and so take it for a request. */
	@Nested
	class UnexpectedBody {

		private static final String REQUEST = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

		@ParameterizedTest
		@MethodSource
		void isForwardedAsTheBodyItIs(Peculiar request) throws Exception {
			Request seen = bed.serves(request.bytes());
			assertThat(seen.body()).isEqualTo(request.body());
			assertThat(Field.values(seen.fields(), "content-length").size()
					+ Field.values(seen.fields(), "transfer-encoding").size())
				.isEqualTo(1);
		}

		static Stream<Peculiar> isForwardedAsTheBodyItIs() {
			return Stream.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "POST", "BREW")
				.flatMap((method) -> Stream.of(
						new Peculiar(method + " with a length",
								method + " /odd HTTP/1.1\r\n" + HOST + "Content-Length: " + REQUEST.length()
										+ "\r\n\r\n" + REQUEST,
								REQUEST),
						new Peculiar(method + " with a length on HTTP/1.0",
								method + " /odd HTTP/1.0\r\n" + HOST + "Content-Length: " + REQUEST.length()
										+ "\r\n\r\n" + REQUEST,
								REQUEST),
						new Peculiar(method + " in chunks",
								method + " /odd HTTP/1.1\r\n" + HOST + CHUNKED + "\r\n"
										+ Integer.toHexString(REQUEST.length()) + "\r\n" + REQUEST + "\r\n0\r\n\r\n",
								REQUEST),
						new Peculiar(method + " that upgrades",
								method + " /odd HTTP/1.1\r\n" + HOST
										+ "Connection: upgrade\r\nUpgrade: odd\r\nContent-Length: " + REQUEST.length()
										+ "\r\n\r\n" + REQUEST,
								REQUEST)));
		}

		/** Without either field there is no body; section 6.3, rule 7. */
		@ParameterizedTest
		@MethodSource
		void isARequestOfItsOwnWhereNoneWasAnnounced(String method) throws Exception {
			List<StrictHttp.Response> answers = bed.exchange(method + " /first HTTP/1.1\r\n" + HOST
					+ "\r\nGET /second HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n", method);
			assertThat(answers).extracting(StrictHttp.Response::status).containsExactly(200, 200);
			assertThat(bed.target().takeSeen().requests()).extracting(Request::target, Request::body)
				.containsExactly(tuple("/first", ""), tuple("/second", ""));
		}

		static Stream<String> isARequestOfItsOwnWhereNoneWasAnnounced() {
			return Stream.of("GET", "HEAD", "DELETE", "OPTIONS", "POST", "PUT", "PATCH");
		}

		/** Hixie's draft of WebSocket had eight bytes follow such a head. */
		@Test
		void isARequestOfItsOwnWhereOnlyADraftAnnouncesIt() throws Exception {
			String keys = "Sec-WebSocket-Key1: a\r\nSec-WebSocket-Key2: b\r\n";
			List<StrictHttp.Response> answers = bed
				.exchange("GET /first HTTP/1.1\r\n" + HOST + keys + "\r\n1234\0\0\0\0" + REQUEST);
			assertThat(answers).extracting(StrictHttp.Response::status).containsExactly(200, 400);
			assertThat(bed.target().takeSeen().requests()).extracting(Request::target).containsExactly("/first");
		}

	}

}
