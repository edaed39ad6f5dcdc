package io.github.bootcluster.console;

import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.bootcluster.LogOrigin;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON object a line, always, each telling whose it is: who ships logs can take no
 * other line. Log entries of Spring Boot applications are that already and pass
 * unchanged. An object that does not tell whose it is gets the members that do, at its
 * beginning. Of any other text (what a JVM says itself, a thread dump, what is printed,
 * an object that says it is another's) an entry is made for each event, with its lines as
 * the message.
 */
final class JsonForm implements OutputForm {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final Entries entries;

	private final InstantSource clock;

	JsonForm(Entries entries, InstantSource clock) {
		this.entries = entries;
		this.clock = clock;
	}

	@Override
	public void write(List<byte[]> event, LogOrigin origin, ByteArrayOutputStream out) {
		List<byte[]> text = new ArrayList<>(event.size());
		for (byte[] line : event) {
			JsonLine kind = JsonLine.of(line, origin);
			if (kind == JsonLine.NONE || kind == JsonLine.FORGED) {
				text.add(line);
				continue;
			}
			writeText(text, origin, out);
			text.clear();
			if (kind == JsonLine.SIGNED) {
				out.writeBytes(line);
			}
			else {
				sign(line, kind, origin, out);
			}
			out.write('\n');
		}
		writeText(text, origin, out);
	}

	private void writeText(List<byte[]> lines, LogOrigin origin, ByteArrayOutputStream out) {
		String message = lines.stream().map(OutputText::decode).collect(Collectors.joining("\n"));
		if (!message.isBlank()) {
			out.writeBytes(json(this.entries.entry(this.clock.instant(), message, origin)));
			out.write('\n');
		}
	}

	private void sign(byte[] line, JsonLine kind, LogOrigin origin, ByteArrayOutputStream out) {
		byte[] signature = json(this.entries.origin(origin));
		out.write(signature, 0, signature.length - 1);
		if (kind != JsonLine.EMPTY) {
			out.write(',');
		}
		out.write(line, 1, line.length - 1);
	}

	private static byte[] json(Map<String, Object> members) {
		return MAPPER.writeValueAsBytes(members);
	}

}
