package io.github.bootcluster.launcher;

import java.io.File;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.bootcluster.release.Program;
import io.github.bootcluster.release.Release;
import io.github.bootcluster.release.Releases;
import io.github.bootcluster.release.StagingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which release each generation of workers runs. What takes time is done by a thread of
 * its own; that of the supervisor only asks.
 */
final class Stages implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Stages.class);

	/** Used by the launching thread before the first reload, then by the own one. */
	private final Releases releases;

	private final Program program;

	/** Told of each release before it is used. */
	private final Consumer<Release> preparation;

	/** Used like the releases. */
	private final OwnProgram own;

	private final Consumer<Fact> facts;

	private final ExecutorService thread = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-releases");
		thread.setDaemon(true);
		return thread;
	});

	/** Written by the own thread, read by any. */
	private final Map<Integer, Release> byGeneration = new ConcurrentHashMap<>();

	private Stages(Releases releases, Program program, Consumer<Fact> facts, Consumer<Release> preparation) {
		this.releases = releases;
		this.program = program;
		this.own = new OwnProgram(program);
		this.facts = facts;
		this.preparation = preparation;
	}

	/**
	 * Stage the first generation.
	 * @param facts is told when a further one is staged
	 * @param preparation what takes time with a release, done before it is used
	 * @throws LaunchException if that is impossible
	 */
	static Stages open(ClusterHome home, Program program, Consumer<Fact> facts, Consumer<Release> preparation) {
		if (home.directory().toString().contains(File.pathSeparator)) {
			throw new LaunchException(
					"The cluster home %s cannot hold the program: no class path can lead to where there is a '%s' in the path."
						.formatted(home.directory(), File.pathSeparator),
					"Set cluster.home to a directory whose path has none.");
		}
		try {
			Stages stages = new Stages(Releases.open(home.directory()), program, facts, preparation);
			stages.stageNow(1);
			stages.removeAllBut(Set.of(1));
			return stages;
		}
		catch (StagingException ex) {
			throw new LaunchException("The program could not be staged: %s.".formatted(ex.getMessage()),
					"Workers run a copy of the program below cluster.home (%s): see that the program can be read and that there is room for it."
						.formatted(home.directory()),
					ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while the program was copied", ex);
		}
	}

	/** The release of a generation that was staged and is not removed. */
	Release of(int generation) {
		return Objects.requireNonNull(this.byGeneration.get(generation),
				() -> "Generation %d is not staged".formatted(generation));
	}

	/** Stage the program as it is now; a fact tells what came of it. */
	void stage(int generation) {
		run(() -> this.facts.accept(new Fact.Staged(generation, tryToStage(generation))));
	}

	/** Do something about the release of a generation, unless it is removed by then. */
	void afterwards(int generation, Consumer<Release> task) {
		run(() -> {
			Release release = this.byGeneration.get(generation);
			if (release != null) {
				task.accept(release);
			}
		});
	}

	/** From now on only these generations are of interest. */
	void retain(Set<Integer> generations) {
		run(() -> removeAllBut(generations));
	}

	/** What is being copied is abandoned, for the next launcher to clean up. */
	@Override
	public void close() {
		this.thread.shutdownNow();
	}

	private void run(Runnable task) {
		try {
			this.thread.execute(task);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The launcher ends: nothing is staged or removed any more");
		}
	}

	private String tryToStage(int generation) {
		try {
			stageNow(generation);
			return "";
		}
		catch (StagingException ex) {
			return String.valueOf(ex.getMessage());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "it was interrupted";
		}
		catch (RuntimeException | Error ex) {
			logger.error("The program could not be staged", ex);
			return ex.toString();
		}
	}

	private void stageNow(int generation) throws StagingException, InterruptedException {
		this.own.warnIfOverwritten();
		long begin = System.nanoTime();
		Release release = this.releases.stage(this.program);
		this.preparation.accept(release);
		this.byGeneration.put(generation, release);
		logger.info("Generation {} runs release {} (staged in {})", generation, release.id(),
				Seconds.of(Duration.ofNanos(System.nanoTime() - begin)));
	}

	private void removeAllBut(Set<Integer> generations) {
		this.byGeneration.keySet().retainAll(generations);
		this.releases.retain(this.byGeneration.values().stream().collect(Collectors.toSet()));
	}

}
