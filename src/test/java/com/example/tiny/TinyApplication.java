package com.example.tiny;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

import io.github.bootcluster.Cluster;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Somebody else's application, which has the library on its class path and nothing else
 * of it. What it can be asked to do is what the integration tests need of a worker.
 */
@SpringBootApplication
@RestController
public class TinyApplication {

	private final Cluster cluster;

	private final ApplicationContext context;

	TinyApplication(Cluster cluster, ApplicationContext context) throws Exception {
		this.cluster = cluster;
		this.context = context;
		String failure = context.getEnvironment().getProperty("tiny.fail-at-start");
		if (failure != null) {
			throw new IllegalStateException(failure);
		}
		long delay = context.getEnvironment().getProperty("tiny.start-delay-millis", Long.class, 0L);
		Thread.sleep(delay);
		String exit = context.getEnvironment().getProperty("tiny.exit-at-start");
		if (exit != null) {
			Runtime.getRuntime().halt(Integer.parseInt(exit));
		}
	}

	public static void main(String[] args) {
		SpringApplication.run(TinyApplication.class, args);
	}

	@GetMapping("/who")
	Map<String, Object> who() {
		Map<String, Object> who = new TreeMap<>();
		who.put("pid", ProcessHandle.current().pid());
		who.put("role", this.cluster.role());
		who.put("worker", this.cluster.workerId().map(Object::toString).orElse("none"));
		who.put("workers", this.cluster.snapshot().workers().size());
		who.put("ready", this.cluster.snapshot().readyWorkers());
		who.put("profiles", this.context.getEnvironment().getActiveProfiles());
		who.put("argument", this.context.getEnvironment().getProperty("tiny.argument", ""));
		who.put("secret", this.context.getEnvironment().getProperty("tiny.secret", ""));
		who.put("variable", this.context.getEnvironment().getProperty("TINY_VARIABLE", ""));
		return who;
	}

	@GetMapping("/slow")
	String slow(@RequestParam long millis) throws InterruptedException {
		System.out.println("slow for " + millis);
		Thread.sleep(millis);
		return "done by " + ProcessHandle.current().pid();
	}

	/** Keeps a processor busy. */
	@GetMapping("/burn")
	long burn(@RequestParam long millis) {
		long end = System.nanoTime() + millis * 1_000_000;
		long rounds = 0;
		while (System.nanoTime() < end) {
			rounds++;
		}
		return rounds;
	}

	@GetMapping("/exit")
	void exit(@RequestParam int status) {
		Runtime.getRuntime().halt(status);
	}

	@PostMapping("/exhaust")
	void exhaust() {
		List<byte[]> kept = new ArrayList<>();
		while (true) {
			kept.add(new byte[40_000_000]);
		}
	}

	@GetMapping("/readiness")
	String readiness(@RequestParam ReadinessState state) {
		AvailabilityChangeEvent.publish(this.context, state);
		return "ok";
	}

	@GetMapping("/liveness")
	String liveness(@RequestParam LivenessState state) {
		AvailabilityChangeEvent.publish(this.context, state);
		return "ok";
	}

	@GetMapping("/print")
	String print(@RequestParam String text) {
		System.out.println(text);
		System.err.println(text + " (error)");
		return "ok";
	}

	@RequestMapping("/request")
	Map<String, Object> request(HttpServletRequest request) {
		Map<String, Object> seen = new TreeMap<>();
		seen.put("method", request.getMethod());
		seen.put("uri", request.getRequestURI());
		seen.put("url", request.getRequestURL().toString());
		seen.put("query", request.getQueryString());
		seen.put("secure", request.isSecure());
		seen.put("remote", request.getRemoteAddr());
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		Collections.list(request.getHeaderNames()).forEach((name) -> headers.put(name, request.getHeader(name)));
		seen.put("headers", headers);
		return seen;
	}

	/** Notes in a file what is executed, before it answers. */
	@RequestMapping(path = "/execute", method = { RequestMethod.GET, RequestMethod.HEAD, RequestMethod.OPTIONS,
			RequestMethod.PUT, RequestMethod.DELETE, RequestMethod.POST })
	String execute(HttpMethod method, @RequestParam String key, @RequestParam long millis)
			throws IOException, InterruptedException {
		Path executions = Path.of(this.context.getEnvironment().getRequiredProperty("tiny.executions"));
		Files.writeString(executions, method + " " + key + "\n", StandardOpenOption.APPEND);
		Thread.sleep(millis);
		return method + " " + key;
	}

	/** Counts in the session, so that what is lost or done twice shows. */
	@PostMapping("/count")
	long count(HttpSession session) {
		Long before = (Long) session.getAttribute("count");
		long count = (before != null) ? before + 1 : 1;
		session.setAttribute("count", count);
		return count;
	}

	@GetMapping("/redirect")
	void redirect(HttpServletRequest request, HttpServletResponse response) throws IOException {
		request.getSession();
		response.sendRedirect("/who");
	}

	@PostMapping("/upload")
	Map<String, Object> upload(InputStream body) throws IOException {
		CRC32 checksum = new CRC32();
		long length = 0;
		byte[] buffer = new byte[64 * 1024];
		for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
			checksum.update(buffer, 0, read);
			length += read;
		}
		return Map.of("length", length, "checksum", checksum.getValue());
	}

	@GetMapping("/download")
	void download(@RequestParam long bytes, @RequestParam(defaultValue = "false") boolean chunked,
			HttpServletResponse response) throws IOException {
		response.setContentType("application/octet-stream");
		if (!chunked) {
			response.setContentLengthLong(bytes);
		}
		byte[] block = "0123456789abcdef".repeat(4096).getBytes(StandardCharsets.US_ASCII);
		OutputStream output = response.getOutputStream();
		for (long left = bytes; left > 0; left -= block.length) {
			output.write(block, 0, (int) Math.min(block.length, left));
		}
	}

}
