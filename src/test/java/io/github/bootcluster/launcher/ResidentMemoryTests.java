package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class ResidentMemoryTests {

	private static final long MEBIBYTE = 1024 * 1024;

	@Test
	void systemWithProcFileSystemIsSupported() {
		assertThat(ResidentMemory.isSupported()).isEqualTo(Files.exists(Path.of("/proc/self/status")));
	}

	@Test
	void numberOutsideThePidsHasNone() {
		assertThat(ResidentMemory.bytesOf(Long.MAX_VALUE)).isEmpty();
		assertThat(ResidentMemory.bytesOf(-1)).isEmpty();
	}

	@Test
	void processThatIsGoneHasNone() throws Exception {
		Process process = new ProcessBuilder("sleep", "0").start();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(ResidentMemory.bytesOf(process.pid())).isEmpty();
	}

	@Test
	void processThatNobodyTookNoteOfHasNone() throws Exception {
		assumeSupported();
		// The sleep that takes the shell's place does not ask how its child ended.
		Process parent = new ProcessBuilder("sh", "-c", "exec 3<&0; (read line <&3) & echo $!; exec sleep 600").start();
		try {
			long child = Long.parseLong(parent.inputReader().readLine());
			await().until(() -> status(parent.pid()).contains("sleep"));
			assertThat(ResidentMemory.bytesOf(child)).isNotEmpty();
			parent.getOutputStream().close();
			await().until(() -> status(child).contains("(zombie)"));
			assertThat(ResidentMemory.bytesOf(child)).isEmpty();
		}
		finally {
			parent.destroyForcibly();
		}
	}

	@Test
	void memoryThatIsUsedCounts() throws Exception {
		assumeSupported();
		int size = (int) (64 * MEBIBYTE);
		// It keeps all that until the end, which is not to come.
		Process tail = new ProcessBuilder("tail", "-c", Integer.toString(size)).start();
		try {
			assertThat(ResidentMemory.bytesOf(tail.pid()).orElseThrow()).isLessThan(size / 2);
			tail.getOutputStream().write(new byte[size]);
			tail.getOutputStream().flush();
			await().untilAsserted(() -> assertThat(ResidentMemory.bytesOf(tail.pid()).orElseThrow())
				.isBetween(size - MEBIBYTE, size * 2L));
		}
		finally {
			tail.destroyForcibly();
		}
	}

	@Test
	void thisProcessHasWhatAJvmNeeds() {
		assumeSupported();
		assertThat(ResidentMemory.bytesOf(ProcessHandle.current().pid()).orElseThrow()).isGreaterThan(16 * MEBIBYTE);
	}

	private static String status(long pid) throws IOException {
		return Files.readString(Path.of("/proc", Long.toString(pid), "status"));
	}

	private static void assumeSupported() {
		assumeTrue(ResidentMemory.isSupported(), "no /proc here");
	}

}
