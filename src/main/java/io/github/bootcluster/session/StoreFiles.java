package io.github.bootcluster.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The embedded store's files in the cluster's home: the database, and the password of its
 * administrator, which is needed for as long as the database is kept.
 */
class StoreFiles {

	private static final String DATABASE_NAME = "sessions";

	/** Appended by the database itself. */
	private static final String DATABASE_SUFFIX = ".mv.db";

	/** Likewise. */
	private static final String TRACE_SUFFIX = ".trace.db";

	private static final String SECRET = "session-store.secret";

	/** Far more than a secret: a larger file is none, and not worth reading. */
	private static final DataSize MAX_SECRET_SIZE = DataSize.ofKilobytes(4);

	private final Path home;

	private StoreFiles(Path home) {
		this.home = home;
	}

	/**
	 * Look at a home.
	 * @throws SessionStoreException if it is not a directory files can be written to
	 */
	static StoreFiles in(Path home) {
		if (!Files.isDirectory(home)) {
			throw new SessionStoreException(home.toAbsolutePath().toString(), "is not a directory",
					"Create it, or set cluster.home to a directory.", null);
		}
		try {
			StoreFiles files = new StoreFiles(home.toRealPath());
			if (files.home.toString().indexOf(';') >= 0) {
				throw new SessionStoreException(files.home.toString(),
						"has a semicolon in its path, which no H2 URL can", "Set cluster.home to another directory.",
						null);
			}
			return files;
		}
		catch (IOException ex) {
			throw notWritable(home.toAbsolutePath(), ex);
		}
	}

	/** The database's file. */
	Path database() {
		return this.home.resolve(DATABASE_NAME + DATABASE_SUFFIX);
	}

	/** The database's file as H2 wants it named: without the suffix. */
	String databaseName() {
		return this.home.resolve(DATABASE_NAME).toString();
	}

	/**
	 * The file where H2 writes of trouble, which it makes readable for everybody unless
	 * it is there. The database opened by the launcher has none, but one that broke is
	 * opened again by the next worker that comes, who has no say in it.
	 */
	private Path trace() {
		return this.home.resolve(DATABASE_NAME + TRACE_SUFFIX);
	}

	/** The file with the administrator's password. */
	Path secret() {
		return this.home.resolve(SECRET);
	}

	/**
	 * Make sure all files exist and are their owner's only.
	 * @return the administrator's password
	 * @throws SessionStoreException if there is a database without its password, or a
	 * file is not ours to write
	 */
	Secret prepare() {
		try {
			Secret secret = isNew() ? readOrCreateSecret() : readSecret();
			OwnerOnlyFiles.createOrRestrict(secret());
			OwnerOnlyFiles.createOrRestrict(database());
			OwnerOnlyFiles.createOrRestrict(trace());
			if (!Files.isWritable(database())) {
				throw notWritable(database(), null);
			}
			return secret;
		}
		catch (IOException ex) {
			throw notWritable(this.home, ex);
		}
	}

	/**
	 * Whether the database has no content yet; an empty file is left of a start that
	 * failed.
	 */
	private boolean isNew() throws IOException {
		return !Files.exists(database()) || Files.size(database()) == 0;
	}

	private Secret readOrCreateSecret() throws IOException {
		if (!Files.exists(secret())) {
			Secret secret = Secret.random();
			try {
				OwnerOnlyFiles.create(secret(), secret.value());
				return secret;
			}
			catch (FileAlreadyExistsException ex) {
				// Another launcher was faster; the database's lock will tell it apart.
			}
		}
		return readSecret();
	}

	private Secret readSecret() throws IOException {
		try {
			String text = (Files.size(secret()) <= MAX_SECRET_SIZE.toBytes())
					? Files.readString(secret(), StandardCharsets.ISO_8859_1).trim() : "";
			if (!Secret.isValid(text)) {
				throw secretUnusable("is not the one of " + database() + ": it has been changed", null);
			}
			return new Secret(text);
		}
		catch (NoSuchFileException ex) {
			throw secretUnusable("is missing, and with it the password of " + database(), ex);
		}
	}

	/** The secret does not open the database. */
	SessionStoreException secretWrong(Throwable cause) {
		return secretUnusable("is not the one of " + database(), cause);
	}

	private SessionStoreException secretUnusable(String problem, @Nullable Throwable cause) {
		return new SessionStoreException(secret().toString(), problem,
				"Put the right file back, or delete both files to start with an empty session store:"
						+ " all users' sessions are lost then.",
				cause);
	}

	private static SessionStoreException notWritable(Path file, @Nullable Throwable cause) {
		return new SessionStoreException(file.toString(), "cannot be written to",
				"Give the user the launcher runs as access to it and everything in it,"
						+ " or set cluster.home to another directory.",
				cause);
	}

}
