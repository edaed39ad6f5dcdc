package io.github.bootcluster.systemd;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads how often the service manager wants to hear that this process lives (<a href=
 * "https://www.freedesktop.org/software/systemd/man/latest/sd_watchdog_enabled.html">
 * sd_watchdog_enabled</a>).
 */
final class WatchdogSettings {

	private static final Logger logger = LoggerFactory.getLogger(WatchdogSettings.class);

	private WatchdogSettings() {
	}

	/**
	 * Half of the time after which it would act, as its manual recommends.
	 * @param pid this process
	 * @return empty if it does not watch this process
	 */
	static Optional<Duration> interval(Map<String, String> environment, long pid) {
		String micros = environment.get("WATCHDOG_USEC");
		String watched = environment.get("WATCHDOG_PID");
		if (micros == null || (watched != null && !watched.equals(Long.toString(pid)))) {
			return Optional.empty();
		}
		if (!micros.matches("[0-9]{1,18}") || Long.parseLong(micros) < 2000) {
			logger.warn("No signs of life for systemd: WATCHDOG_USEC is '{}', not a number of microseconds", micros);
			return Optional.empty();
		}
		return Optional.of(Duration.ofMillis(TimeUnit.MICROSECONDS.toMillis(Long.parseLong(micros)) / 2));
	}

}
