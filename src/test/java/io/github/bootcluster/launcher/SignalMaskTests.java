package io.github.bootcluster.launcher;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class SignalMaskTests {

	@Test
	void jvmHandlesQuit() {
		assertThat(SignalMask.catchesQuit(ProcessHandle.current().pid())).isTrue();
	}

	@Test
	void otherProgramEndsByIt() throws Exception {
		assumeTrue(ResidentMemory.isSupported(), "no /proc here");
		// The shell is still there when it speaks, and so is what it was started as.
		Process process = new ProcessBuilder("sh", "-c", "echo; read line").start();
		try {
			process.inputReader().readLine();
			assertThat(SignalMask.catchesQuit(process.pid())).isFalse();
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void whereNothingIsToldItIsTakenForAJvm() {
		assertThat(SignalMask.catchesQuit(Long.MAX_VALUE)).isTrue();
	}

}
