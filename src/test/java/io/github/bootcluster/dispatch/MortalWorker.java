package io.github.bootcluster.dispatch;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A worker's web server as a process of its own: up in a moment, since it needs nothing
 * but the JDK. Its requests tell it where to stop, there to be killed; it says on its
 * output when it has got there. Every execution is on file before anything is answered.
 */
final class MortalWorker {

	/** Ends the first half of a request's body. */
	static final char MIDDLE = '|';

	/** A {@code point} of a request that is answered when the gate is opened. */
	static final String GATE = "GATE";

	/** Argument of a worker that listens, but takes no connection. */
	static final String DEAF = "deaf";

	private final String name;

	private final Path executions;

	private final CountDownLatch gate = new CountDownLatch(1);

	private MortalWorker(String name, Path executions) {
		this.name = name;
		this.executions = executions;
	}

	public static void main(String[] args) throws IOException {
		MortalWorker worker = new MortalWorker(args[0], Path.of(args[1]));
		boolean deaf = args.length > 2 && args[2].equals(DEAF);
		ServerSocket server = new ServerSocket(0, deaf ? 1 : 500, InetAddress.getLoopbackAddress());
		if (!deaf) {
			start(() -> worker.accept(server));
		}
		System.out.println("port " + server.getLocalPort());
		worker.obey();
		// Whoever started this is gone.
		Runtime.getRuntime().halt(0);
	}

	private void obey() throws IOException {
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
		while (commands.readLine() != null) {
			this.gate.countDown();
		}
	}

	private void accept(ServerSocket server) {
		while (true) {
			try {
				Socket socket = server.accept();
				start(() -> serve(socket));
			}
			catch (IOException ex) {
				System.out.println("cannot accept: " + ex);
				return;
			}
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			socket.setTcpNoDelay(true);
			InputStream in = new BufferedInputStream(socket.getInputStream());
			String head = Wire.readHead(in);
			while (head != null) {
				serve(socket, in, head);
				head = Wire.readHead(in);
			}
		}
		catch (IOException ex) {
			// The dispatcher hung up: this worker is thought to be dead.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void serve(Socket socket, InputStream in, String head) throws IOException, InterruptedException {
		String method = head.substring(0, head.indexOf(' '));
		Map<String, String> query = query(head);
		String key = query.get("key");
		AnswerForm form = AnswerForm.valueOf(query.get("answer"));
		String point = query.get("at").equals(this.name) ? query.get("point") : DeathPoint.IDLE.name();
		if (point.equals(DeathPoint.REQUEST.name())) {
			skipHalf(in);
			stopAt(key);
		}
		byte[] requestBody = readBody(in, head);
		Files.writeString(this.executions, method + " " + key + "\n", StandardOpenOption.APPEND);
		if (point.equals(GATE)) {
			say(key);
			this.gate.await();
			point = DeathPoint.IDLE.name();
		}
		Thread.sleep(Integer.parseInt(query.get("millis")));
		String answerBody = method.equals("HEAD") ? "" : form.body(form.text(method, key, requestBody));
		String cut = DeathPoint.valueOf(point).cut(form, form.head(), answerBody);
		socket.getOutputStream().write(AnswerForm.bytes(cut));
		if (!point.equals(DeathPoint.IDLE.name())) {
			say(key);
			if (!cut.equals(form.head() + answerBody)) {
				await();
			}
		}
	}

	private static Map<String, String> query(String head) {
		Map<String, String> query = new HashMap<>();
		String target = head.split(" ", 3)[1];
		for (String parameter : target.substring(target.indexOf('?') + 1).split("&")) {
			int equals = parameter.indexOf('=');
			query.put(parameter.substring(0, equals), parameter.substring(equals + 1));
		}
		return query;
	}

	private static void skipHalf(InputStream in) throws IOException {
		for (int b = in.read(); b != MIDDLE; b = in.read()) {
			if (b < 0) {
				throw new EOFException("In a body");
			}
		}
	}

	private static byte[] readBody(InputStream in, String head) throws IOException {
		if (!Wire.headers(head, "transfer-encoding").isEmpty()) {
			ByteArrayOutputStream body = new ByteArrayOutputStream();
			Wire.readChunked(in, body);
			return body.toByteArray();
		}
		List<String> length = Wire.headers(head, "content-length");
		int size = length.isEmpty() ? 0 : Integer.parseInt(length.get(0));
		byte[] body = in.readNBytes(size);
		if (body.length < size) {
			throw new EOFException("In a body");
		}
		return body;
	}

	private static void stopAt(String key) throws InterruptedException {
		say(key);
		await();
	}

	private static void say(String key) {
		System.out.println("reached " + key);
	}

	private static void await() throws InterruptedException {
		new CountDownLatch(1).await();
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "mortal-worker");
		thread.setDaemon(true);
		thread.start();
	}

}
