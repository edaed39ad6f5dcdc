package io.github.bootcluster.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class PidFileTests {

	private static final String OURS = ProcessHandle.current().pid() + "\n";

	@TempDir
	Path directory;

	private final Logger logger = (Logger) LoggerFactory.getLogger(PidFile.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private Path file;

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.setLevel(Level.WARN);
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void stopListening() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
	}

	@BeforeEach
	void nameFile() {
		this.file = this.directory.resolve("app.pid");
	}

	@Test
	void fileHoldsThePidUntilItIsClosed() throws Exception {
		try (PidFile pidFile = PidFile.write(this.file)) {
			assertThat(pidFile).isNotNull();
			assertThat(this.file).hasContent(OURS);
			assertThat(names()).containsExactly("app.pid");
		}
		assertThat(names()).isEmpty();
	}

	@Test
	void fileIsReadableByAllAndWritableByItsOwner() throws Exception {
		// As far as the umask lets an ordinary file be.
		Path ordinary = Files.createFile(this.directory.resolve("ordinary"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
		Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(ordinary);
		PidFile.write(this.file);
		assertThat(Files.getPosixFilePermissions(this.file)).isEqualTo(permissions)
			.contains(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
	}

	@Test
	void relativePathIsThatOfTheWorkingDirectory() {
		Path relative = Path.of("").toAbsolutePath().relativize(this.file.toAbsolutePath());
		PidFile.write(relative);
		assertThat(this.file).hasContent(OURS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "99999999999\n", "1073741824" })
	void staleFileIsReplacedWithoutAWord(String content) throws Exception {
		Files.writeString(this.file, content);
		PidFile.write(this.file);
		assertThat(this.file).hasContent(OURS);
		assertThat(this.log.list).isEmpty();
	}

	@Test
	void ownFileIsReplacedWithoutAWord() {
		PidFile.write(this.file);
		PidFile.write(this.file);
		assertThat(this.file).hasContent(OURS);
		assertThat(this.log.list).isEmpty();
	}

	@Test
	void fileOfALivingProcessIsReplacedWithAWarning() throws Exception {
		Process other = new ProcessBuilder("sleep", "600").start();
		try {
			Files.writeString(this.file, other.pid() + "\n");
			PidFile.write(this.file);
			assertThat(this.file).hasContent(OURS);
			assertWarned("app.pid names process %d (".formatted(other.pid()),
					"names %s from now on".formatted(OURS.strip()));
		}
		finally {
			other.destroyForcibly();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring:\n  application.name: app\n", "12 34", "pid 12" })
	void fileThatHoldsSomethingElseIsKept(String content) throws Exception {
		Files.writeString(this.file, content);
		assertRefused("it holds something other than a pid", "Remove what is there");
		assertThat(this.file).hasContent(content);
	}

	@Test
	void directoryIsRefused() throws Exception {
		Files.createDirectory(this.file);
		assertRefused("it is a directory", "cluster.pid-file");
		assertThat(this.file).isEmptyDirectory();
	}

	@Test
	void rootIsRefused() {
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> PidFile.write(Path.of("/")))
			.withMessageContaining("it is a directory");
	}

	@Test
	void symbolicLinkIsNeitherFollowedNorReplaced() throws Exception {
		Path elsewhere = Files.writeString(this.directory.resolve("elsewhere"), "1");
		Files.createSymbolicLink(this.file, elsewhere);
		assertRefused("it is a symbolic link", "Remove what is there");
		assertThat(this.file).isSymbolicLink();
		assertThat(elsewhere).hasContent("1");
	}

	@Test
	void linkToNothingIsNotFollowedEither() throws Exception {
		Files.createSymbolicLink(this.file, this.directory.resolve("missing"));
		assertRefused("it is a symbolic link", "Remove what is there");
		assertThat(names()).containsExactly("app.pid");
	}

	@Test
	void deviceIsRefusedUnread() throws Exception {
		// Who opened this one for reading would wait for a writer.
		Process mkfifo = new ProcessBuilder("mkfifo", this.file.toString()).start();
		assumeTrue(mkfifo.waitFor(10, TimeUnit.SECONDS) && mkfifo.exitValue() == 0, "no mkfifo here");
		assertRefused("it is a device or the like", "cluster.pid-file");
		assertThat(names()).containsExactly("app.pid");
	}

	@Test
	void missingDirectoryIsNotMade() {
		this.file = this.directory.resolve("missing/app.pid");
		assertRefused(this.directory.resolve("missing") + " does not exist", "Make its directory");
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void fileInPlaceOfTheDirectoryIsRefused() throws Exception {
		Path notDirectory = Files.createFile(this.directory.resolve("file"));
		this.file = notDirectory.resolve("app.pid");
		assertRefused(notDirectory + " is no directory", "Make its directory");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void directoryThatTakesNoFilesIsRefused() {
		// Not even those of the superuser, who builds this in some places.
		this.file = Path.of("/proc/app.pid");
		assertRefused("/proc/app.pid cannot be written", "Make its directory one this user can write to");
	}

	@Test
	void fileThatNamesAnotherProcessMeanwhileIsLeftAlone() throws Exception {
		try (PidFile pidFile = PidFile.write(this.file)) {
			assertThat(pidFile).isNotNull();
			Files.writeString(this.file, "1\n");
		}
		assertThat(this.file).hasContent("1\n");
	}

	@Test
	void whatIsAtThePathMeanwhileIsLeftAlone() throws Exception {
		PidFile pidFile = PidFile.write(this.file);
		Path elsewhere = Files.move(this.file, this.directory.resolve("elsewhere"));
		Files.createSymbolicLink(this.file, elsewhere);
		pidFile.close();
		assertThat(names()).containsExactly("app.pid", "elsewhere");
	}

	@Test
	void closeOfADeletedFileIsQuiet() throws Exception {
		PidFile pidFile = PidFile.write(this.file);
		Files.delete(this.file);
		pidFile.close();
		pidFile.close();
		assertThat(this.log.list).isEmpty();
	}

	private void assertWarned(String... parts) {
		assertThat(this.log.list).singleElement().satisfies((event) -> {
			assertThat(event.getLevel()).isEqualTo(Level.WARN);
			assertThat(event.getFormattedMessage()).contains(parts);
		});
	}

	private void assertRefused(String reason, String action) {
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> PidFile.write(this.file))
			.withMessageContaining(this.file.toString())
			.withMessageContaining(reason)
			.satisfies((ex) -> assertThat(ex.getAction()).contains(action).contains("cluster.pid-file"));
	}

	private List<String> names() throws Exception {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.map((path) -> path.getFileName().toString()).sorted().toList();
		}
	}

}
