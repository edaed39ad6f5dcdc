package io.github.bootcluster.worker;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What a worker, and a process that is none, know of themselves. */
class WorkerClusterTests {

	private static final WorkerId SELF = WorkerId.of(7);

	private final WorkerLeadership leadership = new WorkerLeadership();

	private final AtomicInteger recycled = new AtomicInteger();

	private final WorkerCluster cluster = new WorkerCluster(SELF, 2, snapshot(1, List.of()), this.leadership,
			this.recycled::incrementAndGet);

	@Test
	void slotIsThatOfTheLatestSnapshotOnceThereIsOne() {
		assertThat(this.cluster.slot()).isEmpty();
		this.cluster.update(snapshot(2, List.of(worker(WorkerSnapshot.NO_SLOT))));
		assertThat(this.cluster.slot()).as("stands by").isEmpty();
		this.cluster.update(snapshot(3, List.of(worker(4))));
		assertThat(this.cluster.slot()).hasValue(4);
	}

	@Test
	void generationIsItsOwnWhateverTheClusterHas() {
		assertThat(this.cluster.generation()).isEqualTo(2);
		this.cluster.update(snapshot(2, List.of(worker(4))));
		assertThat(this.cluster.generation()).isEqualTo(2);
		assertThat(this.cluster.snapshot().generation()).isEqualTo(3);
	}

	@Test
	void leadsWhenToldToWhateverTheSnapshotSays() {
		assertThat(this.cluster.isLeader()).isFalse();
		this.leadership.lead(1);
		assertThat(this.cluster.isLeader()).isTrue();
	}

	@Test
	void recyclingIsTheLaunchersToDo() {
		this.cluster.recycle();
		this.cluster.recycle();
		assertThat(this.recycled).hasValue(2);
	}

	@Test
	void standaloneProcessLeadsItselfAndCannotBeRecycled() {
		StandaloneCluster standalone = new StandaloneCluster();
		assertThat(standalone.slot()).hasValue(1);
		assertThat(standalone.generation()).isEqualTo(1);
		assertThat(standalone.isLeader()).isTrue();
		assertThatIllegalStateException().isThrownBy(standalone::recycle)
			.withMessageContaining("STANDALONE")
			.withMessageContaining("Only a worker can");
	}

	private static WorkerSnapshot worker(int slot) {
		return new WorkerSnapshot(SELF, slot, 2, 100L, 40000, WorkerState.READY, Instant.EPOCH, 0, 0, 0, 0, null, null,
				null);
	}

	private static ClusterSnapshot snapshot(long version, List<WorkerSnapshot> workers) {
		return new ClusterSnapshot(version, ClusterState.RUNNING, SchedulingPolicy.ROUND_ROBIN, 3, 1,
				LauncherSnapshot.ofThisProcess(), DispatcherSnapshot.none(0), "none", workers, null, null);
	}

}
