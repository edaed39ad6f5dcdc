package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerId;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a {@link ClientConnection} does when two things happen at the same moment. */
class ClientConnectionTests {

	private final Limits limits = Limits.of(new TestBed.Settings().build().dispatch());

	private final Balancer balancer = new Balancer(SchedulingPolicy.ROUND_ROBIN, SlowStart.none(), 10, 10,
			(delay, action) -> {
			}, (target) -> {
			});

	private final Frontend frontend = new Frontend(this.limits,
			new Router(AdminPaths.of(List.of()), this.balancer, this.balancer), TrustedProxies.of(List.of()), "http",
			new Traffic(), null);

	/** Its event loop is run by hand. */
	private final EmbeddedChannel channel = new EmbeddedChannel() {

		@Override
		protected SocketAddress remoteAddress0() {
			return new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
		}

		@Override
		protected SocketAddress localAddress0() {
			return new InetSocketAddress(InetAddress.getLoopbackAddress(), 3);
		}

	};

	@Test
	void placeAtATargetIsGivenBackWhenTheClientLeavesBeforeItLearnsOfIt() {
		Target target = Target.of(WorkerId.of(1), 1);
		connect(this.channel.eventLoop());
		request();
		this.balancer.change(target, Target.State.ROUTABLE);
		assertThat(target.inFlight()).isOne();
		this.channel.pipeline().fireChannelInactive();
		this.channel.runPendingTasks();
		assertThat(target.inFlight()).isZero();
		assertThat(this.frontend.traffic().exchanges).hasValue(0);
	}

	@Test
	void requestGoesElsewhereWhenItsTargetIsGoneBeforeItLearnsOfIt() throws Exception {
		MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		try (FakeTarget somebodyElse = FakeTarget.saying("What is this?"); FakeTarget alive = FakeTarget.saying("ok")) {
			Target gone = Target.of(WorkerId.of(1), somebodyElse.port());
			Target ready = Target.of(WorkerId.of(2), alive.port());
			EventLoop loop = loops.next();
			loop.submit(() -> {
				connect(loop);
				request();
				this.balancer.change(gone, Target.State.ROUTABLE);
				this.balancer.change(gone, Target.State.GONE);
				this.balancer.change(ready, Target.State.ROUTABLE);
			}).get();
			await().until(() -> gone.inFlight() + ready.inFlight() == 0);
			assertThat(alive.requests()).hasSize(1);
			assertThat(somebodyElse.accepted()).isZero();
		}
		finally {
			loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
		}
	}

	@Test
	void connectionIsClosedWhenItOpensAfterTheEndOfService() {
		this.frontend.quiesce();
		connect(this.channel.eventLoop());
		assertThat(this.channel.isOpen()).isFalse();
	}

	private void connect(EventLoop loop) {
		Lane lane = Lane.open(loop, NioSocketChannel.class, ByteBufAllocator.DEFAULT, this.limits, 0);
		this.channel.pipeline().addLast(new ClientConnection(this.frontend, lane, this.channel));
		this.channel.pipeline().fireChannelActive();
	}

	private void request() {
		this.channel
			.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: a\r\n\r\n", StandardCharsets.US_ASCII));
		assertThat(this.balancer.queued()).isOne();
	}

}
