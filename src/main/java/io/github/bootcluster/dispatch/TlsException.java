package io.github.bootcluster.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * TLS cannot be spoken as it was asked for. The message says why, for an operator.
 *
 * @since 0.1.0
 */
public class TlsException extends RuntimeException {

	public TlsException(String message) {
		this(message, null);
	}

	public TlsException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
