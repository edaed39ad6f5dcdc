package io.github.bootcluster.sample;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells which process answers, after as much work as asked for. */
@RestController
class HelloController {

	private final long pid = ProcessHandle.current().pid();

	/** Read by nobody; being a field keeps the compiler from removing the work. */
	volatile long residue;

	@GetMapping(path = "/hello", produces = MediaType.TEXT_PLAIN_VALUE)
	String hello(@RequestParam(defaultValue = "0") long loops) {
		if (loops > 0) {
			this.residue = burn(loops);
		}
		return "Hello from " + this.pid + "\n";
	}

	/**
	 * Each round needs the result of the one before (a linear congruential generator).
	 */
	private static long burn(long loops) {
		long value = System.nanoTime();
		for (long round = 0; round < loops; round++) {
			value = value * 6364136223846793005L + 1442695040888963407L;
		}
		return value;
	}

}
