package io.github.bootcluster.console;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.bootcluster.OutputLines;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OutputPumpTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final RecordingSink sink = new RecordingSink();

	@Test
	void allLinesPassAndAreKept() throws Exception {
		OutputPump pump = pump(new ByteArrayInputStream(bytes("one\ntwo\r\n\nthree")));
		assertThat(this.sink.lines()).containsExactly("one", "two", "", "three");
		assertThat(pump.linesAfter(0).lines()).containsExactly("one", "two", "", "three");
		assertThat(this.sink.closed).isTrue();
	}

	@Test
	void linesAreNumberedSoThatNoneIsReadTwice() {
		OutputTail tail = new OutputTail();
		for (int i = 1; i <= OutputTail.CAPACITY + 2; i++) {
			tail.add(bytes("line " + i));
		}
		assertThat(tail.after(OutputTail.CAPACITY))
			.isEqualTo(new OutputLines(OutputTail.CAPACITY + 2, List.of("line 1001", "line 1002")));
		assertThat(tail.after(OutputTail.CAPACITY + 2).lines()).isEmpty();
		assertThat(tail.after(Long.MAX_VALUE).lines()).isEmpty();
		assertThat(tail.after(1).lines()).hasSize(OutputTail.CAPACITY).startsWith("line 3");
		assertThat(tail.after(-1)).isEqualTo(tail.after(0));
	}

	@Test
	void longLinesAreKeptAsFarAsThereIsRoom() throws Exception {
		OutputPump pump = pump(new ByteArrayInputStream(bytes(("x".repeat(OutputTail.MAX_LENGTH) + "\n").repeat(100))));
		assertThat(pump.linesAfter(0).lines()).hasSize(OutputTail.MAX_TOTAL / OutputTail.MAX_LENGTH);
	}

	@Test
	void longLineIsNotCutWithinACharacter() {
		OutputTail tail = new OutputTail();
		tail.add(bytes("x" + "\u20ac".repeat(OutputTail.MAX_LENGTH)));
		assertThat(tail.after(0).lines().get(0)).matches("x\u20ac+ \u2026").hasSizeGreaterThan(2700);
	}

	@Test
	void endlessLineIsBroken() throws Exception {
		OutputPump pump = pump(new ByteArrayInputStream(bytes("x".repeat(LineSplitter.MAX_LINE * 2 + 5))));
		assertThat(pump.linesAfter(0).lines()).extracting(String::length)
			.containsExactly(OutputTail.MAX_LENGTH + 2, OutputTail.MAX_LENGTH + 2, 5);
		assertThat(this.sink.lines()).extracting(String::length)
			.containsExactly(LineSplitter.MAX_LINE, LineSplitter.MAX_LINE, 5);
	}

	@Test
	void whatComesWithinAMomentIsPassedOnTogether() throws Exception {
		pump(new HesitantSource(2, "It failed\njava.lang.Error\n", "\tat a.B.c(B.j", "ava:1)\n\tat a.B.d(B.java:2)\n"));
		assertThat(this.sink.handed).hasSize(1);
		assertThat(this.sink.lines()).containsExactly("It failed", "java.lang.Error", "\tat a.B.c(B.java:1)",
				"\tat a.B.d(B.java:2)");
	}

	@Test
	void whatComesLaterIsNotWaitedFor() throws Exception {
		pump(new HesitantSource(OutputPump.WAITS_FOR_MORE + 1, "one\n", "\tlate\n"));
		assertThat(this.sink.handed).hasSize(2);
	}

	@Test
	void linesThatTrickleAreHeldBackNoLongerForThat() throws Exception {
		String[] trickle = new String[OutputPump.WAITS + 1];
		Arrays.fill(trickle, " and on\n");
		pump(new HesitantSource(1, trickle));
		assertThat(this.sink.handed).hasSize(2);
	}

	@Test
	void floodIsPassedOnInBatchesThatCutNoEvent() throws Exception {
		String event = "x".repeat(1000) + "\n" + ("\t" + "y".repeat(998) + "\n").repeat(9);
		pump(new ByteArrayInputStream(bytes(event.repeat(100))));
		assertThat(this.sink.handed.size()).isBetween(10, 17);
		assertThat(this.sink.handed).extracting((lines) -> lines.get(0).charAt(0)).containsOnly('x');
		assertThat(this.sink.lines()).hasSize(1000);
	}

	@Test
	void lineIsPassedOnWhileItsWriterSaysNothingMore() throws Exception {
		PipedOutputStream worker = new PipedOutputStream();
		OutputPump pump = new OutputPump("pump", new PipedInputStream(worker), this.sink);
		pump.start();
		worker.write(bytes("one\ntw"));
		worker.flush();
		await().until(() -> this.sink.lines().contains("one"));
		worker.close();
		pump.awaitEnd(PATIENCE);
		assertThat(this.sink.lines()).containsExactly("one", "tw");
	}

	@Test
	void brokenSourceDoesNotLoseWhatWasRead() throws Exception {
		pump(new InputStream() {

			private final AtomicInteger reads = new AtomicInteger();

			@Override
			public int read() {
				throw new UnsupportedOperationException();
			}

			@Override
			public int read(byte[] target, int offset, int length) throws IOException {
				if (this.reads.incrementAndGet() > 1) {
					throw new IOException("Stream closed");
				}
				byte[] text = bytes("one\ntwo");
				System.arraycopy(text, 0, target, offset, text.length);
				return text.length;
			}

		});
		assertThat(this.sink.lines()).containsExactly("one", "two");
	}

	private OutputPump pump(InputStream source) throws InterruptedException {
		OutputPump pump = new OutputPump("pump", source, this.sink);
		pump.start();
		pump.awaitEnd(PATIENCE);
		return pump;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/** Has the next part only when it was asked some times whether it has. */
	private static final class HesitantSource extends InputStream {

		private final int hesitation;

		private final Deque<byte[]> parts = new ArrayDeque<>();

		private int asked;

		HesitantSource(int hesitation, String... parts) {
			this.hesitation = hesitation;
			for (String part : parts) {
				this.parts.add(bytes(part));
			}
		}

		@Override
		public int available() {
			byte[] next = this.parts.peek();
			return (next != null && ++this.asked > this.hesitation) ? next.length : 0;
		}

		@Override
		public int read() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int read(byte[] target, int offset, int length) {
			this.asked = 0;
			byte[] part = this.parts.poll();
			if (part == null) {
				return -1;
			}
			System.arraycopy(part, 0, target, offset, part.length);
			return part.length;
		}

	}

	/** Written by the pump's thread, read by the test's. */
	private static final class RecordingSink implements EventSink {

		private final List<List<String>> handed = new CopyOnWriteArrayList<>();

		private final AtomicBoolean closed = new AtomicBoolean();

		@Override
		public void write(List<Events.Event> events) {
			List<String> lines = events.stream()
				.flatMap((event) -> event.lines().stream())
				.map(OutputText::decode)
				.toList();
			if (!lines.isEmpty()) {
				this.handed.add(lines);
			}
		}

		@Override
		public void seated(int slot) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void close() {
			this.closed.set(true);
		}

		List<String> lines() {
			return this.handed.stream().flatMap(List::stream).toList();
		}

	}

}
