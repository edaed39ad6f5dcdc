package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when any of a few files has been changed or replaced. Looks at them every now and
 * then: that follows symbolic links and works on every file system, and who replaces a
 * certificate is in no hurry.
 */
final class FileChanges implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(FileChanges.class);

	private final List<Path> files;

	private final Runnable listener;

	private final ScheduledExecutorService thread;

	/** What was last told of. Belongs to the thread once that runs. */
	private List<String> told;

	/** What the files were like when last looked at. Belongs to the thread. */
	private List<String> seen;

	private FileChanges(List<Path> files, Runnable listener) {
		this.files = List.copyOf(files);
		this.listener = listener;
		this.told = look();
		this.seen = this.told;
		this.thread = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "cluster-file-changes");
			thread.setDaemon(true);
			return thread;
		});
	}

	/**
	 * Watch files from now on.
	 * @param interval how often to look; files must be the same that long to be taken for
	 * complete
	 * @param listener whom to tell, on a thread of this object
	 */
	static FileChanges watch(List<Path> files, Duration interval, Runnable listener) {
		FileChanges changes = new FileChanges(files, listener);
		long millis = Math.max(100, interval.toMillis());
		changes.thread.scheduleWithFixedDelay(changes::check, millis, millis, TimeUnit.MILLISECONDS);
		return changes;
	}

	@Override
	public void close() {
		this.thread.shutdownNow();
	}

	/** Look now. Otherwise done by the thread alone. */
	void check() {
		List<String> now = look();
		boolean settled = now.equals(this.seen);
		this.seen = now;
		if (settled && !now.equals(this.told)) {
			this.told = now;
			tell();
		}
	}

	/** One failure must not be the end of watching. */
	private void tell() {
		try {
			this.listener.run();
		}
		catch (RuntimeException ex) {
			logger.error("A change of {} could not be followed", this.files, ex);
		}
	}

	private List<String> look() {
		return this.files.stream().map(FileChanges::look).toList();
	}

	private static String look(Path file) {
		try {
			BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
			return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
		}
		catch (IOException ex) {
			// Whoever reads it will say so; here it is a state like any other.
			return "unreadable";
		}
	}

}
