package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Tells a worker that has gone silent from a launcher that did not listen: when the
 * launcher itself was stopped or starved for long, the signs of life of that time are
 * still to be read, and every worker gets all of its time anew. Owned by the supervisor's
 * thread.
 */
final class HeartbeatWatch {

	/** How often it looks within the time a worker may be silent. */
	private static final int LOOKS = 4;

	private final Duration timeout;

	private @Nullable Instant lastLook;

	/** Since when it has been listening without a gap. */
	private @Nullable Instant listeningSince;

	/** Watch for silence of that length. */
	HeartbeatWatch(Duration timeout) {
		this.timeout = timeout;
	}

	/** It looks now. */
	void look(Instant now) {
		Instant last = this.lastLook;
		if (last == null || Duration.between(last, now).compareTo(this.timeout.dividedBy(2)) > 0) {
			this.listeningSince = now;
		}
		this.lastLook = now;
	}

	/** When it has to look again if nothing happens before. */
	Instant nextLook(Instant now) {
		return ((this.lastLook != null) ? this.lastLook : now).plus(this.timeout.dividedBy(LOOKS));
	}

	/**
	 * Whether a worker has been silent for too long.
	 * @param lastSign when it was heard last
	 */
	boolean isSilent(Instant lastSign, Instant now) {
		Instant since = (this.listeningSince != null && this.listeningSince.isAfter(lastSign)) ? this.listeningSince
				: lastSign;
		return Duration.between(since, now).compareTo(this.timeout) >= 0;
	}

}
