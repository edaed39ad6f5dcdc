package io.github.bootcluster.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

import io.github.bootcluster.WorkerId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DebugPortsTests {

	private static final String ANY = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:0";

	/** Found by {@link #twoFreePorts()}. */
	private int first;

	@Test
	void everySlotHasAPortOfItsOwn() throws IOException {
		DebugPorts ports = twoFreePorts();
		assertThat(port(ports, 1, 1)).isEqualTo(this.first);
		assertThat(port(ports, 2, 2)).isEqualTo(this.first + 1);
	}

	@Test
	void replacementGetsAnotherPortUntilThePredecessorIsGone() throws IOException {
		DebugPorts ports = twoFreePorts();
		port(ports, 1, 1);
		int other = port(ports, 2, 1);
		assertThat(other).isPositive().isNotEqualTo(this.first);
		ports.ended(WorkerId.of(1));
		assertThat(port(ports, 3, 1)).isEqualTo(this.first);
	}

	@Test
	void takenPortIsLeftAlone() throws IOException {
		DebugPorts ports = twoFreePorts();
		try (ServerSocket taken = new ServerSocket(this.first, 1, InetAddress.getLoopbackAddress())) {
			assertThat(port(ports, 1, 1)).isPositive().isNotEqualTo(taken.getLocalPort());
			assertThat(port(ports, 2, 2)).isEqualTo(this.first + 1);
		}
	}

	@Test
	void workerWithoutASlotAndOneBeyondTheLastPortGetAny() throws IOException {
		DebugPorts ports = twoFreePorts();
		assertThat(port(ports, 1, 0)).isNotEqualTo(this.first - 1).isPositive();
		assertThat(port(new DebugPorts(List.of(agent(65535))), 1, 2)).isLessThanOrEqualTo(65535).isPositive();
	}

	@Test
	void whatNamesNoPortIsLeftAsItIs() throws IOException {
		DebugPorts ports = new DebugPorts(List.of(new DebugAgent(ANY)));
		assertThat(ports.argumentsFor(spec(1, 1))).containsExactly(ANY);
		assertThat(new DebugPorts(List.of()).argumentsFor(spec(1, 1))).isEmpty();
	}

	/** Two in a row, which some other program could take only in this very moment. */
	private DebugPorts twoFreePorts() throws IOException {
		do {
			this.first = FreePort.choose(List.of());
		}
		while (!FreePort.isFree(this.first + 1));
		return new DebugPorts(List.of(agent(this.first)));
	}

	private static DebugAgent agent(int port) {
		return new DebugAgent("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:" + port);
	}

	private static int port(DebugPorts ports, long worker, int slot) throws IOException {
		return new DebugAgent(ports.argumentsFor(spec(worker, slot)).get(0)).port().orElseThrow();
	}

	private static WorkerSpec spec(long worker, int slot) {
		return new WorkerSpec(WorkerId.of(worker), slot, 1, 2);
	}

}
