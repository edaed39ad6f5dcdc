package io.github.bootcluster.actuate;

import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.TrafficRates.Latency;
import io.github.bootcluster.TrafficRates.Rates;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of the last seconds; see {@link TrafficRates}.
 *
 * @param requestRate requests a second
 * @param errorRate of those, the failed ones
 * @param latency how long they took, in seconds; left out if there were none
 */
public record TrafficDescriptor(double requestRate, double errorRate, @Nullable Latency latency) {

	static TrafficDescriptor of(Rates rates) {
		return new TrafficDescriptor(Digits.few(rates.requests()), Digits.few(rates.errors()), rates.latency());
	}

}
