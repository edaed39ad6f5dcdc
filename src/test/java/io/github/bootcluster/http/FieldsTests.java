package io.github.bootcluster.http;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link Fields}. */
class FieldsTests {

	@Test
	void fieldsOfTheConnectionGoWhenDropped() throws Exception {
		Fields fields = fields("Connection: x", "Keep-Alive: x", "Proxy-Connection: x", "TE: x", "Accept: */*",
				"Transfer-Encoding: x", "Upgrade: x", "Proxy-Authorization: x", "Proxy-Authenticate: x");
		fields.dropHopByHop();
		assertThat(written(fields)).isEqualTo("Accept: */*\r\n");
	}

	@Test
	void fieldsNamedInConnectionGoWhenDropped() throws Exception {
		Fields fields = fields("Connection: close, X-Mine ,, ", "Connection: x-other", "x-mine: 1", "X-Other: 2",
				"X-Third: 3");
		fields.dropHopByHop();
		assertThat(written(fields)).isEqualTo("X-Third: 3\r\n");
	}

	@Test
	void fieldsNamedInConnectionGoWhenItNamesItself() throws Exception {
		Fields fields = fields("Connection: connection", "Connection: x-secret", "X-Secret: 1", "X-Other: 2");
		fields.dropHopByHop();
		assertThat(written(fields)).isEqualTo("X-Other: 2\r\n");
	}

	@Test
	void fieldsThatFrameAndRouteStayWhenNamedInConnection() throws Exception {
		Fields fields = fields("Connection: Host, Content-Length, X-Forwarded-For", "Host: a", "Content-Length: 5",
				"X-Forwarded-For: b");
		fields.dropHopByHop();
		assertThat(written(fields)).isEqualTo("Host: a\r\nContent-Length: 5\r\nX-Forwarded-For: b\r\n");
	}

	@Test
	void fieldsThatFrameAndRouteGoWhenAfterTheBody() throws Exception {
		Fields fields = fields("Host: a", "Content-Length: 5", "X-Forwarded-For: 1", "x-forwarded-evil: 1",
				"Forwarded: for=1", "Authorization: x", "Checksum: abc");
		fields.dropNotAfterBody();
		assertThat(written(fields)).isEqualTo("Checksum: abc\r\n");
	}

	@Test
	void linesAreWrittenInTheOneCanonicalForm() throws Exception {
		Fields fields = fields("a:1", "b: 2", "c:   3\t ", "d: 4", "e:", "f: ", "g: 5 6");
		assertThat(written(fields)).isEqualTo("a: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\ne: \r\nf: \r\ng: 5 6\r\n");
	}

	@Test
	void whatIsLeftIsWrittenInOrderWhenSomeAreDropped() throws Exception {
		Fields fields = fields("a: 1", "Upgrade: x", "b: 2", "c: 3", "TE: x", "Keep-Alive: y", "d: 4");
		fields.dropHopByHop();
		assertThat(written(fields)).isEqualTo("a: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\n");
	}

	@Test
	void noMoreIsWrittenThanWasSaid() throws Exception {
		Fields fields = fields("a:1", "b:2", "c:");
		assertThat(written(fields).length()).isLessThanOrEqualTo(fields.length());
		assertThat(fields().length()).isZero();
	}

	@Test
	void fieldIsFoundUntilItIsDropped() throws Exception {
		Fields fields = fields("HOST: a", "X-Any: b", "host: c");
		assertThat(fields.count(FieldName.HOST)).isEqualTo(2);
		assertThat(fields.value(FieldName.HOST)).isEqualTo("a");
		assertThat(fields.values(FieldName.HOST)).containsExactly("a", "c");
		assertThat(fields.value("x-any")).isEqualTo("b");
		assertThat(fields.has(FieldName.COOKIE)).isFalse();
		fields.drop(FieldName.HOST);
		assertThat(fields.has(FieldName.HOST)).isFalse();
		assertThat(fields.value(FieldName.HOST)).isNull();
	}

	private static Fields fields(String... lines) throws MessageException {
		RequestHead head = new RequestHead();
		String text = "GET / HTTP/1.1\r\n" + String.join("\r\n", lines) + ((lines.length > 0) ? "\r\n" : "") + "\r\n";
		assertThat(head.read(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1))).isTrue();
		return head.fields();
	}

	private static String written(Fields fields) {
		ByteBuf out = Unpooled.buffer();
		fields.writeTo(out);
		return out.toString(StandardCharsets.ISO_8859_1);
	}

}
