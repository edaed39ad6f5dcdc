package io.github.bootcluster.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a head, where they lie. Fields are never changed, only dropped; those
 * that are left are written in their order, in the one canonical form. Names and values
 * were checked when they were read. Not safe for use by several threads.
 */
public final class Fields {

	/** Numbers kept of each field: where its name and its value begin and end. */
	private static final int STRIDE = 4;

	private static final byte[] SEPARATOR = { ':', ' ' };

	private static final byte[] LINE_END = { Syntax.CR, Syntax.LF };

	private byte[] bytes;

	private @Nullable FieldName[] names = new @Nullable FieldName[16];

	private boolean[] dropped = new boolean[16];

	private int[] positions = new int[16 * STRIDE];

	private int size;

	/** One bit for each name that is there, dropped or not. */
	private long present;

	Fields(byte[] bytes) {
		this.bytes = bytes;
	}

	/** The bytes have moved to a larger array. */
	void moved(byte[] bytes) {
		this.bytes = bytes;
	}

	void clear() {
		this.size = 0;
		this.present = 0;
	}

	void add(int nameFrom, int nameTo, int valueFrom, int valueTo) {
		if (this.size == this.names.length) {
			int capacity = 2 * this.size;
			this.names = Arrays.copyOf(this.names, capacity);
			this.dropped = Arrays.copyOf(this.dropped, capacity);
			this.positions = Arrays.copyOf(this.positions, capacity * STRIDE);
		}
		FieldName name = FieldName.of(this.bytes, nameFrom, nameTo);
		this.names[this.size] = name;
		this.dropped[this.size] = false;
		int position = this.size * STRIDE;
		this.positions[position] = nameFrom;
		this.positions[position + 1] = nameTo;
		this.positions[position + 2] = valueFrom;
		this.positions[position + 3] = valueTo;
		this.size++;
		if (name != null) {
			this.present |= bit(name);
		}
	}

	/** Number of fields read. */
	int size() {
		return this.size;
	}

	/** Whether there is a field of that name. */
	public boolean has(FieldName name) {
		return (this.present & bit(name)) != 0 && indexOf(name, 0) >= 0;
	}

	/** How many fields of that name there are. */
	public int count(FieldName name) {
		int count = 0;
		for (int i = first(name); i >= 0; i = indexOf(name, i + 1)) {
			count++;
		}
		return count;
	}

	/** The value of the first field of that name, as Latin-1, or {@code null}. */
	public @Nullable String value(FieldName name) {
		int index = first(name);
		return (index < 0) ? null : value(index);
	}

	/** The values of all fields of that name, as Latin-1. */
	public List<String> values(FieldName name) {
		List<String> values = new ArrayList<>(2);
		for (int i = first(name); i >= 0; i = indexOf(name, i + 1)) {
			values.add(value(i));
		}
		return values;
	}

	/**
	 * The value of the first field of a name that means nothing here, or {@code null}.
	 */
	public @Nullable String value(String name) {
		Word word = new Word(name);
		for (int i = 0; i < this.size; i++) {
			int position = i * STRIDE;
			if (!this.dropped[i] && word.matches(this.bytes, this.positions[position], this.positions[position + 1])) {
				return value(i);
			}
		}
		return null;
	}

	/** The value of the first field of that name, byte for byte, or {@code null}. */
	public byte @Nullable [] bytes(FieldName name) {
		int index = first(name);
		return (index < 0) ? null : Arrays.copyOfRange(this.bytes, valueFrom(index), valueTo(index));
	}

	/** Whether the first field of that name has exactly that value. */
	public boolean isBytes(FieldName name, byte[] value) {
		int index = first(name);
		return index >= 0 && Arrays.equals(this.bytes, valueFrom(index), valueTo(index), value, 0, value.length);
	}

	/** Whether the first field of that name has that value. */
	public boolean is(FieldName name, Word value) {
		int index = first(name);
		return index >= 0 && value.matches(this.bytes, valueFrom(index), valueTo(index));
	}

	/** Whether the first field of that name begins with that value. */
	public boolean startsWith(FieldName name, Word value) {
		int index = first(name);
		return index >= 0 && value.isPrefix(this.bytes, valueFrom(index), valueTo(index));
	}

	/** Whether a word is in the comma-separated lists of the fields of that name. */
	public boolean lists(FieldName name, Word word) {
		return anyElement(name, (from, to) -> word.matches(this.bytes, from, to));
	}

	/**
	 * The value of the first field of that name as a number, or -1 if it is none: digits
	 * and nothing else.
	 */
	long number(FieldName name, int maxDigits) {
		int index = first(name);
		if (index < 0 || valueFrom(index) == valueTo(index) || valueTo(index) - valueFrom(index) > maxDigits) {
			return -1;
		}
		long number = 0;
		for (int i = valueFrom(index); i < valueTo(index); i++) {
			if (!Syntax.isDigit(this.bytes[i])) {
				return -1;
			}
			number = number * 10 + this.bytes[i] - '0';
		}
		return number;
	}

	/**
	 * Whether the value of the first field of that name begins with a zero that more
	 * follows: to some a digit like any other, to others the mark of an octal number.
	 */
	public boolean hasLeadingZero(FieldName name) {
		int index = first(name);
		return index >= 0 && valueTo(index) - valueFrom(index) > 1 && this.bytes[valueFrom(index)] == '0';
	}

	/** Whether there is a field of that name whose whole value is a host and port. */
	public boolean isAuthority(FieldName name) {
		int index = first(name);
		return index >= 0 && Authority.isValid(this.bytes, valueFrom(index), valueTo(index));
	}

	/** Let no field of that name pass. */
	public void drop(FieldName name) {
		for (int i = first(name); i >= 0; i = indexOf(name, i + 1)) {
			this.dropped[i] = true;
		}
	}

	/** Let no field pass of a name that means nothing here. */
	public void drop(String name) {
		Word word = new Word(name);
		for (int i = 0; i < this.size; i++) {
			int position = i * STRIDE;
			if (word.matches(this.bytes, this.positions[position], this.positions[position + 1])) {
				this.dropped[i] = true;
			}
		}
	}

	/**
	 * Let no field pass that concerns one connection only, those named in Connection
	 * included.
	 */
	public void dropHopByHop() {
		anyElement(FieldName.CONNECTION, this::dropOption);
		dropIf(FieldName::isHopByHop);
	}

	/** Let no field pass that says, or may be taken to say, where a request came from. */
	public void dropForwarded() {
		drop(FieldName.FORWARDED);
		drop(FieldName.X_FORWARDED_FOR);
		drop(FieldName.X_FORWARDED_HOST);
		drop(FieldName.X_FORWARDED_PORT);
		drop(FieldName.X_FORWARDED_PROTO);
		drop(FieldName.X_FORWARDED_OTHER);
	}

	/**
	 * Let no field pass that may not arrive after a body.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1">RFC 9110,
	 * section 6.5.1</a>
	 */
	void dropNotAfterBody() {
		dropHopByHop();
		dropIf(FieldName::isNotAfterBody);
	}

	/** Upper bound of what {@link #writeTo} writes, in bytes. */
	public int length() {
		return (this.size == 0) ? 0
				: this.positions[this.size * STRIDE - 1] - this.positions[0] + this.size * SEPARATOR.length;
	}

	/** Write all that were not dropped. */
	public void writeTo(ByteBuf out) {
		int runFrom = 0;
		int runTo = -1;
		for (int i = 0; i < this.size; i++) {
			if (this.dropped[i]) {
				continue;
			}
			int position = i * STRIDE;
			int nameFrom = this.positions[position];
			if (isCanonical(i)) {
				// Neighbours go together.
				if (nameFrom != runTo) {
					writeRun(out, runFrom, runTo);
					runFrom = nameFrom;
				}
				runTo = valueTo(i) + LINE_END.length;
			}
			else {
				writeRun(out, runFrom, runTo);
				runTo = -1;
				out.writeBytes(this.bytes, nameFrom, this.positions[position + 1] - nameFrom);
				out.writeBytes(SEPARATOR);
				out.writeBytes(this.bytes, valueFrom(i), valueTo(i) - valueFrom(i));
				out.writeBytes(LINE_END);
			}
		}
		writeRun(out, runFrom, runTo);
	}

	private void writeRun(ByteBuf out, int from, int to) {
		if (to > from) {
			out.writeBytes(this.bytes, from, to - from);
		}
	}

	/** Whether it was read just as it is to be written. */
	private boolean isCanonical(int index) {
		int nameTo = this.positions[index * STRIDE + 1];
		return valueFrom(index) == nameTo + SEPARATOR.length && this.bytes[nameTo + 1] == ' '
				&& this.bytes[valueTo(index)] == Syntax.CR;
	}

	private void dropIf(Predicate<FieldName> condition) {
		for (int i = 0; i < this.size; i++) {
			FieldName name = this.names[i];
			if (name != null && condition.test(name)) {
				this.dropped[i] = true;
			}
		}
	}

	private boolean dropOption(int from, int to) {
		// What these two name is a field of the connection anyway.
		if (Word.KEEP_ALIVE.matches(this.bytes, from, to) || Word.CLOSE.matches(this.bytes, from, to)) {
			return false;
		}
		for (int i = 0; i < this.size; i++) {
			FieldName name = this.names[i];
			int position = i * STRIDE;
			// Those of the connection are dropped later: the next Connection is to be
			// read.
			if ((name == null || !(name.isEndToEnd() || name.isHopByHop())) && Syntax.equalsIgnoreCase(this.bytes,
					this.positions[position], this.positions[position + 1], from, to)) {
				this.dropped[i] = true;
			}
		}
		return false;
	}

	// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1
	private boolean anyElement(FieldName name, ElementCondition condition) {
		for (int i = first(name); i >= 0; i = indexOf(name, i + 1)) {
			int end = valueTo(i);
			for (int from = valueFrom(i); from < end;) {
				int comma = from;
				while (comma < end && this.bytes[comma] != ',') {
					comma++;
				}
				int to = comma;
				while (to > from && Syntax.isBlank(this.bytes[to - 1])) {
					to--;
				}
				while (from < to && Syntax.isBlank(this.bytes[from])) {
					from++;
				}
				if (from < to && condition.test(from, to)) {
					return true;
				}
				from = comma + 1;
			}
		}
		return false;
	}

	private String value(int index) {
		return new String(this.bytes, valueFrom(index), valueTo(index) - valueFrom(index), StandardCharsets.ISO_8859_1);
	}

	private int valueFrom(int index) {
		return this.positions[index * STRIDE + 2];
	}

	private int valueTo(int index) {
		return this.positions[index * STRIDE + 3];
	}

	private int first(FieldName name) {
		return ((this.present & bit(name)) != 0) ? indexOf(name, 0) : -1;
	}

	private int indexOf(FieldName name, int from) {
		for (int i = from; i < this.size; i++) {
			if (this.names[i] == name && !this.dropped[i]) {
				return i;
			}
		}
		return -1;
	}

	private static long bit(FieldName name) {
		return 1L << name.ordinal();
	}

	/** What to do with, or to ask of, an element of a list. */
	@FunctionalInterface
	private interface ElementCondition {

		boolean test(int from, int to);

	}

}
