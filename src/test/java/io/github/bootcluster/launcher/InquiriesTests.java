package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

import io.github.bootcluster.LoggerLevel;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlListener.Connection;
import io.github.bootcluster.control.ControlMessage.Answer;
import io.github.bootcluster.control.ControlMessage.DumpThreads;
import io.github.bootcluster.control.ControlMessage.FromLauncher;
import io.github.bootcluster.control.ControlMessage.SetLevel;
import io.github.bootcluster.launcher.Inquiries.Reply;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InquiriesTests {

	private static final WorkerId WORKER = WorkerId.of(1);

	private static final WorkerId OTHER = WorkerId.of(2);

	private final Inquiries inquiries = new Inquiries(Duration.ofSeconds(60));

	private final Line line = new Line();

	private final Line otherLine = new Line();

	@Test
	void answerGoesToWhoAsked() {
		this.inquiries.connected(WORKER, this.line);
		CompletableFuture<Reply> first = this.inquiries.ask(WORKER, DumpThreads::new);
		CompletableFuture<Reply> second = this.inquiries.ask(WORKER, DumpThreads::new);
		assertThat(this.line.sent).containsExactly(new DumpThreads(1), new DumpThreads(2));
		this.inquiries.answered(WORKER, new Answer(2, false, "no"));
		assertThat(first).isNotDone();
		assertThat(second).isCompletedWithValue(new Reply.Answered(false, "no"));
		this.inquiries.answered(WORKER, new Answer(1, true, "threads"));
		assertThat(first).isCompletedWithValue(new Reply.Answered(true, "threads"));
	}

	@Test
	void answerOfAnotherWorkerIsNone() {
		this.inquiries.connected(WORKER, this.line);
		CompletableFuture<Reply> reply = this.inquiries.ask(WORKER, DumpThreads::new);
		this.inquiries.answered(OTHER, new Answer(1, true, "forged"));
		assertThat(reply).isNotDone();
	}

	@Test
	void workerThatEndsWillNotAnswer() {
		this.inquiries.connected(WORKER, this.line);
		this.inquiries.connected(OTHER, this.otherLine);
		CompletableFuture<Reply> reply = this.inquiries.ask(WORKER, DumpThreads::new);
		CompletableFuture<Reply> ofTheOther = this.inquiries.ask(OTHER, DumpThreads::new);
		this.inquiries.disconnected(WORKER);
		assertThat(reply).isCompletedWithValue(Reply.GONE);
		assertThat(ofTheOther).isNotDone();
		assertThat(this.inquiries.ask(WORKER, DumpThreads::new)).isCompletedWithValue(Reply.GONE);
	}

	@Test
	void connectionThatTakesNothingIsThatOfAWorkerThatIsGone() {
		this.line.closed = true;
		this.inquiries.connected(WORKER, this.line);
		assertThat(this.inquiries.ask(WORKER, DumpThreads::new)).isCompletedWithValue(Reply.GONE);
	}

	@Test
	void workerThatDoesNotAnswerIsNotWaitedForLongerThanSaid() throws Exception {
		Inquiries impatient = new Inquiries(Duration.ofMillis(1));
		impatient.connected(WORKER, this.line);
		assertThat(impatient.ask(WORKER, DumpThreads::new).get(20, TimeUnit.SECONDS)).isEqualTo(Reply.LATE);
		// Nobody is there any more to be told.
		impatient.answered(WORKER, new Answer(1, true, "threads"));
	}

	@Test
	void whatAllAreAskedIsAskedOfThoseThatComeInItsLatestForm() {
		this.inquiries.connected(WORKER, this.line);
		Map<WorkerId, CompletableFuture<Reply>> replies = this.inquiries.askAll("a", level("a", "DEBUG"));
		assertThat(replies).containsOnlyKeys(WORKER);
		this.inquiries.askAll("b", level("b", "INFO"));
		this.inquiries.askAll("a", level("a", "TRACE"));
		assertThat(this.line.sent).hasSize(3);
		this.inquiries.connected(OTHER, this.otherLine);
		assertThat(this.otherLine.sent).containsExactly(level("b", "INFO").apply(0), level("a", "TRACE").apply(0));
		this.inquiries.answered(OTHER, new Answer(0, true, ""));
	}

	@Test
	void whatIsTakenBackIsNotAskedOfThoseThatCome() {
		this.inquiries.askAll("a", level("a", "DEBUG"));
		this.inquiries.connected(WORKER, this.line);
		this.line.sent.clear();
		this.inquiries.askAllFor("a", level("a", "RESET"));
		assertThat(this.line.sent).hasSize(1);
		this.inquiries.connected(OTHER, this.otherLine);
		assertThat(this.otherLine.sent).isEmpty();
	}

	@Test
	void numberOfSubjectsIsKnown() {
		this.inquiries.askAll("a", level("a", "DEBUG"));
		assertThat(this.inquiries.isFull("b", 2)).isFalse();
		assertThat(this.inquiries.isFull("b", 1)).isTrue();
		assertThat(this.inquiries.isFull("a", 1)).as("is there already").isFalse();
	}

	private static LongFunction<FromLauncher> level(String logger, String level) {
		return (question) -> new SetLevel(question, LoggerLevel.of(logger, level));
	}

	private static final class Line implements Connection {

		private final List<FromLauncher> sent = new ArrayList<>();

		private boolean closed;

		@Override
		public boolean send(FromLauncher message) {
			return !this.closed && this.sent.add(message);
		}

		@Override
		public long backlog() {
			return 0;
		}

	}

}
