package io.github.bootcluster.console;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.bootcluster.LogOrigin;

/** What log entries in JSON consist of, as far as the launcher has to make some. */
enum Entries {

	/** Graylog's format takes no nested members, and has names of its own. */
	GELF {

		@Override
		Map<String, Object> origin(LogOrigin origin) {
			return origin.flatMembers();
		}

		@Override
		Map<String, Object> entry(Instant time, String message, LogOrigin origin) {
			Map<String, Object> members = new LinkedHashMap<>();
			members.put("version", "1.1");
			members.put("short_message", message.isBlank() ? "(blank)" : message);
			members.put("timestamp", BigDecimal.valueOf(time.toEpochMilli(), 3));
			members.putAll(origin(origin));
			return members;
		}

	},

	/** The others agree on the names of the time and the message. */
	COMMON {

		@Override
		Map<String, Object> origin(LogOrigin origin) {
			return Map.of(LogOrigin.NAME, origin.members());
		}

		@Override
		Map<String, Object> entry(Instant time, String message, LogOrigin origin) {
			Map<String, Object> members = new LinkedHashMap<>();
			members.put("@timestamp", time.toString());
			members.put("message", message);
			members.putAll(origin(origin));
			return members;
		}

	};

	/**
	 * Those that fit a format.
	 * @param structuredFormat as in {@code logging.structured.format.console}
	 */
	static Entries of(String structuredFormat) {
		return structuredFormat.strip().equalsIgnoreCase("gelf") ? GELF : COMMON;
	}

	/** The members that tell whose an entry is. */
	abstract Map<String, Object> origin(LogOrigin origin);

	/** All members of an entry for a text that came without any. */
	abstract Map<String, Object> entry(Instant time, String message, LogOrigin origin);

}
