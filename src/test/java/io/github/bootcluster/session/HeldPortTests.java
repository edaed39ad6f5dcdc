package io.github.bootcluster.session;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link HeldPort}. */
@Timeout(30)
class HeldPortTests {

	private final InetAddress loopback = InetAddress.getLoopbackAddress();

	@Test
	void callersAreTurnedAwayAndThePortIsFreeAtOnceAfterwards() throws Exception {
		try (ServerSocket any = new ServerSocket(0, 1, this.loopback)) {
			assertThat(HeldPort.tryToHold(any.getLocalPort())).as("somebody else's").isNull();
			int port = any.getLocalPort();
			any.close();
			for (int i = 0; i < 100; i++) {
				HeldPort held = HeldPort.tryToHold(port);
				assertThat(held).isNotNull();
				try (Socket caller = new Socket(this.loopback, port)) {
					assertThat(caller.getInputStream().read()).isEqualTo(-1);
				}
				held.close();
				new ServerSocket(port, 1, this.loopback).close();
			}
		}
	}

}
