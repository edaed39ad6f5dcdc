package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.MetricFamily.Sample;
import io.github.bootcluster.MetricFamily.Type;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlListener.Connection;
import io.github.bootcluster.control.ControlMessage.FromLauncher;
import io.github.bootcluster.control.ControlMessage.Meters;
import io.github.bootcluster.control.ControlMessage.MetersWanted;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** {@link MeterCalls}, with workers that answer at once, in parts, late or never. */
class MeterCallsTests {

	private static final WorkerId FIRST = WorkerId.of(1);

	private static final WorkerId SECOND = WorkerId.of(2);

	private final MeterCalls calls = new MeterCalls(MeterCalls.PATIENCE);

	@Test
	void nobodyIsWaitedForWhereNobodyIs() {
		assertThat(this.calls.ask()).isEmpty();
	}

	@Test
	void partsAreOneAnswer() {
		this.calls.connected(FIRST, answering((number) -> {
			this.calls.received(FIRST, new Meters(number, List.of(family("a", 1)), false));
			this.calls.received(FIRST, new Meters(number, List.of(family("b", 1)), true));
		}));
		assertThat(this.calls.ask()).isEqualTo(Map.of(FIRST, List.of(family("a", 1), family("b", 1))));
	}

	@Test
	void whoIsSilentOrLateCostsOnlyItself() {
		List<Long> numbers = new ArrayList<>();
		this.calls.connected(SECOND, answering(numbers::add));
		this.calls.connected(FIRST,
				answering((number) -> this.calls.received(FIRST, new Meters(number, List.of(), true))));
		assertThat(this.calls.ask()).containsOnlyKeys(FIRST);
		// Nobody waits for it any more.
		this.calls.received(SECOND, new Meters(numbers.get(0), List.of(family("late", 1)), true));
		this.calls.disconnected(FIRST);
		this.calls.connected(SECOND,
				answering((number) -> this.calls.received(SECOND, new Meters(number, List.of(), true))));
		assertThat(this.calls.ask()).isEqualTo(Map.of(SECOND, List.of()));
	}

	@Test
	void farewellsAreNotKeptWhereNobodyEverAsked() {
		this.calls.received(FIRST, new Meters(Meters.FAREWELL, List.of(family("a", 1)), true));
		assertThat(this.calls.ask()).isEmpty();
	}

	@Test
	void lastWordIsTheFarewell() {
		this.calls.connected(FIRST, answering((number) -> {
			this.calls.received(FIRST, new Meters(number, List.of(family("a", 1)), true));
			this.calls.received(FIRST, new Meters(Meters.FAREWELL, List.of(family("b", 1)), true));
		}));
		this.calls.ask();
		assertThat(this.calls.ask()).isEqualTo(Map.of(FIRST, List.of(family("b", 1))));
	}

	@Test
	void nobodyWaitsForAWorkerThatIsGone() {
		MeterCalls patient = new MeterCalls(Duration.ofHours(1));
		patient.connected(FIRST, answering((number) -> patient.disconnected(FIRST)));
		assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThat(patient.ask()).isEmpty());
	}

	@Test
	void nobodyWaitsForAWorkerThatCannotBeAsked() {
		MeterCalls patient = new MeterCalls(Duration.ofHours(1));
		patient.connected(FIRST, new Connection() {

			@Override
			public boolean send(FromLauncher message) {
				return false;
			}

			@Override
			public long backlog() {
				return 0;
			}

		});
		assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThat(patient.ask()).isEmpty());
	}

	@Test
	void farewellsAreKeptUntilSomebodyAsks() {
		this.calls.ask();
		this.calls.received(FIRST, new Meters(Meters.FAREWELL, List.of(family("a", 1)), false));
		assertThat(this.calls.ask()).isEmpty();
		this.calls.received(FIRST, new Meters(Meters.FAREWELL, List.of(family("b", 1)), true));
		assertThat(this.calls.ask()).isEqualTo(Map.of(FIRST, List.of(family("a", 1), family("b", 1))));
		assertThat(this.calls.ask()).isEmpty();
		for (int i = 1; i <= 1000; i++) {
			this.calls.received(WorkerId.of(i), new Meters(Meters.FAREWELL, List.of(), true));
		}
		assertThat(this.calls.ask()).hasSize(32).containsKey(WorkerId.of(1000));
	}

	@Test
	void answerOfAnotherIsNotTaken() {
		this.calls.connected(FIRST,
				answering((number) -> this.calls.received(SECOND, new Meters(number, List.of(), true))));
		assertThat(this.calls.ask()).isEmpty();
	}

	@Test
	void answerWithoutMeasureIsDropped() {
		this.calls.connected(FIRST, answering((number) -> {
			for (int i = 0; i < 101; i++) {
				this.calls.received(FIRST, new Meters(number, List.of(family("a", 1000)), i == 100));
			}
		}));
		assertThat(this.calls.ask()).isEmpty();
	}

	private static MetricFamily family(String name, int samples) {
		return new MetricFamily(name, Type.GAUGE, "", Collections.nCopies(samples, new Sample("", "", 1)));
	}

	private static Connection answering(Consumer<Long> question) {
		return new Connection() {

			@Override
			public boolean send(FromLauncher message) {
				question.accept(((MetersWanted) message).number());
				return true;
			}

			@Override
			public long backlog() {
				return 0;
			}

		};
	}

}
