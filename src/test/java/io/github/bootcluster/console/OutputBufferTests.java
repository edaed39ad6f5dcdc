package io.github.bootcluster.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.console.OutputBuffer.Batch;
import io.github.bootcluster.console.OutputBuffer.Feed;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OutputBufferTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private static final int CAPACITY = 100_000;

	private final Outlet outlet = new Outlet(OutputStream.nullOutputStream());

	@Test
	void whatIsPutIsTakenInOrder() throws Exception {
		OutputBuffer buffer = new OutputBuffer(CAPACITY, LONG);
		Feed feed = open(buffer);
		put(feed, "one\n");
		put(feed, "two\n");
		assertThat(text(take(buffer))).isEqualTo("one\ntwo\n");
	}

	@Test
	void batchIsOfOneOutlet() throws Exception {
		OutputBuffer buffer = new OutputBuffer(CAPACITY, LONG);
		Feed feed = open(buffer);
		Outlet other = new Outlet(OutputStream.nullOutputStream());
		put(feed, "one\n");
		feed.put(new Piece(other, "two\n".getBytes(StandardCharsets.US_ASCII), 1));
		put(feed, "three\n");
		Batch first = take(buffer);
		Batch second = take(buffer);
		assertThat(first.outlet()).isSameAs(this.outlet);
		assertThat(second.outlet()).isSameAs(other);
		assertThat(text(first) + text(second) + text(take(buffer))).isEqualTo("one\ntwo\nthree\n");
	}

	@Test
	void feedsTakeTurns() throws Exception {
		OutputBuffer buffer = new OutputBuffer(10 * OutputBuffer.BATCH, LONG);
		Feed flooding = open(buffer);
		Feed quiet = open(buffer);
		String large = "x".repeat(OutputBuffer.BATCH - 1) + "\n";
		put(flooding, large);
		put(flooding, large);
		put(quiet, "me, too\n");
		assertThat(text(take(buffer))).isEqualTo(large);
		assertThat(text(take(buffer))).isEqualTo("me, too\n");
		assertThat(text(take(buffer))).isEqualTo(large);
	}

	@Test
	void floodingFeedLeavesHalfOfTheRoom() throws Exception {
		OutputBuffer buffer = new OutputBuffer(CAPACITY, Duration.ZERO);
		Feed flooding = open(buffer);
		Feed peer = open(buffer);
		String line = "x".repeat(999) + "\n";
		for (int i = 0; i < 1000; i++) {
			put(flooding, line);
		}
		String peersLine = "y".repeat(999) + "\n";
		for (int i = 0; i < 20; i++) {
			put(peer, peersLine);
		}
		String written = "";
		for (int i = 0; i < 2; i++) {
			written += text(take(buffer));
		}
		assertThat(written).contains(peersLine.repeat(20));
		assertThat(written.replace(peersLine, "")).hasSizeBetween(40_000, 50_000)
			.endsWith("... %d lines were not written: the console does not keep up\n"
				.formatted(1000 - written.replace(peersLine, "").chars().filter((each) -> each == '\n').count() + 1));
	}

	@Test
	void linesAreDroppedUntilAllThatIsHeldIsWritten() throws Exception {
		OutputBuffer buffer = new OutputBuffer(4 * OutputBuffer.BATCH, Duration.ZERO);
		Feed feed = open(buffer);
		String large = "x".repeat(OutputBuffer.BATCH / 2 + 1) + "\n";
		put(feed, large);
		put(feed, large);
		put(feed, large);
		feed.put(new Piece(this.outlet, large.repeat(2).getBytes(StandardCharsets.US_ASCII), 2));
		assertThat(text(take(buffer))).isEqualTo(large);
		// There would be room again, but then there would be many gaps.
		assertThat(feed.dropsNow(1)).isTrue();
		put(feed, "not this one\n");
		assertThat(text(take(buffer))).isEqualTo(large);
		assertThat(text(take(buffer)))
			.isEqualTo(large + "... 4 lines were not written: the console does not keep up\n");
		assertThat(feed.dropsNow(1)).isFalse();
		put(feed, "this one\n");
		assertThat(text(take(buffer))).isEqualTo("this one\n");
	}

	@Test
	void whoFindsNoRoomWaitsForIt() throws Exception {
		OutputBuffer buffer = new OutputBuffer(1000, LONG);
		Feed feed = open(buffer);
		put(feed, "x".repeat(400));
		Batch batch = buffer.take();
		Thread waiting = new Thread(() -> put(feed, "y".repeat(400)));
		waiting.start();
		await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
		buffer.done(batch, true);
		waiting.join();
		assertThat(text(take(buffer))).isEqualTo("y".repeat(400));
	}

	@Test
	void patienceEndsAndIsNotSpentTwice() throws Exception {
		OutputBuffer buffer = new OutputBuffer(1000, Duration.ofMillis(20));
		Feed feed = open(buffer);
		put(feed, "x".repeat(400));
		Batch stuck = buffer.take();
		put(feed, "y".repeat(400));
		assertThat(feed.dropsNow(0)).isTrue();
		buffer.done(stuck, true);
		assertThat(text(take(buffer))).isEqualTo("... 1 line was not written: the console does not keep up\n");
		// Patient anew: this one waits, and is not thrown away before its time.
		put(feed, "x".repeat(400));
		assertThat(feed.dropsNow(0)).isFalse();
	}

	@Test
	void feedThatFoundNoRoomAtAllTellsAllTheSame() throws Exception {
		OutputBuffer buffer = new OutputBuffer(1000, Duration.ZERO);
		Feed greedy = open(buffer);
		Feed late = open(buffer);
		put(greedy, "x".repeat(430));
		put(late, "y".repeat(500));
		assertThat(text(take(buffer))).startsWith("x");
		assertThat(text(take(buffer))).isEqualTo("... 1 line was not written: the console does not keep up\n");
	}

	@Test
	void linesThatCouldNotBeWrittenAreToldOfBeforeTheNextOnes() throws Exception {
		OutputBuffer buffer = new OutputBuffer(CAPACITY, LONG);
		Feed feed = open(buffer);
		put(feed, "one\n");
		buffer.done(buffer.take(), false);
		put(feed, "two\n");
		buffer.done(buffer.take(), false);
		put(feed, "three\n");
		assertThat(text(take(buffer))).isEqualTo("... 2 lines were not written: the console does not keep up\nthree\n");
	}

	@Test
	void interruptedThreadIsNotKept() {
		OutputBuffer buffer = new OutputBuffer(1000, LONG);
		Feed feed = open(buffer);
		put(feed, "x".repeat(400));
		Thread.currentThread().interrupt();
		put(feed, "y".repeat(400));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(feed.dropsNow(0)).isTrue();
	}

	@Test
	void endIsWhenFeedsHaveEndedAndAllIsWritten() throws Exception {
		OutputBuffer buffer = new OutputBuffer(CAPACITY, LONG);
		open(buffer);
		Feed feed = open(buffer);
		put(feed, "last words\n");
		assertThat(buffer.awaitEnd(1, Duration.ZERO)).isFalse();
		feed.close();
		assertThat(buffer.awaitEnd(1, Duration.ZERO)).isFalse();
		Batch batch = buffer.take();
		assertThat(buffer.awaitEnd(1, Duration.ZERO)).isFalse();
		CompletableFuture<Boolean> end = new CompletableFuture<>();
		Thread waiting = new Thread(() -> {
			try {
				end.complete(buffer.awaitEnd(1, LONG));
			}
			catch (InterruptedException ex) {
				end.completeExceptionally(ex);
			}
		});
		waiting.start();
		await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
		buffer.done(batch, true);
		assertThat(end.get()).isTrue();
	}

	@Test
	void lineThatTellsOfMissingOnesIsWaitedForAtTheEnd() throws Exception {
		OutputBuffer buffer = new OutputBuffer(1000, Duration.ZERO);
		Feed feed = open(buffer);
		put(feed, "x".repeat(2000));
		Batch batch = buffer.take();
		assertThat(buffer.awaitEnd(1, Duration.ZERO)).isFalse();
		buffer.done(batch, true);
		assertThat(buffer.awaitEnd(1, Duration.ZERO)).isTrue();
	}

	private Feed open(OutputBuffer buffer) {
		return buffer.open(this.outlet,
				(missing) -> (new String(OutputBuffer.notice(missing), StandardCharsets.US_ASCII) + "\n")
					.getBytes(StandardCharsets.US_ASCII));
	}

	private void put(Feed feed, String line) {
		feed.put(new Piece(this.outlet, line.getBytes(StandardCharsets.US_ASCII), 1));
	}

	private static Batch take(OutputBuffer buffer) throws InterruptedException {
		Batch batch = buffer.take();
		buffer.done(batch, true);
		return batch;
	}

	private static String text(Batch batch) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		new Outlet(bytes).write(batch.pieces());
		return bytes.toString(StandardCharsets.US_ASCII);
	}

}
