package io.github.bootcluster.ctl;

import java.io.IOException;

/** Nobody reads any more what is printed, as behind {@code | head}. */
final class UnreadOutputException extends IOException {

	UnreadOutputException(IOException cause) {
		super(cause.getMessage(), cause);
	}

}
