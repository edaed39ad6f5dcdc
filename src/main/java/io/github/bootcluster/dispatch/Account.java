package io.github.bootcluster.dispatch;

import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;

import io.github.bootcluster.TrafficReport.Ending;
import io.github.bootcluster.TrafficReport.MethodClass;
import io.github.bootcluster.accesslog.AccessLog;
import io.github.bootcluster.accesslog.AccessLogEntry;
import io.github.bootcluster.accesslog.AccessLogEntry.Outcome;
import io.github.bootcluster.accesslog.AccessLogEntry.Server;
import io.github.bootcluster.http.Method;
import io.github.bootcluster.http.RequestHead;

/**
 * What there will be to say of one request once it has ended, as it becomes known: for
 * the counts, and for the access log where there is one. Takes from the head what it
 * needs at once, since heads are used again. Belongs to the event loop of its client's
 * connection.
 */
final class Account {

	/**
	 * There is no such status; nginx made it the usual one in logs.
	 */
	static final int CLIENT_CLOSED_REQUEST = 499;

	private static final int REDIRECTION = 300;

	private static final int CLIENT_ERROR = 400;

	private static final int SERVER_ERROR = 500;

	private final Frontend frontend;

	private final MethodClass method;

	/** What the access log says was asked, or {@code null} if there is no such log. */
	private final AccessLogEntry.@Nullable Request request;

	private final long receivedMillis;

	private final long receivedAt = System.nanoTime();

	private @Nullable String requestId;

	/** What is seen of it in a trace, or {@code null} if it is in none. */
	private RequestTracing.@Nullable Span span;

	/** Whom it was sent to last. */
	private @Nullable Target target;

	private boolean isSent;

	private long sentAt;

	private long upstreamNanos = -1;

	/** Whether its duration says nothing of how fast anybody is. */
	private boolean openEnded;

	private Account(Frontend frontend, MethodClass method, AccessLogEntry.@Nullable Request request) {
		this.frontend = frontend;
		this.method = method;
		this.request = request;
		this.receivedMillis = (request != null) ? System.currentTimeMillis() : 0;
	}

	/**
	 * Begin with a request that has just been received, or has been as far as it will be.
	 * @param forwardedHeaders tells who the client is, or {@code null} where nobody does
	 */
	static Account of(Frontend frontend, RequestHead head, @Nullable ForwardedHeaders forwardedHeaders) {
		boolean understood = head.hasFirstLine();
		return new Account(frontend, understood ? classOf(head.method()) : MethodClass.OTHER,
				(frontend.accessLog() != null && forwardedHeaders != null)
						? requestOf(head, understood, forwardedHeaders) : null);
	}

	private static AccessLogEntry.Request requestOf(RequestHead head, boolean understood,
			ForwardedHeaders forwardedHeaders) {
		return new AccessLogEntry.Request(forwardedHeaders.client(head.fields()),
				understood ? head.method().name() : null,
				understood ? head.target() : head.firstLine(2 * AccessLogEntry.Request.MAX_LENGTH),
				understood ? head.protocol() : null, head.fields().value("referer"), head.fields().value("user-agent"));
	}

	/** What it is called, which takes some making and only the access log says. */
	void calledAs(UpstreamRequest request) {
		if (this.request != null) {
			this.requestId = request.requestId();
		}
	}

	void span(RequestTracing.Span span) {
		this.span = span;
	}

	/** The request is on its way to a target. */
	void sentTo(Target target) {
		this.target = target;
		this.isSent = true;
		this.sentAt = System.nanoTime();
	}

	/** The answer goes on for as long as whoever gives it likes. */
	void openEnded() {
		this.openEnded = true;
	}

	/** Nothing more is expected from that target. */
	void attemptEnded() {
		if (this.isSent) {
			this.isSent = false;
			this.upstreamNanos = System.nanoTime() - this.sentAt;
		}
	}

	/**
	 * It was refused before anybody was to be asked: how long that took says nothing, and
	 * clients could make it as many as they like.
	 */
	void refused(int status, long bytes) {
		this.openEnded = true;
		settle(new Result(Outcome.REFUSED, status, bytes, 0, 0));
	}

	/**
	 * It has ended, as soon as what was written last has left.
	 * @param answer what of it the client got
	 * @param requestBytes how much of its body was received
	 */
	void ended(Outcome outcome, Answer answer, long requestBytes, int retries) {
		ChannelFuture lastWrite = answer.lastWrite();
		if (lastWrite == null) {
			boolean gone = outcome == Outcome.CLIENT_GONE;
			settle(new Result(outcome, gone ? CLIENT_CLOSED_REQUEST : 0, 0, requestBytes, retries));
			return;
		}
		Result result = new Result(outcome, answer.status(), answer.bodyBytes(), requestBytes, retries);
		if (outcome == Outcome.CLIENT_GONE || outcome == Outcome.ABORTED || lastWrite.isSuccess()) {
			settle(result);
			return;
		}
		lastWrite.addListener((written) -> settle(written.isSuccess() ? result : result.cut(this.frontend)));
	}

	/** How a request ended whose connection was closed. */
	static Outcome outcomeOfClosing(Frontend frontend) {
		return frontend.isClosing() ? Outcome.ABORTED : Outcome.CLIENT_GONE;
	}

	private void settle(Result result) {
		long totalNanos = System.nanoTime() - this.receivedAt;
		count(result, totalNanos);
		if (this.span != null) {
			this.span.end(new RequestTracing.End(result.outcome().toString(), result.status(), slot(), result.retries(),
					endingOf(result).isError()));
		}
		AccessLog log = this.frontend.accessLog();
		if (log != null && this.request != null) {
			log.add(new AccessLogEntry(this.receivedMillis, this.request, this.requestId, result.outcome(),
					result.status(), result.bytes(), (this.target != null) ? this.target.server() : null,
					result.retries(), this.upstreamNanos, totalNanos));
		}
	}

	private void count(Result result, long totalNanos) {
		Traffic traffic = this.frontend.traffic();
		Ending ending = endingOf(result);
		Tally tally = traffic.of(this.target);
		tally.ended(this.method, ending, result.requestBytes(), result.bytes());
		if (!this.openEnded && ending != Ending.SWITCHED) {
			tally.took(totalNanos, this.upstreamNanos);
			if (this.target != null) {
				this.target.pulse().took(totalNanos);
			}
		}
		if (this.target != null) {
			this.target.pulse().ended(ending.isError());
		}
	}

	private @Nullable Integer slot() {
		Server server = (this.target != null) ? this.target.server() : null;
		return (server != null) ? server.slot() : null;
	}

	private static MethodClass classOf(Method method) {
		if (method.safe()) {
			return MethodClass.SAFE;
		}
		return method.idempotent() ? MethodClass.IDEMPOTENT : MethodClass.OTHER;
	}

	private static Ending endingOf(Result result) {
		return switch (result.outcome()) {
			case ANSWERED -> endingOf(result.status());
			case REFUSED -> (ErrorAnswer.isForClient(result.status())) ? Ending.REFUSED : Ending.FAILED;
			case ABORTED -> Ending.ABORTED;
			case CLIENT_GONE -> Ending.CLIENT_GONE;
			case SWITCHED -> Ending.SWITCHED;
		};
	}

	private static Ending endingOf(int status) {
		if (status >= SERVER_ERROR) {
			return Ending.SERVER_ERROR;
		}
		if (status >= CLIENT_ERROR) {
			return Ending.CLIENT_ERROR;
		}
		return (status >= REDIRECTION) ? Ending.REDIRECTION : Ending.SUCCESS;
	}

	/**
	 * How it ended.
	 *
	 * @param bytes of the answer's body
	 * @param requestBytes of its own body
	 */
	private record Result(Outcome outcome, int status, long bytes, long requestBytes, int retries) {

		/** The same, but for its end, which did not leave. */
		Result cut(Frontend frontend) {
			return new Result(outcomeOfClosing(frontend), this.status, this.bytes, this.requestBytes, this.retries);
		}

	}

}
