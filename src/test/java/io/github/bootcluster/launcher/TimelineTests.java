package io.github.bootcluster.launcher;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.github.bootcluster.TimelineEntry;
import io.github.bootcluster.TimelineEntry.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TimelineTests {

	private final Timeline timeline = new Timeline();

	@Test
	void readerIsToldWhatCameAfterTheLastItKnows() {
		assertThat(this.timeline.after(0)).isEmpty();
		IntStream.range(0, 3).forEach((i) -> add());
		assertThat(numbers(this.timeline.after(0))).containsExactly(1L, 2L, 3L);
		assertThat(numbers(this.timeline.after(2))).containsExactly(3L);
		assertThat(this.timeline.after(3)).isEmpty();
		assertThat(this.timeline.after(99)).isEmpty();
	}

	@Test
	void oldestGiveWayOnceThereAreTooMany() {
		IntStream.range(0, Timeline.CAPACITY + 7).forEach((i) -> add());
		assertThat(numbers(this.timeline.after(0)))
			.containsExactlyElementsOf(LongStream.rangeClosed(8, Timeline.CAPACITY + 7).boxed().toList());
	}

	@Test
	void readersOfOtherThreadsMissNothing() throws Exception {
		CompletableFuture<Void> writer = CompletableFuture
			.runAsync(() -> IntStream.range(0, Timeline.CAPACITY).forEach((i) -> add()));
		long last = 0;
		while (last < Timeline.CAPACITY) {
			for (TimelineEntry entry : this.timeline.after(last)) {
				assertThat(entry.number()).isEqualTo(++last);
			}
			assertThat(writer.isCompletedExceptionally()).isFalse();
		}
	}

	private void add() {
		this.timeline.add(Instant.EPOCH, Kind.STATE, null, 0, 1, "Something happened.");
	}

	private static List<Long> numbers(List<TimelineEntry> entries) {
		return entries.stream().map(TimelineEntry::number).toList();
	}

}
