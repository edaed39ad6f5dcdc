import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes the database of a benchmark: other users' sessions, in H2 or PostgreSQL. */
public class Sessions {

	/** More at a time fill H2's memory with what a rollback would need. */
	private static final long BATCH = 10_000;

	private static final long DAY = 86_400_000;

	/**
	 * {@code sql URL USER PASSWORD STATEMENT...}, or {@code fill URL USER PASSWORD COUNT}
	 */
	public static void main(String[] args) throws Exception {
		try (Connection connection = DriverManager.getConnection(args[1], args[2], args[3]);
				Statement statement = connection.createStatement()) {
			if (args[0].equals("sql")) {
				for (String sql : List.of(args).subList(4, args.length)) {
					statement.execute(sql);
				}
			}
			else {
				fill(connection, statement, args[1].startsWith("jdbc:h2:"), Long.parseLong(args[4]));
			}
		}
	}

	/** Indexes come last, as they are made several times faster from a full table. */
	private static void fill(Connection connection, Statement statement, boolean h2, long count) throws Exception {
		List<String> script = script(h2 ? "h2" : "postgresql");
		for (String sql : script) {
			if (sql.startsWith("CREATE TABLE")) {
				statement.execute(sql);
			}
		}
		// What is inserted needs no check of foreign keys.
		statement.execute(h2 ? "SET REFERENTIAL_INTEGRITY FALSE" : "SET session_replication_role = replica");
		insert(connection, h2, count);
		statement.execute(h2 ? "SET REFERENTIAL_INTEGRITY TRUE" : "SET session_replication_role = DEFAULT");
		for (String sql : script) {
			if (!sql.startsWith("CREATE TABLE")) {
				statement.execute(sql);
			}
		}
		// What the database would do some time is done before anything is measured.
		for (String sql : h2 ? List.of("ANALYZE", "SHUTDOWN COMPACT") : List.of("VACUUM ANALYZE", "CHECKPOINT")) {
			statement.execute(sql);
		}
	}

	/** The one that Boot runs. */
	private static List<String> script(String product) throws Exception {
		try (InputStream script = Sessions.class
			.getResourceAsStream("/org/springframework/session/jdbc/schema-" + product + ".sql")) {
			return Stream.of(new String(script.readAllBytes(), StandardCharsets.UTF_8).split(";"))
				.map(String::strip)
				.filter((sql) -> !sql.isEmpty())
				.toList();
		}
	}

	/**
	 * With ids in order, which is faster, spread over the whole range, so that those the
	 * load gets are between them.
	 */
	private static void insert(Connection connection, boolean h2, long count) throws Exception {
		byte[] attribute = attribute();
		String first = h2 ? "SUBSTRING(RAWTOHEX(CAST(X * ? AS BINARY(8))) FROM 9)" : "LPAD(TO_HEX(X * ?), 8, '0')";
		String id = "LOWER(%s) || '-0000-4000-8000-000000000000'".formatted(first);
		String range = h2 ? "SYSTEM_RANGE(?, ?)" : "generate_series(CAST(? AS BIGINT), CAST(? AS BIGINT)) AS R (X)";
		long step = (1L << 32) / count;
		long now = System.currentTimeMillis();
		connection.setAutoCommit(false);
		try (PreparedStatement sessions = connection.prepareStatement("INSERT INTO SPRING_SESSION SELECT " + id + ", "
				+ id + ", %1$d, %1$d, %2$d, %3$d + X, NULL FROM ".formatted(now, DAY / 1000, now + DAY) + range);
				PreparedStatement attributes = connection
					.prepareStatement("INSERT INTO SPRING_SESSION_ATTRIBUTES SELECT " + id + ", 'cart', CAST(? AS "
							+ (h2 ? "VARBINARY" : "BYTEA") + ") FROM " + range)) {
			for (long from = 0; from < count; from += BATCH) {
				long to = Math.min(count, from + BATCH) - 1;
				execute(sessions, step, step, from, to);
				execute(attributes, step, attribute, from, to);
				connection.commit();
			}
		}
		connection.setAutoCommit(true);
	}

	private static void execute(PreparedStatement statement, Object... parameters) throws SQLException {
		for (int i = 0; i < parameters.length; i++) {
			statement.setObject(i + 1, parameters[i]);
		}
		statement.executeUpdate();
	}

	/** About half a kilobyte: what somebody has chosen in a shop. */
	private static byte[] attribute() throws Exception {
		Map<String, Integer> cart = new LinkedHashMap<>();
		for (int i = 0; i < 12; i++) {
			cart.put("article-%06d-blue-large".formatted(i * 7919), i);
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
			objects.writeObject(cart);
		}
		return bytes.toByteArray();
	}

}
