package io.github.bootcluster.dispatch;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Netty's decoder at its strictest, and what it does not check itself.
 */
final class RequestDecoder extends HttpRequestDecoder {

	private final HeadScan scan = new HeadScan();

	private boolean inHead = true;

	RequestDecoder() {
		// Said aloud where it is the default too: system properties must not soften it.
		super(new HttpDecoderConfig().setMaxInitialLineLength(Limits.REQUEST_LINE)
			.setMaxHeaderSize(Limits.REQUEST_HEAD)
			.setMaxChunkSize(Limits.CHUNK)
			.setAllowDuplicateContentLengths(false)
			.setStrictLineParsing(true)
			.setUseRfc9112TransferEncoding(true)
			.setValidateHeaders(true));
	}

	/** Whether a part of a head has arrived, but not all of it. */
	boolean isInsideHead() {
		return this.inHead && (this.scan.hasAny() || actualReadableBytes() > 0);
	}

	@Override
	protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
		int from = buffer.readerIndex();
		super.decode(context, buffer, out);
		if (this.inHead) {
			this.scan.accept(buffer, from, buffer.readerIndex());
		}
		for (int i = 0; i < out.size(); i++) {
			if (out.get(i) instanceof HttpMessage head) {
				endHead(head);
			}
			if (out.get(i) instanceof LastHttpContent) {
				this.inHead = true;
			}
		}
	}

	private void endHead(HttpMessage head) {
		Exception fault = this.scan.fault();
		if (fault != null && head.decoderResult().isSuccess()) {
			head.setDecoderResult(DecoderResult.failure(fault));
		}
		this.scan.reset();
		this.inHead = false;
	}

}
