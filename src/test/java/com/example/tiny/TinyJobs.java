package com.example.tiny;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerExited;
import io.github.bootcluster.leader.ClusterScheduled;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What an application does with its cluster: jobs, events, its own replacement. */
@Configuration(proxyBeanMethods = false)
@RestController
@EnableScheduling
@ConditionalOnProperty("tiny.jobs")
class TinyJobs {

	private final Cluster cluster;

	private final Path jobs;

	private final List<Map<String, Object>> events = new CopyOnWriteArrayList<>();

	TinyJobs(Cluster cluster, @Value("${tiny.jobs}") Path jobs) {
		this.cluster = cluster;
		this.jobs = jobs;
	}

	/** Each begin and end is one append, so that what overlaps shows. */
	@ClusterScheduled(fixedDelay = 20)
	void job() throws IOException, InterruptedException {
		note("begin");
		Thread.sleep(30);
		note("end");
	}

	@EventListener
	void heard(WorkerEvent event) {
		Map<String, Object> entry = new TreeMap<>();
		entry.put("event", event.getClass().getSimpleName());
		entry.put("worker", event.worker().value());
		entry.put("slot", event.slot());
		entry.put("pid", event.pid());
		if (event instanceof WorkerExited exited) {
			entry.put("code", exited.exit().code());
			entry.put("signal", String.valueOf(exited.exit().signal()));
			entry.put("expected", exited.exit().expected());
		}
		entry.put("thread", Thread.currentThread().getName());
		this.events.add(entry);
	}

	@GetMapping("/heard")
	List<Map<String, Object>> heard() {
		return this.events;
	}

	@GetMapping("/self")
	Map<String, Object> self() {
		return Map.of("leader", this.cluster.isLeader(), "slot", this.cluster.slot().orElse(0), "generation",
				this.cluster.generation(), "pid", ProcessHandle.current().pid());
	}

	@PostMapping("/recycle")
	String recycle() {
		this.cluster.recycle();
		return "asked";
	}

	private void note(String what) throws IOException {
		Files.writeString(this.jobs, what + " " + ProcessHandle.current().pid() + "\n", StandardOpenOption.APPEND,
				StandardOpenOption.CREATE);
	}

}
