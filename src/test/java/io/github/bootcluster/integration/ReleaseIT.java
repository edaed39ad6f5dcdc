package io.github.bootcluster.integration;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of a cluster when its program changes on the disk. */
class ReleaseIT {

	@TempDir
	Path temporary;

	private final Visitor visitor = new Visitor();

	@Test
	void overwrittenJarServesTheSessionsOnceReloadedAndABrokenOneNever() throws Exception {
		Path jar = this.temporary.resolve("app.jar");
		byte[] first = build("one");
		Files.write(jar, first);
		try (ClusterProcess cluster = ClusterProcess.of(Program.APP_JAR, this.temporary)
			.property("management.endpoint.cluster.access", "unrestricted")
			.property("cluster.dispatch.slow-start", "0s")
			.start()
			.awaitServing()) {
			assertThat(builds(cluster)).containsOnly("one");
			this.visitor.assertCountsOn(cluster, 1, 4);
			assertThat(draft(cluster, "/draft/new")).isEqualTo("draft of release one");
			// In place, as cp does it: the file is the one the launcher has open.
			Files.write(jar, build("another"));
			long killed = cluster.pidOfSlot(1);
			ClusterProcess.signal("KILL", killed);
			cluster.awaitSlot(1,
					(worker) -> worker.get("state").asString().equals("READY") && worker.get("pid").asLong() != killed);
			assertThat(builds(cluster)).containsOnly("one");
			assertThat(drafts(cluster)).containsOnly("draft of release one");
			assertThat(reload(cluster)).contains("SUCCEEDED");
			assertThat(builds(cluster)).containsOnly("another");
			cluster.awaitOutput("was overwritten while this launcher runs from it");
			assertThat(drafts(cluster)).as("of a class that has changed").containsOnly("null");
			this.visitor.assertCountsOn(cluster, 5, 8);
			assertThat(draft(cluster, "/draft/new")).isEqualTo("draft of release another");
			assertThat(drafts(cluster)).containsOnly("draft of release another");
			// Too short to end like one of the jars it holds.
			Files.write(jar, Arrays.copyOf(first, 1000));
			assertThat(reload(cluster)).contains("FAILED", "is no jar that can be read", "Generation 2 serves");
			assertThat(builds(cluster)).containsOnly("another");
			Files.delete(jar);
			assertThat(reload(cluster)).contains("FAILED", "there is no " + jar);
			assertThat(cluster.status().get("state").asString()).isEqualTo("RUNNING");
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(ClusterProcess.PATIENCE)).isZero();
			assertEachWorkerHasWarnedOnce(cluster);
		}
	}

	private static void assertEachWorkerHasWarnedOnce(ClusterProcess cluster) {
		assertThat(cluster.outputLines()).filteredOn((line) -> line.contains("Session attribute"))
			.allMatch((line) -> line.contains("WARN") && line.contains("'draft' cannot be read and is left out"))
			.extracting((line) -> line.substring(0, line.indexOf(" |")))
			.containsExactlyInAnyOrder("worker-1", "worker-2");
	}

	private static String reload(ClusterProcess cluster) {
		return cluster.command("", "{\"action\":\"reload\",\"wait\":true}").body();
	}

	/** What each worker finds in the session. */
	private List<String> drafts(ClusterProcess cluster) {
		return Stream.generate(() -> draft(cluster, "/draft")).limit(6).toList();
	}

	private String draft(ClusterProcess cluster, String path) {
		HttpResponse<String> answer = this.visitor.tryToVisit(cluster, cluster.uri(path));
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return answer.body();
	}

	/** What each worker has in its jar. */
	private static List<String> builds(ClusterProcess cluster) {
		List<String> builds = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			builds.add(cluster.get("/build.txt").body());
		}
		return builds;
	}

	/** The sample, with pages of this release. */
	private byte[] build(String name) throws IOException {
		Path build = this.temporary.resolve("build-" + name);
		try (JarFile source = new JarFile(Program.artifact("-exec.jar").toFile());
				OutputStream out = Files.newOutputStream(build);
				JarOutputStream target = new JarOutputStream(out)) {
			for (Enumeration<JarEntry> entries = source.entries(); entries.hasMoreElements();) {
				JarEntry entry = entries.nextElement();
				JarEntry copy = new JarEntry(entry.getName());
				copy.setTime(0);
				if (entry.getMethod() == JarEntry.STORED) {
					copy.setMethod(JarEntry.STORED);
					copy.setSize(entry.getSize());
					copy.setCrc(entry.getCrc());
				}
				target.putNextEntry(copy);
				source.getInputStream(entry).transferTo(target);
			}
			target.putNextEntry(new JarEntry("BOOT-INF/classes/static/"));
			target.putNextEntry(new JarEntry("BOOT-INF/classes/static/build.txt"));
			target.write(name.getBytes());
			for (Path file : DraftPage.compile(name, this.temporary.resolve("draft-" + name))) {
				target.putNextEntry(new JarEntry("BOOT-INF/classes/" + DraftPage.PACKAGE + file.getFileName()));
				Files.copy(file, target);
			}
		}
		return Files.readAllBytes(build);
	}

}
