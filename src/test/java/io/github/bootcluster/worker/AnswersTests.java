package io.github.bootcluster.worker;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.control.ControlMessage.Answer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AnswersTests {

	private final BlockingQueue<Answer> sent = new LinkedBlockingQueue<>();

	private final Answers answers = new Answers(this.sent::add);

	@Test
	void questionsAreAnsweredInTheirOrderWhileTheReaderGoesOn() throws Exception {
		CountDownLatch slow = new CountDownLatch(1);
		this.answers.answer(1, () -> {
			await(slow);
			return "first";
		});
		this.answers.answer(2, () -> "second");
		assertThat(this.sent).isEmpty();
		slow.countDown();
		assertThat(this.sent.poll(20, TimeUnit.SECONDS)).isEqualTo(new Answer(1, true, "first"));
		assertThat(this.sent.poll(20, TimeUnit.SECONDS)).isEqualTo(new Answer(2, true, "second"));
	}

	@Test
	void whatCannotBeDoneIsAnsweredWithTheReasonAndTheNextOneIsDone() throws Exception {
		this.answers.answer(1, () -> {
			throw new IllegalStateException("no levels here");
		});
		this.answers.answer(2, () -> {
			throw new UnsupportedOperationException();
		});
		this.answers.answer(3, () -> "");
		assertThat(this.sent.poll(20, TimeUnit.SECONDS)).isEqualTo(new Answer(1, false, "no levels here"));
		assertThat(this.sent.poll(20, TimeUnit.SECONDS))
			.isEqualTo(new Answer(2, false, "java.lang.UnsupportedOperationException"));
		assertThat(this.sent.poll(20, TimeUnit.SECONDS)).isEqualTo(new Answer(3, true, ""));
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
