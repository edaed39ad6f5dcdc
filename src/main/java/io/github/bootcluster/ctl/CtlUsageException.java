package io.github.bootcluster.ctl;

/** An operator typed something that makes no sense. The message says what to type. */
final class CtlUsageException extends RuntimeException {

	CtlUsageException(String message) {
		super(message);
	}

}
