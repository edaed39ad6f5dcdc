package com.example.readme;

import java.util.concurrent.atomic.AtomicInteger;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.WorkerExited;
import io.github.bootcluster.leader.ClusterScheduled;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
class NightlyReport {

	private static final Logger logger = LoggerFactory.getLogger(NightlyReport.class);

	private final AtomicInteger reports = new AtomicInteger();

	private final Cluster cluster;

	NightlyReport(Cluster cluster) {
		this.cluster = cluster;
	}

	@ClusterScheduled(cron = "0 0 3 * * *")
	void write() {
		logger.info("Written once, by worker {}", this.cluster.workerId().orElseThrow());
		if (this.reports.incrementAndGet() == 100 && this.cluster.isWorker()) {
			this.cluster.recycle();
		}
	}

	@EventListener
	void lost(WorkerExited event) {
		if (this.cluster.isLeader() && !event.exit().expected()) {
			logger.warn("Worker {} of slot {} {}", event.worker(), event.slot(), event.exit().reason());
		}
	}

}
