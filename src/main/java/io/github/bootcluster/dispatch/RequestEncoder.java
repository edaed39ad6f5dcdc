package io.github.bootcluster.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.util.CharsetUtil;

/**
 * Writes a request's target as the bytes it was read from. Netty's own decodes it as
 * Latin-1 and encodes it as UTF-8.
 */
final class RequestEncoder extends HttpRequestEncoder {

	private static final String VERSION = " HTTP/1.1\r\n";

	@Override
	protected void encodeInitialLine(ByteBuf buffer, HttpRequest request) {
		ByteBufUtil.copy(request.method().asciiName(), buffer);
		buffer.writeByte(' ');
		buffer.writeCharSequence(request.uri(), CharsetUtil.ISO_8859_1);
		buffer.writeCharSequence(VERSION, CharsetUtil.US_ASCII);
	}

}
