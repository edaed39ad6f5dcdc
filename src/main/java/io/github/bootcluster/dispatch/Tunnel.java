package io.github.bootcluster.dispatch;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes bytes between two connections that have left HTTP, such as those of a WebSocket.
 * Each side is read only as fast as the other one takes it, and may end on its own. Both
 * ends of such a protocol may be silent for as long as they like, so that only the
 * system's own probes find out who is gone; but neither may leave what waits for it
 * untouched, nor be silent for long when the other one has ended. Belongs to the event
 * loop both connections live on.
 */
final class Tunnel {

	private static final Logger logger = LoggerFactory.getLogger(Tunnel.class);

	private Tunnel() {
	}

	/**
	 * Let two connections speak to each other.
	 * @param client one of them
	 * @param clientHandler what has handled it so far
	 * @param target the other one
	 * @param targetHandler what has handled it so far
	 * @param stallNanos how long what waits for one of them may lie untouched
	 */
	static void open(Channel client, ChannelHandler clientHandler, Channel target, ChannelHandler targetHandler,
			long stallNanos) {
		End clientEnd = new End(client, target, stallNanos);
		End targetEnd = new End(target, client, stallNanos);
		clientEnd.other = targetEnd;
		targetEnd.other = clientEnd;
		for (Channel channel : new Channel[] { client, target }) {
			channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
			channel.config().setOption(ChannelOption.AUTO_CLOSE, true);
			channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
		}
		client.pipeline().replace(clientHandler, "tunnel", clientEnd);
		target.pipeline().replace(targetHandler, "tunnel", targetEnd);
		client.config().setAutoRead(target.isWritable());
		target.config().setAutoRead(client.isWritable());
		client.flush();
	}

	/** One of the two connections. */
	private static final class End extends ChannelInboundHandlerAdapter {

		private final Channel channel;

		private final Channel peer;

		private final long stallNanos;

		/** Of what waits for it. */
		private final Deadline writing;

		/** Of what it still has to say, once its peer has ended. */
		private final Deadline speaking;

		/** Whether it has been told all, and that there is no more. */
		private boolean outputEnded;

		private @Nullable End other;

		End(Channel channel, Channel peer, long stallNanos) {
			this.channel = channel;
			this.peer = peer;
			this.stallNanos = stallNanos;
			this.writing = new Deadline(channel.eventLoop());
			this.speaking = new Deadline(channel.eventLoop());
		}

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			watch();
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (this.outputEnded) {
				expectMore();
			}
			this.peer.write(message);
		}

		@Override
		public void channelReadComplete(ChannelHandlerContext context) {
			this.peer.flush();
		}

		@Override
		public void channelWritabilityChanged(ChannelHandlerContext context) {
			this.peer.config().setAutoRead(this.channel.isWritable());
			watch();
		}

		private void watch() {
			if (this.channel.isWritable()) {
				this.writing.clear();
			}
			else {
				WriteWatch.begin(this.channel, this.writing, this.stallNanos, this.channel::close);
			}
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			End other = this.other;
			if (event == ChannelInputShutdownEvent.INSTANCE && other != null) {
				this.speaking.clear();
				// Once all that it said has been taken.
				this.peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((written) -> other.endOutput());
			}
			context.fireUserEventTriggered(event);
		}

		private void endOutput() {
			this.outputEnded = true;
			if (this.other != null && this.other.outputEnded) {
				this.channel.close();
				this.peer.close();
			}
			else if (this.channel instanceof DuplexChannel duplex) {
				TlsLayer.endOutput(duplex);
				expectMore();
			}
		}

		/** Its peer is gone, as far as we know: nobody would notice if it were, too. */
		private void expectMore() {
			if (this.channel instanceof DuplexChannel duplex && !duplex.isInputShutdown()) {
				this.speaking.set(this.stallNanos, this.channel::close);
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			this.speaking.cancel();
			this.writing.cancel();
			if (this.peer.isActive()) {
				// Little may wait there, but not for ever.
				this.writing.set(this.stallNanos, this.peer::close);
				this.peer.closeFuture().addListener((closed) -> this.writing.cancel());
				this.peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			logger.debug("Tunnel broke", cause);
			context.close();
		}

	}

}
