package io.github.bootcluster.release;

import java.io.IOException;
import java.io.OutputStream;

/**
 * One file of a release.
 *
 * @param name its path within the release
 * @param content writes it
 */
record Part(String name, Content content) {

	/** What a part consists of. */
	@FunctionalInterface
	interface Content {

		void writeTo(OutputStream out) throws IOException;

	}

}
