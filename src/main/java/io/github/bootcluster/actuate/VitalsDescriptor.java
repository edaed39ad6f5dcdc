package io.github.bootcluster.actuate;

import io.github.bootcluster.WorkerVitals;
import org.jspecify.annotations.Nullable;

/** What the process of a worker uses; see {@link WorkerVitals}. */
public record VitalsDescriptor(@Nullable Double cpu, @Nullable Long residentBytes, @Nullable Long heapUsedBytes,
		@Nullable Long heapMaxBytes, @Nullable Long gcCount, @Nullable Double gcSeconds, @Nullable Integer threads) {

	static VitalsDescriptor of(WorkerVitals vitals) {
		return new VitalsDescriptor(Digits.fewOrNone(vitals.cpu()), vitals.residentBytes(), vitals.heapUsedBytes(),
				vitals.heapMaxBytes(), vitals.gcCount(), vitals.gcSeconds(), vitals.threads());
	}

}
