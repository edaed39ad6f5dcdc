package io.github.bootcluster.ctl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.github.bootcluster.control.OperatorScreen;

/**
 * A table that fits a screen: columns for which there is no room are left out, and the
 * one that may be shortened is.
 */
final class TextTable {

	private static final int GAP = 2;

	private static final String RESET = "\033[0m";

	private final List<Column> columns;

	private final OperatorScreen screen;

	private final List<Row> rows = new ArrayList<>();

	TextTable(List<Column> columns, OperatorScreen screen) {
		this.columns = columns;
		this.screen = screen;
	}

	/**
	 * Add a row.
	 * @param cells one for each column
	 * @param color of the cells that are texts and cannot be shortened
	 */
	void row(String[] cells, Color color) {
		this.rows.add(new Row(cells, color));
	}

	@Override
	public String toString() {
		int[] widths = fitted();
		StringBuilder text = new StringBuilder();
		appendLine(text, this.columns.stream().map(Column::title).toArray(String[]::new), Color.NONE, widths);
		for (Row row : this.rows) {
			appendLine(text, row.cells(), row.color(), widths);
		}
		return text.toString();
	}

	/** How wide each column is, 0 for one that is left out. */
	private int[] fitted() {
		int[] natural = new int[this.columns.size()];
		for (int i = 0; i < natural.length; i++) {
			natural[i] = this.columns.get(i).title().length();
			for (Row row : this.rows) {
				natural[i] = Math.max(natural[i], row.cells()[i].length());
			}
		}
		if (this.screen.columns() == 0) {
			return natural;
		}
		return fitted(natural);
	}

	private int[] fitted(int[] natural) {
		int[] widths = new int[natural.length];
		int free = this.screen.columns() + GAP;
		for (Column column : this.columns.stream().sorted(Comparator.comparingInt(Column::rank)).toList()) {
			int index = this.columns.indexOf(column);
			int needed = Math.min(natural[index], column.flexible() ? Column.SHORTEST : Integer.MAX_VALUE);
			if (needed + GAP <= free) {
				widths[index] = needed;
				free -= needed + GAP;
			}
		}
		for (int i = 0; i < widths.length; i++) {
			if (this.columns.get(i).flexible() && widths[i] > 0) {
				int more = Math.min(free, natural[i] - widths[i]);
				widths[i] += more;
				free -= more;
			}
		}
		return widths;
	}

	private void appendLine(StringBuilder text, String[] cells, Color color, int[] widths) {
		StringBuilder line = new StringBuilder();
		for (int i = 0; i < widths.length; i++) {
			if (widths[i] > 0) {
				append(line, this.columns.get(i), shortened(cells[i], widths[i]), color, widths[i]);
			}
		}
		int end = line.length();
		while (end > 0 && line.charAt(end - 1) == ' ') {
			end--;
		}
		text.append(line, 0, end).append('\n');
	}

	private void append(StringBuilder line, Column column, String cell, Color color, int width) {
		String padding = " ".repeat(width - cell.length());
		boolean colored = this.screen.color() && color != Color.NONE && !column.number() && !column.flexible();
		line.append(column.number() ? padding : "")
			.append(colored ? color.code() : "")
			.append(cell)
			.append(colored ? RESET : "")
			.append(column.number() ? "" : padding)
			.append(" ".repeat(GAP));
	}

	private String shortened(String cell, int width) {
		if (cell.length() <= width) {
			return cell;
		}
		String mark = this.screen.unicode() ? "…" : "...";
		return cell.substring(0, width - mark.length()) + mark;
	}

	/** Colours are never the only sign. */
	enum Color {

		NONE(""), GREEN("\033[32m"), YELLOW("\033[33m"), RED("\033[31m");

		private final String code;

		Color(String code) {
			this.code = code;
		}

		String code() {
			return this.code;
		}

	}

	/**
	 * A column.
	 *
	 * @param rank the higher, the sooner it is left out
	 * @param number whether it is aligned to the right
	 * @param flexible whether its cells may be shortened
	 */
	record Column(String title, int rank, boolean number, boolean flexible) {

		/** Less of a cell says nothing. */
		static final int SHORTEST = 14;

		static Column number(String title, int rank) {
			return new Column(title, rank, true, false);
		}

		static Column text(String title, int rank) {
			return new Column(title, rank, false, false);
		}

		static Column flexible(String title, int rank) {
			return new Column(title, rank, false, true);
		}

	}

	private record Row(String[] cells, Color color) {

	}

}
