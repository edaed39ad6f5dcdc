package io.github.bootcluster.release;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

/** Prints what it finds of the given resources, in the order of its class path. */
public final class ReleaseProgram {

	private ReleaseProgram() {
	}

	public static void main(String[] resources) throws IOException {
		for (String resource : resources) {
			List<String> contents = new ArrayList<>();
			Enumeration<URL> found = ReleaseProgram.class.getClassLoader().getResources(resource);
			while (found.hasMoreElements()) {
				try (InputStream content = found.nextElement().openStream()) {
					contents.add(new String(content.readAllBytes(), StandardCharsets.UTF_8));
				}
			}
			System.out.println(resource + " " + contents);
		}
	}

}
