package io.github.bootcluster.integration;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A start-up cache as the JVM of this build makes and uses it. */
class StartupCacheIT {

	@TempDir
	Path temporary;

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "Only Linux tells what files a process has mapped")
	void cacheIsMadeWhileTheClusterServesAndUsedFromThenOnUnlessItIsDamaged() throws Exception {
		try (ClusterProcess cluster = cluster().start().awaitServing()) {
			assertThat(isMapped(cluster.pidOfSlot(1))).isFalse();
			cluster.awaitOutput("start from a cache from now on");
			assertThat(cluster.status().get("workers")).hasSize(1);
			long killed = cluster.pidOfSlot(1);
			ClusterProcess.signal("KILL", killed);
			long pid = cluster
				.awaitSlot(1,
						(worker) -> worker.get("state").asString().equals("READY")
								&& worker.get("pid").asLong() != killed)
				.get("pid")
				.asLong();
			assertThat(isMapped(pid)).isTrue();
			assertThat(cluster.get("/hello").body()).isEqualTo("Hello from " + pid + "\n");
		}
		try (ClusterProcess cluster = cluster().start().awaitServing()) {
			assertThat(isMapped(cluster.pidOfSlot(1))).as("a new launch").isTrue();
			assertThat(cluster.output()).doesNotContain("Training");
			assertThat(cluster.command("", "{\"action\":\"reload\",\"wait\":true}").body()).contains("SUCCEEDED");
			assertThat(isMapped(cluster.pidOfSlot(1))).as("a reload of the same program").isTrue();
		}
		cutOff(cache());
		try (ClusterProcess cluster = cluster().start().awaitServing()) {
			assertThat(cluster.output()).containsOnlyOnce("is damaged: it is made again");
			assertThat(isMapped(cluster.pidOfSlot(1))).isFalse();
			cluster.awaitOutput("Training of the start-up cache");
		}
	}

	private ClusterProcess.Builder cluster() {
		return ClusterProcess.of(Program.SAMPLE_JAR, this.temporary)
			.property("cluster.workers", "1")
			.property("management.endpoint.cluster.access", "unrestricted")
			.property("cluster.worker.startup-cache", "auto");
	}

	private Path cache() throws IOException {
		try (Stream<Path> files = Files.walk(this.temporary.resolve("home/releases"))) {
			return files.filter((file) -> file.toString().matches(".*/startup-[0-9a-f]+\\.(jsa|aot)"))
				.findFirst()
				.orElseThrow();
		}
	}

	/** As a machine that lost power may leave it. */
	private static void cutOff(Path file) throws IOException {
		assertThat(file.toFile().setWritable(true)).isTrue();
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.truncate(channel.size() / 2);
		}
	}

	private static boolean isMapped(long pid) throws IOException {
		return Files.readString(Path.of("/proc", Long.toString(pid), "maps")).contains("/extras/startup-");
	}

}
