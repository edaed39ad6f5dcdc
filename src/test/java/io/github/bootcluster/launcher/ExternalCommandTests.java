package io.github.bootcluster.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@DisabledOnOs(OS.WINDOWS)
class ExternalCommandTests {

	@TempDir
	Path directory;

	private Path program;

	@BeforeEach
	void makeProgram() throws IOException {
		this.program = Files.createFile(this.directory.resolve("serve"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
	}

	@Test
	void portIsPutInWhereverAnArgumentAsksForIt() {
		ExternalCommand command = new ExternalCommand("/bin/serve", List.of("--port={port}", "{port}:{port}", "{p}"));
		assertThat(command.at(4711)).containsExactly("/bin/serve", "--port=4711", "4711:4711", "{p}");
		assertThat(command.at(4712)).contains("--port=4712");
	}

	@Test
	void programIsFoundOnThePath() {
		assertThat(ExternalCommand.locate("serve", "/no/such" + File.pathSeparator + this.directory))
			.isEqualTo(this.program.toString());
	}

	@Test
	void programWithAPathIsNotLookedFor() {
		assertThat(ExternalCommand.locate(this.program.toString(), null)).isEqualTo(this.program.toString());
	}

	@Test
	void programThatIsNowhereIsRefused() {
		assertRefused("nod", "there is no 'nod' on the PATH (" + this.directory + ")");
		assertRefused("./nod", Path.of("./nod").toAbsolutePath() + " does not exist");
	}

	@Test
	void fileThatIsNoProgramIsRefused() throws IOException {
		Path text = Files.createFile(this.directory.resolve("text"));
		assertRefused("text", "there is no 'text' on the PATH");
		assertRefused(text.toString(), text + " is no executable file");
		assertRefused(this.directory.toString(), this.directory + " is no executable file");
	}

	private void assertRefused(String program, String why) {
		assertThatExceptionOfType(LaunchException.class)
			.isThrownBy(() -> ExternalCommand.locate(program, this.directory.toString()))
			.satisfies((ex) -> assertThat(ex.getDescription()).contains("'cluster.worker.command'", why))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("without a shell"));
	}

}
