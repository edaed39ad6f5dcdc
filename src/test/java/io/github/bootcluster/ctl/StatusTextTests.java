package io.github.bootcluster.ctl;

import io.github.bootcluster.ReloadSnapshot;
import io.github.bootcluster.control.OperatorScreen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class StatusTextTests {

	@ParameterizedTest
	@ValueSource(ints = { 20, 40, 60, 80, 100, 120, 200 })
	void noLineIsLongerThanTheScreenIsWide(int columns) {
		for (boolean unicode : new boolean[] { true, false }) {
			assertThat(text(new OperatorScreen(columns, true, false, unicode)).lines())
				.allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(columns).doesNotEndWith(" "));
		}
	}

	@Test
	void wideScreenShowsAll() {
		assertThat(text(new OperatorScreen(200, true, false, true))).isEqualTo(
				"""
						DEGRADED   2 of 3 ready   generation 2   up 1d02h   port 8080   requests 1234567   failures 2
						in flight 3   queued 0   retries 1   sessions embedded-h2   launcher pid 26861   leader 2

						SLOT  ID    PID   PORT  GEN  STATE       UPTIME  RESTARTS  IN-FLIGHT  REQUESTS  FAILED  LAST EXIT
						   1  12  27069  36559    2  READY        2m05s         1          1    500000       0  SIGKILL, 2m05s ago: ended by SIGKILL
						   2   2  26947  40443    2  READY        1d01h         0          1    500000       0  asked, 2h01m ago
						   3   9      -      -    2  BACKOFF 4s       -        17          1    500000       0  status 1, 1s ago: exited with status 1
						   -  11  27100  40001    2  STANDBY      1m00s         0          1    500000       0  -
						""");
	}

	@Test
	void screenOfEightyColumnsShowsWhatMatters() {
		assertThat(text(new OperatorScreen(80, true, false, false))).isEqualTo("""
				DEGRADED   2 of 3 ready   generation 2   up 1d02h   port 8080   requests 1234567
				failures 2   in flight 3   queued 0   retries 1   sessions embedded-h2
				launcher pid 26861   leader 2

				SLOT  ID    PID  GEN  STATE       UPTIME  IN-FLIGHT  REQUESTS  LAST EXIT
				   1  12  27069    2  READY        2m05s          1    500000  SIGKILL, 2m05s...
				   2   2  26947    2  READY        1d01h          1    500000  asked, 2h01m ago
				   3   9      -    2  BACKOFF 4s       -          1    500000  status 1, 1s a...
				   -  11  27100    2  STANDBY      1m00s          1    500000  -
				""");
	}

	@Test
	void screenOfFortyColumnsShowsWhoIsThere() {
		assertThat(text(new OperatorScreen(40, true, false, true))).contains("""
				SLOT  ID    PID  GEN  STATE       UPTIME
				   1  12  27069    2  READY        2m05s
				""");
	}

	@Test
	void pipeGetsAllColumnsAndNoColors() {
		assertThat(text(OperatorScreen.NONE)).contains("LAST EXIT", "ended by SIGKILL").doesNotContain("\033");
	}

	@Test
	void colorsGoWithStatesAndTakeNoRoom() {
		String colored = text(new OperatorScreen(100, true, true, true));
		assertThat(colored).contains("\033[32mREADY\033[0m", "\033[31mBACKOFF 4s\033[0m");
		assertThat(colored.replaceAll("\033\\[\\d+m", "")).isEqualTo(text(new OperatorScreen(100, true, false, true)));
	}

	@Test
	void reloadThatDidNotSucceedIsToldOf() {
		assertThat(new StatusText(OperatorScreen.NONE, Snapshots.NOW)
			.of(Snapshots.cluster(Snapshots.reload(ReloadSnapshot.State.ROLLING, 1, null))))
			.contains("reload to generation 3 ROLLING   1 of 4 slots done\n");
		assertThat(new StatusText(OperatorScreen.NONE, Snapshots.NOW)
			.of(Snapshots.cluster(Snapshots.reload(ReloadSnapshot.State.FAILED, 1, "worker 7 did not get ready"))))
			.contains("reload to generation 3 FAILED   worker 7 did not get ready\n");
		assertThat(new StatusText(OperatorScreen.NONE, Snapshots.NOW)
			.of(Snapshots.cluster(Snapshots.reload(ReloadSnapshot.State.SUCCEEDED, 4, null)))).doesNotContain("reload");
	}

	private static String text(OperatorScreen screen) {
		return new StatusText(screen, Snapshots.NOW).of(Snapshots.cluster());
	}

}
