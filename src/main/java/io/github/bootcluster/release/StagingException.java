package io.github.bootcluster.release;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * A program could not be copied. Its message says what and why, in one sentence without a
 * full stop.
 *
 * @since 0.1.0
 */
public class StagingException extends IOException {

	StagingException(String message) {
		super(message);
	}

	StagingException(String what, IOException cause) {
		super("%s: %s".formatted(what, describe(cause)), cause);
	}

	/** The messages of file system exceptions are often the bare path. */
	private static String describe(IOException cause) {
		if (cause instanceof NoSuchFileException missing) {
			return "there is no " + missing.getFile();
		}
		if (cause instanceof FileSystemException failure && failure.getReason() == null) {
			return "%s %s".formatted(failure.getClass().getSimpleName().replace("Exception", ""), failure.getFile());
		}
		return String.valueOf(cause.getMessage());
	}

}
