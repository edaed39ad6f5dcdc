package io.github.bootcluster.dashboard;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterTimeline;
import io.github.bootcluster.TimelineEntry;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes what all viewers are sent at one moment, as
 * <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent
 * events</a>: one without a name, which holds what the endpoint tells of the cluster, and
 * a {@code timeline} with what happened lately. The id of either is the number of the
 * latest thing that happened, so that whoever missed one knows. To be used by one thread
 * at a time.
 */
final class Frames {

	/** Who misses frames for less than that misses nothing that happened. */
	private static final Duration LATELY = Duration.ofSeconds(10);

	/** When the viewer is to come back if the connection broke. */
	private static final String RETRY = "retry: 3000\n";

	private final Supplier<?> cluster;

	private final ClusterTimeline timeline;

	/** Breaks no lines: that would end the data. */
	private final ObjectWriter json;

	private final InstantSource clock;

	/** The last entry that is no news any more. */
	private long old;

	Frames(Supplier<?> cluster, ClusterTimeline timeline, JsonMapper json, InstantSource clock) {
		this.cluster = cluster;
		this.timeline = timeline;
		this.json = json.writer().without(SerializationFeature.INDENT_OUTPUT);
		this.clock = clock;
	}

	byte[] next() {
		List<TimelineEntry> news = news();
		long latest = news.isEmpty() ? this.old : news.get(news.size() - 1).number();
		StringBuilder frame = new StringBuilder(RETRY);
		if (!news.isEmpty()) {
			append(frame, "event: timeline\n", latest, new Timeline(news.stream().map(Entry::of).toList(), latest));
		}
		append(frame, "", latest, this.cluster.get());
		return frame.toString().getBytes(StandardCharsets.UTF_8);
	}

	private List<TimelineEntry> news() {
		Instant since = this.clock.instant().minus(LATELY);
		List<TimelineEntry> entries = this.timeline.after(this.old);
		int first = 0;
		while (first < entries.size() && entries.get(first).at().isBefore(since)) {
			this.old = entries.get(first++).number();
		}
		return entries.subList(first, entries.size());
	}

	private void append(StringBuilder frame, String event, long id, Object data) {
		frame.append(event)
			.append("id: ")
			.append(id)
			.append("\ndata: ")
			.append(this.json.writeValueAsString(data))
			.append("\n\n");
	}

	/** What happened, as the endpoint tells it. */
	private record Timeline(List<Entry> events, long latest) {

	}

	/** See {@link TimelineEntry}; what has no value is left out. */
	private record Entry(long number, Instant at, TimelineEntry.Kind kind, @Nullable Long worker,
			@Nullable Integer slot, int generation, String message) {

		static Entry of(TimelineEntry entry) {
			return new Entry(entry.number(), entry.at(), entry.kind(),
					(entry.worker() != null) ? entry.worker().value() : null,
					(entry.worker() != null) ? entry.slot() : null, entry.generation(), entry.message());
		}

	}

}
