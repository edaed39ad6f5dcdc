package io.github.bootcluster.launcher;

import java.io.IOException;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanCreationException;

import static org.assertj.core.api.Assertions.assertThat;

class CausesTests {

	@Test
	void everyCauseIsToldOnce() {
		Exception root = new IOException("/a: no such file");
		Exception middle = new IllegalStateException("Cannot load store: " + root.getMessage(), root);
		assertThat(Causes.describe(new IllegalStateException("Cannot start", middle)))
			.isEqualTo("Cannot start: Cannot load store: /a: no such file");
	}

	@Test
	void whereItHappenedInTheWiringIsNotTold() {
		Exception root = new IllegalStateException("Cannot read it");
		assertThat(Causes.describe(new BeanCreationException("someBean", "failed", root))).isEqualTo("Cannot read it");
	}

	@Test
	void causeWithoutMessageIsNamed() {
		assertThat(Causes.describe(new IllegalStateException("Failed", new NullPointerException())))
			.isEqualTo("Failed: NullPointerException");
	}

	@Test
	void longMessageIsCut() {
		assertThat(Causes.describe(new IllegalStateException("x".repeat(10_000)))).hasSizeLessThan(400).endsWith("…");
	}

}
