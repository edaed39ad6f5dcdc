package io.github.bootcluster.dashboard;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.bootcluster.TimelineEntry;
import io.github.bootcluster.TimelineEntry.Kind;
import io.github.bootcluster.WorkerId;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class FramesTests {

	private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

	private final List<TimelineEntry> happened = new ArrayList<>();

	private Instant now = NOON;

	private final Frames frames = new Frames(() -> Map.of("state", "RUNNING\ndata: forged"),
			(number) -> this.happened.stream().filter((entry) -> entry.number() > number).toList(),
			JsonMapper.builder()
				.enable(SerializationFeature.INDENT_OUTPUT)
				.changeDefaultPropertyInclusion(
						(inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
				.build(),
			() -> this.now);

	@Test
	void frameHoldsTheClusterInOneLine() {
		assertThat(next()).isEqualTo("retry: 3000\nid: 0\ndata: {\"state\":\"RUNNING\\ndata: forged\"}\n\n");
	}

	@Test
	void newsComeBeforeTheClusterAndForSomeTime() {
		happens(7, Kind.CRASHED, WorkerId.of(3), "Worker 3 ended\nby SIGKILL.");
		happens(8, Kind.SCALED, null, "From 2 to 3 workers.");
		String expected = """
				retry: 3000
				event: timeline
				id: 8
				data: {"events":[\
				{"number":7,"at":"2026-11-29T12:00:00Z","kind":"CRASHED","worker":3,"slot":1,"generation":2,\
				"message":"Worker 3 ended\\nby SIGKILL."},\
				{"number":8,"at":"2026-11-29T12:00:00Z","kind":"SCALED","generation":2,"message":"From 2 to 3 workers."}],\
				"latest":8}

				id: 8
				data: {"state":"RUNNING\\ndata: forged"}

				""";
		assertThat(next()).isEqualTo(expected);
		this.now = NOON.plusSeconds(9);
		assertThat(next()).isEqualTo(expected);
	}

	@Test
	void whatIsNoNewsAnyMoreIsLeftToTheEndpoint() {
		happens(7, Kind.STARTED, WorkerId.of(3), "old");
		this.now = NOON.plusSeconds(11);
		assertThat(next()).doesNotContain("timeline").contains("id: 7\n");
		happens(8, Kind.READY, WorkerId.of(3), "new");
		assertThat(next()).contains("\"number\":8", "\"latest\":8").doesNotContain("\"number\":7");
	}

	private void happens(long number, Kind kind, WorkerId worker, String message) {
		this.happened.add(new TimelineEntry(number, this.now, kind, worker, (worker != null) ? 1 : 0, 2, message));
	}

	private String next() {
		return new String(this.frames.next(), StandardCharsets.UTF_8);
	}

}
