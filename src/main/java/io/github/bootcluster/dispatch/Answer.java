package io.github.bootcluster.dispatch;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;

import io.github.bootcluster.http.Chunks;
import io.github.bootcluster.http.FieldName;
import io.github.bootcluster.http.Fields;
import io.github.bootcluster.http.Framing;
import io.github.bootcluster.http.Method;
import io.github.bootcluster.http.RequestHead;
import io.github.bootcluster.http.ResponseHead;
import io.github.bootcluster.http.Word;

/**
 * What one request is answered on the client's connection: decides anew how the answer is
 * framed there and whether the connection outlives it. Belongs to the event loop of that
 * connection.
 */
final class Answer {

	/** Room for what is added to a head. */
	private static final int ADDED = 128;

	/**
	 * Most bytes of a body that are cheaper to copy behind the head than to send apart.
	 */
	private static final int COPIED = 4 * 1024;

	private static final int UPGRADE_REQUIRED = 426;

	private static final Word EVENT_STREAM = new Word("text/event-stream");

	private static final byte[] LINE_END = { '\r', '\n' };

	private static final byte[] CHUNKED = "transfer-encoding: chunked\r\n".getBytes(StandardCharsets.US_ASCII);

	private static final String CLOSE = "connection: close\r\n";

	private static final String KEEP_ALIVE = "connection: keep-alive\r\n";

	private final Channel client;

	private final CommitWindow window;

	private final Method method;

	private final boolean clientIsHttp10;

	/** Whether both sides could use the connection for another request. */
	private boolean keepAlive;

	private Framing framing = Framing.NONE;

	/** What is not worth sending alone, or {@code null}. */
	private @Nullable ByteBuf collecting;

	private int status;

	private long bodyBytes;

	Answer(Channel client, RequestHead request) {
		this.client = client;
		this.window = new CommitWindow(client);
		this.method = request.method();
		this.clientIsHttp10 = request.isHttp10();
		this.keepAlive = request.isKeepAlive();
	}

	/** The connection shall be closed after this answer. */
	void forbidKeepAlive() {
		this.keepAlive = false;
	}

	/** Whether the connection can carry another request after this answer. */
	boolean keepsAlive() {
		return this.keepAlive && !(this.framing instanceof Framing.UntilClose);
	}

	/** Whether the client has seen a part of the answer. */
	boolean isCommitted() {
		return this.window.isCommitted();
	}

	/** The last thing written, or {@code null} before the first. */
	@Nullable ChannelFuture lastWrite() {
		return this.window.lastWrite();
	}

	/** Status of the answer, or 0 while there is none. */
	int status() {
		return this.status;
	}

	/** Whether it goes to a client that knows no interim answers. */
	boolean isForHttp10() {
		return this.clientIsHttp10;
	}

	/** Bytes of the body so far, without what frames it. */
	long bodyBytes() {
		return this.bodyBytes;
	}

	/** Relay an answer that says another one will follow. It commits to nothing. */
	void interim(ResponseHead response) {
		// https://www.rfc-editor.org/rfc/rfc9110#section-15.2: never to HTTP/1.0
		if (this.clientIsHttp10) {
			return;
		}
		Fields fields = response.fields();
		fields.dropHopByHop();
		fields.drop(FieldName.CONTENT_LENGTH);
		ByteBuf out = encodeHead(response, 0);
		this.client.write(out.writeBytes(LINE_END));
	}

	/** Relay the head after which another protocol is spoken. */
	void switched(ResponseHead response) {
		this.status = response.status();
		Fields fields = response.fields();
		String protocol = fields.value(FieldName.UPGRADE);
		fields.dropHopByHop();
		fields.drop(FieldName.CONTENT_LENGTH);
		ByteBuf out = encodeHead(response, 0);
		write("connection: upgrade\r\nupgrade: " + protocol + "\r\n\r\n", out);
		this.window.write(out);
	}

	/** Whether an answer goes on for as long as there is news. */
	static boolean isEventStream(ResponseHead response) {
		return response.fields().startsWith(FieldName.CONTENT_TYPE, EVENT_STREAM);
	}

	/**
	 * Relay the head of the answer.
	 * @param response the head; drops from it what does not go on
	 * @param framing how the body is framed where it comes from
	 * @param holds whether the answer is held as long as another target could give it
	 */
	void head(ResponseHead response, Framing framing, boolean holds) {
		this.status = response.status();
		this.framing = framingFor(framing);
		if (holds && !isEventStream(response)) {
			this.window.open();
		}
		Fields fields = response.fields();
		// https://www.rfc-editor.org/rfc/rfc9110#section-15.5.22: must be said with a 426
		List<String> required = (response.status() == UPGRADE_REQUIRED) ? fields.values(FieldName.UPGRADE) : List.of();
		fields.dropHopByHop();
		if (!(this.framing instanceof Framing.Chunked)) {
			fields.drop(FieldName.TRAILER);
		}
		if (response.status() == 204 || fields.hasLeadingZero(FieldName.CONTENT_LENGTH)) {
			// https://www.rfc-editor.org/rfc/rfc9110#section-8.6: none with a 204, and
			// one that is not to be misread below, where there is a body
			fields.drop(FieldName.CONTENT_LENGTH);
		}
		long length = (framing instanceof Framing.Fixed fixed) ? fixed.length() : 0;
		ByteBuf out = encodeHead(response, (int) Math.min(length, COPIED));
		if (framing instanceof Framing.Fixed fixed && !fields.has(FieldName.CONTENT_LENGTH)) {
			write("content-length: " + fixed.length() + "\r\n", out);
		}
		if (this.framing instanceof Framing.Chunked) {
			out.writeBytes(CHUNKED);
		}
		if (!required.isEmpty()) {
			write("connection: upgrade\r\nupgrade: " + String.join(", ", required) + "\r\n", out);
		}
		write(connectionLine(), out);
		this.collecting = out.writeBytes(LINE_END);
	}

	/** Relay a part of the body, which is taken over. */
	void content(ByteBuf data) {
		this.bodyBytes += data.readableBytes();
		if (this.framing instanceof Framing.Chunked) {
			Chunks.write(data, this.client.alloc(), this::write);
		}
		else {
			write(data);
		}
	}

	/**
	 * The answer is complete.
	 * @param trailers what came after its body, or {@code null}
	 */
	void end(@Nullable Fields trailers) {
		if (this.framing instanceof Framing.Chunked) {
			write(Chunks.end(trailers, this.client.alloc()));
		}
		writeCollected();
		this.window.commit();
	}

	/** Nothing more has arrived for now. */
	void batchEnded() {
		writeCollected();
		if (!(this.framing instanceof Framing.Fixed)) {
			this.window.holdBriefly();
		}
	}

	/** Answer without a target. The client may have seen nothing before. */
	void error(ErrorAnswer error) {
		discard();
		this.status = error.status().code();
		this.bodyBytes = error.bodyBytes(this.method);
		write(error.encode(this.client.alloc(), this.method, connectionLine()));
	}

	/** Forget what the client has not seen. */
	void discard() {
		if (this.collecting != null) {
			this.collecting.release();
			this.collecting = null;
		}
		this.window.discard();
		this.framing = Framing.NONE;
		this.status = 0;
		this.bodyBytes = 0;
	}

	/** Make sure the client sees that the answer is not complete. */
	void abort() {
		boolean endsByClose = this.framing instanceof Framing.UntilClose;
		writeCollected();
		this.window.commit();
		if (endsByClose) {
			// An orderly end would look like that of the answer.
			this.client.config().setOption(ChannelOption.SO_LINGER, 0);
		}
		this.client.flush();
		TlsLayer.cut(this.client);
	}

	// https://www.rfc-editor.org/rfc/rfc9112#section-6.3
	private Framing framingFor(Framing framing) {
		if (framing instanceof Framing.Fixed || framing instanceof Framing.None) {
			return framing;
		}
		return this.clientIsHttp10 ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
	}

	private ByteBuf encodeHead(ResponseHead response, int more) {
		ByteBuf out = this.client.alloc().buffer(response.fields().length() + ADDED + more);
		response.writeStatusLine(out);
		response.fields().writeTo(out);
		return out;
	}

	private String connectionLine() {
		if (!keepsAlive()) {
			return CLOSE;
		}
		return this.clientIsHttp10 ? KEEP_ALIVE : "";
	}

	private void write(ByteBuf piece) {
		ByteBuf collecting = this.collecting;
		if (collecting != null) {
			if (piece.readableBytes() <= collecting.writableBytes()) {
				collecting.writeBytes(piece);
				piece.release();
				return;
			}
			writeCollected();
		}
		this.window.write(piece);
	}

	private void writeCollected() {
		if (this.collecting != null) {
			this.window.write(this.collecting);
			this.collecting = null;
		}
	}

	private static void write(String line, ByteBuf out) {
		if (!line.isEmpty()) {
			out.writeCharSequence(line, StandardCharsets.US_ASCII);
		}
	}

}
