package io.github.bootcluster.event;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Has the context it is a bean of hear of events from when all its beans have started
 * until it closes.
 */
public final class EventSubscription implements SmartLifecycle {

	private final EventDelivery delivery;

	private final AbstractApplicationContext context;

	private volatile boolean running;

	public EventSubscription(EventDelivery delivery, AbstractApplicationContext context) {
		this.delivery = delivery;
		this.context = context;
	}

	@Override
	public void start() {
		this.running = true;
		this.delivery.open(this.context);
	}

	@Override
	public void stop() {
		this.delivery.close(this.context);
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
