package io.github.bootcluster.dispatch;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.bootcluster.TrafficReport.Rejection;
import io.github.bootcluster.TrafficReport.RetryPhase;
import io.github.bootcluster.accesslog.AccessLogEntry.Outcome;
import io.github.bootcluster.http.Fields;
import io.github.bootcluster.http.Framing;
import io.github.bootcluster.http.ResponseHead;

/**
 * One request on its way to an answer, over as many attempts as that takes. Belongs to
 * the event loop of its client's connection.
 */
final class Exchange implements Waiter, TargetConnection.User {

	private static final Logger logger = LoggerFactory.getLogger(Exchange.class);

	private static final int CONTINUE = 100;

	private final ClientConnection client;

	private final Frontend frontend;

	private final Balancer balancer;

	private final UpstreamRequest request;

	private final Answer answer;

	private final Account account;

	private final RequestBody body;

	private State state = State.WAITING;

	private @Nullable Target target;

	/** Whether the target counts this request no more, though it is there. */
	private boolean targetReleased;

	private @Nullable TargetConnection connection;

	/** Read by the balancer, on any thread. */
	private volatile @Nullable Target failedTarget;

	/** Whether the dispatcher is not quiet before this has ended. */
	private boolean awaited = true;

	/** Whether the clock that runs is that of a client that does not read. */
	private boolean clientWatched;

	private int attempts;

	private int deaths;

	/** Deaths that nobody but this request can have caused. */
	private int deathsAlone;

	/** What {@link Target#joined()} was when this request came, or -1 if it joined. */
	private long joinedBefore;

	/** When waiting for a target ends, or 0 where it has not begun. */
	private long waitEndsAt;

	/** When it began to wait for a target, or 0 while it does not. */
	private long queuedAt;

	/** How far the attempt had come that the next one makes up for. */
	private RetryPhase retryPhase = RetryPhase.UNSENT;

	/** An exchange about to begin. */
	Exchange(ClientConnection client, Frontend frontend, UpstreamRequest request, Answer answer, Account account) {
		this.client = client;
		this.frontend = frontend;
		this.balancer = frontend.router().route(request);
		this.request = request;
		this.answer = answer;
		this.account = account;
		this.body = new RequestBody(request, client.allocator(), client.replayBudget());
	}

	void start() {
		this.frontend.exchangeBegins();
		claim();
	}

	/** Whether all of the request has been received. */
	boolean hasWholeRequest() {
		return this.body.isWhole();
	}

	/** Whether it is the client's turn to send more of the body. */
	boolean awaitsBody() {
		return !this.body.isWhole() && this.body.isAsked() && wantsBody();
	}

	/** Whether there is room for more of the body. */
	boolean wantsBody() {
		return switch (this.state) {
			case WAITING, CONNECTING -> !this.body.isFull();
			case SENT -> this.connection == null || this.connection.isWritable();
			case ENDED -> true;
		};
	}

	/** Whether the client could be told that another answer will follow. */
	boolean allowsInterim() {
		return this.state != State.ENDED && !this.answer.isCommitted() && !this.answer.isForHttp10();
	}

	/** More of the body was received, which is taken over. */
	void requestContent(ByteBuf data) {
		if (this.state == State.ENDED) {
			// Aborted over an earlier piece of what is being read just now.
			data.release();
			return;
		}
		if (this.body.size() + data.readableBytes() > this.frontend.limits().maxBody()) {
			data.release();
			fail(ErrorAnswer.tooLarge(this.frontend.limits().maxBody()));
			return;
		}
		this.body.receive(data, sentTo());
		watch();
	}

	/**
	 * All of the request has been received.
	 * @param trailers what came after the body, or {@code null} if nothing did
	 */
	void requestEnded(@Nullable Fields trailers) {
		this.body.end(trailers, sentTo());
		watch();
	}

	/** All that has arrived from the client for now has been passed on. */
	void flushToTarget() {
		TargetConnection target = sentTo();
		if (target != null) {
			target.flush();
		}
	}

	/** The rest of the request makes no sense, or does not arrive. */
	void requestBroken(ErrorAnswer error) {
		if (this.state != State.ENDED) {
			fail(error);
		}
	}

	/** The client takes, or does not take, more of the answer. */
	void clientWritabilityChanged() {
		TargetConnection target = sentTo();
		if (target != null) {
			target.read(this.client.isWritable());
			watch();
		}
	}

	/** Nobody waits for the end of it. */
	void cut() {
		if (this.state != State.ENDED) {
			abort();
		}
	}

	/** The client hung up. */
	void clientGone() {
		if (this.state != State.ENDED) {
			endAttempt();
			end();
			ended(Account.outcomeOfClosing(this.frontend), null);
			this.answer.discard();
		}
	}

	@Override
	public @Nullable Target avoids() {
		return this.failedTarget;
	}

	@Override
	public void granted(Target target) {
		this.client.execute(() -> {
			if (this.state == State.WAITING) {
				attempt(target);
			}
			else {
				this.balancer.release(target);
			}
		});
	}

	@Override
	public void refused() {
		this.client.execute(() -> {
			if (this.state == State.WAITING) {
				reject(Rejection.SHUTTING_DOWN);
			}
		});
	}

	@Override
	public void connected(TargetConnection connection) {
		if (this.state == State.CONNECTING) {
			send(connection);
		}
	}

	@Override
	public void notConnected(Throwable cause) {
		if (this.state != State.CONNECTING || this.target == null) {
			return;
		}
		logger.debug("No connection to {}", this.target, cause);
		Target unreachable = this.target;
		this.target = null;
		this.connection = null;
		this.failedTarget = unreachable;
		if (this.waitEndsAt == 0) {
			this.waitEndsAt = System.nanoTime() + this.frontend.limits().queueNanos();
		}
		this.balancer.releaseUnreachable(unreachable);
		if (System.nanoTime() - this.waitEndsAt >= 0) {
			reject(Rejection.UNREACHABLE);
			return;
		}
		decide(RetryRule.Phase.UNSENT);
	}

	@Override
	public void interim(ResponseHead head) {
		if (head.status() == CONTINUE) {
			this.body.ask();
		}
		this.answer.interim(head);
	}

	@Override
	public void head(ResponseHead head, Framing framing) {
		if (!this.body.isWhole() || this.frontend.isQuiescing()) {
			// Without the rest of the request there is no telling where the next begins.
			this.answer.forbidKeepAlive();
		}
		this.answer.head(head, framing, isRepeatable());
		if (Answer.isEventStream(head)) {
			// Like a tunnel it ends when the worker says so, which may be when that is
			// told to stop: its drain must not wait for it.
			stopWaitingForOwn();
			releaseTarget(this.balancer::answered);
			this.account.openEnded();
		}
	}

	@Override
	public void content(ByteBuf data) {
		this.answer.content(data);
		if (this.connection != null && !this.client.isWritable()) {
			this.connection.read(false);
		}
	}

	@Override
	public void batchEnded() {
		this.answer.batchEnded();
		this.client.flush();
		watch();
	}

	@Override
	public void answered(@Nullable Fields trailers) {
		this.answer.end(trailers);
		this.client.flush();
		TargetConnection connection = this.connection;
		this.connection = null;
		if (connection != null) {
			connection.release(this.body.isWhole());
		}
		endAttempt(this.balancer::answered);
		end();
		this.client.exchangeEnded(this.answer, this.body.isWhole());
		ended(Outcome.ANSWERED, this.answer.lastWrite());
	}

	/**
	 * The worker is free for other requests from here on, and its drain does not wait for
	 * this connection: what it speaks now ends when the worker says so.
	 */
	@Override
	public void switched(ResponseHead head) {
		TargetConnection connection = this.connection;
		this.connection = null;
		endAttempt(this.balancer::answered);
		end();
		this.answer.switched(head);
		if (connection != null) {
			this.client.tunnelTo(connection);
		}
		ended(Outcome.SWITCHED, this.answer.lastWrite());
	}

	@Override
	public void writabilityChanged() {
		watch();
		this.client.updateReading();
	}

	@Override
	public void invalid(String fault) {
		logger.warn("Answer of {} to {} {}", this.target, this.request.method(), fault);
		countTargetFailure();
		fail(ErrorAnswer.badGateway("The answer of the worker is not valid HTTP/1.1."));
	}

	@Override
	public void lost(TargetConnection connection) {
		countTargetFailure();
		this.failedTarget = this.target;
		this.connection = null;
		this.deaths++;
		if (this.target != null && this.target.joined() == this.joinedBefore) {
			this.deathsAlone++;
		}
		this.waitEndsAt = 0;
		endAttempt();
		decide(this.answer.isCommitted() ? RetryRule.Phase.COMMITTED : RetryRule.Phase.SENT);
	}

	private void decide(RetryRule.Phase phase) {
		switch (RetryRule.decide(new RetryRule.FailedAttempt(phase, this.request.method(), this.body.isReplayable(),
				this.deaths, this.deathsAlone))) {
			case RETRY -> {
				this.retryPhase = (phase == RetryRule.Phase.UNSENT) ? RetryPhase.UNSENT : RetryPhase.SENT;
				this.answer.discard();
				claim();
			}
			case FAIL -> fail(ErrorAnswer.badGateway("The worker ended the connection before it answered."));
			case ABORT -> abort();
		}
	}

	/** Whether it could be sent once more after it was sent. */
	private boolean isRepeatable() {
		return this.request.method().idempotent() && this.body.isReplayable();
	}

	private void claim() {
		this.state = State.WAITING;
		Claim claim = this.balancer.claim(this);
		if (claim instanceof Claim.Granted granted) {
			attempt(granted.target());
		}
		else if (claim instanceof Claim.Refused refused) {
			reject(refused.reason());
		}
		else {
			awaitTarget();
		}
	}

	private void awaitTarget() {
		long now = System.nanoTime();
		if (this.waitEndsAt == 0) {
			this.waitEndsAt = now + this.frontend.limits().queueNanos();
		}
		this.queuedAt = now;
		this.client.deadline().set(Math.max(0, this.waitEndsAt - now), this::waitedTooLong);
		this.client.updateReading();
	}

	private void waitedTooLong() {
		// Where it has just been granted a target the grant is on its way here.
		if (this.state == State.WAITING && this.balancer.leave(this)) {
			reject(Rejection.QUEUE_TIMEOUT);
		}
	}

	private void attempt(Target target) {
		this.client.deadline().clear();
		endWait();
		if (target.state() == Target.State.GONE) {
			// Its port may be somebody else's by now.
			this.failedTarget = target;
			this.balancer.release(target);
			claim();
			return;
		}
		this.target = target;
		this.targetReleased = false;
		this.clientWatched = false;
		long joined = target.joined();
		this.joinedBefore = (target.inFlight() == 1) ? joined : -1;
		this.state = State.CONNECTING;
		if (this.attempts++ > 0) {
			this.frontend.traffic().retried(this.retryPhase);
		}
		ConnectionPool pool = this.client.pool();
		// A second attempt is better not lost to another connection that is being closed.
		TargetConnection idle = (this.deaths == 0) ? pool.take(target) : null;
		if (idle != null) {
			idle.reuse(this);
			send(idle);
			return;
		}
		TargetConnection created = pool.create(target, this);
		this.connection = created;
		pool.open(created);
	}

	private void send(TargetConnection connection) {
		this.connection = connection;
		this.state = State.SENT;
		connection.target().requests().increment();
		this.account.sentTo(connection.target());
		connection.send(this.request);
		this.body.sendTo(connection);
		if (!this.client.isReading()) {
			connection.flush();
		}
		watch();
		this.client.updateReading();
	}

	/** Whom the request is on its way to. */
	private @Nullable TargetConnection sentTo() {
		return (this.state == State.SENT) ? this.connection : null;
	}

	/**
	 * Expect a sign of life from the target, or from the client where it does not take
	 * the answer. A client that owes more of its request has a clock of its own.
	 */
	private void watch() {
		if (this.state != State.SENT) {
			return;
		}
		if (this.client.isWritable()) {
			this.clientWatched = false;
			if (mayTakeItsTime()) {
				this.client.deadline().clear();
			}
			else {
				this.client.deadline().set(this.frontend.limits().responseNanos(), this::stalled);
			}
		}
		else if (!this.clientWatched) {
			this.clientWatched = true;
			this.client.watchWriting(this::clientStalled);
		}
	}

	/** The launcher answers some commands when they are done: that of a reload, say. */
	private boolean mayTakeItsTime() {
		return this.target != null && this.target.worker() == null && !this.request.method().safe() && !awaitsBody();
	}

	/** It would hold its place at the worker for ever. */
	private void clientStalled() {
		logger.debug("A client takes nothing of the answer of {}", this.target);
		abort();
	}

	private void stalled() {
		if (awaitsBody()) {
			fail(ErrorAnswer.bodyTimeout());
			return;
		}
		logger.warn("No sign of life from {} for {} in time", this.target, this.request.method());
		countTargetFailure();
		fail(ErrorAnswer.gatewayTimeout());
	}

	private void reject(Rejection rejection) {
		this.frontend.traffic().rejected(rejection);
		fail(ErrorAnswer.of(rejection));
	}

	/** End with an error of our own, or visibly incomplete where that is too late. */
	private void fail(ErrorAnswer error) {
		if (this.answer.isCommitted()) {
			abort();
			return;
		}
		endAttempt();
		end();
		this.client.refuse(this.answer, error, this.body.isWhole());
		ended(Outcome.REFUSED, this.answer.lastWrite());
	}

	private void abort() {
		endAttempt();
		end();
		this.frontend.traffic().failures.increment();
		this.answer.abort();
		ended(Outcome.ABORTED, null);
	}

	private void countTargetFailure() {
		if (this.target != null) {
			this.target.failures().increment();
		}
	}

	/** Leave nothing behind of an attempt that was not answered, if there is one. */
	private void endAttempt() {
		endAttempt(this.balancer::release);
	}

	private void endAttempt(Consumer<Target> way) {
		this.account.attemptEnded();
		if (this.state == State.WAITING) {
			this.balancer.leave(this);
			endWait();
		}
		if (this.connection != null) {
			this.connection.discard();
			this.connection = null;
		}
		releaseTarget(way);
		this.target = null;
	}

	/** The launcher ends those of its own after all else has ended: they show that. */
	private void stopWaitingForOwn() {
		if (this.target != null && this.target.worker() == null && this.awaited) {
			this.awaited = false;
			this.frontend.exchangeEndsWith(null);
		}
	}

	private void endWait() {
		if (this.queuedAt != 0) {
			this.frontend.traffic().queueWait.record(System.nanoTime() - this.queuedAt);
			this.queuedAt = 0;
		}
	}

	private void releaseTarget(Consumer<Target> way) {
		if (this.target != null && !this.targetReleased) {
			this.targetReleased = true;
			way.accept(this.target);
		}
	}

	private void end() {
		this.state = State.ENDED;
		this.body.discard();
		this.client.deadline().clear();
	}

	/**
	 * The one place where every exchange ends, whichever way it does.
	 * @param lastWrite what it ends with, or {@code null} if it does at once
	 */
	private void ended(Outcome outcome, @Nullable ChannelFuture lastWrite) {
		this.account.ended(outcome, this.answer, this.body.size(), Math.max(0, this.attempts - 1));
		if (this.awaited) {
			this.frontend.exchangeEndsWith(lastWrite);
		}
	}

	/**
	 * How far an exchange has come.
	 *
	 * <pre>
	 * WAITING ──► CONNECTING ──► SENT ──► ENDED
	 *    ▲             │           │
	 *    └─────────────┴───────────┘ another attempt
	 * </pre>
	 */
	private enum State {

		/** Has no target. */
		WAITING,

		/** Has a target, no connection to it. */
		CONNECTING,

		/** The request, as far as received, is on its way; so may be the answer. */
		SENT,

		/** Answered, refused, aborted, abandoned or handed over to a tunnel. */
		ENDED

	}

}
