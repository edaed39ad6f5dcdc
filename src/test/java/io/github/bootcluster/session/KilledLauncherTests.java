package io.github.bootcluster.session;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What of the embedded store outlives a launcher that is killed while workers write. The
 * result is printed.
 */
class KilledLauncherTests {

	private static final int ROUNDS = 3;

	private static final int WRITERS = 4;

	/** H2's write delay of 50 ms, and much for a machine that has other things to do. */
	private static final Duration LOST_AT_MOST = Duration.ofSeconds(2);

	@TempDir
	Path home;

	@Test
	void whatWasWrittenIsThereButForTheLastMomentAndNothingNeedsRepair() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			OtherLauncher launcher = OtherLauncher.start(this.home);
			List<Writer> writers = new ArrayList<>();
			for (int i = 0; i < WRITERS; i++) {
				writers.add(new Writer(launcher.workerProperties(),
						Workers.saveSession(launcher.workerProperties(), "counted")));
			}
			writers.forEach(Thread::start);
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> writers.stream().allMatch(Writer::isWellUnderWay));
			// A session is to be older than what may be lost, and the kill is to come at
			// any moment between two writes of the file.
			TimeUnit.MILLISECONDS.sleep(LOST_AT_MOST.toMillis() + ThreadLocalRandom.current().nextInt(1000));
			assertThat(writers).as("before the launcher was killed").noneMatch(Writer::hasEnded);
			launcher.kill();
			long killed = System.nanoTime();
			for (Writer writer : writers) {
				writer.join();
			}
			try (SessionStore store = SessionStore.open(new MockEnvironment(), this.home, StoreSettings.DEFAULTS)) {
				Losses losses = new Losses(0, 0, 0);
				for (Writer writer : writers) {
					losses = losses.and(writer.losses(store.workerProperties(), killed));
				}
				System.out.printf("launcher killed: of %d writes %d were lost, the oldest %d ms before its end%n",
						losses.writes(), losses.lost(), losses.oldestMillis());
				assertThat(losses.oldestMillis()).isLessThan(LOST_AT_MOST.toMillis());
			}
		}
	}

	private record Losses(int writes, int lost, long oldestMillis) {

		Losses and(Losses other) {
			return new Losses(this.writes + other.writes, this.lost + other.lost,
					Math.max(this.oldestMillis, other.oldestMillis));
		}

	}

	/** Writes ever larger numbers into one session, until that fails. */
	private static final class Writer extends Thread {

		private static final String SET = "UPDATE SPRING_SESSION SET LAST_ACCESS_TIME = ? WHERE SESSION_ID = ?";

		private static final String GET = "SELECT LAST_ACCESS_TIME FROM SPRING_SESSION WHERE SESSION_ID = ?";

		private static final String GET_ALL = "SELECT SESSION_ID, LAST_ACCESS_TIME FROM SPRING_SESSION";

		private final Map<String, String> properties;

		private final String id;

		/** When each write was confirmed. Used by this thread, then by who joined it. */
		private final List<Long> confirmed = new ArrayList<>();

		private volatile int writes;

		private volatile boolean ended;

		Writer(Map<String, String> properties, String id) {
			this.properties = properties;
			this.id = id;
		}

		@Override
		public void run() {
			try (Connection connection = Workers.connect(this.properties);
					PreparedStatement statement = connection.prepareStatement(SET)) {
				statement.setString(2, this.id);
				while (true) {
					statement.setLong(1, this.confirmed.size() + 1);
					assertThat(statement.executeUpdate()).as("rows written before the kill").isOne();
					this.confirmed.add(System.nanoTime());
					this.writes = this.confirmed.size();
				}
			}
			catch (SQLException ex) {
				// The launcher is gone.
			}
			finally {
				this.ended = true;
			}
		}

		boolean isWellUnderWay() {
			return this.writes >= 50 || this.ended;
		}

		boolean hasEnded() {
			return this.ended;
		}

		Losses losses(Map<String, String> reopened, long killed) {
			JdbcTemplate database = Workers.jdbc(reopened);
			List<Long> stored = database.queryForList(GET, Long.class, this.id);
			assertThat(stored)
				.as(() -> "session %s, saved %s before the kill; there are %s".formatted(this.id, LOST_AT_MOST,
						database.queryForList(GET_ALL)))
				.hasSize(1);
			int kept = stored.get(0).intValue();
			int lost = Math.max(0, this.confirmed.size() - kept);
			long oldest = (lost > 0) ? killed - this.confirmed.get(kept) : 0;
			return new Losses(this.confirmed.size(), lost, TimeUnit.NANOSECONDS.toMillis(Math.max(0, oldest)));
		}

	}

}
