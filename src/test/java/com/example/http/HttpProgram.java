package com.example.http;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A web server that has never heard of clusters, nor of Spring. Its arguments are the
 * port, and a file while whose existence it is ready; while that holds its process id it
 * leaves the question unanswered. At {@code /seen} it tells what else it was asked, and
 * by whom; asked for {@code /flood} it writes as many lines as it can for so many
 * milliseconds, and then answers how many.
 */
public final class HttpProgram {

	private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

	private static final byte[] FILLER = "x".repeat(75).concat("\n").getBytes(StandardCharsets.US_ASCII);

	private HttpProgram() {
	}

	public static void main(String[] arguments) throws IOException {
		int port = Integer.parseInt((arguments.length > 0) ? arguments[0] : System.getenv("PORT"));
		HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
		server.setExecutor(Executors.newCachedThreadPool());
		server.createContext("/", (exchange) -> {
			SEEN.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("User-Agent"));
			answer(exchange, 200, Long.toString(ProcessHandle.current().pid()));
		});
		server.createContext("/seen", (exchange) -> answer(exchange, 200, String.join("\n", SEEN)));
		server.createContext("/environment", (exchange) -> answer(exchange, 200, environment()));
		server.createContext("/slow", HttpProgram::answerSlowly);
		server.createContext("/flood", (exchange) -> answer(exchange, 200,
				Long.toString(flood(Long.parseLong(exchange.getRequestURI().getQuery())))));
		server.createContext("/ready", (exchange) -> answerWhetherReady(exchange, Path.of(arguments[1])));
		server.start();
		System.out.println("HTTP program at port " + port);
	}

	private static String environment() {
		Map<String, String> sorted = new TreeMap<>(System.getenv());
		StringBuilder lines = new StringBuilder();
		sorted.forEach((name, value) -> lines.append(name).append('=').append(value).append('\n'));
		return lines.toString();
	}

	private static void answerWhetherReady(HttpExchange exchange, Path file) throws IOException {
		boolean ready = Files.exists(file);
		if (!ready || !Files.readString(file).equals(Long.toString(ProcessHandle.current().pid()))) {
			answer(exchange, ready ? 204 : 503, "");
		}
	}

	private static void answerSlowly(HttpExchange exchange) throws IOException {
		try {
			Thread.sleep(Long.parseLong(exchange.getRequestURI().getQuery()));
			answer(exchange, 200, "done");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static long flood(long millis) throws IOException {
		OutputStream output = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
		long begun = System.nanoTime();
		long lines = 0;
		while (System.nanoTime() - begun < millis * 1_000_000) {
			lines++;
			output.write("flood line %09d ".formatted(lines).getBytes(StandardCharsets.US_ASCII));
			output.write(FILLER);
		}
		output.flush();
		return lines;
	}

	private static void answer(HttpExchange exchange, int status, String body) throws IOException {
		try (exchange; InputStream request = exchange.getRequestBody()) {
			request.readAllBytes();
			byte[] content = body.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(status, (content.length > 0) ? content.length : -1);
			exchange.getResponseBody().write(content);
		}
	}

}
