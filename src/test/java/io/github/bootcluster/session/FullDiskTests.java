package io.github.bootcluster.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

import static org.assertj.core.api.Assertions.assertThat;

/** The embedded store on a disk of a few megabytes, which a namespace of its own has. */
@EnabledOnOs(OS.LINUX)
class FullDiskTests {

	private static final String SMALL_DISK = "mount -t tmpfs -o size=4m tmpfs \"$1\"";

	private static final String ATTRIBUTE = new Random(1).ints(20_000, 'a', 'z')
		.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
		.toString();

	@TempDir
	Path home;

	@Test
	void sessionsAreThereAgainOnceThereIsSpace() throws Exception {
		assumeThatThereCanBeASmallDisk();
		try (OtherLauncher launcher = OtherLauncher.start(this.home, inNamespace(SMALL_DISK
				+ " && dd if=/dev/zero of=\"$1/ballast\" bs=1M count=2 status=none && shift && exec \"$@\""))) {
			List<String> saved = new ArrayList<>();
			while (save(launcher, saved)) {
				assertThat(saved).as("sessions in 2 MB").hasSizeLessThan(1000);
			}
			await(() -> launcher.output().contains("sessions.mv.db has failed: its disk is full"));
			Files.delete(Path.of("/proc/" + launcher.pid() + "/root" + this.home + "/ballast"));
			await(() -> launcher.output().contains("works again"));
			assertThat(save(launcher, saved)).isTrue();
			// All but those of the last moment.
			assertThat(saved).hasSizeGreaterThan(20);
			for (String id : saved.subList(0, 10)) {
				assertThat(Workers.attributeOf(launcher.workerProperties(), id)).isEqualTo(ATTRIBUTE);
			}
		}
	}

	private static boolean save(OtherLauncher launcher, List<String> saved) {
		try {
			saved.add(Workers.saveSession(launcher.workerProperties(), ATTRIBUTE));
			return true;
		}
		catch (DataAccessException | TransactionException ex) {
			return false;
		}
	}

	private String[] inNamespace(String script) {
		return new String[] { "unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", this.home.toString() };
	}

	private void assumeThatThereCanBeASmallDisk() throws InterruptedException {
		String[] command = inNamespace(SMALL_DISK);
		try {
			if (new ProcessBuilder(command).start().waitFor() == 0) {
				return;
			}
		}
		catch (IOException ex) {
			// There is no such program.
		}
		String reason = "skipped a test, this user may not make a small disk: '" + String.join(" ", command)
				+ "' fails";
		System.out.println(reason);
		Assumptions.abort(reason);
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(condition);
	}

}
