package io.github.bootcluster.control;

/**
 * What an operator reads the answer on.
 *
 * @param columns its width in characters, or 0 if a line may be of any length
 * @param terminal whether what was written can be written over
 * @param color whether colours may be used
 * @param unicode whether it shows more than ASCII
 */
public record OperatorScreen(int columns, boolean terminal, boolean color, boolean unicode) {

	/** Narrower ones are treated as if they had this width. */
	public static final int MIN_COLUMNS = 20;

	/** A file or a pipe. */
	public static final OperatorScreen NONE = new OperatorScreen(0, false, false, true);

	public OperatorScreen {
		columns = (columns > 0) ? Math.max(columns, MIN_COLUMNS) : 0;
	}

}
