package io.github.bootcluster.dispatch;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this machine moves bytes: epoll on Linux, the JDK's selectors elsewhere.
 *
 * @param name for the log
 * @param ioHandlers what drives an event loop
 * @param listening class of listening sockets
 * @param connecting class of outgoing connections
 */
record Transport(String name, IoHandlerFactory ioHandlers, Class<? extends ServerChannel> listening,
		Class<? extends SocketChannel> connecting) {

	private static final Logger logger = LoggerFactory.getLogger(Transport.class);

	static Transport find() {
		try {
			if (Epoll.isAvailable()) {
				return epoll();
			}
			logger.debug("No epoll here, using NIO", Epoll.unavailabilityCause());
		}
		catch (LinkageError ex) {
			// An application may well have excluded the native transport.
			logger.debug("No epoll on the class path, using NIO", ex);
		}
		return nio();
	}

	/**
	 * Bound what the system holds of answers that it has not sent yet, where it can be.
	 */
	void limitUnsent(ServerBootstrap bootstrap, long bytes) {
		if (this.listening == EpollServerSocketChannel.class) {
			bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, bytes);
		}
	}

	static Transport nio() {
		return new Transport("nio", NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
	}

	private static Transport epoll() {
		return new Transport("epoll", EpollInterest.correct(EpollIoHandler.newFactory()),
				EpollServerSocketChannel.class, EpollSocketChannel.class);
	}

}
