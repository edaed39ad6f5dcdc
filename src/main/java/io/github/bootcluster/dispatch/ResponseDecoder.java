package io.github.bootcluster.dispatch;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * Decodes the answers of a target, each in the light of the request it is for, and takes
 * no byte that was not asked for.
 */
final class ResponseDecoder extends HttpResponseDecoder {

	private HttpMethod method = HttpMethod.GET;

	private boolean expecting;

	private boolean heard;

	private boolean poisoned;

	ResponseDecoder() {
		super(new HttpDecoderConfig().setMaxInitialLineLength(Limits.REQUEST_LINE)
			.setMaxHeaderSize(Limits.RESPONSE_HEAD)
			.setMaxChunkSize(Limits.CHUNK)
			.setAllowDuplicateContentLengths(true)
			.setStrictLineParsing(true)
			.setUseRfc9112TransferEncoding(true)
			.setValidateHeaders(true));
	}

	/** An answer to a request of that method comes next. */
	void expect(HttpMethod method) {
		this.method = method;
		this.expecting = true;
		this.heard = false;
	}

	/** The answer is complete. */
	void expectNothing() {
		this.expecting = false;
	}

	/** Whether any byte of the answer has arrived. */
	boolean hasHeard() {
		return this.heard;
	}

	/** Whether bytes arrived that belong to no answer. */
	boolean isPoisoned() {
		return this.poisoned;
	}

	@Override
	protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
		if (!this.expecting) {
			// https://www.rfc-editor.org/rfc/rfc9112#section-9.2
			this.poisoned = true;
			buffer.skipBytes(buffer.readableBytes());
			context.close();
			return;
		}
		this.heard = true;
		super.decode(context, buffer, out);
	}

	@Override
	protected boolean isContentAlwaysEmpty(HttpMessage message) {
		return super.isContentAlwaysEmpty(message)
				|| (message instanceof HttpResponse response && ResponseRules.isBodiless(this.method, response));
	}

}
