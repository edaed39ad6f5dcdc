package io.github.bootcluster.ctl;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TerminalTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "one\ttwo", "é € \ud83d\ude00", "[31m" })
	void ordinaryTextIsLeftAlone(String line) {
		assertThat(TerminalText.harmless(line, true)).isEqualTo(line);
	}

	@Test
	void whatControlsTheTerminalIsReplaced() {
		assertThat(TerminalText.harmless("a\033[2Jb\rc\u0007d\be\u007ff\u009b2Jg\nh\0", true))
			.isEqualTo("a\ufffd[2Jb\ufffdc\ufffdd\ufffde\ufffdf\ufffd2Jg\ufffdh\ufffd");
		assertThat(TerminalText.harmless("\033]0;title\007 \033[31;x", true))
			.isEqualTo("\ufffd]0;title\ufffd \ufffd[31;x");
	}

	@Test
	void colorsStayWhereThereMayBeSomeAndEndWithTheLine() {
		String line = "\033[32mINFO\033[0;39m \033[1mtext";
		assertThat(TerminalText.harmless(line, true)).isEqualTo(line + "\033[0m");
		assertThat(TerminalText.harmless(line, false)).isEqualTo("INFO text");
	}

}
