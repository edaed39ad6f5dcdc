package io.github.bootcluster.launcher;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what one worker writes to the launcher's console, line by line, each with its
 * worker's label in front, and keeps the last lines. Bytes pass unchanged, so that the
 * console's encoding is the worker's business alone. Runs on a thread of its own until
 * the worker closes its output.
 */
final class OutputPump implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(OutputPump.class);

	/** A longer line is broken, so that a worker that writes none cannot fill memory. */
	static final int MAX_LINE = 64 * 1024;

	private static final Charset NATIVE = Charset.forName(System.getProperty("native.encoding", "UTF-8"));

	/** Written by any thread. */
	private volatile byte[] prefix;

	private final InputStream source;

	private final OutputStream console;

	private final OutputTail tail;

	OutputPump(String label, InputStream source, OutputStream console, OutputTail tail) {
		this.prefix = prefix(label);
		this.source = new BufferedInputStream(source);
		this.console = console;
		this.tail = tail;
	}

	/** From the next line on the label is another. */
	void label(String label) {
		this.prefix = prefix(label);
	}

	@Override
	public void run() {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		try (this.source) {
			int next;
			while ((next = this.source.read()) != -1) {
				if (next != '\n') {
					line.write(next);
				}
				if (next == '\n' || line.size() >= MAX_LINE) {
					emit(line);
				}
			}
		}
		catch (IOException ex) {
			logger.debug("The output of a worker ended: {}", ex.getMessage());
		}
		if (line.size() > 0) {
			emit(line);
		}
	}

	private static byte[] prefix(String label) {
		return (label + " | ").getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Java writes UTF-8 since version 18 unless told otherwise, before that as the system
	 * does.
	 */
	private static String decode(byte[] content, int length) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content, 0, length)).toString();
		}
		catch (CharacterCodingException ex) {
			return new String(content, 0, length, NATIVE);
		}
	}

	/** One write for the whole line, so that lines of different workers do not mix. */
	private void emit(ByteArrayOutputStream line) {
		byte[] content = line.toByteArray();
		line.reset();
		int length = (content.length > 0 && content[content.length - 1] == '\r') ? content.length - 1 : content.length;
		this.tail.add(decode(content, length));
		byte[] prefix = this.prefix;
		byte[] output = new byte[prefix.length + length + 1];
		System.arraycopy(prefix, 0, output, 0, prefix.length);
		System.arraycopy(content, 0, output, prefix.length, length);
		output[output.length - 1] = '\n';
		try {
			this.console.write(output);
			this.console.flush();
		}
		catch (IOException ex) {
			logger.debug("The console is gone: {}", ex.getMessage());
		}
	}

}
