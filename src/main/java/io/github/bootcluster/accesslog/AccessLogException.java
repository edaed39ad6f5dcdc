package io.github.bootcluster.accesslog;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * The access log that was asked for cannot be written.
 *
 * @since 0.1.0
 */
public class AccessLogException extends RuntimeException {

	private final transient Path file;

	AccessLogException(Path file, IOException cause) {
		super("Cannot write the access log %s: %s".formatted(file, describe(cause)), cause);
		this.file = file;
	}

	/** The file that was to be written. */
	public Path getFile() {
		return this.file;
	}

	/** The messages of some exceptions of file systems are nothing but the path. */
	static String describe(IOException ex) {
		String kind = ex.getClass().getSimpleName().replace("Exception", "");
		boolean saysEnough = ex.getClass() == IOException.class || ex.getClass() == FileSystemException.class;
		return saysEnough ? String.valueOf(ex.getMessage()) : kind + " " + ex.getMessage();
	}

}
