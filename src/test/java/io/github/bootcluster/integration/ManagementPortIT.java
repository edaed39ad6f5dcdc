package io.github.bootcluster.integration;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The launcher's endpoints on a port of their own. */
class ManagementPortIT {

	@TempDir
	Path directory;

	@Test
	void endpointsAreServedThereAndNotOnThePublicPort() {
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory)
			.property("cluster.workers", "1")
			.property("management.server.port", "0")
			.property("management.server.address", "127.0.0.1")
			.property("management.server.base-path", "/manage")
			.property("management.endpoints.web.base-path", "/ops")
			// What an application would configure for its probes.
			.property("management.endpoint.health.group.readiness.include", "readinessState,db")
			.start()
			.awaitServing()) {
			String status = cluster.output().replaceFirst("(?s).*status +http://localhost:(\\d+)(/\\S+).*", "$1 $2");
			int port = Integer.parseInt(status.split(" ")[0]);
			assertThat(status.split(" ")[1]).isEqualTo("/manage/ops/cluster");
			assertThat(port).isNotEqualTo(cluster.port());
			assertThat(cluster.getDirectly(port, "/manage/ops/cluster")).contains("\"state\":\"RUNNING\"");
			assertThat(cluster.getDirectly(port, "/manage/ops/health")).contains("\"cluster\"");
			assertThat(cluster.getDirectly(port, "/manage/ops/health/readiness")).contains("\"cluster\"", "\"UP\"");
			assertThat(cluster.getDirectly(port, "/manage/livez")).contains("\"UP\"");
			assertThat(cluster.getDirectly(port, "/manage/cluster")).contains("data-endpoint=\"ops/cluster\"");
			for (String path : new String[] { "/livez", "/cluster", "/manage/ops/cluster", "/ops/cluster",
					"/actuator/cluster", "/actuator" }) {
				assertThat(cluster.get(path).statusCode()).as(path).isEqualTo(404);
			}
			assertThat(cluster.get("/who").statusCode()).isEqualTo(200);
		}
	}

}
