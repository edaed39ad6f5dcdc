package io.github.bootcluster.console;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class EventsTests {

	private final Events events = new Events();

	@Test
	void stackTraceBelongsToTheLineBefore() {
		add("one", "java.lang.IllegalStateException: two", "\tat a.B.c(B.java:1)",
				"\tSuppressed: java.io.IOException: three", "Caused by: java.lang.Error: four", "... 7 more", "five");
		assertThat(texts(this.events.takeAll())).containsExactly("one",
				"java.lang.IllegalStateException: two|\tat a.B.c(B.java:1)|\tSuppressed: java.io.IOException: three|Caused by: java.lang.Error: four|... 7 more",
				"five");
		assertThat(this.events.isEmpty()).isTrue();
		assertThat(this.events.weight()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "java.lang.IllegalStateException: Sorry", "com.example.Outer$Inner", "a.b.C: d: e" })
	void stackTraceMayFollowABlankLineAsSpringBootWritesIt(String first) {
		add("12:00 ERROR : It failed", "", first, "\tat a.B.c(B.java:1)", "", "12:01 INFO : next");
		assertThat(texts(this.events.takeAll()))
			.containsExactly("12:00 ERROR : It failed||" + first + "|\tat a.B.c(B.java:1)|", "12:01 INFO : next");
	}

	@ParameterizedTest
	@ValueSource(strings = { "2026-11-29T12:00:00.000Z INFO", "Error", ".hidden: no class", "a.b.C says: no class" })
	void otherLinesAfterABlankOneBeginSomething(String line) {
		add("one", "", line);
		assertThat(texts(this.events.takeAll())).containsExactly("one|", line);
	}

	@Test
	void latestIsLeftSinceItMayBeContinued() {
		add("one", "two", " and more");
		assertThat(texts(this.events.takeComplete())).containsExactly("one");
		add(" and the rest");
		assertThat(this.events.takeComplete()).isEmpty();
		assertThat(texts(this.events.takeAll())).containsExactly("two| and more| and the rest");
	}

	@Test
	void endlessEventIsCut() {
		String line = " " + "x".repeat(1000);
		for (int i = 0; i < 600; i++) {
			add(line);
		}
		assertThat(this.events.takeAll()).hasSize(3)
			.allSatisfy((event) -> assertThat(event.size()).isLessThanOrEqualTo(Events.MAX_WEIGHT / 1000));
	}

	private void add(String... lines) {
		for (String line : lines) {
			this.events.add(line.getBytes(StandardCharsets.UTF_8));
		}
	}

	private static List<String> texts(List<Events.Event> events) {
		return events.stream()
			.map((event) -> String.join("|", event.lines().stream().map(OutputText::decode).toList()))
			.toList();
	}

}
