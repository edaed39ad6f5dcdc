package io.github.bootcluster.actuate;

import java.time.Instant;
import java.util.List;

import io.github.bootcluster.ClusterTimeline;
import io.github.bootcluster.TimelineEntry;
import io.github.bootcluster.WorkerId;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What happened to the cluster.
 *
 * @param events what happened, or came after what was asked for, oldest first
 * @param latest number of the last thing that happened at all, 0 if nothing did; to be
 * given as {@code after} by who wants to know what came next
 */
public record EventsDescriptor(List<EventDescriptor> events, long latest) implements OperationResponseBody {

	static EventsDescriptor of(ClusterTimeline timeline, long after) {
		List<TimelineEntry> all = timeline.after(0);
		return new EventsDescriptor(
				all.stream().filter((entry) -> entry.number() > after).map(EventDescriptor::of).toList(),
				all.isEmpty() ? 0 : all.get(all.size() - 1).number());
	}

	/**
	 * One of those; see {@link TimelineEntry}. Those of the cluster as a whole have
	 * neither worker nor slot.
	 */
	public record EventDescriptor(long number, Instant at, TimelineEntry.Kind kind, @Nullable Long worker,
			@Nullable Integer slot, int generation, String message) {

		public static EventDescriptor of(TimelineEntry entry) {
			WorkerId worker = entry.worker();
			return new EventDescriptor(entry.number(), entry.at(), entry.kind(),
					(worker != null) ? worker.value() : null, (worker != null) ? entry.slot() : null,
					entry.generation(), entry.message());
		}

	}

}
