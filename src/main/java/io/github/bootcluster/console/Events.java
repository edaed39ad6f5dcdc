package io.github.bootcluster.console;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Lines of one process, gathered into events: a line and those that continue it, as a
 * stack trace does a message. Belongs to one thread.
 */
final class Events {

	/** A larger one is cut between two lines. */
	static final int MAX_WEIGHT = 256 * 1024;

	/** What a line weighs beside its bytes: it takes memory, too. */
	private static final int LINE_WEIGHT = 16;

	private List<Event> complete = new ArrayList<>();

	/** The latest, which may be continued. */
	private @Nullable Event open;

	private int weight;

	boolean isEmpty() {
		return this.open == null;
	}

	/** About as many bytes as they take. */
	int weight() {
		return this.weight;
	}

	void add(byte[] line) {
		Event latest = this.open;
		if (latest != null && latest.weight < MAX_WEIGHT && latest.isContinuedBy(line)) {
			latest.add(line);
		}
		else {
			if (latest != null) {
				this.complete.add(latest);
			}
			this.open = new Event(line);
		}
		this.weight += Event.weightOf(line);
	}

	/** Take all but the latest. */
	List<Event> takeComplete() {
		List<Event> taken = this.complete;
		this.complete = new ArrayList<>();
		this.weight = (this.open != null) ? this.open.weight : 0;
		return taken;
	}

	/** Take them as they are: the latest is not waited for. */
	List<Event> takeAll() {
		if (this.open != null) {
			this.complete.add(this.open);
			this.open = null;
		}
		return takeComplete();
	}

	/** One of them. */
	static final class Event {

		private final byte[] first;

		/** Most events are a single line. */
		private @Nullable List<byte[]> others;

		private int weight;

		Event(byte[] first) {
			this.first = first;
			this.weight = weightOf(first);
		}

		List<byte[]> lines() {
			if (this.others == null) {
				return List.of(this.first);
			}
			List<byte[]> lines = new ArrayList<>(1 + this.others.size());
			lines.add(this.first);
			lines.addAll(this.others);
			return lines;
		}

		int size() {
			return (this.others != null) ? 1 + this.others.size() : 1;
		}

		private void add(byte[] line) {
			if (this.others == null) {
				this.others = new ArrayList<>();
			}
			this.others.add(line);
			this.weight += weightOf(line);
		}

		/**
		 * Spring Boot leaves a line blank between a message and its stack trace, whose
		 * own first line looks like no continuation.
		 */
		private boolean isContinuedBy(byte[] line) {
			return Continuation.is(line) || (last().length == 0 && Continuation.isThrowable(line));
		}

		private byte[] last() {
			return (this.others != null) ? this.others.get(this.others.size() - 1) : this.first;
		}

		private static int weightOf(byte[] line) {
			return line.length + LINE_WEIGHT;
		}

	}

}
