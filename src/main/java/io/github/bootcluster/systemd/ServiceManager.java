package io.github.bootcluster.systemd;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The systemd that started this process as a service of {@code Type=notify}
 * (<a href="https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html">
 * sd_notify</a>). Telling it something never blocks and never fails: a service goes on
 * without being heard. Safe for use by any thread.
 * <p>
 * The protocol is datagrams to a Unix socket, which the JDK does not have; Netty's native
 * transport does.
 *
 * @since 0.1.0
 */
public final class ServiceManager implements Closeable {

	private static final Logger logger = LoggerFactory.getLogger(ServiceManager.class);

	private static final String SOCKET = "NOTIFY_SOCKET";

	private static final int MAX_STATUS = 500;

	private static final long TIMEOUT_SECONDS = 5;

	private final EventLoopGroup loop;

	private final Channel channel;

	private final Optional<Duration> watchdogInterval;

	private final AtomicBoolean failed = new AtomicBoolean();

	private ServiceManager(EventLoopGroup loop, Channel channel, Optional<Duration> watchdogInterval) {
		this.loop = loop;
		this.channel = channel;
		this.watchdogInterval = watchdogInterval;
	}

	/**
	 * Find the service manager.
	 * @param environment the environment of this process
	 * @return empty if none wants to be told, or none can be
	 */
	public static Optional<ServiceManager> find(Map<String, String> environment) {
		String socket = environment.get(SOCKET);
		if (socket == null || socket.isEmpty()) {
			return Optional.empty();
		}
		try {
			return Epoll.isAvailable() ? connect(socket, environment)
					: unreachable(socket, Epoll.unavailabilityCause());
		}
		catch (LinkageError ex) {
			// An application may have excluded the native transport.
			return unreachable(socket, ex);
		}
	}

	/** The service serves, again if it was reloading. */
	public void ready() {
		send("READY=1");
	}

	/** The service changes its processes; {@link #ready()} says that it is done. */
	public void reloading() {
		// System.nanoTime is CLOCK_MONOTONIC on Linux, which is what is asked for.
		send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
	}

	/**
	 * The service is about to end.
	 * @param limit how long that may take; it is given that time even where its unit
	 * allows less ({@code TimeoutStopSec})
	 */
	public void stopping(Duration limit) {
		send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + TimeUnit.MILLISECONDS.toMicros(limit.toMillis()));
	}

	/**
	 * How the service is, as {@code systemctl status} shows it.
	 * @param line one line; control characters are replaced, what is too long is cut
	 */
	public void status(String line) {
		String clean = line.replaceAll("\\p{Cntrl}", " ");
		send("STATUS=" + ((clean.length() <= MAX_STATUS) ? clean : clean.substring(0, MAX_STATUS)));
	}

	/** How often it wants to hear of {@link #alive()}; empty if it does not watch. */
	public Optional<Duration> watchdogInterval() {
		return this.watchdogInterval;
	}

	/** The service does its work. */
	public void alive() {
		send("WATCHDOG=1");
	}

	/** Tell no more. What has been told is sent before. */
	@Override
	public void close() {
		this.channel.close().awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		this.loop.shutdownGracefully(0, TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	private static Optional<ServiceManager> connect(String socket, Map<String, String> environment) {
		EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, (task) -> {
			Thread thread = new Thread(task, "cluster-systemd");
			thread.setDaemon(true);
			return thread;
		}, EpollIoHandler.newFactory());
		// An abstract socket, as in some containers: its name begins with a zero byte.
		String path = socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
		ChannelFuture connected = new Bootstrap().group(loop)
			.channel(EpollDomainDatagramChannel.class)
			.handler(new ChannelInboundHandlerAdapter())
			.connect(new DomainSocketAddress(path))
			.awaitUninterruptibly();
		if (!connected.isSuccess()) {
			loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
			return unreachable(socket, connected.cause());
		}
		return Optional.of(new ServiceManager(loop, connected.channel(),
				WatchdogSettings.interval(environment, ProcessHandle.current().pid())));
	}

	private void send(String message) {
		this.channel.writeAndFlush(Unpooled.copiedBuffer(message, StandardCharsets.UTF_8)).addListener((sent) -> {
			if (!sent.isSuccess() && this.failed.compareAndSet(false, true)) {
				logger.warn("systemd could not be told '{}', and perhaps other things from now on: {}", message,
						String.valueOf(sent.cause()));
			}
		});
	}

	private static Optional<ServiceManager> unreachable(String socket, Throwable cause) {
		logger.warn("systemd cannot be told how this service is: {} is '{}', and that cannot be reached: {}", SOCKET,
				socket, String.valueOf(cause));
		return Optional.empty();
	}

}
