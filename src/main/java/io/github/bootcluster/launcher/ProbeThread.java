package io.github.bootcluster.launcher;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.WorkerId;

/**
 * Probes one worker until it has ended. Each worker has a thread of its own, so that one
 * that hangs delays no other's probes.
 */
final class ProbeThread extends Thread {

	private final Probe probe;

	private final Prober prober;

	private final CountDownLatch ended = new CountDownLatch(1);

	ProbeThread(WorkerId worker, Probe probe, Prober prober) {
		super("cluster-probe-" + worker);
		setDaemon(true);
		this.probe = probe;
		this.prober = prober;
	}

	/** Probe no more. What is under way is of no consequence. */
	void end() {
		this.ended.countDown();
	}

	@Override
	public void run() {
		try {
			do {
				probe();
			}
			while (!this.ended.await(this.probe.interval().toMillis(), TimeUnit.MILLISECONDS));
		}
		catch (InterruptedException ex) {
			// Nobody but the end of the JVM interrupts this thread.
			Thread.currentThread().interrupt();
		}
	}

	private void probe() {
		try {
			this.prober.probe(this.probe.port());
			this.probe.succeeded();
		}
		catch (Prober.NotReadyException ex) {
			this.probe.refused(String.valueOf(ex.getMessage()));
		}
		catch (IOException | RuntimeException ex) {
			this.probe.failed((ex.getMessage() != null) ? ex.getMessage() : ex.toString());
		}
	}

}
