package io.github.bootcluster.worker;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/**
 * Tells the launcher what Spring Boot's own events say of the application: where its web
 * server listens, whether it accepts traffic, whether its state is sound. Events come one
 * after the other, by the thread that publishes them.
 */
public final class ReadinessReporter {

	private final WorkerAgent agent;

	/** Guarded by this. */
	private boolean accepting;

	/** Guarded by this. */
	private boolean live = true;

	public ReadinessReporter(WorkerAgent agent) {
		this.agent = agent;
	}

	@EventListener
	void listening(WebServerInitializedEvent event) {
		// A namespace means a server beside the application's, such as management's.
		if (event.getApplicationContext().getServerNamespace() == null) {
			this.agent.listening(event.getWebServer().getPort());
		}
	}

	@EventListener
	synchronized void readinessChanged(AvailabilityChangeEvent<ReadinessState> event) {
		this.accepting = event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
		this.agent.available(this.accepting, this.live);
	}

	@EventListener
	synchronized void livenessChanged(AvailabilityChangeEvent<LivenessState> event) {
		boolean changed = this.live != (event.getState() == LivenessState.CORRECT);
		this.live = event.getState() == LivenessState.CORRECT;
		if (changed) {
			this.agent.available(this.accepting, this.live);
		}
	}

}
