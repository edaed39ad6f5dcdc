package io.github.bootcluster.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.MetricFamily.Sample;
import io.github.bootcluster.control.ControlMessage.Meters;
import io.github.bootcluster.control.ControlMessage.MetersWanted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Tells the launcher of this worker's meters when it asks. On a thread of its own: a
 * gauge may take its time, and must hold up neither signs of life nor mail.
 */
public final class MeterTeller implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(MeterTeller.class);

	/** Samples of one message, of some 100 bytes each. */
	static final int PART = 2000;

	/** Questions that may wait. The launcher has given up on older ones. */
	private static final int WAITING = 2;

	private static final int FAREWELL_SECONDS = 1;

	private final WorkerAgent agent;

	private final Supplier<List<MetricFamily>> meters;

	/** Ends its thread when nobody has asked for a while. */
	private final ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 2, TimeUnit.MINUTES,
			new LinkedBlockingQueue<>(WAITING), (task) -> {
				Thread thread = new Thread(task, "cluster-meters");
				thread.setDaemon(true);
				return thread;
			});

	private volatile boolean running;

	public MeterTeller(WorkerAgent agent, Supplier<List<MetricFamily>> meters) {
		this.agent = agent;
		this.meters = meters;
		this.executor.allowCoreThreadTimeOut(true);
	}

	@Override
	public void start() {
		this.running = true;
		this.agent.tellOfMetersBy(this::asked);
	}

	/** What was counted since the last question would be lost. */
	@Override
	public void stop() {
		this.running = false;
		asked(new MetersWanted(Meters.FAREWELL));
		this.executor.shutdown();
		try {
			if (!this.executor.awaitTermination(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
				logger.debug("The meters take too long to be read for the last time");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Last of all: until then there is something to count. */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	private void asked(MetersWanted question) {
		try {
			this.executor.execute(() -> tell(question.number()));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Question {} for meters is not answered: {}", question.number(), ex.getMessage());
		}
	}

	private void tell(long number) {
		List<MetricFamily> families;
		try {
			families = this.meters.get();
		}
		catch (RuntimeException ex) {
			logger.warn("The meters of this worker could not be read", ex);
			return;
		}
		List<MetricFamily> part = new ArrayList<>();
		int samples = 0;
		for (MetricFamily family : families) {
			for (int begin = 0; begin < family.samples().size(); begin += PART) {
				List<Sample> some = family.samples().subList(begin, Math.min(begin + PART, family.samples().size()));
				if (samples + some.size() > PART) {
					this.agent.send(new Meters(number, part, false));
					part = new ArrayList<>();
					samples = 0;
				}
				part.add(new MetricFamily(family.name(), family.type(), family.help(), some));
				samples += some.size();
			}
		}
		this.agent.send(new Meters(number, part, true));
	}

}
