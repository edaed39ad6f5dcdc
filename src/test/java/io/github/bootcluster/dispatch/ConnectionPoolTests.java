package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.http.Fields;
import io.github.bootcluster.http.Framing;
import io.github.bootcluster.http.RequestHead;
import io.github.bootcluster.http.ResponseHead;
import io.netty.buffer.ByteBuf;
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

/** Connections to targets between two users, and when their target is gone. */
class ConnectionPoolTests {

	private final Limits limits = Limits.of(new TestBed.Settings().build().dispatch());

	@Test
	void connectionIsReadAgainWhenItsLastUserHeldItBack() throws Exception {
		EmbeddedChannel channel = new EmbeddedChannel();
		ConnectionPool pool = new ConnectionPool(channel.eventLoop(), NioSocketChannel.class, ByteBufAllocator.DEFAULT,
				this.limits);
		Target target = Target.of(WorkerId.of(1), 1);
		RecordingUser user = new RecordingUser();
		TargetConnection connection = pool.create(target, user);
		user.connection = connection;
		connection.opening(channel);
		channel.pipeline().addLast(connection);
		connection.send(request());
		connection.read(false);
		channel.writeInbound(bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
		assertThat(user.news).containsExactly("head", "content", "answered");
		assertThat(channel.config().isAutoRead()).isTrue();
		assertThat(pool.take(target)).isSameAs(connection);
	}

	@Test
	void answerThatHasArrivedIsReadWhenItsTargetIsGone() throws Exception {
		CountDownLatch answered = new CountDownLatch(1);
		MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		try (FakeTarget server = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.answer("ok");
			answered.countDown();
			connection.awaitEnd();
		})) {
			EventLoop loop = loops.next();
			Lane lane = Lane.open(loop, NioSocketChannel.class, ByteBufAllocator.DEFAULT, this.limits, 0);
			Target target = Target.of(WorkerId.of(1), server.port());
			RecordingUser user = new RecordingUser();
			TargetConnection connection = lane.pool().create(target, user);
			user.connection = connection;
			loop.submit(() -> lane.pool().open(connection)).get();
			await().until(() -> user.news.contains("connected"));
			loop.submit(() -> {
				connection.send(request());
				connection.flush();
				// The loop reads nothing meanwhile.
				assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
				lane.abandon(target);
				return null;
			}).get();
			await().until(() -> user.news.contains("answered") || user.news.contains("lost"));
			assertThat(user.news).doesNotContain("lost");
		}
		finally {
			loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
		}
	}

	private static UpstreamRequest request() throws Exception {
		RequestHead head = new RequestHead();
		assertThat(head.read(bytes("POST / HTTP/1.1\r\nHost: a\r\n\r\n"))).isTrue();
		InetAddress peer = InetAddress.getLoopbackAddress();
		return UpstreamRequest.of(head, Framing.NONE, new ForwardedHeaders(peer, TrustedProxies.of(List.of()), "http"),
				new InetSocketAddress(peer, 1));
	}

	private static ByteBuf bytes(String text) {
		return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
	}

	/** Releases its connection when it is answered. */
	private static final class RecordingUser implements TargetConnection.User {

		private final List<String> news = new CopyOnWriteArrayList<>();

		private TargetConnection connection;

		@Override
		public void connected(TargetConnection connection) {
			this.news.add("connected");
		}

		@Override
		public void notConnected(Throwable cause) {
			this.news.add("not connected");
		}

		@Override
		public void interim(ResponseHead head) {
			this.news.add("interim");
		}

		@Override
		public void head(ResponseHead head, Framing framing) {
			this.news.add("head");
		}

		@Override
		public void content(ByteBuf data) {
			this.news.add("content");
			data.release();
		}

		@Override
		public void batchEnded() {
		}

		@Override
		public void answered(Fields trailers) {
			this.news.add("answered");
			this.connection.release(true);
		}

		@Override
		public void switched(ResponseHead head) {
			this.news.add("switched");
		}

		@Override
		public void writabilityChanged() {
		}

		@Override
		public void invalid(String fault) {
			this.news.add(fault);
		}

		@Override
		public void lost(TargetConnection connection) {
			this.news.add("lost");
		}

	}

}
