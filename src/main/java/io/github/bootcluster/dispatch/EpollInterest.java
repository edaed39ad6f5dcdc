package io.github.bootcluster.dispatch;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Asks epoll for less than Netty 4.2.18 does, for the sake of connections whose peer has
 * ended its side.
 * <ul>
 * <li>Not to be woken at that end (EPOLLRDHUP): Netty would read all that is left at
 * once, whether reading is on or not, and so put the whole receive buffer of the system,
 * several MiB, behind a slow reader. The end is found by reading up to it.</li>
 * <li>Never for nothing: Netty would take the connection out of epoll and fail to put it
 * back when it has something to write. It would be cut off in the middle of its answer.
 * An error is always worth to be told once.</li>
 * </ul>
 */
final class EpollInterest {

	private EpollInterest() {
	}

	/** Correct what the handlers of a factory are asked for. */
	static IoHandlerFactory correct(IoHandlerFactory factory) {
		return new IoHandlerFactory() {

			@Override
			public IoHandler newHandler(ThreadAwareExecutor executor) {
				return new Handler(factory.newHandler(executor));
			}

			@Override
			public boolean isChangingThreadSupported() {
				return factory.isChangingThreadSupported();
			}

		};
	}

	static EpollIoOps correct(EpollIoOps asked) {
		EpollIoOps wanted = asked.without(EpollIoOps.EPOLLRDHUP);
		return wanted.equals(EpollIoOps.NONE) ? EpollIoOps.EPOLLET : wanted;
	}

	private record Handler(IoHandler delegate) implements IoHandler {

		@Override
		public void initialize() {
			this.delegate.initialize();
		}

		@Override
		public int run(IoHandlerContext context) {
			return this.delegate.run(context);
		}

		@Override
		public void prepareToDestroy() {
			this.delegate.prepareToDestroy();
		}

		@Override
		public void destroy() {
			this.delegate.destroy();
		}

		@Override
		public IoRegistration register(IoHandle handle) throws Exception {
			return new Registration(this.delegate.register(handle));
		}

		@Override
		public void wakeup() {
			this.delegate.wakeup();
		}

		@Override
		public boolean isCompatible(Class<? extends IoHandle> handleType) {
			return this.delegate.isCompatible(handleType);
		}

	}

	private record Registration(IoRegistration delegate) implements IoRegistration {

		@Override
		public <T> T attachment() {
			return this.delegate.attachment();
		}

		@Override
		public long submit(IoOps ops) {
			return this.delegate.submit((ops instanceof EpollIoOps asked) ? correct(asked) : ops);
		}

		@Override
		public boolean isValid() {
			return this.delegate.isValid();
		}

		@Override
		public boolean cancel() {
			return this.delegate.cancel();
		}

	}

}
