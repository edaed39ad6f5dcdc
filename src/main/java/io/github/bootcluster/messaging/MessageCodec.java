package io.github.bootcluster.messaging;

import java.nio.charset.StandardCharsets;

import io.github.bootcluster.control.Mail;
import io.github.bootcluster.messaging.MessagingException.Reason;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;

/** Payloads as JSON, within a limit. */
final class MessageCodec {

	private final JsonMapper mapper;

	private final DataSize maxSize;

	MessageCodec(JsonMapper mapper, DataSize maxSize) {
		this.mapper = mapper;
		this.maxSize = maxSize;
	}

	byte[] write(Object payload) {
		byte[] json;
		try {
			json = this.mapper.writeValueAsBytes(payload);
		}
		catch (JacksonException | StackOverflowError ex) {
			throw new MessagingException(Reason.UNWRITABLE,
					"A message of %s cannot be written as JSON: %s".formatted(payload.getClass(), ex.getMessage()), ex);
		}
		return withinLimit(payload.getClass().getName(), json);
	}

	byte[] withinLimit(String type, byte[] json) {
		int typeLength = type.getBytes(StandardCharsets.UTF_8).length;
		if (typeLength > Mail.MAX_TYPE_LENGTH) {
			throw new MessagingException(Reason.TOO_LARGE, "The name of a message's class has %d bytes: %d are allowed"
				.formatted(typeLength, Mail.MAX_TYPE_LENGTH));
		}
		if (json.length > this.maxSize.toBytes()) {
			throw new MessagingException(Reason.TOO_LARGE,
					"A message of %s has %d bytes: cluster.messaging.max-message-size allows %d".formatted(type,
							json.length, this.maxSize.toBytes()));
		}
		return json;
	}

	<T> T read(byte[] json, Class<T> type) {
		T value;
		try {
			value = this.mapper.readValue(json, type);
		}
		catch (JacksonException ex) {
			throw new MessagingException(Reason.UNREADABLE,
					"%d bytes of JSON cannot be read as %s: %s".formatted(json.length, type, ex.getOriginalMessage()),
					ex);
		}
		if (value == null) {
			throw new MessagingException(Reason.UNREADABLE, "%s was expected, but null came".formatted(type));
		}
		return value;
	}

}
