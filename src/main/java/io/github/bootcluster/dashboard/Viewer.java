package io.github.bootcluster.dashboard;

import java.io.IOException;
import java.util.function.Consumer;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody who looks on. Gets each frame if it has taken the one before, and else the
 * latest one once it has: nothing is kept beyond that, and nobody waits for it. Called by
 * the thread that makes the frames and by those of the server.
 *
 * <pre>
 * begun ──► (writable ◄──► not writable) ──► ended
 * </pre>
 */
final class Viewer implements WriteListener, AsyncListener {

	private static final Logger logger = LoggerFactory.getLogger(Viewer.class);

	private final AsyncContext context;

	private final ServletOutputStream output;

	private final Consumer<Viewer> whenEnded;

	/** What is to be written next. Guarded by this. */
	private byte @Nullable [] next;

	/** Whether the server takes more without waiting. Guarded by this. */
	private boolean writable;

	/** Whether something was written that may lie in a buffer. Guarded by this. */
	private boolean unflushed;

	/** Nothing is written after that. Guarded by this. */
	private boolean ended;

	/** Guarded by this. */
	private boolean completed;

	/**
	 * A viewer.
	 * @param first what there is to be seen already, if anything
	 * @param whenEnded told once, when it is gone
	 */
	Viewer(AsyncContext context, ServletOutputStream output, byte @Nullable [] first, Consumer<Viewer> whenEnded) {
		this.context = context;
		this.output = output;
		this.next = first;
		this.whenEnded = whenEnded;
	}

	/** The server says when the first frame can be written. */
	void begin() {
		this.context.addListener(this);
		this.output.setWriteListener(this);
	}

	synchronized void show(byte[] frame) {
		this.next = frame;
		write();
	}

	/**
	 * End the stream. One who takes nothing is left to the server, which closes its
	 * connection when it ends: to complete the answer it would wait for it.
	 */
	synchronized void end() {
		if (this.writable) {
			complete();
		}
		leave();
	}

	/** End the stream of one who cannot be written to, whatever state it is in. */
	synchronized void throwOut() {
		leave();
		complete();
	}

	@Override
	public synchronized void onWritePossible() {
		if (!this.ended) {
			this.writable = this.output.isReady();
			write();
		}
	}

	/** Called with the lock held. */
	private void write() {
		try {
			while (!this.ended && this.writable && (this.unflushed || this.next != null)) {
				if (this.unflushed) {
					this.output.flush();
					this.unflushed = false;
				}
				else if (this.next != null) {
					this.output.write(this.next);
					this.next = null;
					this.unflushed = true;
				}
				this.writable = this.output.isReady();
			}
		}
		catch (IOException ex) {
			// The server has seen it, too, and says so to the listeners in its own time.
			logger.debug("A viewer is gone", ex);
			leave();
		}
	}

	/** Called with the lock held. */
	private void complete() {
		if (!this.completed) {
			this.completed = true;
			this.context.complete();
		}
	}

	/** Called with the lock held. */
	private void leave() {
		this.ended = true;
		this.writable = false;
		this.next = null;
		this.whenEnded.accept(this);
	}

	/** Also told as an event. */
	@Override
	public synchronized void onError(Throwable failure) {
		logger.debug("A viewer is gone", failure);
		leave();
	}

	/** Its connection is broken: to complete the answer means not to wait for it. */
	@Override
	public synchronized void onError(AsyncEvent event) {
		leave();
		complete();
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		end();
	}

	@Override
	public synchronized void onComplete(AsyncEvent event) {
		this.completed = true;
		leave();
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// Happens to dispatched requests only.
	}

}
