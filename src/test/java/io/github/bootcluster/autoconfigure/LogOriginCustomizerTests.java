package io.github.bootcluster.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.github.bootcluster.LogOrigin;
import io.github.bootcluster.WorkerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class LogOriginCustomizerTests {

	private final MockEnvironment environment = new MockEnvironment();

	@ParameterizedTest
	@ValueSource(strings = { "ecs", "logstash" })
	void launchersEntriesTellSo(String format) {
		this.environment.setActiveProfiles("launcher");
		assertThat(encode(format).get("boot_cluster").toString()).isEqualTo("{\"role\":\"launcher\"}");
	}

	@Test
	void graylogTakesNoNestedMembers() {
		this.environment.setActiveProfiles("launcher");
		JsonNode entry = encode("gelf");
		assertThat(entry.has("boot_cluster")).isFalse();
		assertThat(entry.get("_boot_cluster_role").asString()).isEqualTo("launcher");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ecs", "logstash", "gelf" })
	void entriesOfAnOrdinaryProcessStayAsTheyAre(String format) {
		assertThat(encode(format).toString()).contains("Hello").doesNotContain("boot_cluster");
	}

	@Test
	void membersOfTheApplicationStayToo() {
		this.environment.setActiveProfiles("launcher");
		this.environment.setProperty("logging.structured.json.customizer", UsersCustomizer.class.getName());
		this.environment.setProperty("logging.structured.json.add.cluster.name", "blue");
		JsonNode entry = encode("ecs");
		assertThat(entry.get("user").asString()).isEqualTo("was here");
		assertThat(entry.get("cluster").get("name").asString()).isEqualTo("blue");
		assertThat(entry.get("boot_cluster").get("role").asString()).isEqualTo("launcher");
	}

	@Test
	void workersSlotIsThatOfTheMoment() {
		AtomicReference<Optional<LogOrigin>> origin = new AtomicReference<>(Optional.empty());
		JsonWriter<Object> writer = JsonWriter
			.of((members) -> new LogOriginCustomizer(this.environment, origin::get).customize(members));
		assertThat(writer.writeToString("entry")).isEqualTo("{}");
		LogOrigin standby = LogOrigin.worker(WorkerId.of(3), 0, 2);
		origin.set(Optional.of(standby));
		assertThat(writer.writeToString("entry"))
			.isEqualTo("{\"boot_cluster\":{\"role\":\"worker\",\"worker\":{\"id\":3,\"generation\":2}}}");
		origin.set(Optional.of(standby.inSlot(1)));
		assertThat(writer.writeToString("entry"))
			.isEqualTo("{\"boot_cluster\":{\"role\":\"worker\",\"worker\":{\"id\":3,\"slot\":1,\"generation\":2}}}");
	}

	@Test
	void formatOfTheFileCountsWhereTheConsoleHasNone() {
		this.environment.setProperty("logging.structured.format.file", "gelf");
		JsonWriter<Object> writer = JsonWriter.of((members) -> new LogOriginCustomizer(this.environment,
				() -> Optional.of(LogOrigin.worker(WorkerId.of(3), 1, 2)))
			.customize(members));
		assertThat(writer.writeToString("entry"))
			.isEqualTo("{\"_boot_cluster_role\":\"worker\",\"_boot_cluster_worker_id\":3,"
					+ "\"_boot_cluster_worker_slot\":1,\"_boot_cluster_worker_generation\":2}");
	}

	/** As Spring Boot does for the console. */
	private JsonNode encode(String format) {
		this.environment.setProperty("logging.structured.format.console", format);
		LoggerContext context = new LoggerContext();
		context.setMDCAdapter(new LogbackMDCAdapter());
		context.putObject(Environment.class.getName(), this.environment);
		StructuredLogEncoder encoder = new StructuredLogEncoder();
		encoder.setContext(context);
		encoder.setFormat(format);
		encoder.setCharset(StandardCharsets.UTF_8);
		encoder.start();
		LoggingEvent event = new LoggingEvent("", context.getLogger("test"), Level.INFO, "Hello", null, null);
		return JsonMapper.shared().readTree(encoder.encode(event));
	}

	static class UsersCustomizer implements StructuredLoggingJsonMembersCustomizer<Object> {

		@Override
		public void customize(Members<Object> members) {
			members.add("user", "was here");
		}

	}

}
