package io.github.bootcluster.session;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDBC URL of the user's: {@code jdbc:<sub-protocol>:<the driver's own syntax>}.
 *
 * @param value the whole of it; may contain credentials
 */
record JdbcUrl(String value) {

	private static final Pattern SYNTAX = Pattern.compile("jdbc:([^:/?;@]+):.*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/**
	 * How the server forms of URLs begin, for databases that otherwise run inside the
	 * process that connects.
	 */
	private static final Map<String, List<String>> SERVER_FORMS = Map.of("h2", List.of("tcp:", "ssl:"), //
			"hsqldb", List.of("hsql:", "hsqls:", "http:", "https:"), //
			"derby", List.of("//"));

	/** Where parameters begin, which are the usual place of credentials. */
	private static final Pattern PARAMETERS = Pattern.compile("[?;(&]");

	JdbcUrl {
		if (!SYNTAX.matcher(value).matches()) {
			// Says nothing of the value: what is no URL may well be a password.
			throw new SessionStoreException("spring.datasource.url", "is not a JDBC URL",
					"Write it like 'jdbc:postgresql://localhost:5432/sessions',"
							+ " or remove it to get the embedded session store.",
					null);
		}
	}

	/** The part that names the kind of database, in lower case. */
	String subProtocol() {
		Matcher matcher = SYNTAX.matcher(this.value);
		return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
	}

	/** Whether the database would run inside of each process that connects to it. */
	boolean isInProcess() {
		List<String> serverForms = SERVER_FORMS.get(subProtocol());
		return serverForms != null && serverForms.stream().noneMatch(subName().toLowerCase(Locale.ROOT)::startsWith);
	}

	/**
	 * The URL without credentials and parameters. Drivers disagree on the syntax, so what
	 * could be part of a password is left out.
	 */
	String withoutSecrets() {
		String[] parts = PARAMETERS.split(subName(), 2);
		String address = parts[0];
		if (parts.length > 1 && parts[1].contains("@")) {
			// Either an '@' in a parameter, or a '?' in a password before the host.
			address = "...";
		}
		else if (address.contains("@")) {
			address = "..." + address.substring(address.lastIndexOf('@'));
		}
		return "jdbc:" + subProtocol() + ":" + address;
	}

	private String subName() {
		return this.value.substring("jdbc:".length() + subProtocol().length() + 1);
	}

	@Override
	public String toString() {
		return withoutSecrets();
	}

}
