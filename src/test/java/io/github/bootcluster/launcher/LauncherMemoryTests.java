package io.github.bootcluster.launcher;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

import com.sun.management.HotSpotDiagnosticMXBean;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link LauncherMemory} and {@link HotSpot}. */
class LauncherMemoryTests {

	private static final long MEBIBYTE = 1024 * 1024;

	private final FakeJvm jvm = new FakeJvm();

	private final LauncherMemory memory = new LauncherMemory(this.jvm, () -> OptionalLong.of(this.jvm.resident));

	@Test
	void launchIsLeftBehindWithLittleHeapThatHasRoomToGrow() {
		this.memory.giveBack();
		assertThat(this.jvm.calls).containsExactly("G1PeriodicGCInterval=60000", "MinHeapFreeRatio=0",
				"MaxHeapFreeRatio=20", "MinHeapFreeRatio=10", "collect", "trim");
		this.jvm.calls.clear();
		this.memory.makeRoom();
		assertThat(this.jvm.calls).containsExactly("MinHeapFreeRatio=0", "MaxHeapFreeRatio=80", "MinHeapFreeRatio=70",
				"collect", "MinHeapFreeRatio=0", "MaxHeapFreeRatio=70", "MinHeapFreeRatio=20");
	}

	@Test
	void heapIsLeftAloneIfTheOperatorChoseItsSize() {
		for (String option : List.of("InitialHeapSize", "MinHeapSize", "AlwaysPreTouch")) {
			this.jvm.calls.clear();
			this.jvm.chosen = Set.of(option);
			this.memory.giveBack();
			this.memory.makeRoom();
			assertThat(this.jvm.calls).containsExactly("trim");
		}
	}

	@Test
	void optionsAreLeftAloneIfTheOperatorChoseThem() {
		for (String option : List.of("MinHeapFreeRatio", "MaxHeapFreeRatio")) {
			this.jvm.calls.clear();
			this.jvm.chosen = Set.of(option, "G1PeriodicGCInterval");
			this.memory.giveBack();
			this.memory.makeRoom();
			assertThat(this.jvm.calls).containsExactly("collect", "trim");
		}
	}

	@Test
	void trimIfGrownTrimsOnlyWhatHasGrown() {
		this.jvm.resident = 150 * MEBIBYTE;
		this.memory.giveBack();
		this.jvm.calls.clear();
		this.jvm.resident = 157 * MEBIBYTE;
		this.memory.trimIfGrown();
		assertThat(this.jvm.calls).isEmpty();
		this.jvm.resident = 159 * MEBIBYTE;
		this.memory.trimIfGrown();
		assertThat(this.jvm.calls).containsExactly("trim");
		// What is in use cannot be trimmed: not tried again for its sake.
		this.memory.trimIfGrown();
		assertThat(this.jvm.calls).containsExactly("trim");
	}

	@Test
	void trimIfGrownCountsFromTheLeastThereWas() {
		this.jvm.resident = 150 * MEBIBYTE;
		this.memory.giveBack();
		this.jvm.calls.clear();
		this.jvm.resident = 100 * MEBIBYTE;
		this.memory.trimIfGrown();
		this.jvm.resident = 110 * MEBIBYTE;
		this.memory.trimIfGrown();
		assertThat(this.jvm.calls).containsExactly("trim");
	}

	@Test
	void systemThatDoesNotTellOfMemoryIsTrimmedOnce() {
		LauncherMemory blind = new LauncherMemory(this.jvm, OptionalLong::empty);
		blind.giveBack();
		this.jvm.calls.clear();
		blind.trimIfGrown();
		assertThat(this.jvm.calls).isEmpty();
	}

	@Test
	void hotSpotTellsWhatNobodyChose() {
		HotSpot hotSpot = new HotSpot();
		assertThat(hotSpot.isChosen("MinHeapFreeRatio")).isFalse();
		assertThat(hotSpot.isChosen("NoSuchOption")).isFalse();
	}

	@Test
	void hotSpotDoesNotTakeItsOwnChoiceForTheOperators() {
		HotSpot hotSpot = new HotSpot();
		HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
		String before = options.getVMOption("MinHeapFreeRatio").getValue();
		hotSpot.set("MinHeapFreeRatio", 33);
		try {
			assertThat(options.getVMOption("MinHeapFreeRatio").getValue()).isEqualTo("33");
			assertThat(hotSpot.isChosen("MinHeapFreeRatio")).isFalse();
		}
		finally {
			hotSpot.set("MinHeapFreeRatio", Long.parseLong(before));
		}
	}

	@Test
	void hotSpotDoesWithoutWhatThisJvmCannotDo() {
		HotSpot hotSpot = new HotSpot();
		hotSpot.set("NoSuchOption", 1);
		hotSpot.set("InitialHeapSize", 1);
		hotSpot.trimNativeHeap();
		assertThat(hotSpot.isChosen("InitialHeapSize")).isFalse();
	}

	private static final class FakeJvm implements LauncherMemory.Jvm {

		private final List<String> calls = new ArrayList<>();

		private Set<String> chosen = Set.of();

		private long resident = 200 * MEBIBYTE;

		@Override
		public boolean isChosen(String option) {
			return this.chosen.contains(option);
		}

		@Override
		public void set(String option, long value) {
			this.calls.add(option + "=" + value);
		}

		@Override
		public void collect() {
			this.calls.add("collect");
		}

		@Override
		public void trimNativeHeap() {
			this.calls.add("trim");
		}

	}

}
