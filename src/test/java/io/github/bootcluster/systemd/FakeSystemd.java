package io.github.bootcluster.systemd;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;

/** The other end of the notification: a real socket that datagrams arrive at. */
public final class FakeSystemd implements AutoCloseable {

	private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

	private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

	private Channel channel;

	private FakeSystemd() {
	}

	public static FakeSystemd at(String path) {
		FakeSystemd systemd = new FakeSystemd();
		systemd.channel = new Bootstrap().group(systemd.loop)
			.channel(EpollDomainDatagramChannel.class)
			.handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {

				@Override
				protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
					systemd.messages.add(packet.content().toString(StandardCharsets.UTF_8));
				}

			})
			.bind(new DomainSocketAddress(path))
			.syncUninterruptibly()
			.channel();
		return systemd;
	}

	/** The next message, or {@code null} if none comes for a while. */
	public String next() throws InterruptedException {
		return this.messages.poll(10, TimeUnit.SECONDS);
	}

	/** Whether a message comes that begins so; those before it are passed over. */
	public boolean hears(String beginning) throws InterruptedException {
		String message = next();
		while (message != null && !message.startsWith(beginning)) {
			message = next();
		}
		return message != null;
	}

	@Override
	public void close() {
		this.channel.close().syncUninterruptibly();
		this.loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
	}

}
