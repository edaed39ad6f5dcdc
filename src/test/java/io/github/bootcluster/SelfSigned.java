package io.github.bootcluster;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A key with a certificate that nobody else vouches for, made by the JDK's own tool.
 *
 * @param name what it is called in its key store, and the common name
 * @param keyStore file with both
 * @param key the key
 * @param certificate the certificate
 */
public record SelfSigned(String name, Path keyStore, PrivateKey key, X509Certificate certificate) {

	public static final String PASSWORD = "changeit";

	private static final String ALIAS = "own";

	/** For {@code localhost}, with an elliptic curve. */
	public static SelfSigned create(Path directory, String name) {
		return create(directory, name, "localhost");
	}

	/** For a server of that name, with an elliptic curve. */
	public static SelfSigned create(Path directory, String name, String server) {
		return create(directory, name, server, "-keyalg", "EC", "-groupname", "secp256r1");
	}

	/** For {@code localhost}, with RSA. */
	public static SelfSigned createRsa(Path directory, String name) {
		return create(directory, name, "localhost", "-keyalg", "RSA", "-keysize", "2048");
	}

	/** One more in the same key store. */
	public static SelfSigned addTo(Path keyStore, String name) {
		return generate(keyStore, name, "localhost", "-keyalg", "EC", "-groupname", "secp256r1");
	}

	private static SelfSigned create(Path directory, String name, String server, String... algorithm) {
		return generate(directory.resolve(name + ".p12"), name, server, algorithm);
	}

	private static SelfSigned generate(Path file, String name, String server, String... algorithm) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
		command.addAll(List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-ext", "san=dns:" + server,
				"-validity", "2", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", file.toString()));
		command.addAll(List.of(algorithm));
		try {
			Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
			String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (keytool.waitFor() != 0) {
				throw new IllegalStateException(output);
			}
			KeyStore store = load(file);
			return new SelfSigned(name, file, (PrivateKey) store.getKey(name, PASSWORD.toCharArray()),
					(X509Certificate) store.getCertificate(name));
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			store.load(in, PASSWORD.toCharArray());
		}
		return store;
	}

	/** A context that shows this certificate, and trusts those. */
	public SSLContext context(SelfSigned... trusted) {
		return context(this.key, this.certificate, trusted);
	}

	/** A context that shows nothing, and trusts those. */
	public static SSLContext trusting(SelfSigned... trusted) {
		return context(null, null, trusted);
	}

	/** A context that shows a certificate that belongs to another key. */
	public SSLContext contextWithKeyOf(SelfSigned other) {
		return context(other.key, this.certificate);
	}

	private static SSLContext context(PrivateKey key, X509Certificate certificate, SelfSigned... trusted) {
		try {
			KeyManager[] keyManagers = null;
			if (key != null) {
				KeyStore keys = KeyStore.getInstance("PKCS12");
				keys.load(null, null);
				keys.setKeyEntry(ALIAS, key, PASSWORD.toCharArray(), new X509Certificate[] { certificate });
				KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
				factory.init(keys, PASSWORD.toCharArray());
				keyManagers = new KeyManager[] { new Insistent((X509ExtendedKeyManager) factory.getKeyManagers()[0]) };
			}
			KeyStore trust = KeyStore.getInstance("PKCS12");
			trust.load(null, null);
			for (SelfSigned peer : trusted) {
				trust.setCertificateEntry(peer.name, peer.certificate);
			}
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init(trust);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keyManagers, factory.getTrustManagers(), null);
			return context;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Write both as PEM files, the certificate first, replacing what is there. */
	public void writePem(Path certificateFile, Path keyFile) throws IOException, GeneralSecurityException {
		replace(certificateFile, pem("CERTIFICATE", this.certificate.getEncoded()));
		replace(keyFile, pem("PRIVATE KEY", this.key.getEncoded()));
	}

	private static String pem(String type, byte[] content) {
		String body = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type);
	}

	/** As a careful tool does it: at no moment is there half a file. */
	private static void replace(Path file, String content) throws IOException {
		Path temporary = file.resolveSibling(file.getFileName() + ".new");
		Files.writeString(temporary, content);
		Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
	}

	/** Shows its certificate to servers whether or not they say that they trust it. */
	private static final class Insistent extends X509ExtendedKeyManager {

		private final X509ExtendedKeyManager keys;

		Insistent(X509ExtendedKeyManager keys) {
			this.keys = keys;
		}

		@Override
		public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
			return ALIAS;
		}

		@Override
		public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
			return ALIAS;
		}

		@Override
		public String[] getClientAliases(String keyType, Principal[] issuers) {
			return this.keys.getClientAliases(keyType, null);
		}

		@Override
		public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
			return this.keys.chooseServerAlias(keyType, issuers, socket);
		}

		@Override
		public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
			return this.keys.chooseEngineServerAlias(keyType, issuers, engine);
		}

		@Override
		public String[] getServerAliases(String keyType, Principal[] issuers) {
			return this.keys.getServerAliases(keyType, issuers);
		}

		@Override
		public X509Certificate[] getCertificateChain(String alias) {
			return this.keys.getCertificateChain(alias);
		}

		@Override
		public PrivateKey getPrivateKey(String alias) {
			return this.keys.getPrivateKey(alias);
		}

	}

}
