package io.github.bootcluster.ctl;

import org.jspecify.annotations.Nullable;

/** The commands as they are typed, with the options that go with each. */
enum CtlWord {

	STATUS("status", Value.NONE, "json", "watch"),

	RELOAD("reload", Value.NONE, "json", "no-wait"),

	SCALE("scale", Value.NEEDED, "json", "no-wait"),

	RESTART("restart", Value.NEEDED, "json", "no-wait"),

	DRAIN("drain", Value.NEEDED, "json", "no-wait"),

	UNDRAIN("undrain", Value.NEEDED, "json", "no-wait"),

	KILL("kill", Value.NEEDED, "json", "no-wait"),

	LOGS("logs", Value.POSSIBLE, "json", "follow", "lines"),

	EVENTS("events", Value.NONE, "json", "follow", "lines"),

	STOP("stop", Value.NONE, "json", "no-wait"),

	HELP("help", Value.NONE);

	private final String word;

	private final Value value;

	private final String[] options;

	CtlWord(String word, Value value, String... options) {
		this.word = word;
		this.value = value;
		this.options = options;
	}

	/** The command of that name, or {@code null} if there is none. */
	static @Nullable CtlWord find(String word) {
		for (CtlWord candidate : values()) {
			if (candidate.word.equals(word)) {
				return candidate;
			}
		}
		return null;
	}

	/** The words of all. */
	static String[] words() {
		CtlWord[] values = values();
		String[] words = new String[values.length];
		for (int i = 0; i < words.length; i++) {
			words[i] = values[i].word;
		}
		return words;
	}

	String word() {
		return this.word;
	}

	Value value() {
		return this.value;
	}

	boolean hasOption(String name) {
		for (String option : this.options) {
			if (option.equals(name)) {
				return true;
			}
		}
		return false;
	}

	String[] options() {
		return this.options.clone();
	}

	/** Whether a command has a value, as in {@code scale=4}. */
	enum Value {

		/** It must not have one. */
		NONE,

		/** It may. */
		POSSIBLE,

		/** It must. */
		NEEDED

	}

}
