package io.github.bootcluster.console;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** One of the two streams of a console. Belongs to the console's thread. */
final class Outlet {

	private final OutputStream stream;

	private final byte[] buffer = new byte[64 * 1024];

	private int buffered;

	/** Whether a write failed, so that the last line may lack its end. */
	private boolean broken;

	Outlet(OutputStream stream) {
		this.stream = stream;
	}

	/** Write pieces in as few writes as they fit in. */
	void write(List<byte[]> pieces) throws IOException {
		boolean written = false;
		try {
			if (this.broken) {
				append(new byte[] { '\n' });
			}
			for (byte[] piece : pieces) {
				append(piece);
			}
			flush();
			written = true;
		}
		finally {
			this.broken = !written;
			this.buffered = 0;
		}
	}

	private void append(byte[] bytes) throws IOException {
		if (this.buffered + bytes.length > this.buffer.length) {
			flush();
		}
		if (bytes.length > this.buffer.length) {
			this.stream.write(bytes);
			return;
		}
		System.arraycopy(bytes, 0, this.buffer, this.buffered, bytes.length);
		this.buffered += bytes.length;
	}

	private void flush() throws IOException {
		this.stream.write(this.buffer, 0, this.buffered);
		this.buffered = 0;
		this.stream.flush();
	}

}
