package io.github.bootcluster.ctl;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.bootcluster.control.OperatorListener.Connection;
import io.github.bootcluster.control.OperatorReply;
import io.github.bootcluster.control.OperatorReply.Text;
import io.github.bootcluster.control.OperatorScreen;
import tools.jackson.databind.json.JsonMapper;

/** Prints at an operator's screen. Used by the thread that serves that operator. */
final class Printer {

	/** As the endpoint leaves out what has no value. */
	private static final JsonMapper JSON = JsonMapper.builder()
		.changeDefaultPropertyInclusion((value) -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
		.build();

	/** Between two looks at something that an operator waits for. */
	private static final Duration TICK = Duration.ofMillis(100);

	private final Connection connection;

	private final OperatorScreen screen;

	Printer(Connection connection, OperatorScreen screen) {
		this.connection = connection;
		this.screen = screen;
	}

	OperatorScreen screen() {
		return this.screen;
	}

	void print(String text) throws IOException {
		send(false, shown(text));
	}

	void error(String text) throws IOException {
		send(true, shown(text));
	}

	/**
	 * A line that a worker wrote, as it can be printed. Only a terminal does what it
	 * says: a pipe gets it as it is.
	 */
	String foreign(String line) {
		return this.screen.terminal() ? TerminalText.harmless(line, this.screen.color()) : line;
	}

	/** Print a document, in a line. JSON is UTF-8, whatever the screen shows. */
	void json(Object document) throws IOException {
		send(false, toJson(document));
	}

	void end(int status) throws IOException {
		this.connection.send(new OperatorReply.End(status));
	}

	void farewell(long pid, String text) throws IOException {
		this.connection.send(new OperatorReply.Farewell(pid, text));
	}

	/**
	 * Wait a moment for something to change.
	 * @throws IOException if the operator does not wait any more
	 */
	void pause() throws IOException {
		checkThatSomebodyWaits();
		sleep();
	}

	/** Wait until the operator leaves, or this process ends. */
	void awaitLeaving() throws IOException {
		while (!this.connection.isGone()) {
			sleep();
		}
	}

	void checkThatSomebodyWaits() throws IOException {
		if (this.connection.isGone()) {
			throw new EOFException("The operator does not wait for the end");
		}
	}

	private static void sleep() throws IOException {
		try {
			Thread.sleep(TICK.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while an operator waits", ex);
		}
	}

	static String toJson(Object document) {
		return JSON.writeValueAsString(document) + "\n";
	}

	/** In pieces, lest a message becomes too large. */
	private void send(boolean error, String text) throws IOException {
		for (int from = 0; from < text.length();) {
			int to = Math.min(text.length(), from + Text.MAX_LENGTH);
			if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
				to--;
			}
			this.connection.send(new Text(error, text.substring(from, to)));
			from = to;
		}
	}

	private String shown(String text) {
		return this.screen.unicode() ? text : text.replace("…", "...").replaceAll("[^\\x00-\\x7f]", "?");
	}

}
