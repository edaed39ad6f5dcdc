package io.github.bootcluster.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import io.github.bootcluster.control.ControlMessage.Ask;
import io.github.bootcluster.control.ControlMessage.Presumption;
import org.jspecify.annotations.Nullable;

/**
 * An operator's end of a connection to a launcher. What is loaded here is what the
 * operator waits for: hence JSON by hand, no logger, no lambdas and no texts put together
 * by plus signs, which the JVM links when they are first run.
 */
public final class OperatorClient implements AutoCloseable {

	private final SocketChannel channel;

	private final FrameReader reader;

	private OperatorClient(SocketChannel channel) {
		this.channel = channel;
		this.reader = new FrameReader(channel);
	}

	/**
	 * Call the launcher and ask.
	 * @param socket path of its socket
	 * @throws java.net.ConnectException if nobody listens there
	 * @throws IOException if it cannot be called
	 */
	public static OperatorClient ask(Path socket, Ask ask) throws IOException {
		SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			channel.connect(UnixDomainSocketAddress.of(socket));
			ByteBuffer encoded = encode(ask);
			while (encoded.hasRemaining()) {
				channel.write(encoded);
			}
			return new OperatorClient(channel);
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Wait for the next part of the answer.
	 * @throws java.io.EOFException if the launcher has closed the connection
	 */
	public OperatorReply read() throws IOException {
		return OperatorReply.decode(this.reader.read());
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

	/** As {@link ControlCodec} would write it. */
	static ByteBuffer encode(Ask ask) {
		StringBuilder json = new StringBuilder("{\"type\":\"ask\",\"words\":[");
		List<String> words = ask.words();
		for (int i = 0; i < words.size(); i++) {
			quote((i == 0) ? json : json.append(','), words.get(i));
		}
		OperatorScreen screen = ask.screen();
		json.append("],\"screen\":{\"columns\":").append(screen.columns());
		json.append(",\"terminal\":").append(screen.terminal());
		json.append(",\"color\":").append(screen.color());
		json.append(",\"unicode\":").append(screen.unicode());
		json.append("},\"pid\":").append(ask.pid());
		append(json.append(",\"presumption\":"), ask.presumption());
		byte[] bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(Integer.BYTES + bytes.length).putInt(bytes.length).put(bytes).flip();
	}

	private static void append(StringBuilder json, @Nullable Presumption presumption) {
		if (presumption == null) {
			json.append("null");
			return;
		}
		quote(json.append("{\"program\":"), presumption.program());
		quote(json.append(",\"directory\":"), presumption.directory());
		json.append(",\"environment\":").append(presumption.environment()).append('}');
	}

	private static void quote(StringBuilder json, String text) {
		json.append('"');
		for (int i = 0; i < text.length(); i++) {
			char next = text.charAt(i);
			if (next == '"' || next == '\\') {
				json.append('\\').append(next);
			}
			else if (next < ' ') {
				json.append("\\u00")
					.append(Character.forDigit(next >> 4, 16))
					.append(Character.forDigit(next & 15, 16));
			}
			else {
				json.append(next);
			}
		}
		json.append('"');
	}

}
