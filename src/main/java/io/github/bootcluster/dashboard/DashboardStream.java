package io.github.bootcluster.dashboard;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.MediaType;

/**
 * All who look on. One thread makes what they are sent, once for all of them, and is
 * there only as long as somebody looks; none waits for a viewer. Safe for use by any
 * thread.
 */
final class DashboardStream {

	private static final Logger logger = LoggerFactory.getLogger(DashboardStream.class);

	/** Used by the thread that ticks alone. */
	private final Frames frames;

	private final Duration period;

	private final Duration longest;

	private final int maxViewers;

	private final ScheduledThreadPoolExecutor ticker;

	private final Object lock = new Object();

	/** Guarded by the lock. */
	private final Set<Viewer> viewers = new HashSet<>();

	/** What makes the frames, while somebody looks. Guarded by the lock. */
	private @Nullable Future<?> ticking;

	/** While somebody looks. Guarded by the lock. */
	private byte @Nullable [] latest;

	/** Guarded by the lock. */
	private boolean closed;

	/** Whether what is wrong has been told. Used by the thread that ticks alone. */
	private boolean failing;

	/**
	 * Create it, without any thread yet.
	 * @param period time from one frame to the next
	 * @param longest time after which a viewer has to come again
	 * @param maxViewers how many may look on at once
	 */
	DashboardStream(Frames frames, Duration period, Duration longest, int maxViewers) {
		this.frames = frames;
		this.period = period;
		this.longest = longest;
		this.maxViewers = maxViewers;
		this.ticker = new ScheduledThreadPoolExecutor(1, DashboardStream::thread);
		this.ticker.setKeepAliveTime(period.toNanos() * 2, TimeUnit.NANOSECONDS);
		this.ticker.allowCoreThreadTimeOut(true);
		this.ticker.setRemoveOnCancelPolicy(true);
	}

	private static Thread thread(Runnable task) {
		Thread thread = new Thread(task, "cluster-dashboard");
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Let somebody look on from now on.
	 * @return {@code null}, or why not; nothing has been answered then
	 */
	@Nullable String open(HttpServletRequest request, HttpServletResponse response) throws IOException {
		Viewer viewer;
		synchronized (this.lock) {
			if (this.closed) {
				return "The launcher ends.";
			}
			if (this.viewers.size() >= this.maxViewers) {
				return "%d dashboards are open already: poll the cluster's endpoint, or come again later."
					.formatted(this.maxViewers);
			}
			response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
			// nginx and those who took it over would keep frames until a buffer is full.
			response.setHeader("X-Accel-Buffering", "no");
			AsyncContext context = request.startAsync();
			context.setTimeout(this.longest.toMillis());
			viewer = new Viewer(context, response.getOutputStream(), this.latest, this::left);
			this.viewers.add(viewer);
			if (this.ticking == null) {
				this.ticking = this.ticker.scheduleAtFixedRate(this::tick, 0, this.period.toNanos(),
						TimeUnit.NANOSECONDS);
			}
		}
		tell(viewer, viewer::begin);
		return null;
	}

	/** How many look on. */
	int viewers() {
		synchronized (this.lock) {
			return this.viewers.size();
		}
	}

	/** End all streams; there are no more after that. */
	void close() {
		List<Viewer> present;
		synchronized (this.lock) {
			this.closed = true;
			present = List.copyOf(this.viewers);
		}
		this.ticker.shutdownNow();
		present.forEach(Viewer::end);
	}

	/** No failure must end the ticking: the next frame may be made again. */
	private void tick() {
		try {
			showAll(this.frames.next());
			this.failing = false;
		}
		catch (Throwable ex) {
			if (!this.failing) {
				logger.error("The dashboard gets no news for now", ex);
			}
			this.failing = true;
		}
	}

	private void showAll(byte[] frame) {
		List<Viewer> present;
		synchronized (this.lock) {
			present = List.copyOf(this.viewers);
			this.latest = present.isEmpty() ? null : frame;
		}
		present.forEach((viewer) -> tell(viewer, () -> viewer.show(frame)));
	}

	/** One that fails keeps nothing from the others. */
	private static void tell(Viewer viewer, Runnable news) {
		try {
			news.run();
		}
		catch (Throwable ex) {
			logger.warn("A dashboard cannot be told the news and has to come again", ex);
			viewer.throwOut();
		}
	}

	private void left(Viewer viewer) {
		synchronized (this.lock) {
			if (this.viewers.remove(viewer) && this.viewers.isEmpty() && this.ticking != null) {
				this.ticking.cancel(false);
				this.ticking = null;
				this.latest = null;
			}
		}
	}

}
