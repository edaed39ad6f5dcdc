package io.github.bootcluster.session;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;

import org.springframework.util.StringUtils;

/** Keeps passwords out of what drivers throw: some quote the URL they were given. */
final class Redacted {

	private Redacted() {
	}

	/**
	 * Return the same throwable, or one of the same stack trace and error code but
	 * without its text and causes if they contain any of the secrets.
	 */
	static Throwable throwable(Throwable throwable, String... secrets) {
		StringWriter text = new StringWriter();
		throwable.printStackTrace(new PrintWriter(text));
		for (String secret : secrets) {
			if (StringUtils.hasText(secret) && text.toString().contains(secret)) {
				return withoutText(throwable);
			}
		}
		return throwable;
	}

	private static SQLException withoutText(Throwable throwable) {
		String name = throwable.getClass().getName();
		SQLException redacted = (throwable instanceof SQLException failure)
				? new SQLException(name + " (text withheld: it contains credentials)", failure.getSQLState(),
						failure.getErrorCode())
				: new SQLException(name + " (text withheld: it contains credentials)");
		redacted.setStackTrace(throwable.getStackTrace());
		return redacted;
	}

}
