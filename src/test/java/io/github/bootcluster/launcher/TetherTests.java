package io.github.bootcluster.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class TetherTests {

	private static final Tether TETHER = Tether.find();

	@BeforeAll
	static void needsSessions() {
		assumeTrue(TETHER.ownSession(), "no setsid here");
	}

	@Test
	void programKeepsItsProcessIdBehindTheCommandsInFront() throws Exception {
		Process process = start("echo $$");
		try (BufferedReader lines = process.inputReader()) {
			assertThat(lines.readLine()).isEqualTo(Long.toString(process.pid()));
		}
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void whatAProgramLeavesBehindIsKilledAndNothingElse() throws Exception {
		Process other = start("exec sleep 600");
		Process process = start("sleep 600 & (sleep 600 & echo $!); echo $!; exec sleep 600");
		List<ProcessHandle> left = new ArrayList<>();
		try (BufferedReader lines = process.inputReader()) {
			for (int i = 0; i < 2; i++) {
				left.add(ProcessHandle.of(Long.parseLong(lines.readLine())).orElseThrow());
			}
			process.destroyForcibly();
			assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
			assertThat(left).allMatch(ProcessHandle::isAlive);
			TETHER.endWhatIsLeftOf(process.pid());
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.until(() -> left.stream().noneMatch(TetherTests::isRunning));
			assertThat(other.isAlive()).isTrue();
		}
		finally {
			process.destroyForcibly();
			other.destroyForcibly();
			left.forEach(ProcessHandle::destroyForcibly);
		}
	}

	/**
	 * One that has ended may wait a while for the system's first process to take note.
	 */
	private static boolean isRunning(ProcessHandle process) {
		try {
			String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
			return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
		}
		catch (IOException ex) {
			// Gone, or going while it was read.
			return false;
		}
	}

	private static Process start(String script) throws IOException {
		List<String> command = new ArrayList<>(TETHER.prefix());
		command.addAll(List.of("sh", "-c", script));
		return new ProcessBuilder(command).start();
	}

}
