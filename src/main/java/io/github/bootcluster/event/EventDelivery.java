package io.github.bootcluster.event;

import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.WorkerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Publishes events of workers in the contexts that listen, in order, by one daemon thread
 * of its own: whoever tells of them never waits for a listener. A listener that throws
 * keeps no other from hearing. A context gets what is told between {@link #open} and
 * {@link #close}, nothing from before and nothing after.
 */
public final class EventDelivery {

	private static final Logger logger = LoggerFactory.getLogger(EventDelivery.class);

	/** So many events wait for listeners that are slow; further ones are lost to them. */
	private static final int CAPACITY = 1024;

	/** To read what somebody else writes now and then. */
	private static final int MAX_TRIES = 10;

	private static final Duration IDLE = Duration.ofSeconds(10);

	private final List<AbstractApplicationContext> listening = new CopyOnWriteArrayList<>();

	private final ThreadPoolExecutor thread;

	public EventDelivery() {
		this.thread = new ThreadPoolExecutor(1, 1, IDLE.toMillis(), TimeUnit.MILLISECONDS,
				new ArrayBlockingQueue<>(CAPACITY), (task) -> {
					Thread thread = new Thread(task, "cluster-events");
					thread.setDaemon(true);
					return thread;
				});
		this.thread.allowCoreThreadTimeOut(true);
	}

	/** From now on a context hears of events. */
	public void open(AbstractApplicationContext context) {
		this.listening.add(context);
	}

	/**
	 * From now on it does not, also of those that wait. A listener that is at work is not
	 * waited for.
	 */
	public void close(AbstractApplicationContext context) {
		this.listening.remove(context);
	}

	/** Deliver an event, without waiting. */
	public void deliver(WorkerEvent event) {
		for (AbstractApplicationContext context : this.listening) {
			try {
				this.thread.execute(() -> publish(event, context));
			}
			catch (RejectedExecutionException ex) {
				logger.warn("Listeners take too long: {} events wait for them, and they do not hear of {}", CAPACITY,
						event);
			}
		}
	}

	private void publish(WorkerEvent event, AbstractApplicationContext context) {
		if (!this.listening.contains(context)) {
			return;
		}
		try {
			// The context's own way of publishing ends at the first listener that throws.
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setErrorHandler((ex) -> logger.error("A listener failed to take {}", event, ex));
			addListeners(context, multicaster);
			multicaster.multicastEvent(new PayloadApplicationEvent<>(context, event));
		}
		catch (RuntimeException | Error ex) {
			logger.error("{} could not be published", event, ex);
		}
	}

	/** Those of its parents too, as Spring has it, unless a parent hears by itself. */
	private void addListeners(AbstractApplicationContext context, SimpleApplicationEventMulticaster multicaster) {
		for (ApplicationContext next = context; next != null; next = next.getParent()) {
			if (next != context && this.listening.contains(next)) {
				return;
			}
			if (next instanceof AbstractApplicationContext one) {
				listenersOf(one).forEach(multicaster::addApplicationListener);
			}
		}
	}

	/** The context's own set, to which the making of a lazy bean may add meanwhile. */
	private static List<ApplicationListener<?>> listenersOf(AbstractApplicationContext context) {
		for (int tries = 1;; tries++) {
			try {
				return List.copyOf(context.getApplicationListeners());
			}
			catch (ConcurrentModificationException ex) {
				if (tries == MAX_TRIES) {
					throw ex;
				}
			}
		}
	}

}
