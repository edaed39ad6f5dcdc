package io.github.bootcluster;

import org.jspecify.annotations.Nullable;

/**
 * What the process of a worker uses. Values that are not known are {@code null}: those of
 * its JVM where it is another program, or before it first told of them.
 *
 * @param cpu processors it kept busy during the last seconds, such as 1.5
 * @param residentBytes memory it occupies
 * @param heapUsedBytes of its heap, what is in use
 * @param heapMaxBytes most its heap can become
 * @param gcCount collections of garbage so far
 * @param gcSeconds time they took so far
 * @param threads live threads
 * @since 0.1.0
 */
public record WorkerVitals(@Nullable Double cpu, @Nullable Long residentBytes, @Nullable Long heapUsedBytes,
		@Nullable Long heapMaxBytes, @Nullable Long gcCount, @Nullable Double gcSeconds, @Nullable Integer threads) {

}
