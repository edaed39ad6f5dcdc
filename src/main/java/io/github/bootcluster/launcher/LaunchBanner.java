package io.github.bootcluster.launcher;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Objects;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerSnapshot;
import org.jspecify.annotations.Nullable;

/** What the operator sees once the cluster serves. */
record LaunchBanner(ClusterSnapshot snapshot, FrontSettings front, int port, @Nullable Integer adminPort) {

	private static final String LOCALHOST = "127.0.0.1";

	/** In one piece, lest a worker's line come between. */
	void print(PrintStream out) {
		long millis = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
		StringBuilder text = new StringBuilder();
		text.append("%n  boot-cluster: %d of %d workers serve %s after %.1f s%n".formatted(this.snapshot.readyWorkers(),
				this.snapshot.desiredWorkers(),
				url(this.front.tls(), this.front.address(), this.port, this.front.contextPath() + "/"),
				millis / 1000.0));
		text.append("    workers   pid %s%n".formatted(pids()));
		text.append(adminLines());
		text.append("    stop      Ctrl-C, or: kill %d%n%n".formatted(this.snapshot.launcher().pid()));
		out.print(text);
		out.flush();
	}

	private String pids() {
		return this.snapshot.workers()
			.stream()
			.filter((worker) -> worker.slot() != WorkerSnapshot.NO_SLOT)
			.map(WorkerSnapshot::pid)
			.filter(Objects::nonNull)
			.map(String::valueOf)
			.collect(Collectors.joining(", "));
	}

	private String adminLines() {
		if (this.front.admin() instanceof FrontSettings.Admin.BehindFront behindFront) {
			return adminLines(url(this.front.tls(), this.front.address(), this.port, ""), behindFront.path());
		}
		if (this.front.admin() instanceof FrontSettings.Admin.OwnPort ownPort && this.adminPort != null) {
			return adminLines(url(ownPort.tls(), ownPort.address(), this.adminPort, ""), ownPort.path());
		}
		return "";
	}

	private String adminLines(String server, String path) {
		String status = "    status    %s%s/cluster%n".formatted(server, path);
		return (this.front.dashboard() != null)
				? status + "    dashboard %s%s%n".formatted(server, this.front.dashboard()) : status;
	}

	private static String url(@Nullable TlsSettings tls, @Nullable InetAddress address, int port, String path) {
		return "%s://%s:%d%s".formatted((tls != null) ? "https" : "http", host(address), port, path);
	}

	/** The name every client knows, where it leads to the port for sure. */
	private static String host(@Nullable InetAddress address) {
		if (address == null || address.isAnyLocalAddress() || LOCALHOST.equals(address.getHostAddress())) {
			return "localhost";
		}
		// The percent sign before an interface has to be escaped:
		// https://www.rfc-editor.org/rfc/rfc6874#section-2
		String host = address.getHostAddress().replace("%", "%25");
		return (address instanceof Inet6Address) ? "[" + host + "]" : host;
	}

}
