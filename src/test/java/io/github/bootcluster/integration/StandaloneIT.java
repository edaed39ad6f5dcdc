package io.github.bootcluster.integration;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Without the profile the library does nothing but tell so. */
class StandaloneIT {

	@TempDir
	Path directory;

	@Test
	void applicationWithoutTheProfileIsAnOrdinaryProcess() {
		try (ClusterProcess process = ClusterProcess.of(Program.TINY, this.directory)
			.without("spring.profiles.active")
			.jvmArgument("-Djava.io.tmpdir=" + this.directory)
			.property("management.endpoints.web.exposure.include", "cluster")
			.start()) {
			process.await("Tomcat to start", () -> process.output().contains("Tomcat started on port"));
			int port = Integer.parseInt(process.output().replaceFirst("(?s).*Tomcat started on port (\\d+).*", "$1"));
			process.await("the application to be ready", () -> process.output().contains("Started TinyApplication"));
			assertThat(process.getDirectly(port, "/who")).contains("\"role\":\"STANDALONE\"")
				.contains("\"workers\":1")
				.contains("\"pid\":" + process.pid());
			assertThat(process.getDirectly(port, "/actuator/cluster")).contains("\"state\":\"RUNNING\"")
				.contains("\"pid\":" + process.pid())
				.contains("\"vitals\":{", "\"heapUsedBytes\":");
			assertThat(process.getDirectly(port, "/actuator/cluster/events")).isEqualTo("{\"events\":[],\"latest\":0}");
			assertThat(process.workerPids()).isEmpty();
			assertThat(this.directory.resolve("home")).doesNotExist();
		}
	}

}
