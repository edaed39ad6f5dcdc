package bench;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Has the meters that every application has, and as many more as asked. What a single
 * process would serve at {@code /actuator/prometheus}, which workers do not have, it
 * serves at a path of its own.
 */
@SpringBootApplication
@RestController
public class MetricsApplication {

	private final PrometheusMeterRegistry registry;

	MetricsApplication(PrometheusMeterRegistry registry, @Value("${bench.series:0}") int series) {
		this.registry = registry;
		addSeries(registry, series);
	}

	public static void main(String[] args) {
		SpringApplication.run(MetricsApplication.class, args);
	}

	/** Counters of 50 series each, as of something that is counted by kind and state. */
	private static void addSeries(MeterRegistry registry, int series) {
		for (int i = 0; i < series; i++) {
			Counter.builder("shop.orders.of.department." + i / 50)
				.description("Orders that were taken, by kind")
				.tag("kind", "of-article-" + i % 50)
				.tag("state", "taken")
				.register(registry)
				.increment(i * 1.25);
		}
	}

	@GetMapping("/hello")
	String hello() {
		return "Hello\n";
	}

	@GetMapping(path = "/own-meters", produces = "text/plain;version=0.0.4;charset=utf-8")
	String meters() {
		return this.registry.scrape();
	}

}
