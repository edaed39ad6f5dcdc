package io.github.bootcluster.console;

/**
 * Whole lines that are written at once, with nothing between them.
 *
 * @param outlet where to
 * @param bytes the lines with their ends
 * @param lines how many they are
 */
record Piece(Outlet outlet, byte[] bytes, int lines) {

	/** What each takes in memory beside its bytes, about. */
	private static final int OVERHEAD = 64;

	int cost() {
		return this.bytes.length + OVERHEAD;
	}

}
