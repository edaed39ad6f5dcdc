package io.github.bootcluster;

import org.jspecify.annotations.Nullable;

/**
 * A property has a value the cluster cannot work with.
 *
 * @since 0.1.0
 */
public class InvalidClusterPropertyException extends RuntimeException {

	private final String property;

	private final String value;

	private final String requirement;

	public InvalidClusterPropertyException(String property, Object value, String requirement) {
		this(property, value, requirement, null);
	}

	public InvalidClusterPropertyException(String property, Object value, String requirement,
			@Nullable Throwable cause) {
		super("Property '%s' is '%s': %s".formatted(property, value, requirement), cause);
		this.property = property;
		this.value = value.toString();
		this.requirement = requirement;
	}

	/** Full name of the property. */
	public String getProperty() {
		return this.property;
	}

	/** The value as it was read. */
	public String getValue() {
		return this.value;
	}

	/** What a value must be, beginning with a verb. */
	public String getRequirement() {
		return this.requirement;
	}

}
