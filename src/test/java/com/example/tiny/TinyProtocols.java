package com.example.tiny;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What of HTTP an application can use. */
@RestController
class TinyProtocols {

	/** Each with its directory of what has arrived. */
	private final Map<SseEmitter, Path> streams = new ConcurrentHashMap<>();

	/** Tomcat lets no trailer of a request pass that is not named. */
	@Bean
	static TomcatConnectorCustomizer trailers() {
		return (connector) -> connector.setProperty("allowedTrailerHeaders", "x-sum");
	}

	/**
	 * Events, each of which is sent only once the one before it has arrived.
	 * @param seen a directory with a file for each event that has arrived, and one called
	 * {@code end} for the end of the stream
	 */
	@GetMapping("/events")
	SseEmitter events(@RequestParam Path seen) {
		SseEmitter emitter = new SseEmitter(0L);
		this.streams.put(emitter, seen);
		emitter.onCompletion(() -> this.streams.remove(emitter));
		Thread sender = new Thread(() -> send(emitter, seen), "events");
		sender.setDaemon(true);
		sender.start();
		return emitter;
	}

	private void send(SseEmitter emitter, Path seen) {
		try {
			for (int i = 1; this.streams.containsKey(emitter); i++) {
				emitter.send(SseEmitter.event().id(Integer.toString(i)).data("number " + i));
				while (this.streams.containsKey(emitter) && !Files.exists(seen.resolve(Integer.toString(i)))) {
					Thread.sleep(5);
				}
			}
		}
		catch (IOException | IllegalStateException ex) {
			// The client is gone, or the server is going.
			emitter.completeWithError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A graceful shutdown waits for open streams, so they have to end by themselves. It
	 * also takes them for ended a moment before their last chunk is written, and may cut
	 * that off (1 in 50 of them, without any cluster): so wait until it has arrived.
	 */
	@EventListener(ContextClosedEvent.class)
	void endStreams() throws InterruptedException {
		for (Map.Entry<SseEmitter, Path> stream : this.streams.entrySet()) {
			stream.getKey().complete();
			long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
			while (!Files.exists(stream.getValue().resolve("end")) && System.nanoTime() - giveUpAt < 0) {
				Thread.sleep(5);
			}
		}
	}

	/** Says no before it has read anything of the body. */
	@PostMapping("/refuse")
	ResponseEntity<String> refuse() {
		return ResponseEntity.status(HttpStatus.FORBIDDEN).body("refused");
	}

	@GetMapping("/origin")
	Map<String, Object> origin(HttpServletRequest request) {
		Map<String, Object> origin = new TreeMap<>();
		origin.put("scheme", request.getScheme());
		origin.put("secure", request.isSecure());
		origin.put("server", request.getServerName());
		origin.put("port", request.getServerPort());
		origin.put("remote", request.getRemoteAddr());
		return origin;
	}

	@PostMapping("/multipart")
	Map<String, Object> multipart(@RequestParam String title, @RequestParam MultipartFile file) throws IOException {
		CRC32 checksum = new CRC32();
		checksum.update(file.getBytes());
		return Map.of("title", title, "name", String.valueOf(file.getOriginalFilename()), "size", file.getSize(),
				"checksum", checksum.getValue());
	}

	/** Answers with the trailers of the request, and with trailers of its own. */
	@PostMapping("/trailers")
	void trailers(HttpServletRequest request, HttpServletResponse response) throws IOException {
		request.getInputStream().readAllBytes();
		response.setContentType("text/plain");
		response.setTrailerFields(() -> Map.of("X-Sum", "of the answer"));
		response.getOutputStream().write(request.getTrailerFields().toString().getBytes(StandardCharsets.UTF_8));
		response.flushBuffer();
	}

}
