package io.github.bootcluster.dispatch;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import io.github.bootcluster.http.FieldName;
import io.github.bootcluster.http.Fields;
import io.github.bootcluster.http.Framing;
import io.github.bootcluster.http.Method;
import io.github.bootcluster.http.RequestHead;

/**
 * The head of a request as it goes to a target, as often as that takes. Made of one that
 * was found in order, which it shares.
 */
final class UpstreamRequest {

	/** Room for what is added to a head besides the forwarded lines. */
	private static final int ADDED = 256;

	private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");

	private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");

	private final RequestHead head;

	private final Framing framing;

	/** The target in origin form, or {@code null} where it came as such. */
	private final @Nullable String target;

	/** Host, or {@code null} where it came. */
	private final @Nullable String host;

	private final @Nullable String length;

	private final byte[] forwarded;

	private final @Nullable RequestId id;

	private final @Nullable Upgrade upgrade;

	/** What tells of the trace, besides what came. */
	private Map<String, String> traceFields = Map.of();

	private UpstreamRequest(RequestHead head, Framing framing, ForwardedHeaders forwardedHeaders,
			InetSocketAddress local) {
		Fields fields = head.fields();
		RequestTarget other = head.isOriginForm() ? null : RequestTarget.of(head);
		this.head = head;
		this.framing = framing;
		this.target = (other != null) ? other.origin() : null;
		this.host = fields.has(FieldName.HOST) ? null : host(other, local);
		this.upgrade = hasBody() ? null : Upgrade.of(head);
		fields.dropHopByHop();
		this.length = normalizedLength(fields, framing);
		if (!(framing instanceof Framing.Chunked)) {
			fields.drop(FieldName.TRAILER);
		}
		if (head.isHttp10() || !hasBody()) {
			// https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
			fields.drop(FieldName.EXPECT);
		}
		this.forwarded = forwardedHeaders.lines(fields, this.host);
		this.id = RequestId.ifNeeded(fields);
	}

	/**
	 * A request about to be sent on.
	 * @param head its head; drops from it what does not go on
	 * @param framing how its body is framed
	 * @param forwardedHeaders those of its connection
	 * @param local where it arrived
	 */
	static UpstreamRequest of(RequestHead head, Framing framing, ForwardedHeaders forwardedHeaders,
			InetSocketAddress local) {
		return new UpstreamRequest(head, framing, forwardedHeaders, local);
	}

	Method method() {
		return this.head.method();
	}

	/** Whether a body follows. */
	boolean hasBody() {
		return this.framing instanceof Framing.Chunked
				|| (this.framing instanceof Framing.Fixed fixed && fixed.length() > 0);
	}

	boolean isChunked() {
		return this.framing instanceof Framing.Chunked;
	}

	/** Whether the client waits with the body until it is asked for it. */
	boolean expectsContinue() {
		return this.head.fields().has(FieldName.EXPECT);
	}

	/** The other protocol it asks for, or {@code null}. */
	@Nullable Upgrade upgrade() {
		return this.upgrade;
	}

	/** Where it goes, in origin form. */
	String target() {
		return (this.target != null) ? this.target : this.head.target();
	}

	/** What it is called in every log. */
	@Nullable String requestId() {
		return (this.id != null) ? this.id.toString() : this.head.fields().value(FieldName.X_REQUEST_ID);
	}

	/** Where it goes, without the query. */
	String path() {
		String target = target();
		int query = target.indexOf('?');
		return (query < 0) ? target : target.substring(0, query);
	}

	/** The first value of a field that means nothing here, or {@code null}. */
	@Nullable String field(String name) {
		return this.head.fields().value(name);
	}

	/** Tell of a trace in place of what was told. Before it is encoded. */
	void trace(Map<String, String> fields) {
		fields.keySet().forEach(this.head.fields()::drop);
		this.traceFields = fields;
	}

	/** Write the head. */
	ByteBuf encode(ByteBufAllocator allocator) {
		Fields fields = this.head.fields();
		ByteBuf out = allocator.buffer(RequestHead.MAX_LINE / 8 + fields.length() + this.forwarded.length + ADDED);
		out.writeCharSequence(method().name(), StandardCharsets.US_ASCII);
		out.writeByte(' ');
		if (this.target != null) {
			out.writeCharSequence(this.target, StandardCharsets.ISO_8859_1);
		}
		else {
			this.head.writeTarget(out);
		}
		out.writeBytes(VERSION);
		if (this.host != null) {
			writeLine("host", this.host, out);
		}
		fields.writeTo(out);
		if (this.length != null) {
			writeLine("content-length", this.length, out);
		}
		if (isChunked()) {
			out.writeBytes(CHUNKED);
		}
		if (this.upgrade != null) {
			writeLine("connection", "upgrade", out);
			writeLine("upgrade", this.upgrade.protocol(), out);
		}
		out.writeBytes(this.forwarded);
		if (this.id != null) {
			this.id.writeLine(out);
		}
		this.traceFields.forEach((name, value) -> writeLine(name, value, out));
		return out.writeByte('\r').writeByte('\n');
	}

	private static void writeLine(String name, String value, ByteBuf out) {
		out.writeCharSequence(name + ": " + value + "\r\n", StandardCharsets.ISO_8859_1);
	}

	private static String host(@Nullable RequestTarget target, InetSocketAddress local) {
		return (target != null && target.authority() != null) ? target.authority()
				: NetUtil.toSocketAddressString(local);
	}

	/** The length to be written in place of the one that came, if that is ambiguous. */
	private static @Nullable String normalizedLength(Fields fields, Framing framing) {
		if (!(framing instanceof Framing.Fixed fixed) || !fields.hasLeadingZero(FieldName.CONTENT_LENGTH)) {
			return null;
		}
		fields.drop(FieldName.CONTENT_LENGTH);
		return Long.toString(fixed.length());
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
