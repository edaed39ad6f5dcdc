package io.github.bootcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** {@code deploy/kubernetes} against the published model of the Kubernetes API. */
class KubernetesFilesTests {

	private static final Path FILES = Path.of("deploy/kubernetes");

	private static final String KUSTOMIZATION = "kustomization.yaml";

	private static final Map<String, Class<?>> KINDS = Map.of("apps/v1 Deployment", Deployment.class, "v1 Service",
			Service.class, "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
			"autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class);

	/** The model's classes take what they do not know, unless they are kept from it. */
	private static final JsonMapper STRICT = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.annotationIntrospector(new JacksonAnnotationIntrospector() {

			@Override
			public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
				return false;
			}

		})
		.build();

	@ParameterizedTest
	@MethodSource("resources")
	void resourceIsOneThatKubernetesKnows(Path file) throws IOException {
		assertThat(read(file)).isNotNull();
	}

	@Test
	void fieldThatKubernetesDoesNotKnowIsFound() {
		Map<String, Object> wrong = Map.of("apiVersion", "v1", "kind", "Service", "spec",
				Map.of("ports", List.of(Map.of("prot", 80))));
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> parse(wrong)).withMessageContaining("prot");
	}

	@ParameterizedTest
	@MethodSource("kustomizations")
	void whatIsNamedIsThere(Path file) throws IOException {
		Map<String, Object> content = new Yaml().load(Files.readString(file));
		Stream<String> patches = list(content, "patches").stream()
			.map((patch) -> ((Map<?, ?>) patch).get("path").toString());
		Stream<String> resources = list(content, "resources").stream().map(Object::toString);
		assertThat(Stream.concat(resources, patches)).isNotEmpty()
			.allSatisfy((name) -> assertThat(file.resolveSibling(name)).exists());
	}

	@Test
	void everyResourceOfTheBaseIsNamed() throws IOException {
		Map<String, Object> content = new Yaml().load(Files.readString(FILES.resolve("base").resolve(KUSTOMIZATION)));
		try (Stream<Path> files = Files.list(FILES.resolve("base"))) {
			assertThat(files.map((file) -> file.getFileName().toString()).filter((name) -> !name.equals(KUSTOMIZATION)))
				.containsExactlyInAnyOrderElementsOf(
						list(content, "resources").stream().map(Object::toString).toList());
		}
	}

	@Test
	void podIsClosedAndCanBeReplacedWithoutAFailedRequest() throws IOException {
		Deployment deployment = (Deployment) read(FILES.resolve("base/deployment.yaml"));
		PodSpec pod = deployment.getSpec().getTemplate().getSpec();
		assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
		assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
		assertThat(pod.getAutomountServiceAccountToken()).isFalse();
		Container container = pod.getContainers().get(0);
		assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
		assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
		assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
		assertThat(container.getResources().getLimits()).containsKey("memory");
		assertThat(List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe()))
			.extracting(Probe::getHttpGet)
			.extracting((get) -> get.getPort().getStrVal())
			.containsOnly("http");
		assertThat(container.getLifecycle().getPreStop().getExec().getCommand()).containsExactly("sleep", "5");
		assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(35);
		assertThat(container.getEnv()).filteredOn((variable) -> variable.getName().startsWith("SPRING_DATASOURCE_"))
			.filteredOn((variable) -> variable.getName().matches(".*(URL|USERNAME|PASSWORD)"))
			.hasSize(3)
			.extracting(EnvVar::getValueFrom)
			.doesNotContainNull();
	}

	private static Stream<Path> resources() throws IOException {
		return files().filter((file) -> !file.endsWith(KUSTOMIZATION));
	}

	private static Stream<Path> kustomizations() throws IOException {
		return files().filter((file) -> file.endsWith(KUSTOMIZATION));
	}

	private static Stream<Path> files() throws IOException {
		try (Stream<Path> files = Files.walk(FILES)) {
			return files.filter(Files::isRegularFile).sorted().toList().stream();
		}
	}

	private static List<?> list(Map<String, Object> content, String name) {
		return (List<?>) content.getOrDefault(name, List.of());
	}

	private static Object read(Path file) throws IOException {
		return parse(new Yaml().load(Files.readString(file)));
	}

	private static Object parse(Map<String, Object> resource) {
		Class<?> type = KINDS.get(resource.get("apiVersion") + " " + resource.get("kind"));
		assertThat(type).as("kind of " + resource).isNotNull();
		return STRICT.convertValue(resource, type);
	}

}
