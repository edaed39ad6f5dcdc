package io.github.bootcluster.dispatch;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

import io.github.bootcluster.http.Method;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorAnswerTests {

	@Test
	void answerTellsWhenItWasGiven() {
		Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
		String answer = encode();
		// Two digits of the day, always:
		// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
		assertThat(answer).containsPattern("\r\ndate: [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} [0-9:]{8} GMT\r\n");
		String date = answer.replaceFirst("(?s).*\r\ndate: ([^\r]*).*", "$1");
		assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()).isBetween(before,
				Instant.now());
	}

	private static String encode() {
		ByteBuf answer = ErrorAnswer.headTimeout().encode(UnpooledByteBufAllocator.DEFAULT, Method.GET, "");
		try {
			return answer.toString(StandardCharsets.UTF_8);
		}
		finally {
			answer.release();
		}
	}

}
