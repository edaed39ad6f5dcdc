package io.github.bootcluster.dispatch;

import io.netty.channel.epoll.EpollIoOps;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EpollInterestTests {

	@Test
	void readingAndWritingAreLeftAlone() {
		EpollIoOps both = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT);
		assertThat(EpollInterest.correct(both)).isEqualTo(both);
	}

	@Test
	void endOfThePeersSideIsNotAskedFor() {
		assertThat(EpollInterest.correct(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP))).isEqualTo(EpollIoOps.EPOLLIN);
	}

	@Test
	void somethingIsAlwaysAskedFor() {
		assertThat(EpollInterest.correct(EpollIoOps.EPOLLRDHUP)).isEqualTo(EpollIoOps.EPOLLET);
		assertThat(EpollInterest.correct(EpollIoOps.NONE)).isEqualTo(EpollIoOps.EPOLLET);
	}

}
