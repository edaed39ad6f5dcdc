package io.github.bootcluster.console;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.bootcluster.LogOrigin;
import io.github.bootcluster.WorkerSnapshot;

/**
 * Text, each line of a worker with its label in front. Bytes pass unchanged, so that the
 * console's encoding is the worker's business alone. So do entries in JSON that tell
 * themselves whose they are: a worker may have a format that its launcher has not.
 */
final class PlainForm implements OutputForm {

	@Override
	public void write(List<byte[]> event, LogOrigin origin, ByteArrayOutputStream out) {
		byte[] label = label(origin);
		for (byte[] line : event) {
			if (JsonLine.of(line, origin) != JsonLine.SIGNED) {
				out.writeBytes(label);
			}
			out.writeBytes(line);
			out.write('\n');
		}
	}

	private static byte[] label(LogOrigin origin) {
		String label = switch (origin.role()) {
			case WORKER -> (origin.slot() == WorkerSnapshot.NO_SLOT) ? "standby | " : "worker-" + origin.slot() + " | ";
			case LAUNCHER, STANDALONE -> "";
		};
		return label.getBytes(StandardCharsets.US_ASCII);
	}

}
