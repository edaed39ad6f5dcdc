package io.github.bootcluster.console;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.bootcluster.LogOrigin;
import io.github.bootcluster.WorkerId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConsoleTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private static final LogOrigin WORKER = LogOrigin.worker(WorkerId.of(1), 1, 1);

	private static final LogOrigin PEER = LogOrigin.worker(WorkerId.of(2), 2, 1);

	private final StubbornStream stream = new StubbornStream();

	@Test
	void linesOfWorkersAndLauncherAreWrittenWhole() {
		Console console = console(LONG);
		console.show(output("one\ntwo"), WORKER);
		console.show(output("three\n"), PEER);
		PrintStream out = new PrintStream(console.out());
		out.print("four ");
		out.println("five");
		out.print("six");
		console.finish(LONG);
		assertThat(this.stream.text().lines()).containsExactlyInAnyOrder("worker-1 | one", "worker-1 | two",
				"worker-2 | three", "four five", "six");
	}

	@Test
	void bothStreamsOfTheLauncherKeepTheirOrder() {
		ByteArrayOutputStream both = new ByteArrayOutputStream();
		Console console = new Console(both, both, new PlainForm(), new OutputBuffer(Console.CAPACITY, LONG));
		console.start();
		PrintStream out = new PrintStream(console.out());
		PrintStream err = new PrintStream(console.err());
		StringBuilder expected = new StringBuilder();
		for (int i = 0; i < 1000; i++) {
			((i % 3 == 0) ? err : out).println("line " + i);
			expected.append("line ").append(i).append(System.lineSeparator());
		}
		console.finish(LONG);
		assertThat(both.toString(StandardCharsets.UTF_8)).isEqualTo(expected.toString());
	}

	@Test
	void labelChangesWhenTheWorkerIsSeated() throws Exception {
		Console console = console(LONG);
		PipedOutputStream worker = new PipedOutputStream();
		OutputPump pump = console.show(new PipedInputStream(worker), LogOrigin.worker(WorkerId.of(3), 0, 1));
		worker.write("one\n".getBytes(StandardCharsets.UTF_8));
		worker.flush();
		await().until(() -> this.stream.text().equals("standby | one\n"));
		pump.seated(2);
		worker.write("two\n".getBytes(StandardCharsets.UTF_8));
		worker.close();
		console.finish(LONG);
		assertThat(this.stream.text()).isEqualTo("standby | one\nworker-2 | two\n");
	}

	@Test
	void hiddenOutputIsKeptAndNotWritten() throws Exception {
		Console console = console(LONG);
		OutputPump pump = console.hide(output("one\n"), WORKER);
		pump.awaitEnd(LONG);
		console.finish(LONG);
		assertThat(pump.linesAfter(0).lines()).containsExactly("one");
		assertThat(this.stream.text()).isEmpty();
	}

	@Test
	void stuckConsoleKeepsNobodyAndTellsLaterWhatIsMissing() throws Exception {
		Console console = console(Duration.ofMillis(50));
		this.stream.stop();
		int lines = 200_000;
		OutputPump flooding = console.show(output("0123456789 0123456789 0123456789\n".repeat(lines)), WORKER);
		// It ends although nothing was written; the last lines are kept all the same.
		flooding.awaitEnd(LONG);
		assertThat(flooding.linesAfter(0).last()).isEqualTo(lines);
		OutputPump peer = console.show(output("I am here, too\n"), PEER);
		peer.awaitEnd(LONG);
		new PrintStream(console.out()).println("as is the launcher");
		console.finish(Duration.ZERO);
		assertThat(this.stream.text()).isEmpty();
		this.stream.goOn();
		console.finish(LONG);
		String written = this.stream.text();
		assertThat(written).contains("worker-2 | I am here, too\n", "as is the launcher\n")
			.doesNotContain("worker-2 | ...");
		long floodLines = written.lines().filter((line) -> line.startsWith("worker-1 | 0")).count();
		assertThat(written.lines()).contains(
				"worker-1 | ... %d lines were not written: the console does not keep up".formatted(lines - floodLines));
	}

	@Test
	void slowConsoleLosesNothingOfABurst() throws Exception {
		Console console = console(LONG);
		this.stream.stop();
		int lines = 200_000;
		OutputPump pump = console.show(output("0123456789 0123456789 0123456789\n".repeat(lines)), WORKER);
		await().until(() -> this.stream.isWaitedFor());
		this.stream.goOn();
		pump.awaitEnd(LONG);
		console.finish(LONG);
		assertThat(this.stream.text().lines().filter((line) -> line.startsWith("worker-1 | 0"))).hasSize(lines);
	}

	@Test
	void lostConsoleEndsNothingAndMayComeBack() throws Exception {
		Console console = console(LONG);
		PrintStream out = new PrintStream(console.out());
		this.stream.fail(true);
		out.println("one");
		OutputPump pump = console.show(output("two\nthree\n"), WORKER);
		pump.awaitEnd(LONG);
		console.finish(LONG);
		assertThat(pump.linesAfter(0).lines()).containsExactly("two", "three");
		this.stream.fail(false);
		out.println("four");
		console.finish(LONG);
		// The line before may have been cut off.
		assertThat(this.stream.text()).isEqualTo("\n... 1 line was not written: the console does not keep up\nfour\n");
	}

	@Test
	void errorCostsItsLinesAndNotTheConsole() {
		Error error = new OutOfMemoryError("expected by this test");
		AtomicBoolean failing = new AtomicBoolean(true);
		Console console = new Console(new OutputStream() {

			@Override
			public void write(int value) {
				throw new UnsupportedOperationException();
			}

			@Override
			public void write(byte[] bytes, int offset, int length) throws IOException {
				if (failing.get()) {
					throw error;
				}
				ConsoleTests.this.stream.write(bytes, offset, length);
			}

		}, OutputStream.nullOutputStream(), new PlainForm(), new OutputBuffer(Console.CAPACITY, LONG));
		console.start();
		PrintStream out = new PrintStream(console.out());
		out.println("one");
		console.finish(LONG);
		failing.set(false);
		out.println("two");
		console.finish(LONG);
		assertThat(this.stream.text()).isEqualTo("\n... 1 line was not written: the console does not keep up\ntwo\n");
	}

	@Test
	void noticeThatCannotBeMadeIsTriedAgain() throws Exception {
		AtomicBoolean failing = new AtomicBoolean(true);
		OutputBuffer buffer = new OutputBuffer(1000, Duration.ZERO);
		Outlet outlet = new Outlet(this.stream);
		OutputBuffer.Feed feed = buffer.open(outlet, (missing) -> {
			if (failing.getAndSet(false)) {
				throw new IllegalStateException("expected by this test");
			}
			return (missing + " missing\n").getBytes(StandardCharsets.UTF_8);
		});
		Console console = new Console(this.stream, OutputStream.nullOutputStream(), new PlainForm(), buffer);
		console.start();
		feed.put(new Piece(outlet, new byte[2000], 3));
		buffer.awaitEnd(2, LONG);
		feed.put(new Piece(outlet, "last\n".getBytes(StandardCharsets.UTF_8), 1));
		buffer.awaitEnd(2, LONG);
		assertThat(this.stream.text()).isEqualTo("3 missing\nlast\n");
	}

	private Console console(Duration patience) {
		Console console = new Console(this.stream, OutputStream.nullOutputStream(), new PlainForm(),
				new OutputBuffer(Console.CAPACITY, patience));
		console.start();
		return console;
	}

	private static ByteArrayInputStream output(String text) {
		return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
	}

	/** Takes nothing while it is stopped, and refuses all while it fails. */
	private static final class StubbornStream extends OutputStream {

		private final ByteArrayOutputStream written = new ByteArrayOutputStream();

		/** Written by the test, read by the console's thread. */
		private volatile CountDownLatch gate = new CountDownLatch(0);

		/** The other way round. */
		private volatile boolean waitedFor;

		private volatile boolean failing;

		void stop() {
			this.gate = new CountDownLatch(1);
		}

		void goOn() {
			this.gate.countDown();
		}

		void fail(boolean failing) {
			this.failing = failing;
		}

		boolean isWaitedFor() {
			return this.waitedFor;
		}

		String text() {
			return this.written.toString(StandardCharsets.UTF_8);
		}

		@Override
		public void write(int value) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			if (this.failing) {
				throw new IOException("Broken pipe");
			}
			try {
				this.waitedFor = true;
				this.gate.await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
			this.written.write(bytes, offset, length);
		}

	}

}
