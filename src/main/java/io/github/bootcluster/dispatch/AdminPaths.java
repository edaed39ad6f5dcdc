package io.github.bootcluster.dispatch;

import java.util.List;
import java.util.Locale;

/**
 * The paths that belong to the launcher. What is not plainly one of them goes to the
 * workers, who serve nothing of that name: a path two servers may read differently (dot
 * segments, encoded separators, path parameters, doubled slashes) never gets to the
 * launcher.
 */
final class AdminPaths {

	private final List<String> prefixes;

	private AdminPaths(List<String> prefixes) {
		this.prefixes = prefixes;
	}

	static AdminPaths of(List<String> paths) {
		return new AdminPaths(paths.stream().map(AdminPaths::prefix).toList());
	}

	private static String prefix(String path) {
		String prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
		if (!prefix.startsWith("/") || isTricky(prefix)) {
			throw new IllegalArgumentException("Path of the launcher must begin with '/' and name a segment: " + path);
		}
		return prefix;
	}

	/**
	 * Whether a request is for the launcher.
	 * @param target the request target in origin form
	 */
	boolean contain(String target) {
		for (String prefix : this.prefixes) {
			if (target.startsWith(prefix) && endsSegment(target, prefix.length())) {
				return !isTricky(pathOf(target));
			}
		}
		return false;
	}

	private static boolean endsSegment(String target, int index) {
		return target.length() == index || target.charAt(index) == '/' || target.charAt(index) == '?';
	}

	private static String pathOf(String target) {
		int query = target.indexOf('?');
		return (query < 0) ? target : target.substring(0, query);
	}

	private static boolean isTricky(String path) {
		String lower = path.toLowerCase(Locale.ROOT);
		return lower.contains("//") || lower.contains("/./") || lower.contains("/../") || lower.endsWith("/.")
				|| lower.endsWith("/..") || lower.indexOf('\\') >= 0 || lower.indexOf(';') >= 0 || lower.contains("%2e")
				|| lower.contains("%2f") || lower.contains("%5c") || lower.contains("%3b") || lower.contains("%25");
	}

}
