package io.github.bootcluster.ctl;

import java.util.List;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.WorkerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CtlParserTests {

	private static final WorkerId WORKER = WorkerId.of(3);

	@Test
	void everyCommandIsUnderstood() {
		assertThat(parse("status")).isEqualTo(new CtlCommand.Status(false, 0));
		assertThat(parse("status", "--watch", "--json")).isEqualTo(new CtlCommand.Status(true, 2000));
		assertThat(parse("--watch=0.5", "status")).isEqualTo(new CtlCommand.Status(false, 500));
		assertThat(parse("reload")).isEqualTo(order(new ClusterCommand.Reload()));
		assertThat(parse("reload", "--no-wait", "--json"))
			.isEqualTo(new CtlCommand.Order(new ClusterCommand.Reload(), false, true));
		assertThat(parse("scale=4")).isEqualTo(order(new ClusterCommand.Scale(4)));
		assertThat(parse("scale=+2")).isEqualTo(order(new ClusterCommand.ScaleBy(2)));
		assertThat(parse("scale=-1")).isEqualTo(order(new ClusterCommand.ScaleBy(-1)));
		assertThat(parse("restart=3")).isEqualTo(order(new ClusterCommand.Restart(WORKER)));
		assertThat(parse("drain=3")).isEqualTo(order(new ClusterCommand.Drain(WORKER)));
		assertThat(parse("undrain=3")).isEqualTo(order(new ClusterCommand.Undrain(WORKER)));
		assertThat(parse("kill=3")).isEqualTo(order(new ClusterCommand.Kill(WORKER)));
		assertThat(parse("logs")).isEqualTo(new CtlCommand.Logs(null, 100, false, false));
		assertThat(parse("logs=3", "--follow", "--lines=5")).isEqualTo(new CtlCommand.Logs(WORKER, 5, true, false));
		assertThat(parse("events", "--json")).isEqualTo(new CtlCommand.Events(100, false, true));
		assertThat(parse("stop")).isEqualTo(new CtlCommand.Stop(true, false));
		assertThat(parse("stop", "--no-wait")).isEqualTo(new CtlCommand.Stop(false, false));
		assertThat(parse("help")).isEqualTo(new CtlCommand.Help());
		assertThat(parse("--help")).isEqualTo(new CtlCommand.Help());
		assertThat(parse("scale", "--help")).isEqualTo(new CtlCommand.Help());
	}

	@Test
	void valueMayBeTheNextWord() {
		assertThat(parse("restart", "3")).isEqualTo(parse("restart=3"));
		assertThat(parse("logs", "--json", "3")).isEqualTo(parse("logs=3", "--json"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			""                 | Say what to do
			--json             | Say what to do
			statsu             | no command 'statsu'. Did you mean 'status'?
			frobnicate         | no command 'frobnicate'. '--cluster.ctl=help'
			scale              | 'scale' needs a number of workers, such as scale=4
			restart            | 'restart' needs the id of a worker
			scale=many         | scale must be a whole number from 1, not 'many'
			scale=             | scale must be a whole number from 1, not ''
			scale=+0           | scale must be a whole number from 1, not '0'
			scale=99999999999  | not '99999999999'
			kill=0             | The id of a worker must be a whole number from 1, not '0'
			logs=-1            | The id of a worker must be a whole number
			status=3           | 'status' takes no value
			status 3           | 'status' takes no value
			restart=3 4        | '4' is one too many: 'restart' has '3' already
			status --lines=3   | 'status' has no option --lines. Its options: --json, --watch
			status --jsn       | 'status' has no option --jsn. Did you mean --json?
			reload --watch     | 'reload' has no option --watch
			status --json=yes  | --json takes no value
			logs --lines       | --lines must be a whole number from 0 to 1000000, not ''
			logs --lines=-1    | --lines must be a whole number
			status --watch=0   | --watch must be a number of seconds
			status --watch=NaN | --watch must be a number of seconds
			help --json        | 'help' has no option --json. Its options: none
			""")
	void whatMakesNoSenseIsToldOf(String words, String message) {
		List<String> split = words.isEmpty() ? List.of() : List.of(words.split(" +"));
		assertThatExceptionOfType(CtlUsageException.class).isThrownBy(() -> CtlCommand.parse(split))
			.withMessageContaining(message);
	}

	@Test
	void longNonsenseIsShortened() {
		assertThatExceptionOfType(CtlUsageException.class).isThrownBy(() -> parse("x".repeat(10_000)))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(200));
	}

	@Test
	void helpNamesEveryCommandAndOption() {
		for (CtlWord word : CtlWord.values()) {
			assertThat(CtlHelp.TEXT).contains("  " + word.word());
			for (String option : word.options()) {
				assertThat(CtlHelp.TEXT).contains("--" + option);
			}
		}
	}

	private static CtlCommand order(ClusterCommand command) {
		return new CtlCommand.Order(command, true, false);
	}

	private static CtlCommand parse(String... words) {
		return CtlCommand.parse(List.of(words));
	}

}
