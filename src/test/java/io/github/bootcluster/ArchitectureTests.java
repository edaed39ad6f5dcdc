package io.github.bootcluster;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The table of packages: who may know whom. */
class ArchitectureTests {

	private static final String BASE = "io.github.bootcluster";

	private static final String SPRING = "org.springframework..";

	private static final String NETTY = "io.netty..";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(BASE);

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					(root)        |
					control       | (root)
					http          |
					accesslog     | (root)
					console       | (root)
					dispatch      | (root),http,accesslog
					session       | (root),leader
					actuate       | (root)
					ctl           | (root),control,actuate
					dashboard     | (root)
					metrics       | (root)
					event         | (root)
					leader        | (root)
					messaging     | (root),control
					worker        | (root),control,event,leader,messaging
					systemd       |
					release       |
					launcher      | (root),control,console,ctl,event,messaging,dispatch,session,accesslog,systemd,release
					autoconfigure | (root),control,ctl,event,leader,messaging,dispatch,session,actuate,dashboard,metrics,worker,launcher
					sample        | (root),ctl,worker,messaging
					""")
	void packageUsesOnlyItsAllowedPeers(String name, String allowed) {
		String own = packageOf(name);
		String[] known = (allowed != null) ? allowed.split(",") : new String[0];
		String[] legal = new String[known.length + 1];
		legal[0] = own;
		for (int i = 0; i < known.length; i++) {
			legal[i + 1] = packageOf(known[i]);
		}
		noClasses().that()
			.resideInAPackage(own)
			.should()
			.dependOnClassesThat(resideInAPackage(BASE + "..").and(not(resideInAnyPackage(legal))))
			.allowEmptyShould(false)
			.check(CLASSES);
	}

	@Test
	void packagesAreFreeOfCycles() {
		slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void vocabularyDoesNothingButName() {
		classes().that()
			.resideInAPackage(BASE)
			.should()
			.onlyDependOnClassesThat(
					resideInAnyPackage(BASE, "java.lang..", "java.time..", "java.util..", "org.jspecify.annotations",
							"org.springframework.boot.context.properties..", "org.springframework.boot.convert",
							"org.springframework.util.unit")
						.or(nameMatching("java\\.nio\\.file\\.Path")))
			.check(CLASSES);
	}

	@Test
	void dispatcherKnowsNoSpringAndNobodyElseKnowsNetty() {
		// A size in bytes is a value of the vocabulary that comes from Spring.
		noClasses().that()
			.resideInAnyPackage(packageOf("dispatch"), packageOf("accesslog"))
			.should()
			.dependOnClassesThat(resideInAPackage(SPRING)
				.and(not(JavaClass.Predicates.type(org.springframework.util.unit.DataSize.class))))
			.check(CLASSES);
		noClasses().that()
			.resideOutsideOfPackages(packageOf("dispatch"), packageOf("http"), packageOf("systemd"))
			.should()
			.dependOnClassesThat()
			.resideInAPackage(NETTY)
			.check(CLASSES);
	}

	@Test
	void httpKnowsBytesAndNoConnections() {
		classes().that()
			.resideInAPackage(packageOf("http"))
			.should()
			.onlyDependOnClassesThat(resideInAnyPackage(packageOf("http"), "java.lang..", "java.util..",
					"java.nio.charset", "io.netty.buffer", "io.netty.util", "org.jspecify.annotations"))
			.check(CLASSES);
	}

	@Test
	void controlKnowsNoSpring() {
		noClasses().that()
			.resideInAPackage(packageOf("control"))
			.should()
			.dependOnClassesThat()
			.resideInAPackage(SPRING)
			.check(CLASSES);
	}

	/** It works when the launcher's jar was overwritten, with all libraries in it. */
	@Test
	void releaseNeedsNoLibraryButTheLogs() {
		classes().that()
			.resideInAPackage(packageOf("release"))
			.should()
			.onlyDependOnClassesThat(
					resideInAnyPackage(packageOf("release"), "java..", "org.slf4j", "org.jspecify.annotations"))
			.check(CLASSES);
	}

	@Test
	void supervisorKnowsNoHttpAndNoProcesses() {
		noClasses().that()
			.haveSimpleNameStartingWith("Supervisor")
			.should()
			.dependOnClassesThat(
					resideInAnyPackage("java.net..", NETTY, SPRING).or(nameMatching("java\\.lang\\.Process")))
			.check(CLASSES);
	}

	@Test
	void everyPackageIsNullMarked() {
		classes().that(alwaysTrue())
			.and()
			.haveSimpleName("package-info")
			.should()
			.beAnnotatedWith(org.jspecify.annotations.NullMarked.class)
			.check(CLASSES);
	}

	private static String packageOf(String name) {
		return name.equals("(root)") ? BASE : BASE + "." + name;
	}

}
