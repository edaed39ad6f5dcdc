package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.http.BodyReader;
import io.github.bootcluster.http.Chunks;
import io.github.bootcluster.http.Framing;
import io.github.bootcluster.http.MessageException;
import io.github.bootcluster.http.Method;
import io.github.bootcluster.http.RequestHead;
import io.github.bootcluster.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

/**
 * The way of the bytes through the dispatcher without its sockets, for tests that need it
 * a million times: the only one among them that knows of which parts it is made.
 */
final class EmbeddedFront {

	static final long MAX_BODY = 2000;

	private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false);

	private static final InetAddress PEER = InetAddress.getLoopbackAddress();

	private static final InetSocketAddress LOCAL = new InetSocketAddress(PEER, 80);

	private final ForwardedHeaders forwardedHeaders = new ForwardedHeaders(PEER, TrustedProxies.of(List.of()), "http");

	private final BodyReader body = new BodyReader();

	/** Used again and again, as by the connections of a lane. */
	private final RequestHead head = new RequestHead();

	/**
	 * Receive bytes on a new connection.
	 * @param pieces the bytes, a char for a byte, as they arrive
	 */
	Passage requests(List<String> pieces) {
		List<String> sent = new ArrayList<>();
		StringBuilder unfinished = new StringBuilder();
		UpstreamRequest request = null;
		ByteBuf pending = Unpooled.buffer();
		this.head.clear();
		try {
			for (String piece : pieces) {
				pending.discardReadBytes().writeCharSequence(piece, StandardCharsets.ISO_8859_1);
				while (pending.isReadable()) {
					if (request == null) {
						if (!this.head.read(pending)) {
							continue;
						}
						ErrorAnswer refusal = RequestRules.refusal(this.head, MAX_BODY);
						if (refusal != null) {
							return new Passage(sent, "", refusal.status().code());
						}
						Framing framing = Framing.of(this.head);
						request = UpstreamRequest.of(this.head, framing, this.forwardedHeaders, LOCAL);
						this.body.begin(framing);
						append(request.encode(ALLOCATOR), unfinished);
					}
					if (readBody(request, pending, unfinished)) {
						sent.add(unfinished.toString());
						unfinished.setLength(0);
						request = null;
						this.head.clear();
					}
				}
			}
			return new Passage(sent, unfinished.toString(), 0);
		}
		catch (MessageException ex) {
			return new Passage(sent, unfinished.toString(), ErrorAnswer.of(ex).status().code());
		}
		finally {
			pending.release();
		}
	}

	/** Whether that was all of the request. */
	private boolean readBody(UpstreamRequest request, ByteBuf pending, StringBuilder sink) throws MessageException {
		if (!request.hasBody()) {
			return true;
		}
		boolean ended = this.body.read(pending, (data) -> {
			if (request.isChunked()) {
				Chunks.write(data, ALLOCATOR, (chunk) -> append(chunk, sink));
			}
			else {
				append(data, sink);
			}
		});
		if (ended && request.isChunked()) {
			append(Chunks.end(this.body.trailers(), ALLOCATOR), sink);
		}
		return ended;
	}

	/**
	 * Receive the answer of a target.
	 * @param pieces the bytes, a char for a byte, as they arrive
	 * @param method what was asked for
	 * @return the answer that was understood, or {@code null} if it was not, or not yet
	 */
	StrictHttp.Response answer(List<String> pieces, String method) {
		ResponseHead head = new ResponseHead();
		StringBuilder content = new StringBuilder();
		ByteBuf pending = Unpooled.buffer();
		try {
			for (String piece : pieces) {
				pending.writeCharSequence(piece, StandardCharsets.ISO_8859_1);
				while (pending.isReadable()) {
					if (!head.isComplete()) {
						if (!head.read(pending)) {
							continue;
						}
						this.body.begin(Framing.of(head, Method.of(method)));
					}
					if (this.body.isEnded() || this.body.read(pending, (data) -> append(data, content))) {
						return new StrictHttp.Response(head.status(), List.of(), content.toString(), List.of(), null);
					}
				}
			}
			return null;
		}
		catch (MessageException ex) {
			return null;
		}
		finally {
			pending.release();
		}
	}

	private static void append(ByteBuf bytes, StringBuilder sink) {
		sink.append(bytes.toString(StandardCharsets.ISO_8859_1));
		// The line ends between chunks are shared and released by nobody.
		bytes.release();
	}

	/**
	 * What became of the bytes of a connection.
	 *
	 * @param sent what was sent to a target, request by request
	 * @param unfinished what was sent of one more
	 * @param refusal the status by which the client was refused, or 0
	 */
	record Passage(List<String> sent, String unfinished, int refusal) {

	}

}
