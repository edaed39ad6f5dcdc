package io.github.bootcluster.metrics;

import java.util.List;
import java.util.Map;

import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.MetricFamily.Sample;
import io.github.bootcluster.MetricFamily.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link TextFormat}. */
class TextFormatTests {

	@ParameterizedTest
	@CsvSource({ "0, 0", "-3, -3", "1e15, 1.0E15", "0.005, 0.005", "123456789012, 123456789012", "NaN, NaN",
			"Infinity, +Inf", "-Infinity, -Inf", "2.5, 2.5" })
	void numbersAreWrittenAsGoReadsThem(double value, String written) {
		assertThat(TextFormat.number(value)).isEqualTo(written);
	}

	@Test
	void whatHasAMeaningIsEscaped() {
		MetricFamily family = new MetricFamily("a", Type.UNTYPED, "one\ntwo \\ \"three\"",
				List.of(new Sample("", TextFormat.labels(Map.of("l", "one\ntwo \\ \"three\" ü")), 1)));
		assertThat(TextFormat.write(List.of(family))).isEqualTo("""
				# HELP a one\\ntwo \\\\ "three"
				# TYPE a untyped
				a{l="one\\ntwo \\\\ \\"three\\" ü"} 1
				""");
	}

}
