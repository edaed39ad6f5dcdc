package io.github.bootcluster.systemd;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class ServiceManagerTests {

	@TempDir
	Path directory;

	@BeforeEach
	void needsTheNativeTransport() {
		Assumptions.assumeTrue(Epoll.isAvailable(), "no native epoll on this system");
	}

	@Test
	void isToldWhatHappensInOrder() throws Exception {
		Path socket = this.directory.resolve("notify");
		try (FakeSystemd systemd = FakeSystemd.at(socket.toString());
				ServiceManager manager = find(Map.of("NOTIFY_SOCKET", socket.toString()))) {
			manager.status("two of\ntwo");
			manager.ready();
			manager.reloading();
			manager.alive();
			manager.stopping(Duration.ofSeconds(45));
			assertThat(systemd.next()).isEqualTo("STATUS=two of two");
			assertThat(systemd.next()).isEqualTo("READY=1");
			assertThat(systemd.next()).matches("RELOADING=1\nMONOTONIC_USEC=\\d+");
			assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
			assertThat(systemd.next()).isEqualTo("STOPPING=1\nEXTEND_TIMEOUT_USEC=45000000");
		}
	}

	@Test
	void whatWasToldIsSentWhenItIsClosed() throws Exception {
		Path socket = this.directory.resolve("notify");
		try (FakeSystemd systemd = FakeSystemd.at(socket.toString())) {
			try (ServiceManager manager = find(Map.of("NOTIFY_SOCKET", socket.toString()))) {
				manager.stopping(Duration.ofSeconds(45));
			}
			assertThat(systemd.next()).isEqualTo("STOPPING=1\nEXTEND_TIMEOUT_USEC=45000000");
		}
	}

	@Test
	void socketMayBeAbstract() throws Exception {
		String name = "boot-cluster-test-" + ProcessHandle.current().pid();
		try (FakeSystemd systemd = FakeSystemd.at("\0" + name);
				ServiceManager manager = find(Map.of("NOTIFY_SOCKET", "@" + name))) {
			manager.ready();
			assertThat(systemd.next()).isEqualTo("READY=1");
		}
	}

	@Test
	void longStatusIsCut() throws Exception {
		Path socket = this.directory.resolve("notify");
		try (FakeSystemd systemd = FakeSystemd.at(socket.toString());
				ServiceManager manager = find(Map.of("NOTIFY_SOCKET", socket.toString()))) {
			manager.status("x".repeat(100_000));
			assertThat(systemd.next()).hasSize("STATUS=".length() + 500);
		}
	}

	@Test
	void nobodyIsFoundWithoutASocket() {
		assertThat(ServiceManager.find(Map.of())).isEmpty();
		assertThat(ServiceManager.find(Map.of("NOTIFY_SOCKET", ""))).isEmpty();
	}

	@Test
	void socketThatIsNotThereIsWarnedOfOnce(CapturedOutput output) {
		String socket = this.directory.resolve("nowhere").toString();
		assertThat(ServiceManager.find(Map.of("NOTIFY_SOCKET", socket))).isEmpty();
		assertThat(output).containsOnlyOnce("systemd cannot be told").contains(socket);
	}

	@Test
	void managerThatGoesAwayIsWarnedOfOnce(CapturedOutput output) throws Exception {
		Path socket = this.directory.resolve("notify");
		FakeSystemd systemd = FakeSystemd.at(socket.toString());
		try (ServiceManager manager = find(Map.of("NOTIFY_SOCKET", socket.toString()))) {
			systemd.close();
			Files.deleteIfExists(socket);
			for (int i = 0; i < 10; i++) {
				manager.alive();
			}
		}
		assertThat(output).containsOnlyOnce("systemd could not be told 'WATCHDOG=1'");
	}

	@Test
	void signsOfLifeAreWantedTwiceAsOftenAsTheLimit() {
		assertThat(WatchdogSettings.interval(Map.of("WATCHDOG_USEC", "30000000"), 7)).contains(Duration.ofSeconds(15));
		assertThat(WatchdogSettings.interval(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "7"), 7))
			.contains(Duration.ofSeconds(15));
	}

	@Test
	void signsOfLifeOfAnotherProcessAreNotOurs() {
		assertThat(WatchdogSettings.interval(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "8"), 7)).isEmpty();
		assertThat(WatchdogSettings.interval(Map.of(), 7)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "abc", "-1", "0", "1", "1.5", "99999999999999999999", "''" })
	void senselessLimitIsWarnedOf(String micros, CapturedOutput output) {
		assertThat(WatchdogSettings.interval(Map.of("WATCHDOG_USEC", micros), 7)).isEmpty();
		assertThat(output).contains("WATCHDOG_USEC is '" + micros + "'");
	}

	private static ServiceManager find(Map<String, String> environment) {
		return ServiceManager.find(environment).orElseThrow();
	}

}
