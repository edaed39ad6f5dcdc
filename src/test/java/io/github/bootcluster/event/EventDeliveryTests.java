package io.github.bootcluster.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerReady;
import io.github.bootcluster.WorkerStarted;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

/** Events in real contexts. */
class EventDeliveryTests {

	private static final long PATIENCE_SECONDS = 20;

	private final EventDelivery delivery = new EventDelivery();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void listenersHearOfTheirKindInOrderOnOneThread() throws InterruptedException {
		Listener listener = start(new Listener());
		this.delivery.deliver(started(1));
		this.delivery.deliver(ready(1));
		this.delivery.deliver(ready(2));
		assertThat(listener.next()).isEqualTo("cluster-events any " + started(1));
		assertThat(listener.next()).isEqualTo("cluster-events any " + ready(1));
		assertThat(listener.next()).isEqualTo("cluster-events ready " + ready(1));
		assertThat(listener.next()).isEqualTo("cluster-events any " + ready(2));
		assertThat(listener.next()).isEqualTo("cluster-events ready " + ready(2));
	}

	@Test
	void listenerThatThrowsIsLoggedWithTheEventAndKeepsNobodyFromHearing() throws InterruptedException {
		Logger logger = (Logger) LoggerFactory.getLogger(EventDelivery.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		logger.setAdditive(false);
		try {
			this.context.registerBean(Thrower.class);
			Listener listener = start(new Listener());
			this.delivery.deliver(ready(1));
			this.delivery.deliver(ready(2));
			assertThat(List.of(listener.next(), listener.next(), listener.next(), listener.next())).containsExactly(
					"cluster-events any " + ready(1), "cluster-events ready " + ready(1),
					"cluster-events any " + ready(2), "cluster-events ready " + ready(2));
			assertThat(log.list).hasSize(2).allSatisfy((line) -> {
				assertThat(line.getLevel()).isEqualTo(Level.ERROR);
				assertThat(line.getThrowableProxy().getMessage()).isEqualTo("no disk");
			});
			assertThat(log.list.get(0).getFormattedMessage()).contains(ready(1).toString());
		}
		finally {
			logger.detachAppender(log);
			logger.setAdditive(true);
		}
	}

	@Test
	void eventsBeforeTheContextHasStartedAndAfterItsCloseAreNotHeard() throws InterruptedException {
		this.delivery.deliver(ready(1));
		Listener listener = start(new Listener());
		this.delivery.deliver(ready(2));
		assertThat(listener.next()).isEqualTo("cluster-events any " + ready(2));
		assertThat(listener.next()).isEqualTo("cluster-events ready " + ready(2));
		this.context.close();
		this.delivery.deliver(ready(3));
		awaitAllDelivered();
		assertThat(listener.heard).isEmpty();
	}

	@Test
	void whatWaitsWhenTheContextClosesIsDropped() throws InterruptedException {
		CountDownLatch busy = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Listener listener = start(new Listener() {

			@Override
			void any(WorkerEvent event) {
				super.any(event);
				busy.countDown();
				await(goOn);
			}

		});
		this.delivery.deliver(started(1));
		await(busy);
		this.delivery.deliver(started(2));
		this.context.close();
		goOn.countDown();
		awaitAllDelivered();
		assertThat(listener.heard).containsExactly("cluster-events any " + started(1));
	}

	@Test
	void listenersOfTheParentHearOnceWhetherOrNotItListensItself() throws InterruptedException {
		Listener ofParent = start(new Listener());
		try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
			child.setParent(this.context);
			child.registerBean("ofChild", EventSubscription.class, () -> new EventSubscription(this.delivery, child));
			child.refresh();
			this.delivery.deliver(started(1));
			awaitAllDelivered();
			assertThat(ofParent.heard).containsOnlyOnce("cluster-events any " + started(1));
			this.delivery.close(this.context);
			this.delivery.deliver(started(2));
			awaitAllDelivered();
			assertThat(ofParent.heard).containsOnlyOnce("cluster-events any " + started(2));
		}
	}

	@Test
	void listenerThatHangsBlocksNobodyWhoTells() throws InterruptedException {
		CountDownLatch goOn = new CountDownLatch(1);
		Listener listener = start(new Listener() {

			@Override
			void any(WorkerEvent event) {
				await(goOn);
				super.any(event);
			}

		});
		Logger logger = (Logger) LoggerFactory.getLogger(EventDelivery.class);
		logger.setLevel(Level.OFF);
		try {
			for (int i = 1; i <= 3000; i++) {
				this.delivery.deliver(started(i));
			}
		}
		finally {
			logger.setLevel(null);
		}
		goOn.countDown();
		assertThat(listener.next()).isEqualTo("cluster-events any " + started(1));
		awaitAllDelivered();
		assertThat(listener.heard.size()).isBetween(1000, 1100);
	}

	private Listener start(Listener listener) {
		this.context.registerBean(Listener.class, () -> listener);
		this.context.registerBean(EventSubscription.class, () -> new EventSubscription(this.delivery, this.context));
		this.context.refresh();
		return listener;
	}

	/** Until another context, which comes after, hears of an event. */
	private void awaitAllDelivered() {
		try (AnnotationConfigApplicationContext other = new AnnotationConfigApplicationContext()) {
			Listener last = new Listener();
			other.registerBean(Listener.class, () -> last);
			other.registerBean(EventSubscription.class, () -> new EventSubscription(this.delivery, other));
			other.refresh();
			Awaitility.await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> {
				this.delivery.deliver(started(9999));
				return last.heard.poll(50, TimeUnit.MILLISECONDS) != null;
			});
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static WorkerStarted started(long worker) {
		return new WorkerStarted(WorkerId.of(worker), 1, 1, 100 + worker, Instant.EPOCH);
	}

	private static WorkerReady ready(long worker) {
		return new WorkerReady(WorkerId.of(worker), 1, 1, 100 + worker, Instant.EPOCH);
	}

	static class Thrower {

		@EventListener
		@Order(0)
		void any(WorkerEvent event) {
			throw new IllegalStateException("no disk");
		}

	}

	static class Listener {

		final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

		@EventListener
		@Order(1)
		void any(WorkerEvent event) {
			note("any", event);
		}

		@EventListener
		@Order(2)
		void ready(WorkerReady event) {
			note("ready", event);
		}

		String next() throws InterruptedException {
			return this.heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}

		private void note(String kind, WorkerEvent event) {
			this.heard.add(Thread.currentThread().getName() + " " + kind + " " + event);
		}

	}

}
