package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import io.github.bootcluster.SelfSigned;
import io.github.bootcluster.dispatch.FakeTarget.Request;
import io.github.bootcluster.dispatch.RawClient.Response;
import io.github.bootcluster.dispatch.Tls.ClientCertificate;
import io.github.bootcluster.dispatch.Tls.Identity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/** The public port with TLS, by clients of the JDK. */
class DispatcherTlsTests {

	private static final int BIG = 32 * 1024 * 1024;

	/** Far less than a body, far more than the buffers on its way. */
	private static final long MEMORY = 16 * 1024 * 1024;

	private static final String SWITCH = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\n"
			+ "Upgrade: websocket\r\n\r\n";

	private static final String SWITCHED = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n"
			+ "Upgrade: websocket\r\n\r\n";

	@TempDir
	static Path directory;

	private static SelfSigned server;

	private static SelfSigned shop;

	private static SelfSigned customer;

	private static SelfSigned stranger;

	@BeforeAll
	static void makeCertificates() {
		server = SelfSigned.create(directory, "server");
		shop = SelfSigned.create(directory, "shop", "shop.test");
		customer = SelfSigned.create(directory, "customer");
		stranger = SelfSigned.create(directory, "stranger");
	}

	@Test
	void requestGoesOnAsOneOfHttpsWhenItCameByTls() throws Exception {
		FakeTarget target = FakeTarget.saying("ok");
		try (TestBed bed = start(tls(), target)) {
			RawClient client = client(bed);
			client.send("GET / HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-Proto: http\r\n\r\n").read();
			client.send("GET / HTTP/1.1\r\nHost: shop.test:8443\r\n\r\n").read();
			Request standardPort = target.requests().get(0);
			assertThat(standardPort.header("X-Forwarded-Proto")).isEqualTo("https");
			assertThat(standardPort.header("X-Forwarded-Port")).isEqualTo("443");
			assertThat(standardPort.header("Forwarded")).isEqualTo("for=127.0.0.1;proto=https;host=shop.test");
			assertThat(target.requests().get(1).header("X-Forwarded-Port")).isEqualTo("8443");
			assertThat(bed.dispatcher().snapshot().connections()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void answersComeInOrderWhenRequestsArePipelined(String protocol) throws Exception {
		FakeTarget echo = FakeTarget.running((connection) -> {
			for (Request request = connection.readRequest(); request != null; request = connection.readRequest()) {
				connection.answer(request.line() + request.body());
			}
		});
		try (TestBed bed = start(tls(), echo)) {
			StringBuilder all = new StringBuilder();
			for (int i = 0; i < 200; i++) {
				all.append("POST /" + i + " HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
			}
			RawClient client = client(bed, only(protocol)).send(all.toString());
			for (int i = 0; i < 200; i++) {
				assertThat(client.read().body()).isEqualTo("POST /" + i + " HTTP/1.1body");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void memoryStaysBoundedWhenBigBodiesGoBothWays(String protocol) throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			byte[] block = new byte[64 * 1024];
			for (int i = 0; i < BIG / block.length; i++) {
				assertThat(connection.in().readNBytes(block, 0, block.length)).isEqualTo(block.length);
				assertThat(block).startsWith(i).endsWith(i);
			}
			connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + BIG + "\r\n\r\n");
			for (int i = 0; i < BIG / block.length; i++) {
				Arrays.fill(block, (byte) i);
				connection.write(block);
			}
			connection.awaitEnd();
		});
		try (TestBed bed = start(tls(), target)) {
			long before = bed.memory();
			RawClient client = client(bed, only(protocol));
			client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + BIG + "\r\n\r\n");
			byte[] block = new byte[64 * 1024];
			for (int i = 0; i < BIG / block.length; i++) {
				Arrays.fill(block, (byte) i);
				client.send(block);
				assertThat(bed.memory() - before).isLessThan(MEMORY);
			}
			assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
			for (int i = 0; i < BIG / block.length; i++) {
				assertThat(client.in().readNBytes(block, 0, block.length)).isEqualTo(block.length);
				assertThat(block).startsWith(i).endsWith(i);
				assertThat(bed.memory() - before).isLessThan(MEMORY);
			}
		}
	}

	@Test
	void targetIsNotReadFurtherWhenTheClientDoesNotRead() throws Exception {
		AtomicLong written = new AtomicLong();
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + BIG + "\r\n\r\n");
			byte[] block = new byte[64 * 1024];
			for (int i = 0; i < BIG / block.length; i++) {
				connection.write(block);
				written.addAndGet(block.length);
			}
			connection.awaitEnd();
		});
		try (TestBed bed = start(tls(), target)) {
			long before = bed.memory();
			RawClient client = client(bed).get("/");
			client.readHead();
			AtomicLong known = new AtomicLong(-1);
			await().pollInterval(Duration.ofMillis(200))
				.until(() -> known.getAndSet(written.get()) == written.get() && written.get() > 0);
			assertThat(written.get()).isLessThan(BIG);
			assertThat(bed.memory() - before).isLessThan(MEMORY);
			assertThat(client.in().readNBytes(BIG)).hasSize(BIG);
		}
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.2,NEEDED", "TLSv1.3,NEEDED", "TLSv1.2,WANTED", "TLSv1.3,WANTED" })
	void clientMustShowATrustedCertificateWhenItIsAskedForOne(String protocol, ClientCertificate mode)
			throws Exception {
		Tls tls = Tls.of(new Identity(server.context(customer), List.of(), List.of()), Map.of(), mode);
		try (TestBed bed = start(tls, FakeTarget.saying("ok"))) {
			SSLContext known = customer.context(server);
			assertThat(client(bed, known, only(protocol)).get("/").read().body()).isEqualTo("ok");
			SSLContext unknown = stranger.context(server);
			assertThatIOException().isThrownBy(() -> client(bed, unknown, only(protocol)).get("/").read());
			SSLContext silent = SelfSigned.trusting(server);
			if (mode == ClientCertificate.NEEDED) {
				assertThatIOException().isThrownBy(() -> client(bed, silent, only(protocol)).get("/").read());
			}
			else {
				assertThat(client(bed, silent, only(protocol)).get("/").read().body()).isEqualTo("ok");
			}
		}
	}

	@Test
	void otherProtocolsAreNotSpokenWhenOnlySomeAreAllowed() throws Exception {
		Tls tls = Tls.of(new Identity(server.context(), List.of("TLSv1.3"), List.of()), Map.of(),
				ClientCertificate.NONE);
		try (TestBed bed = start(tls, FakeTarget.saying("ok"))) {
			assertThat(client(bed, only("TLSv1.3")).get("/").read().status()).isEqualTo(200);
			assertThatIOException().isThrownBy(() -> client(bed, only("TLSv1.2")));
		}
	}

	@Test
	void cipherSuitesAreThoseAskedFor() throws Exception {
		String allowed = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
		Tls tls = Tls.of(new Identity(server.context(), List.of("TLSv1.2"), List.of(allowed)), Map.of(),
				ClientCertificate.NONE);
		try (TestBed bed = start(tls, FakeTarget.saying("ok"))) {
			assertThat(connect(bed, SelfSigned.trusting(server)).getSession().getCipherSuite()).isEqualTo(allowed);
			assertThatIOException()
				.isThrownBy(() -> connect(bed, SelfSigned.trusting(server), (parameters) -> parameters
					.setCipherSuites(new String[] { "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" })));
		}
	}

	@Test
	void noCipherSuiteWithoutForwardSecrecyIsOffered() throws Exception {
		SelfSigned rsa = SelfSigned.createRsa(directory, "rsa");
		Tls tls = Tls.of(new Identity(rsa.context(), List.of(), List.of()), Map.of(), ClientCertificate.NONE);
		try (TestBed bed = start(tls, FakeTarget.saying("ok"))) {
			assertThat(connect(bed, SelfSigned.trusting(rsa), only("TLSv1.2")).getSession().getCipherSuite())
				.startsWith("TLS_ECDHE_RSA_");
			assertThatIOException().isThrownBy(() -> connect(bed, SelfSigned.trusting(rsa), only("TLSv1.2").andThen(
					(parameters) -> parameters.setCipherSuites(new String[] { "TLS_RSA_WITH_AES_128_GCM_SHA256" }))));
		}
	}

	@Test
	void http11IsChosenWhenTheClientOffersIt() throws Exception {
		try (TestBed bed = start(tls(), FakeTarget.saying("ok"))) {
			SSLSocket both = connect(bed, SelfSigned.trusting(server),
					(parameters) -> parameters.setApplicationProtocols(new String[] { "h2", "http/1.1" }));
			assertThat(both.getApplicationProtocol()).isEqualTo("http/1.1");
			assertThatIOException().isThrownBy(() -> connect(bed, SelfSigned.trusting(server),
					(parameters) -> parameters.setApplicationProtocols(new String[] { "h2" })));
			assertThat(connect(bed, SelfSigned.trusting(server)).getApplicationProtocol()).isEmpty();
		}
	}

	@Test
	void certificateIsThatOfTheServerNameTheClientAsksFor() throws Exception {
		Identity standard = new Identity(server.context(), List.of(), List.of());
		Identity other = new Identity(shop.context(), List.of(), List.of());
		Tls tls = Tls.of(standard, Map.of("shop.test", other, "*.shop.test", other), ClientCertificate.NONE);
		try (TestBed bed = start(tls, FakeTarget.saying("ok"))) {
			assertThat(certificate(bed, "shop.test")).isEqualTo(shop.certificate());
			assertThat(certificate(bed, "SHOP.test")).isEqualTo(shop.certificate());
			assertThat(certificate(bed, "www.shop.test")).isEqualTo(shop.certificate());
			assertThat(certificate(bed, "a.www.shop.test")).isEqualTo(server.certificate());
			assertThat(certificate(bed, "other.test")).isEqualTo(server.certificate());
			assertThat(certificate(bed, null)).isEqualTo(server.certificate());
		}
	}

	@Test
	void certificateOfAClientCountsOnlyForTheServerItWasShownTo() throws Exception {
		Identity standard = new Identity(server.context(stranger), List.of(), List.of());
		Identity other = new Identity(shop.context(customer), List.of(), List.of());
		Tls tls = Tls.of(standard, Map.of("shop.test", other), ClientCertificate.NEEDED);
		try (TestBed bed = start(tls, FakeTarget.saying("ok"))) {
			Consumer<SSLParameters> forShop = (parameters) -> parameters
				.setServerNames(List.of(new SNIHostName("shop.test")));
			RawClient welcome = client(bed, customer.context(shop), forShop);
			assertThat(welcome.send("GET / HTTP/1.1\r\nHost: Shop.test:8443\r\n\r\n").read().status()).isEqualTo(200);
			assertThat(welcome.send("GET / HTTP/1.1\r\nHost: other.test\r\n\r\n").read().status()).isEqualTo(421);
			RawClient sly = client(bed, stranger.context(server), (parameters) -> {
			});
			assertThat(sly.send("GET / HTTP/1.1\r\nHost: other.test\r\n\r\n").read().status()).isEqualTo(200);
			assertThat(sly.send("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n").read().status()).isEqualTo(421);
			RawClient old = client(bed, stranger.context(server), (parameters) -> {
			});
			assertThat(old.send("GET http://SHOP.test/ HTTP/1.0\r\n\r\n").read().status()).isEqualTo(421);
			for (String same : List.of("shop.test.", "shop.test.:8443", "shop%2etest")) {
				RawClient disguised = client(bed, stranger.context(server), (parameters) -> {
				});
				assertThat(disguised.send("GET / HTTP/1.1\r\nHost: " + same + "\r\n\r\n").read().status()).as(same)
					.isEqualTo(421);
			}
		}
	}

	@Test
	void noRequestFailsWhenTheCertificateIsReplacedAgainAndAgain() throws Exception {
		List<Tls> certificates = List.of(tls(server), tls(shop));
		AtomicReference<Tls> current = new AtomicReference<>(certificates.get(0));
		SSLContext context = SelfSigned.trusting(server, shop);
		List<Integer> statuses = new CopyOnWriteArrayList<>();
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		AtomicBoolean over = new AtomicBoolean();
		try (TestBed bed = start(current::get, FakeTarget.saying("ok"))) {
			List<Thread> clients = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				boolean keepsAlive = i % 2 == 0;
				Thread thread = new Thread(() -> {
					try {
						RawClient client = new RawClient(connect(bed, context));
						while (!over.get()) {
							client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
							statuses.add(client.read().status());
							if (!keepsAlive) {
								client.close();
								client = new RawClient(connect(bed, context));
							}
						}
						client.close();
					}
					catch (IOException ex) {
						failures.add(ex);
					}
				});
				thread.start();
				clients.add(thread);
			}
			for (int i = 1; i <= 20; i++) {
				Tls next = certificates.get(i % 2);
				current.set(next);
				try (SSLSocket socket = connect(bed, context)) {
					assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(next.certificate());
				}
				int soFar = statuses.size();
				await().pollInterval(Duration.ofMillis(2)).until(() -> statuses.size() > soFar + 20);
			}
			over.set(true);
			for (Thread thread : clients) {
				thread.join();
			}
			assertThat(failures).isEmpty();
			assertThat(statuses).hasSizeGreaterThan(400).containsOnly(200);
			assertThat(bed.dispatcher().snapshot().failures()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\26", "\26\3\1\2\0\1", "\26\3\3\0" })
	void handshakeThatStopsIsClosed(String beginning) throws Exception {
		try (TestBed bed = start((settings) -> {
			settings.tls = this::tls;
			settings.headTimeout = Duration.ofMillis(300);
		})) {
			RawClient client = bed.client().send(beginning);
			assertThat(client.isEnded()).isTrue();
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void handshakeThatTricklesIsClosed(boolean namesServer) throws Exception {
		Identity identity = new Identity(server.context(), List.of(), List.of());
		Tls tls = Tls.of(identity, namesServer ? Map.of("shop.test", identity) : Map.of(), ClientCertificate.NONE);
		try (TestBed bed = start((settings) -> {
			settings.tls = () -> tls;
			settings.headTimeout = Duration.ofMillis(500);
		})) {
			RawClient client = bed.client().send("\26\3\1\1\0\1\0\0\374\3\3");
			ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor();
			trickle.scheduleAtFixedRate(() -> sendQuietly(client, "x"), 50, 50, TimeUnit.MILLISECONDS);
			assertThat(client.isEnded()).isTrue();
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
			trickle.shutdownNow();
		}
	}

	@Test
	void clientIsToldWhenItSpeaksPlainHttp() throws Exception {
		FakeTarget target = FakeTarget.saying("ok");
		try (TestBed bed = start(tls(), target)) {
			RawClient client = bed.client()
				.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234")
				.send("56789");
			Response response = client.read();
			assertThat(response.status()).isEqualTo(400);
			assertThat(response.body()).contains("HTTPS");
			assertThat(response.header("Connection")).isEqualTo("close");
			assertThat(client.isEnded()).isTrue();
			assertThat(target.requests()).isEmpty();
			assertThat(bed.dispatcher().snapshot().failures()).isOne();
		}
	}

	@Test
	void garbageInsteadOfAHandshakeIsClosed() throws Exception {
		try (TestBed bed = start(tls())) {
			RawClient client = bed.client().send("\26\3\1\0\5hello world, this is not what it seems");
			client.readToEnd();
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
		}
	}

	@Test
	void renegotiationIsRefused() throws Exception {
		try (TestBed bed = start(tls(), FakeTarget.saying("ok"))) {
			SSLSocket socket = connect(bed, SelfSigned.trusting(server), only("TLSv1.2"));
			RawClient client = new RawClient(socket);
			assertThat(client.get("/").read().status()).isEqualTo(200);
			socket.getSession().invalidate();
			assertThatIOException().isThrownBy(() -> {
				socket.startHandshake();
				client.get("/").read();
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void refusalArrivesWhenTheClientGoesOnSending(String protocol) throws Exception {
		try (TestBed bed = start((settings) -> {
			settings.tls = this::tls;
			settings.maxRequestSize = 1000;
		}, FakeTarget.saying("ok"));
				RecordTap tap = new RecordTap(bed.dispatcher().port());
				SSLSocket socket = connect(tap.port(), SelfSigned.trusting(server), only(protocol))) {
			RawClient client = new RawClient(socket)
				.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + BIG + "\r\n\r\n");
			byte[] block = new byte[64 * 1024];
			for (int i = 0; i < 20; i++) {
				client.send(block);
			}
			assertThat(client.read().status()).isEqualTo(413);
			assertThat(client.in().read()).isEqualTo(-1);
			tap.awaitEnd();
			assertThat(tap.types()).endsWith(protocol.equals("TLSv1.2") ? RecordTap.ALERT : RecordTap.DATA);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void endOfAnAnswerIsSaidAloudOnlyWhenItIsTheEnd(boolean cut) throws Exception {
		CountDownLatch seen = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello");
			seen.await();
			if (cut) {
				connection.reset();
			}
		});
		try (TestBed bed = start(tls(), target);
				RecordTap tap = new RecordTap(bed.dispatcher().port());
				SSLSocket socket = connect(tap.port(), SelfSigned.trusting(server), only("TLSv1.2"))) {
			// To a client of HTTP/1.0 the end of the connection is that of the answer.
			RawClient client = new RawClient(socket).send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
			client.readHead();
			assertThat(client.in().readNBytes(5)).isEqualTo("hello".getBytes());
			assertThat(tap.types()).endsWith(RecordTap.DATA);
			seen.countDown();
			tap.awaitEnd();
			assertThat(tap.types()).endsWith(cut ? RecordTap.DATA : RecordTap.ALERT);
			assertThat(tap.wasReset()).isEqualTo(cut);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void workerIsFreedWhenTheClientHangsUp(String protocol) throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.awaitEnd();
		});
		try (TestBed bed = start((settings) -> {
			settings.tls = this::tls;
			settings.responseTimeout = Duration.ofMinutes(1);
		}, target)) {
			RawClient client = client(bed, only(protocol)).get("/");
			await().until(() -> target.requests().size() == 1);
			client.close();
			await().until(() -> target.open() == 0);
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
		}
	}

	@Test
	void clientThatHasEndedItsSideStillGetsItsAnswersWhenItsProtocolHasHalves() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			while (connection.readRequest() != null) {
				go.await();
				connection.answer("ok");
			}
		});
		try (TestBed bed = start(tls(), target)) {
			RawClient client = client(bed, only("TLSv1.3")).get("/").get("/").endOutput();
			await().until(() -> target.requests().size() == 1);
			go.countDown();
			assertThat(client.readFinal().body()).isEqualTo("ok");
			assertThat(client.readFinal().body()).isEqualTo("ok");
			assertThat(client.in().read()).isEqualTo(-1);
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
		}
	}

	@Test
	void eachSideOfATunnelMayEndOnItsOwnWhenItsProtocolHasHalves() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.write(SWITCHED);
			connection.write("got " + new String(connection.in().readAllBytes(), StandardCharsets.US_ASCII));
		});
		try (TestBed bed = start(tls(), target)) {
			RawClient client = client(bed, only("TLSv1.3")).send(SWITCH);
			assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
			client.send("all").endOutput();
			assertThat(client.readToEnd()).isEqualTo("got all");
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void tunnelPassesBytesBothWaysAndEndsWithEitherSide(String protocol) throws Exception {
		FakeTarget echo = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.write(SWITCHED);
			for (int b = connection.in().read(); b >= 0 && b != '!'; b = connection.in().read()) {
				connection.write(new byte[] { (byte) b });
			}
		});
		try (TestBed bed = start(tls(), echo)) {
			RawClient hangsUp = client(bed, only(protocol)).send(SWITCH);
			hangsUp.readHead();
			assertThat(hangsUp.send("hello").in().readNBytes(5)).isEqualTo("hello".getBytes());
			hangsUp.close();
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
			try (RecordTap tap = new RecordTap(bed.dispatcher().port());
					SSLSocket socket = connect(tap.port(), SelfSigned.trusting(server), only(protocol))) {
				RawClient isHungUpOn = new RawClient(socket).send(SWITCH);
				isHungUpOn.readHead();
				assertThat(isHungUpOn.send("bye!").readToEnd()).isEqualTo("bye");
				tap.awaitEnd();
				assertThat(tap.types()).endsWith(protocol.equals("TLSv1.2") ? RecordTap.ALERT : RecordTap.DATA);
				await().until(() -> echo.open() == 0);
			}
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
		}
	}

	@Test
	void unfinishedAnswerHasNoOrderlyEndWhenTheDispatcherIsClosed() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\n\r\nhello");
			connection.awaitEnd();
		});
		try (TestBed bed = start(tls(), target);
				RecordTap tap = new RecordTap(bed.dispatcher().port());
				SSLSocket socket = connect(tap.port(), SelfSigned.trusting(server), only("TLSv1.2"))) {
			RawClient client = new RawClient(socket).send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
			client.readHead();
			assertThat(client.in().readNBytes(5)).isEqualTo("hello".getBytes());
			bed.dispatcher().close();
			tap.awaitEnd();
			assertThat(tap.types()).endsWith(RecordTap.DATA);
		}
	}

	@Test
	void connectionsEndWithCloseNotifyWhenQuiescing() throws Exception {
		try (TestBed bed = start(tls(), FakeTarget.saying("ok"));
				RecordTap tap = new RecordTap(bed.dispatcher().port());
				SSLSocket socket = connect(tap.port(), SelfSigned.trusting(server), only("TLSv1.2"))) {
			assertThat(new RawClient(socket).get("/").read().status()).isEqualTo(200);
			assertThat(bed.dispatcher().quiesce().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
			tap.awaitEnd();
			assertThat(tap.types()).endsWith(RecordTap.ALERT);
			assertThat(tap.wasReset()).isFalse();
		}
	}

	@Test
	void noThreadIsLeftWhenTheDispatcherIsClosed() throws Exception {
		try (TestBed bed = start(tls(), FakeTarget.saying("ok"))) {
			client(bed).get("/").read();
			assertThat(tlsThreads()).isPositive();
		}
		await().until(() -> tlsThreads() == 0);
	}

	private static long tlsThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("cluster-tls-"))
			.count();
	}

	private Tls tls() {
		return tls(server);
	}

	private static Tls tls(SelfSigned identity) {
		return Tls.of(new Identity(identity.context(), List.of(), List.of()), Map.of(), ClientCertificate.NONE);
	}

	private static TestBed start(Tls tls, FakeTarget... targets) {
		return start(() -> tls, targets);
	}

	private static TestBed start(Supplier<Tls> tls, FakeTarget... targets) {
		return start((TestBed.Settings settings) -> settings.tls = tls, targets);
	}

	private static TestBed start(Consumer<TestBed.Settings> customizer, FakeTarget... targets) {
		return TestBed.start((settings) -> {
			customizer.accept(settings);
			return settings;
		}, targets);
	}

	private static RawClient client(TestBed bed) throws IOException {
		return client(bed, (parameters) -> {
		});
	}

	private static RawClient client(TestBed bed, Consumer<SSLParameters> customizer) throws IOException {
		return client(bed, SelfSigned.trusting(server), customizer);
	}

	private static RawClient client(TestBed bed, SSLContext context, Consumer<SSLParameters> customizer)
			throws IOException {
		return bed.add(new RawClient(connect(bed, context, customizer)));
	}

	private static SSLSocket connect(TestBed bed, SSLContext context) throws IOException {
		return connect(bed, context, (parameters) -> {
		});
	}

	private static SSLSocket connect(TestBed bed, SSLContext context, Consumer<SSLParameters> customizer)
			throws IOException {
		return connect(bed.dispatcher().port(), context, customizer);
	}

	private static SSLSocket connect(int port, SSLContext context, Consumer<SSLParameters> customizer)
			throws IOException {
		Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
		try {
			plain.setTcpNoDelay(true);
			plain.setSoTimeout(15_000);
			SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, port, true);
			SSLParameters parameters = socket.getSSLParameters();
			customizer.accept(parameters);
			socket.setSSLParameters(parameters);
			socket.startHandshake();
			return socket;
		}
		catch (IOException ex) {
			plain.close();
			throw ex;
		}
	}

	private static Consumer<SSLParameters> only(String protocol) {
		return (parameters) -> parameters.setProtocols(new String[] { protocol });
	}

	private static Certificate certificate(TestBed bed, String serverName) throws IOException {
		try (SSLSocket socket = connect(bed, SelfSigned.trusting(server, shop), (parameters) -> {
			if (serverName != null) {
				parameters.setServerNames(List.of(new SNIHostName(serverName)));
			}
		})) {
			return socket.getSession().getPeerCertificates()[0];
		}
	}

	private static void sendQuietly(RawClient client, String raw) {
		try {
			client.send(raw);
		}
		catch (IOException ex) {
			// Closed by now, as it should be.
		}
	}

}
