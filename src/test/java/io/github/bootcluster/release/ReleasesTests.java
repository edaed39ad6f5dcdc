package io.github.bootcluster.release;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ReleasesTests {

	private static final String MAIN_CLASS = ReleaseProgram.class.getName();

	private static final String MAIN_CLASS_FILE = MAIN_CLASS.replace('.', '/') + ".class";

	@TempDir
	Path temporary;

	private Path home;

	private Releases releases;

	private byte[] mainClass;

	@BeforeEach
	void open() throws IOException {
		this.home = Files.createDirectories(this.temporary.resolve("home"));
		this.releases = Releases.open(this.home);
		this.mainClass = ReleaseProgram.class.getClassLoader().getResourceAsStream(MAIN_CLASS_FILE).readAllBytes();
	}

	@Test
	void executableJarRunsFromItsRelease() throws Exception {
		Path jar = executableJar("app.jar", "one");
		Release release = stage(jar);
		assertThat(release.jar()).isEqualTo(release.directory().resolve("app.jar"));
		assertThat(release.directory()).hasParentRaw(this.home.resolve("releases"));
		// Classes first, then libraries by the index, then those it does not name.
		assertThat(run(release, "order.txt", "only-in-classes.txt", "META-INF/sbom/bom.json")).containsExactly(
				"order.txt [one, first, second, third]", "only-in-classes.txt [x]", "META-INF/sbom/bom.json [{}]");
		try (JarFile staged = new JarFile(release.jar().toFile())) {
			assertThat(staged.getManifest().getMainAttributes()).containsEntry(name("Main-Class"), MAIN_CLASS)
				.containsEntry(name("Implementation-Version"), "1.2")
				.containsEntry(name("Add-Opens"), "java.base/java.lang")
				.doesNotContainKeys(name("Start-Class"), name("Spring-Boot-Classes"));
			assertThat(staged.getEntry("META-INF/services/java.nio.file.spi.FileSystemProvider"))
				.as("those of the loader that is not there any more")
				.isNull();
			assertThat(staged.getEntry("io/github/bootcluster/")).as("directories").isNotNull();
		}
	}

	@Test
	void classPathRunsFromItsRelease() throws Exception {
		Path classes = Files.createDirectories(this.temporary.resolve("a/classes"));
		write(classes.resolve(MAIN_CLASS_FILE), this.mainClass);
		write(classes.resolve("order.txt"), "1");
		Path sameName = Files.createDirectories(this.temporary.resolve("b/classes"));
		write(sameName.resolve("order.txt"), "2");
		Path referred = jar("refer red.jar", Map.of(), Map.of("order.txt", bytes("4")));
		Path library = jar("library.jar", Map.of("Class-Path", "refer%20red.jar missing.jar"),
				Map.of("order.txt", bytes("3")));
		Release release = this.releases.stage(new Program.ClassPath(
				List.of(classes, sameName, this.temporary.resolve("missing"), library), MAIN_CLASS));
		assertThat(referred).exists();
		assertThat(release.jar()).hasFileName("ReleaseProgram.jar");
		assertThat(run(release, "order.txt")).containsExactly("order.txt [1, 2, 3, 4]");
	}

	@Test
	void whatIsNoJarOnTheClassPathIsPassedOver() throws Exception {
		Path classes = Files.createDirectories(this.temporary.resolve("classes"));
		write(classes.resolve(MAIN_CLASS_FILE), this.mainClass);
		Path text = this.temporary.resolve("parent.pom");
		write(text, "<project/>");
		Path zip = Files.move(jar("resources.jar", Map.of(), Map.of("order.txt", bytes("1"))),
				this.temporary.resolve("resources.bin"));
		Release release = this.releases.stage(new Program.ClassPath(List.of(text, classes, zip), MAIN_CLASS));
		assertThat(run(release, "order.txt")).containsExactly("order.txt [1]");
		assertThat(release.directory().resolve("lib/parent.pom")).doesNotExist();
	}

	@Test
	void plainJarWithReferencesRunsFromItsRelease() throws Exception {
		jar("lib.jar", Map.of(), Map.of("order.txt", bytes("2")));
		Path jar = jar("plain.jar", Map.of("Main-Class", MAIN_CLASS, "Class-Path", "lib.jar"),
				Map.of(MAIN_CLASS_FILE, this.mainClass, "order.txt", bytes("1")));
		Release release = stage(jar);
		Files.delete(this.temporary.resolve("lib.jar"));
		assertThat(run(release, "order.txt")).containsExactly("order.txt [1, 2]");
	}

	@Test
	void jarOfAnotherLoaderIsCopiedAsItIs() throws Exception {
		Path jar = jar("app.war", Map.of("Main-Class", "org.springframework.boot.loader.launch.WarLauncher"),
				Map.of("WEB-INF/x", bytes("x")));
		assertThat(stage(jar).jar()).hasSameBinaryContentAs(jar);
	}

	@Test
	void releaseIsAsItWasWhenTheJarIsOverwrittenAndThenAnotherOneIsMade() throws Exception {
		Path jar = executableJar("app.jar", "one");
		Release first = stage(jar);
		// In place: the file is the same.
		Files.write(jar, Files.readAllBytes(executableJar("other.jar", "another")));
		assertThat(run(first, "order.txt")).containsExactly("order.txt [one, first, second, third]");
		Release second = stage(jar);
		assertThat(second.id()).isNotEqualTo(first.id());
		assertThat(run(second, "order.txt")).containsExactly("order.txt [another, first, second, third]");
	}

	@Test
	void releaseIsAsItWasWhenADirectoryChangesAndThenAnotherOneIsMade() throws Exception {
		Path classes = Files.createDirectories(this.temporary.resolve("classes"));
		write(classes.resolve(MAIN_CLASS_FILE), this.mainClass);
		write(classes.resolve("order.txt"), "1");
		Program program = new Program.ClassPath(List.of(classes), MAIN_CLASS);
		Release first = this.releases.stage(program);
		write(classes.resolve("order.txt"), "2");
		assertThat(run(first, "order.txt")).containsExactly("order.txt [1]");
		Release second = this.releases.stage(program);
		assertThat(run(second, "order.txt")).containsExactly("order.txt [2]");
		write(classes.resolve("order.txt"), "1");
		assertThat(this.releases.stage(program)).as("the same content as at first").isEqualTo(first);
	}

	@Test
	void programThatDidNotChangeIsNotReadAgain() throws Exception {
		Path jar = executableJar("app.jar", "one");
		Release first = stage(jar);
		// What is written once the program was read would have the hash it has.
		Path index = first.directory().resolve(ReleaseIndex.FILE);
		String changed = Files.readString(index).replaceFirst("file\t[0-9a-f]{8}", "file\t00000000");
		Files.writeString(index, changed);
		assertThat(Releases.open(this.home).stage(new Program.Jar(jar))).isEqualTo(first);
		assertThat(index).hasContent(changed);
		assertThat(directories()).containsExactly(first.directory());
	}

	@Test
	void changeIsSeenThoughSizeAndTimeOfTheFileAreAsBefore() throws Exception {
		Path jar = executableJar("app.jar", "one");
		FileTime time = Files.getLastModifiedTime(jar);
		long size = Files.size(jar);
		Release first = stage(jar);
		executableJar("app.jar", "two");
		Files.setLastModifiedTime(jar, time);
		assertThat(jar).hasSize(size);
		assertThat(stage(jar)).isNotEqualTo(first);
	}

	@Test
	void filesOfAReleaseCannotBeWrittenTo() throws Exception {
		Release release = stage(executableJar("app.jar", "one"));
		for (Path file : List.of(release.jar(), release.directory().resolve("lib/first.jar"))) {
			assertThat(Files.getPosixFilePermissions(file)).doesNotContain(PosixFilePermission.OWNER_WRITE);
		}
	}

	@Test
	void sameContentIsTheSameReleaseWhereverItCameFrom() throws Exception {
		Path jar = executableJar("app.jar", "one");
		Release first = stage(jar);
		Files.copy(jar, this.temporary.resolve("copy"));
		Files.move(this.temporary.resolve("copy"), jar, StandardCopyOption.REPLACE_EXISTING);
		assertThat(stage(jar)).isEqualTo(first);
		assertThat(directories()).containsExactly(first.directory());
	}

	@Test
	void librariesOfTwoReleasesAreOneFile() throws Exception {
		Path jar = executableJar("app.jar", "one");
		Release first = stage(jar);
		executableJar("app.jar", "two");
		Release second = stage(jar);
		Path library = Path.of("lib/first.jar");
		assertThat(Files.isSameFile(first.directory().resolve(library), second.directory().resolve(library))).isTrue();
		assertThat(Files.isSameFile(first.jar(), second.jar())).isFalse();
	}

	@Test
	void presentAndPreviousReleaseAreKept() throws Exception {
		Path jar = executableJar("app.jar", "one");
		Release first = stage(jar);
		executableJar("app.jar", "two");
		Release second = stage(jar);
		executableJar("app.jar", "three");
		Release third = stage(jar);
		touchedAt(first, 1000);
		touchedAt(second, 2000);
		this.releases.retain(List.of(third));
		assertThat(directories()).containsExactlyInAnyOrder(second.directory(), third.directory());
		assertThat(run(third, "order.txt")).containsExactly("order.txt [three, first, second, third]");
	}

	@Test
	void onlyThoseInUseAreKeptWhenTheyAreTwo() throws Exception {
		Path jar = executableJar("app.jar", "one");
		stage(jar);
		executableJar("app.jar", "two");
		Release second = stage(jar);
		executableJar("app.jar", "three");
		Release third = stage(jar);
		this.releases.retain(List.of(third, second));
		assertThat(directories()).containsExactlyInAnyOrder(second.directory(), third.directory());
	}

	@Test
	void whatAnInterruptedLauncherLeftIsRemoved() throws Exception {
		Path jar = executableJar("app.jar", "one");
		Release release = stage(jar);
		Path releasesDirectory = release.directory().getParent();
		write(Files.createDirectories(releasesDirectory.resolve(".staging-123/lib")).resolve("a.jar"), "half");
		write(Files.createDirectories(releasesDirectory.resolve(".removed-456")).resolve("a.jar"), "half");
		Releases.open(this.home);
		assertThat(directories()).containsExactly(release.directory());
	}

	@Test
	void releaseThatIsDamagedIsMadeAgain() throws Exception {
		Path jar = executableJar("app.jar", "one");
		Release release = stage(jar);
		Path library = release.directory().resolve("lib/first.jar");
		Files.delete(library);
		Files.createFile(library);
		assertThat(stage(jar)).isEqualTo(release);
		assertThat(run(release, "order.txt")).containsExactly("order.txt [one, first, second, third]");
		Files.write(release.directory().resolve(ReleaseIndex.FILE), bytes("nonsense"));
		assertThat(stage(jar)).isEqualTo(release);
		assertThat(run(release, "order.txt")).containsExactly("order.txt [one, first, second, third]");
	}

	@Test
	void whatCannotBeStagedIsSaidAndLeavesNothing() throws Exception {
		Path jar = this.temporary.resolve("app.jar");
		assertThatExceptionOfType(StagingException.class).isThrownBy(() -> stage(jar))
			.withMessageContaining("there is no " + jar);
		byte[] whole = Files.readAllBytes(executableJar("whole.jar", "one"));
		write(jar, Arrays.copyOf(whole, whole.length / 2));
		assertThatExceptionOfType(StagingException.class).isThrownBy(() -> stage(jar))
			.withMessageContaining(jar + " is no jar that can be read");
		jar("app.jar", Map.of(), Map.of("a", bytes("a")));
		assertThatExceptionOfType(StagingException.class).isThrownBy(() -> stage(jar))
			.withMessageContaining("names no main class");
		assertThat(directories()).isEmpty();
	}

	@Test
	void jarThatIsBeingWrittenIsWaitedFor() throws Exception {
		byte[] whole = Files.readAllBytes(executableJar("whole.jar", "one"));
		Path jar = this.temporary.resolve("app.jar");
		Files.write(jar, whole);
		CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
			try (OutputStream out = Files.newOutputStream(jar)) {
				for (int begin = 0; begin < whole.length; begin += 64) {
					out.write(whole, begin, Math.min(64, whole.length - begin));
					out.flush();
				}
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
		Release release = null;
		while (release == null) {
			try {
				release = stage(jar);
			}
			catch (StagingException ex) {
				// What stood still for a moment was half a jar: said, not staged. Half of
				// one may be whole: what ends with a library looks like that library.
				assertThat(ex).message().containsAnyOf("no jar that can be read", "or not all of one");
			}
		}
		writer.join();
		assertThat(run(release, "order.txt")).containsExactly("order.txt [one, first, second, third]");
	}

	@Test
	void jarThatBecomesShorterWhileItIsReadIsSaidToBeUnreadable() throws Exception {
		Path jar = executableJar("app.jar", "one");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> Layout.read(jar, (open) -> {
			try (OutputStream emptied = Files.newOutputStream(jar)) {
				emptied.flush();
			}
			return open.getManifest();
		})).withMessage(jar + " is no jar that can be read (it became shorter meanwhile)");
	}

	@Test
	void classPathThatIsAnotherIsAnotherProgram() throws Exception {
		Path classes = Files.createDirectories(this.temporary.resolve("classes"));
		write(classes.resolve(MAIN_CLASS_FILE), this.mainClass);
		write(classes.resolve("order.txt"), "1");
		Path library = jar("library.jar", Map.of(), Map.of("order.txt", bytes("2")));
		stageClassPath(classes);
		assertThat(run(stageClassPath(classes, library), "order.txt")).containsExactly("order.txt [1, 2]");
		assertThat(run(stageClassPath(library, classes), "order.txt")).containsExactly("order.txt [2, 1]");
		assertThat(run(stageClassPath(classes), "order.txt")).containsExactly("order.txt [1]");
	}

	@Test
	void whatWasMissingCountsOnceItIsThere() throws Exception {
		Path classes = Files.createDirectories(this.temporary.resolve("classes"));
		write(classes.resolve(MAIN_CLASS_FILE), this.mainClass);
		Path generated = this.temporary.resolve("generated");
		Path library = jar("library.jar", Map.of("Class-Path", "referred.jar"), Map.of());
		assertThat(run(stageClassPath(classes, generated, library), "order.txt")).containsExactly("order.txt []");
		write(generated.resolve("order.txt"), "1");
		assertThat(run(stageClassPath(classes, generated, library), "order.txt")).containsExactly("order.txt [1]");
		jar("referred.jar", Map.of(), Map.of("order.txt", bytes("2")));
		assertThat(run(stageClassPath(classes, generated, library), "order.txt")).containsExactly("order.txt [1, 2]");
	}

	@Test
	void homeWithinADirectoryOfTheClassPathIsNoPartOfTheProgram() throws Exception {
		write(this.temporary.resolve(MAIN_CLASS_FILE), this.mainClass);
		write(this.temporary.resolve("order.txt"), "1");
		Release release = stageClassPath(this.temporary);
		assertThat(run(release, "order.txt", "home/releases/")).containsExactly("order.txt [1]", "home/releases/ []");
		assertThat(stageClassPath(this.temporary)).isEqualTo(release);
	}

	@Test
	void whatIsNoFileOfADirectoryIsPassedOver() throws Exception {
		Path classes = Files.createDirectories(this.temporary.resolve("classes"));
		write(classes.resolve(MAIN_CLASS_FILE), this.mainClass);
		write(classes.resolve("order.txt"), "1");
		Files.createSymbolicLink(classes.resolve("a-link-to-nothing"), Path.of("nothing"));
		assertThat(run(stageClassPath(classes), "order.txt")).containsExactly("order.txt [1]");
		write(classes.resolve("order.txt"), "2");
		assertThat(run(stageClassPath(classes), "order.txt")).containsExactly("order.txt [2]");
	}

	@Test
	void whatADirectoryCannotTellIsAnInputOutputFailure() throws Exception {
		Path classes = Files.createDirectories(this.temporary.resolve("classes"));
		Files.createSymbolicLink(classes.resolve("loop"), classes);
		try (PackedJar jar = new PackedJar(OutputStream.nullOutputStream())) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> jar.tree(classes, this.home));
		}
	}

	@Test
	void referencesByUrlLeadToTheCopies() throws Exception {
		Path library = jar("library.jar", Map.of(), Map.of("order.txt", bytes("1"), MAIN_CLASS_FILE, this.mainClass));
		Path jar = jar("pathing.jar", Map.of("Main-Class", MAIN_CLASS, "Class-Path", library.toUri().toString()),
				Map.of());
		Release release = stage(jar);
		jar("library.jar", Map.of(), Map.of("order.txt", bytes("2"), MAIN_CLASS_FILE, this.mainClass));
		assertThat(run(release, "order.txt")).containsExactly("order.txt [1]");
	}

	@Test
	void indexOfAReleaseIsReplacedAsAWhole() throws Exception {
		Path jar = executableJar("app.jar", "one");
		Release release = stage(jar);
		Path index = Files.createLink(this.temporary.resolve("index"), release.directory().resolve(ReleaseIndex.FILE));
		String before = Files.readString(index);
		executableJar("app.jar", "one");
		assertThat(stage(jar)).isEqualTo(release);
		assertThat(Files.readString(release.directory().resolve(ReleaseIndex.FILE))).isNotEqualTo(before);
		assertThat(index).hasContent(before);
	}

	private Release stage(Path jar) throws StagingException, InterruptedException {
		return this.releases.stage(new Program.Jar(jar));
	}

	private Release stageClassPath(Path... elements) throws StagingException, InterruptedException {
		return this.releases.stage(new Program.ClassPath(List.of(elements), MAIN_CLASS));
	}

	private List<Path> directories() throws IOException {
		try (Stream<Path> found = Files.list(this.home.resolve("releases"))) {
			return found.toList();
		}
	}

	private static void touchedAt(Release release, long millis) {
		assertThat(release.directory().resolve(ReleaseIndex.FILE).toFile().setLastModified(millis)).isTrue();
	}

	private static List<String> run(Release release, String... resources) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-jar", release.jar().toString()));
		command.addAll(List.of(resources));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
			.toList();
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		return lines;
	}

	/** As Boot's plugin makes them, with a main class that does not need Boot. */
	private Path executableJar(String name, String content) throws IOException {
		Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("META-INF/services/java.nio.file.spi.FileSystemProvider", bytes("org.Loader"));
		entries.put("META-INF/sbom/bom.json", bytes("{}"));
		entries.put("org/springframework/boot/loader/launch/JarLauncher.class", bytes("class"));
		entries.put("BOOT-INF/classes/", new byte[0]);
		entries.put("BOOT-INF/classes/io/", new byte[0]);
		entries.put("BOOT-INF/classes/io/github/", new byte[0]);
		entries.put("BOOT-INF/classes/io/github/bootcluster/", new byte[0]);
		entries.put("BOOT-INF/classes/" + MAIN_CLASS_FILE, this.mainClass);
		entries.put("BOOT-INF/classes/order.txt", bytes(content));
		entries.put("BOOT-INF/classes/only-in-classes.txt", bytes("x"));
		for (String library : List.of("third", "second", "first")) {
			Path jar = jar(library + ".jar", Map.of(), Map.of("order.txt", bytes(library)));
			entries.put("BOOT-INF/lib/" + library + ".jar", Files.readAllBytes(jar));
		}
		entries.put("BOOT-INF/classpath.idx",
				bytes("- \"BOOT-INF/lib/first.jar\"\n- \"BOOT-INF/lib/second.jar\"\n- \"BOOT-INF/lib/gone.jar\"\n"));
		return jar(name,
				Map.of("Main-Class", "org.springframework.boot.loader.launch.JarLauncher", "Start-Class", MAIN_CLASS,
						"Spring-Boot-Classes", "BOOT-INF/classes/", "Spring-Boot-Lib", "BOOT-INF/lib/",
						"Spring-Boot-Classpath-Index", "BOOT-INF/classpath.idx", "Implementation-Version", "1.2",
						"Add-Opens", "java.base/java.lang"),
				entries);
	}

	private Path jar(String name, Map<String, String> attributes, Map<String, byte[]> entries) throws IOException {
		Path file = this.temporary.resolve(name);
		try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
			put(jar, JarFile.MANIFEST_NAME, manifest(attributes));
			for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
				put(jar, entry.getKey(), entry.getValue());
			}
		}
		return file;
	}

	private static void put(JarOutputStream jar, String name, byte[] content) throws IOException {
		JarEntry entry = new JarEntry(name);
		entry.setTime(0);
		jar.putNextEntry(entry);
		jar.write(content);
	}

	private static byte[] manifest(Map<String, String> attributes) {
		StringBuilder text = new StringBuilder("Manifest-Version: 1.0\n");
		attributes.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
		return bytes(text + "\n");
	}

	private static Attributes.Name name(String name) {
		return new Attributes.Name(name);
	}

	private static void write(Path file, byte[] content) throws IOException {
		Files.createDirectories(file.getParent());
		Files.write(file, content);
	}

	private static void write(Path file, String content) throws IOException {
		write(file, bytes(content));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
