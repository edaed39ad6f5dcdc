package io.github.bootcluster.launcher;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.Environment;

/**
 * TLS of one port, as Spring Boot's properties ask for it.
 *
 * @param prefix what these properties begin with
 * @param ssl their values
 */
record TlsSettings(String prefix, Ssl ssl) {

	/**
	 * Read the properties.
	 * @param prefix what they begin with
	 * @return the settings, or {@code null} if there is none at all; they may be switched
	 * off
	 */
	static @Nullable TlsSettings find(Environment environment, String prefix) {
		return Binder.get(environment)
			.bind(prefix, Bindable.of(Ssl.class))
			.map((ssl) -> new TlsSettings(prefix, ssl))
			.orElse(null);
	}

	/** Name of one of these properties. */
	String property(String name) {
		return this.prefix + "." + name;
	}

}
