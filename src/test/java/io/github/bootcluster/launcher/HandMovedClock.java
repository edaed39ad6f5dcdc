package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is told to move. */
final class HandMovedClock implements InstantSource {

	private Instant now = Instant.parse("2026-11-22T10:00:00Z");

	@Override
	public Instant instant() {
		return this.now;
	}

	void advance(Duration duration) {
		this.now = this.now.plus(duration);
	}

	void advanceTo(Instant instant) {
		if (instant.isAfter(this.now)) {
			this.now = instant;
		}
	}

}
