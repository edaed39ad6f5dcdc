package io.github.bootcluster.accesslog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still, one hour east of Greenwich. */
final class SettableClock extends Clock {

	static final ZoneId ZONE = ZoneOffset.ofHours(1);

	private Instant now;

	SettableClock(String now) {
		this.now = Instant.parse(now);
	}

	void set(String now) {
		this.now = Instant.parse(now);
	}

	void advance(Duration time) {
		this.now = this.now.plus(time);
	}

	@Override
	public ZoneId getZone() {
		return ZONE;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Instant instant() {
		return this.now;
	}

}
