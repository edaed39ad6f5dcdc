package io.github.bootcluster.dispatch;

import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;

import io.github.bootcluster.accesslog.AccessLog;
import io.github.bootcluster.accesslog.AccessLogEntry;
import io.github.bootcluster.accesslog.AccessLogEntry.Outcome;
import io.github.bootcluster.http.RequestHead;

/**
 * What the access log will say of one request, as it becomes known. Takes from the head
 * what it needs at once, since heads are used again. Belongs to the event loop of its
 * client's connection.
 */
final class AccessDraft {

	/**
	 * There is no such status; nginx made it the usual one in logs.
	 */
	static final int CLIENT_CLOSED_REQUEST = 499;

	private final AccessLog log;

	private final AccessLogEntry.Request request;

	private final long receivedMillis = System.currentTimeMillis();

	private final long receivedAt = System.nanoTime();

	private @Nullable String requestId;

	/** Whom it was sent to last. */
	private @Nullable Target target;

	private boolean isSent;

	private long sentAt;

	private long upstreamNanos = -1;

	private AccessDraft(AccessLog log, AccessLogEntry.Request request) {
		this.log = log;
		this.request = request;
	}

	/**
	 * Begin with a request that has just been received, or has been as far as it will be.
	 * @param client the address of the client
	 */
	static AccessDraft of(AccessLog log, RequestHead head, String client) {
		boolean understood = head.hasFirstLine();
		return new AccessDraft(log,
				new AccessLogEntry.Request(client, understood ? head.method().name() : null,
						understood ? head.target() : head.firstLine(2 * AccessLogEntry.Request.MAX_LENGTH),
						understood ? head.protocol() : null, head.fields().value("referer"),
						head.fields().value("user-agent")));
	}

	void requestId(@Nullable String requestId) {
		this.requestId = requestId;
	}

	/** The request is on its way to a target. */
	void sentTo(Target target) {
		this.target = target;
		this.isSent = true;
		this.sentAt = System.nanoTime();
	}

	/** Nothing more is expected from that target. */
	void attemptEnded() {
		if (this.isSent) {
			this.isSent = false;
			this.upstreamNanos = System.nanoTime() - this.sentAt;
		}
	}

	/** It was refused before anybody was to be asked. */
	void refused(int status, long bytes) {
		log(Outcome.REFUSED, status, bytes, 0);
	}

	/**
	 * It has ended, as soon as what was written last has left.
	 * @param answer what of it the client got
	 * @param frontend what knows who ends connections
	 */
	void ended(Outcome outcome, Answer answer, int retries, Frontend frontend) {
		ChannelFuture lastWrite = answer.lastWrite();
		if (lastWrite == null) {
			boolean gone = outcome == Outcome.CLIENT_GONE;
			log(outcome, gone ? CLIENT_CLOSED_REQUEST : 0, 0, retries);
			return;
		}
		int status = answer.status();
		long bytes = answer.bodyBytes();
		if (outcome == Outcome.CLIENT_GONE || outcome == Outcome.ABORTED || lastWrite.isSuccess()) {
			log(outcome, status, bytes, retries);
			return;
		}
		lastWrite.addListener((written) -> {
			Outcome end = written.isSuccess() ? outcome : outcomeOfClosing(frontend);
			log(end, status, bytes, retries);
		});
	}

	/** How a request ended whose connection was closed. */
	static Outcome outcomeOfClosing(Frontend frontend) {
		return frontend.isClosing() ? Outcome.ABORTED : Outcome.CLIENT_GONE;
	}

	private void log(Outcome outcome, int status, long bytes, int retries) {
		this.log.add(new AccessLogEntry(this.receivedMillis, this.request, this.requestId, outcome, status, bytes,
				(this.target != null) ? this.target.server() : null, retries, this.upstreamNanos,
				System.nanoTime() - this.receivedAt));
	}

}
