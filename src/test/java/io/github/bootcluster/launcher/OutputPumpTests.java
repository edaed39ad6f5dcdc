package io.github.bootcluster.launcher;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.bootcluster.OutputLines;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OutputPumpTests {

	private final OutputTail tail = new OutputTail();

	private final ByteArrayOutputStream console = new ByteArrayOutputStream();

	@Test
	void everyLineTellsItsWorker() {
		pump("one\ntwo\r\n\nthree".getBytes(StandardCharsets.UTF_8), this.console);
		assertThat(this.console.toString(StandardCharsets.UTF_8))
			.isEqualTo("worker-1 | one\nworker-1 | two\nworker-1 | \nworker-1 | three\n");
		assertThat(this.tail.after(0).lines()).containsExactly("one", "two", "", "three");
	}

	@Test
	void labelChangesWithTheNextLine() throws IOException {
		PipedOutputStream worker = new PipedOutputStream();
		OutputPump pump = new OutputPump("standby", new PipedInputStream(worker), this.console, this.tail);
		Thread thread = new Thread(pump);
		thread.start();
		worker.write("one\n".getBytes(StandardCharsets.UTF_8));
		worker.flush();
		await().until(() -> this.tail.after(0).lines().size() == 1 && this.console.size() > 0);
		pump.label("worker-2");
		worker.write("two\n".getBytes(StandardCharsets.UTF_8));
		worker.close();
		await().until(() -> !thread.isAlive());
		assertThat(this.console.toString(StandardCharsets.UTF_8)).isEqualTo("standby | one\nworker-2 | two\n");
	}

	@Test
	void bytesPassUnchangedWhateverTheirEncoding() {
		byte[] line = { (byte) 0xff, (byte) 0xc3, 'a', 0, '\n' };
		pump(line, this.console);
		assertThat(this.console.toByteArray()).endsWith(line);
	}

	@Test
	void onlyTheLastLinesAreKept() {
		StringBuilder output = new StringBuilder();
		for (int i = 0; i < OutputTail.CAPACITY + 50; i++) {
			output.append("line ").append(i).append('\n');
		}
		pump(output.toString().getBytes(StandardCharsets.UTF_8), this.console);
		List<String> lines = this.tail.after(0).lines();
		assertThat(lines).hasSize(OutputTail.CAPACITY)
			.startsWith("line 50")
			.endsWith("line " + (OutputTail.CAPACITY + 49));
	}

	@Test
	void longLinesAreKeptAsFarAsThereIsRoom() {
		pump(("x".repeat(OutputTail.MAX_LENGTH) + "\n").repeat(100).getBytes(StandardCharsets.UTF_8), this.console);
		assertThat(this.tail.after(0).lines()).hasSize(OutputTail.MAX_TOTAL / OutputTail.MAX_LENGTH);
	}

	@Test
	void endlessLineIsBroken() {
		pump("x".repeat(OutputPump.MAX_LINE * 2 + 5).getBytes(StandardCharsets.UTF_8), this.console);
		assertThat(this.tail.after(0).lines()).extracting(String::length)
			.containsExactly(OutputTail.MAX_LENGTH + 2, OutputTail.MAX_LENGTH + 2, 5);
		assertThat(this.console.size()).isGreaterThan(OutputPump.MAX_LINE * 2);
	}

	@Test
	void linesAreNumberedSoThatNoneIsReadTwice() {
		for (int i = 1; i <= OutputTail.CAPACITY + 2; i++) {
			this.tail.add("line " + i);
		}
		assertThat(this.tail.after(OutputTail.CAPACITY))
			.isEqualTo(new OutputLines(OutputTail.CAPACITY + 2, List.of("line 1001", "line 1002")));
		assertThat(this.tail.after(OutputTail.CAPACITY + 2).lines()).isEmpty();
		assertThat(this.tail.after(Long.MAX_VALUE).lines()).isEmpty();
		assertThat(this.tail.after(1).lines()).hasSize(OutputTail.CAPACITY).startsWith("line 3");
		assertThat(this.tail.after(-1)).isEqualTo(this.tail.after(0));
	}

	@Test
	void lostConsoleDoesNotStopTheReading() {
		pump("one\ntwo\n".getBytes(StandardCharsets.UTF_8), new OutputStream() {

			@Override
			public void write(int value) throws IOException {
				throw new IOException("Broken pipe");
			}

		});
		assertThat(this.tail.after(0).lines()).containsExactly("one", "two");
	}

	private void pump(byte[] output, OutputStream console) {
		new OutputPump("worker-1", new ByteArrayInputStream(output), console, this.tail).run();
	}

}
