package io.github.bootcluster.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.github.bootcluster.LogOrigin;
import org.jspecify.annotations.Nullable;

/**
 * Where all processes of a cluster write to: the launcher's standard output. One thread
 * writes, so that lines do not mix and nobody else can be kept by a terminal that was
 * stopped, a log shipper that is stuck or a disk that is full. The others hand over what
 * they have to a {@link OutputBuffer} and wait for it a second at most; what the console
 * does not take is thrown away, and told of once it takes lines again. Whatever becomes
 * of it ends nothing.
 *
 * @since 0.1.0
 */
public final class Console {

	/** Bytes that may wait to be written, of all processes together. */
	static final int CAPACITY = 4 * 1024 * 1024;

	/** How long a process may be kept by a console that takes nothing. */
	static final Duration PATIENCE = Duration.ofSeconds(1);

	/** For the last lines. A console that takes nothing must not keep the end. */
	private static final Duration END_TIMEOUT = Duration.ofSeconds(2);

	/** After a failure that may have been that of the whole JVM. */
	private static final Duration PAUSE = Duration.ofMillis(10);

	/** It never closes the one it has. */
	private static final int LAUNCHER_FEEDS = 1;

	private final OutputBuffer buffer;

	private final OutputForm form;

	private final Outlet out;

	private final LauncherStream launcherOut;

	private final LauncherStream launcherErr;

	Console(OutputStream out, OutputStream err, OutputForm form, OutputBuffer buffer) {
		this.buffer = buffer;
		this.form = form;
		this.out = new Outlet(out);
		// One for both streams: the order of what is written to them is kept.
		EventWriter launcher = new EventWriter(form, buffer, this.out, LogOrigin.launcher());
		this.launcherOut = new LauncherStream(launcher, this.out);
		this.launcherErr = new LauncherStream(launcher, new Outlet(err));
	}

	/**
	 * Open the console of this process, which is a launcher's from now on: what it writes
	 * to {@link System#out} and {@link System#err} goes the same way. The streams stay
	 * open, and the last lines are written before the process ends.
	 * @param structuredFormat format of the launcher's own log entries, as in
	 * {@code logging.structured.format.console}; {@code null} or empty for plain text
	 */
	public static Console open(@Nullable String structuredFormat) {
		// Not the streams of System, which keep to themselves that a write failed.
		Console console = new Console(new FileOutputStream(FileDescriptor.out),
				new FileOutputStream(FileDescriptor.err), OutputForm.of(structuredFormat),
				new OutputBuffer(CAPACITY, PATIENCE));
		console.start();
		Runtime.getRuntime().addShutdownHook(new Thread(console::finish, "cluster-console-end"));
		System.out.flush();
		System.setOut(new PrintStream(console.out(), true, charset("stdout.encoding")));
		System.setErr(new PrintStream(console.err(), true, charset("stderr.encoding")));
		return console;
	}

	/**
	 * Write what a process writes, and keep its last lines, until it closes its output.
	 */
	public OutputPump show(InputStream output, LogOrigin origin) {
		return pump(output, origin, new EventWriter(this.form, this.buffer, this.out, origin));
	}

	/** Only keep its last lines. */
	public OutputPump hide(InputStream output, LogOrigin origin) {
		return pump(output, origin, EventSink.NONE);
	}

	/**
	 * Have the last lines written: those of processes that have ended, and the launcher's
	 * so far. Waits for that, for two seconds at most. More may be written afterwards.
	 */
	public void finish() {
		finish(END_TIMEOUT);
	}

	void finish(Duration timeout) {
		this.launcherOut.finish();
		this.launcherErr.finish();
		try {
			this.buffer.awaitEnd(LAUNCHER_FEEDS, timeout);
		}
		catch (InterruptedException ex) {
			// What is left is written as long as the process lives.
			Thread.currentThread().interrupt();
		}
	}

	/** What the launcher's standard output becomes. */
	OutputStream out() {
		return this.launcherOut;
	}

	/** And its standard error. */
	OutputStream err() {
		return this.launcherErr;
	}

	/** A daemon: how long the process lives is not for its console to say. */
	void start() {
		Thread thread = new Thread(this::run, "cluster-console");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * For ever: without this thread every line would be thrown away. What goes wrong is
	 * told nowhere, since what logs writes here.
	 */
	private void run() {
		while (true) {
			try {
				writeNext();
			}
			catch (InterruptedException ex) {
				// Nobody has a reason to: the thread ends with the process.
				continue;
			}
			catch (RuntimeException | Error ex) {
				// Out of memory, most likely, and not for ever.
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
	}

	/** A failure costs these lines, which are told of, and not the console. */
	private void writeNext() throws InterruptedException {
		OutputBuffer.Batch batch = this.buffer.take();
		boolean written = false;
		try {
			batch.outlet().write(batch.pieces());
			written = true;
		}
		catch (IOException ex) {
			// Broken for now: the next lines are tried all the same.
			return;
		}
		finally {
			this.buffer.done(batch, written);
		}
	}

	private static OutputPump pump(InputStream output, LogOrigin origin, EventSink sink) {
		try {
			OutputPump pump = new OutputPump("cluster-output-" + origin.worker(), output, sink);
			pump.start();
			return pump;
		}
		catch (RuntimeException | Error ex) {
			// Out of threads: nobody else would close it.
			sink.close();
			throw ex;
		}
	}

	/** As of Java 18; until then it is the default. */
	private static Charset charset(String property) {
		String name = System.getProperty(property);
		return (name != null) ? Charset.forName(name) : Charset.defaultCharset();
	}

}
