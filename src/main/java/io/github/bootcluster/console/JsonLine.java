package io.github.bootcluster.console;

import java.util.Locale;

import io.github.bootcluster.LogOrigin;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What a line is in the eyes of one who reads a JSON object a line. */
enum JsonLine {

	/** No JSON object. */
	NONE,

	/** An empty object. */
	EMPTY,

	/** An object that does not tell whose it is. */
	UNSIGNED,

	/** An object that tells whose it is. */
	SIGNED,

	/** An object that says it is of a process that did not write it. */
	FORGED;

	private static final JsonFactory FACTORY = new JsonFactory();

	private static final String ROLE = "role";

	private static final String WORKER = "worker";

	private static final String ID = "id";

	/**
	 * Look at a line.
	 * @param origin whose it is in truth
	 */
	static JsonLine of(byte[] line, LogOrigin origin) {
		if (line.length < 2 || line[0] != '{' || line[line.length - 1] != '}') {
			return NONE;
		}
		try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line, 0, line.length)) {
			return new Reader(parser, origin).read();
		}
		catch (JacksonException ex) {
			// Only looked like one: text with braces, a log entry that was cut off.
			return NONE;
		}
	}

	/**
	 * Reads to the very end, since a line may begin as an object and go on as something
	 * else, or contradict itself. The slot is not compared: a worker may have got one
	 * since.
	 */
	private static final class Reader {

		private final JsonParser parser;

		private final String role;

		/** {@code null} for the launcher. */
		private final @Nullable String worker;

		private boolean empty = true;

		private boolean roleTold;

		private boolean workerTold;

		private boolean signed;

		private boolean forged;

		Reader(JsonParser parser, LogOrigin origin) {
			this.parser = parser;
			this.role = origin.role().name().toLowerCase(Locale.ROOT);
			this.worker = (origin.worker() != null) ? origin.worker().toString() : null;
		}

		JsonLine read() {
			this.parser.nextToken();
			while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
				this.empty = false;
				String name = this.parser.currentName();
				JsonToken value = this.parser.nextToken();
				if (name.equals(LogOrigin.NAME)) {
					this.signed = true;
					readMember(value);
				}
				else if (name.startsWith(LogOrigin.FLAT_PREFIX)) {
					this.signed = true;
					readFlat(name.substring(LogOrigin.FLAT_PREFIX.length()));
				}
				else {
					this.parser.skipChildren();
				}
			}
			if (this.parser.nextToken() != null) {
				return NONE;
			}
			if (this.empty) {
				return EMPTY;
			}
			if (!this.signed) {
				return UNSIGNED;
			}
			boolean complete = this.roleTold && this.workerTold == (this.worker != null);
			return (complete && !this.forged) ? SIGNED : FORGED;
		}

		private void readMember(JsonToken value) {
			if (value != JsonToken.START_OBJECT) {
				this.forged = true;
				this.parser.skipChildren();
				return;
			}
			while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = this.parser.currentName();
				JsonToken inner = this.parser.nextToken();
				if (name.equals(ROLE)) {
					tellRole();
				}
				else if (name.equals(WORKER) && inner == JsonToken.START_OBJECT) {
					readWorker();
				}
				else {
					this.parser.skipChildren();
				}
			}
		}

		private void readWorker() {
			while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
				boolean id = this.parser.currentName().equals(ID);
				this.parser.nextToken();
				if (id) {
					tellWorker();
				}
				else {
					this.parser.skipChildren();
				}
			}
		}

		private void readFlat(String name) {
			if (name.equals(ROLE)) {
				tellRole();
			}
			else if (name.equals(WORKER + "_" + ID)) {
				tellWorker();
			}
			else {
				this.parser.skipChildren();
			}
		}

		private void tellRole() {
			this.roleTold = true;
			this.forged |= !this.role.equals(this.parser.getString());
			this.parser.skipChildren();
		}

		private void tellWorker() {
			this.workerTold = true;
			this.forged |= !this.parser.getString().equals(this.worker);
			this.parser.skipChildren();
		}

	}

}
