package io.github.bootcluster.console;

import io.github.bootcluster.LogOrigin;
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
	SIGNED;

	private static final JsonFactory FACTORY = new JsonFactory();

	static JsonLine of(byte[] line) {
		if (line.length < 2 || line[0] != '{' || line[line.length - 1] != '}') {
			return NONE;
		}
		try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line, 0, line.length)) {
			return of(parser);
		}
		catch (JacksonException ex) {
			// Only looked like one: text with braces, a log entry that was cut off.
			return NONE;
		}
	}

	/**
	 * To the very end, since a line may begin as an object and go on as something else.
	 */
	private static JsonLine of(JsonParser parser) {
		JsonLine found = EMPTY;
		parser.nextToken();
		for (JsonToken token = parser.nextToken(); token == JsonToken.PROPERTY_NAME; token = parser.nextToken()) {
			String name = parser.currentName();
			if (name.equals(LogOrigin.NAME) || name.startsWith(LogOrigin.FLAT_PREFIX)) {
				found = SIGNED;
			}
			else if (found == EMPTY) {
				found = UNSIGNED;
			}
			parser.nextToken();
			parser.skipChildren();
		}
		return (parser.nextToken() == null) ? found : NONE;
	}

}
