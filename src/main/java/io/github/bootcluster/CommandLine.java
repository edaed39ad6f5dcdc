package io.github.bootcluster;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Splits a command line into words as a POSIX shell does: at blanks, with quotes and
 * backslashes. Nothing is expanded: variables, wildcards, pipes and redirections are a
 * shell's, which can be the command.
 */
final class CommandLine {

	/** What a backslash escapes between double quotes; before all else it is itself. */
	private static final String ESCAPABLE_IN_QUOTES = "\"\\$`";

	private final String line;

	private final List<String> words = new ArrayList<>();

	/** The word being read, {@code null} between two. Empty quotes make an empty word. */
	private @Nullable StringBuilder word;

	private int position;

	private CommandLine(String line) {
		this.line = line;
	}

	/**
	 * Split a line.
	 * @param property where it was read
	 * @throws InvalidClusterPropertyException if a quote is not closed, or the line ends
	 * with a lone backslash
	 */
	static List<String> split(String property, String line) {
		CommandLine split = new CommandLine(line);
		Check.that(split.readWords(), property, line,
				"must close every quote it opens, and have a character after every backslash");
		return List.copyOf(split.words);
	}

	private boolean readWords() {
		while (this.position < this.line.length()) {
			char next = this.line.charAt(this.position++);
			if (Character.isWhitespace(next)) {
				endWord();
			}
			else if (!readInto(word(), next)) {
				return false;
			}
		}
		endWord();
		return true;
	}

	private boolean readInto(StringBuilder word, char next) {
		return switch (next) {
			case '\'' -> readLiterally(word);
			case '"' -> readQuoted(word);
			case '\\' -> readEscaped(word);
			default -> {
				word.append(next);
				yield true;
			}
		};
	}

	private boolean readLiterally(StringBuilder word) {
		int end = this.line.indexOf('\'', this.position);
		if (end < 0) {
			return false;
		}
		word.append(this.line, this.position, end);
		this.position = end + 1;
		return true;
	}

	private boolean readQuoted(StringBuilder word) {
		while (this.position < this.line.length()) {
			char next = this.line.charAt(this.position++);
			if (next == '"') {
				return true;
			}
			if (next == '\\' && this.position < this.line.length()
					&& ESCAPABLE_IN_QUOTES.indexOf(this.line.charAt(this.position)) >= 0) {
				next = this.line.charAt(this.position++);
			}
			word.append(next);
		}
		return false;
	}

	private boolean readEscaped(StringBuilder word) {
		if (this.position == this.line.length()) {
			return false;
		}
		word.append(this.line.charAt(this.position++));
		return true;
	}

	private StringBuilder word() {
		if (this.word == null) {
			this.word = new StringBuilder();
		}
		return this.word;
	}

	private void endWord() {
		if (this.word != null) {
			this.words.add(this.word.toString());
			this.word = null;
		}
	}

}
