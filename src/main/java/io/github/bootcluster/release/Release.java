package io.github.bootcluster.release;

import java.nio.file.Path;

/**
 * An immutable copy of a program, run by {@code java -jar}.
 *
 * @param id hash of its content; the same program always has the same
 * @param directory where it is
 * @param jar what to run; all it needs lies in the directory
 * @since 0.1.0
 */
public record Release(String id, Path directory, Path jar) {

	/** A directory for what is derived from this release, and goes with it. Exists. */
	public Path extras() {
		return this.directory.resolve(Releases.EXTRAS);
	}

}
