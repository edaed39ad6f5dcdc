package io.github.bootcluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * What Compose itself makes of {@code docker-compose.yml}. It needs no engine for that.
 */
@Timeout(60)
class ComposeFileTests {

	private static List<String> compose;

	@BeforeAll
	static void find() throws Exception {
		for (List<String> candidate : List.of(List.of("docker", "compose"), List.of("docker-compose"))) {
			if (run(candidate, Map.of(), "version").status() == 0) {
				compose = candidate;
				return;
			}
		}
		System.out.println("ComposeFileTests: skipped, there is neither 'docker compose' nor docker-compose");
		abort("no Compose");
	}

	@Test
	void databaseAloneIsStartedUnlessTheApplicationIsAskedFor() throws Exception {
		Map<String, Map<String, Object>> services = services();
		assertThat(services).containsOnlyKeys("postgres", "app");
		assertThat(services.get("postgres")).doesNotContainKey("profiles");
		assertThat(services.get("app")).containsEntry("profiles", List.of("app"));
	}

	@Test
	void portsAreThisMachinesOnly() throws Exception {
		services().forEach((name, service) -> assertThat(service.get("ports").toString()).as(name)
			.contains("127.0.0.1")
			.doesNotContain("0.0.0.0"));
	}

	@Test
	void passwordIsTheEnvironmentsToSay() throws Exception {
		assertThat(services().get("app").get("environment").toString())
			.contains("SPRING_DATASOURCE_PASSWORD=from outside");
		Result result = run(compose, Map.of(), "config");
		assertThat(result.status()).isNotZero();
		assertThat(result.output()).contains("set POSTGRES_PASSWORD to the password");
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Map<String, Object>> services() throws Exception {
		Result result = run(compose, Map.of("POSTGRES_PASSWORD", "from outside"), "--profile", "app", "config");
		assertThat(result.status()).as(result.output()).isZero();
		Map<String, Object> file = new Yaml().load(result.output());
		return (Map<String, Map<String, Object>>) file.get("services");
	}

	private static Result run(List<String> program, Map<String, String> environment, String... arguments)
			throws Exception {
		List<String> command = new ArrayList<>(program);
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().remove("POSTGRES_PASSWORD");
		builder.environment().putAll(environment);
		try {
			Process process = builder.start();
			process.getOutputStream().close();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			process.waitFor(30, TimeUnit.SECONDS);
			return new Result(process.exitValue(), output);
		}
		catch (IOException ex) {
			return new Result(-1, ex.getMessage());
		}
	}

	private record Result(int status, String output) {

	}

}
