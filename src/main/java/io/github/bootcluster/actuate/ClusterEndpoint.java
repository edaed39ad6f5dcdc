package io.github.bootcluster.actuate;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterBroadcast;
import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.LoggerLevel;
import io.github.bootcluster.WorkerDiagnostics;
import io.github.bootcluster.WorkerId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@code /actuator/cluster}: the whole cluster, each worker with its last lines, and what
 * happened. Where {@code management.endpoint.cluster.access=unrestricted}, it takes
 * commands, too.
 *
 * @since 0.1.0
 */
@Endpoint(id = "cluster", defaultAccess = Access.READ_ONLY)
public class ClusterEndpoint {

	private static final Logger logger = LoggerFactory.getLogger(ClusterEndpoint.class);

	private static final String BROADCAST = "broadcast";

	private static final String THREAD_DUMP = "thread-dump";

	private static final String LOG_LEVEL = "log-level";

	/** What is told below the cluster beside its workers. */
	private static final String EVENTS = "events";

	/** Each waits on a thread of a small server that has others to answer. */
	private static final int MAX_WAITING = 4;

	private final ClusterView view;

	private final ClusterOperations operations;

	private final ClusterBroadcast broadcast;

	private final WorkerDiagnostics diagnostics;

	private final Semaphore waiting = new Semaphore(MAX_WAITING);

	public ClusterEndpoint(ClusterView view, ClusterOperations operations, ClusterBroadcast broadcast,
			WorkerDiagnostics diagnostics) {
		this.view = view;
		this.operations = operations;
		this.broadcast = broadcast;
		this.diagnostics = diagnostics;
	}

	/** The cluster now. */
	@ReadOperation
	public ClusterDescriptor cluster() {
		return this.view.cluster();
	}

	/**
	 * One worker, or what happened to the cluster. They are one operation, since Boot
	 * tells operations apart by the number of their selectors only.
	 * @param part id of the worker, or {@value #EVENTS}
	 * @param after number of a line of its output, or of an event: only what came after
	 * that is told; by default all that is kept
	 * @return {@code null} if the cluster has no such worker (any more)
	 */
	@ReadOperation
	public @Nullable OperationResponseBody part(@Selector String part, @Nullable String after) {
		long known = (after != null) ? lineNumber(after) : 0;
		if (part.equals(EVENTS)) {
			return this.view.events(known);
		}
		return this.view.worker(workerId(part, ClusterEndpoint::unreadable), known).orElse(null);
	}

	/**
	 * Command the cluster.
	 * @param action {@code reload}, {@code scale}, {@code broadcast} or {@code log-level}
	 * @param workers number of workers to scale to
	 * @param type class of the message to broadcast; a text by default
	 * @param payload message to broadcast: the text itself, or JSON for any other class
	 * @param logger name of the logger whose level shall be another
	 * @param level name of that level; by default the one that is configured
	 * @param wait whether to answer once it is done; by default as soon as it is begun
	 */
	// Numbers and truths are taken as text: Boot's own conversion would not say what is
	// wrong with one.
	@WriteOperation
	public WebEndpointResponse<CommandDescriptor> command(String action, @Nullable String workers,
			@Nullable String type, @Nullable String payload, @Nullable String logger, @Nullable String level,
			@Nullable String wait) {
		belongsTo("scale", action, "workers", workers);
		belongsTo(BROADCAST, action, "type", type);
		belongsTo(BROADCAST, action, "payload", payload);
		belongsTo(LOG_LEVEL, action, "logger", logger);
		belongsTo(LOG_LEVEL, action, "level", level);
		return switch (action) {
			case "reload" -> execute(new ClusterCommand.Reload(), wait);
			case "scale" -> execute(new ClusterCommand.Scale(number("workers", workers)), wait);
			case BROADCAST -> broadcast((type != null) ? type : String.class.getName(), payload, wait);
			case LOG_LEVEL -> {
				LoggerLevel wanted = loggerLevel(logger, level);
				yield begin(action, wait, "The workers are told.",
						() -> this.diagnostics.setLevel(wanted, CommandSource.ofThisThread()));
			}
			default -> throw unknown(action, "'reload', 'scale', 'broadcast', 'log-level'");
		};
	}

	/**
	 * Command one worker, or ask it something.
	 * @param id its id
	 * @param action {@code restart}, {@code drain}, {@code undrain}, {@code kill},
	 * {@code thread-dump} or {@code log-level}
	 * @param logger name of the logger whose level shall be another
	 * @param level name of that level; by default the one that is configured
	 * @param wait whether to answer once it is done; by default as soon as it is begun,
	 * but for a thread dump
	 */
	@WriteOperation
	public WebEndpointResponse<CommandDescriptor> commandWorker(@Selector String id, String action,
			@Nullable String logger, @Nullable String level, @Nullable String wait) {
		WorkerId worker = workerId(id, ClusterEndpoint::invalid);
		belongsTo(LOG_LEVEL, action, "logger", logger);
		belongsTo(LOG_LEVEL, action, "level", level);
		return switch (action) {
			case "restart" -> execute(new ClusterCommand.Restart(worker), wait);
			case "drain" -> execute(new ClusterCommand.Drain(worker), wait);
			case "undrain" -> execute(new ClusterCommand.Undrain(worker), wait);
			case "kill" -> execute(new ClusterCommand.Kill(worker), wait);
			case THREAD_DUMP -> {
				truth("wait", wait);
				yield answer(action, true, () -> this.diagnostics.dumpThreads(worker, CommandSource.ofThisThread()),
						(dump) -> CommandDescriptor.of(action, dump, this.view));
			}
			case LOG_LEVEL -> {
				LoggerLevel wanted = loggerLevel(logger, level);
				yield begin(action, wait, "The worker is told.",
						() -> this.diagnostics.setLevel(worker, wanted, CommandSource.ofThisThread()));
			}
			default -> throw unknown(action, "'restart', 'drain', 'undrain', 'kill', 'thread-dump', 'log-level'");
		};
	}

	private WebEndpointResponse<CommandDescriptor> execute(ClusterCommand command, @Nullable String wait) {
		boolean untilDone = truth("wait", wait);
		return answer(command.action(), untilDone,
				() -> this.operations.execute(command, untilDone, CommandSource.ofThisThread()),
				(outcome) -> CommandDescriptor.of(command.action(), outcome, this.view));
	}

	private WebEndpointResponse<CommandDescriptor> broadcast(String type, @Nullable String payload,
			@Nullable String wait) {
		if (payload == null) {
			throw invalid("'payload' is missing");
		}
		return begin(BROADCAST, wait, "The message is on its way.", () -> {
			logger.info("Broadcast of {} by {}", CommandSource.printable(type), CommandSource.ofThisThread());
			return this.broadcast.broadcast(type, payload);
		});
	}

	/**
	 * Something that is begun at once, and ends when those who are told have answered.
	 */
	private WebEndpointResponse<CommandDescriptor> begin(String action, @Nullable String wait, String accepted,
			Supplier<CompletionStage<CommandOutcome>> execution) {
		boolean untilDone = truth("wait", wait);
		return answer(action, untilDone, () -> {
			CompletableFuture<CommandOutcome> outcome = execution.get().toCompletableFuture();
			return (untilDone || outcome.isDone()) ? outcome
					: CompletableFuture.completedStage(CommandOutcome.accepted(accepted));
		}, (outcome) -> CommandDescriptor.of(action, outcome, this.view));
	}

	/** The result is described by the asking thread, which may have to wait for that. */
	private <T> WebEndpointResponse<CommandDescriptor> answer(String action, boolean untilDone,
			Supplier<CompletionStage<T>> execution, Function<T, CommandDescriptor> description) {
		if (untilDone && !this.waiting.tryAcquire()) {
			return respond(CommandDescriptor.of(action,
					CommandOutcome
						.refused("%d others wait for their commands already: ask again later, or without 'wait'."
							.formatted(MAX_WAITING)),
					this.view));
		}
		try {
			return respond(description.apply(execution.get().toCompletableFuture().get()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return respond(CommandDescriptor.of(action, CommandOutcome.failed("The launcher ends.", null), this.view));
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The command '%s' could not be carried out".formatted(action),
					ex.getCause());
		}
		finally {
			if (untilDone) {
				this.waiting.release();
			}
		}
	}

	private static WebEndpointResponse<CommandDescriptor> respond(CommandDescriptor description) {
		return new WebEndpointResponse<>(description, httpStatus(description.outcome()));
	}

	private static void belongsTo(String owner, String action, String name, @Nullable String value) {
		if (value != null && !action.equals(owner)) {
			throw invalid("'%s' goes with the action '%s' only".formatted(name, owner));
		}
	}

	private static int httpStatus(Status status) {
		return switch (status) {
			case ACCEPTED -> 202;
			case SUCCEEDED -> WebEndpointResponse.STATUS_OK;
			case FAILED -> WebEndpointResponse.STATUS_INTERNAL_SERVER_ERROR;
			case REFUSED -> 409;
			case INVALID -> WebEndpointResponse.STATUS_BAD_REQUEST;
			case UNKNOWN_WORKER -> WebEndpointResponse.STATUS_NOT_FOUND;
		};
	}

	private static long lineNumber(String value) {
		if (!isNumber(value)) {
			throw unreadable("'after' is '%s', but must be a whole number from 0".formatted(shortened(value)));
		}
		return Long.parseLong(value);
	}

	private static WorkerId workerId(String value, Function<String, InvalidEndpointRequestException> refusal) {
		if (!isNumber(value)) {
			throw refusal.apply("'%s' is not the id of a worker, which is a whole number".formatted(shortened(value)));
		}
		long number = Long.parseLong(value);
		if (number < 1) {
			throw refusal.apply("Worker ids start at 1, not " + number);
		}
		return WorkerId.of(number);
	}

	private static boolean isNumber(String value) {
		return value.matches("[0-9]{1,18}");
	}

	private static LoggerLevel loggerLevel(@Nullable String logger, @Nullable String level) {
		if (logger == null) {
			throw invalid("'logger' is missing");
		}
		try {
			return LoggerLevel.of(logger, level);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(Objects.requireNonNull(ex.getMessage()));
		}
	}

	private static int number(String name, @Nullable String value) {
		if (value == null) {
			throw invalid("'%s' is missing".formatted(name));
		}
		if (!value.matches("-?[0-9]{1,9}")) {
			throw invalid("'%s' is '%s', but must be a whole number".formatted(name, shortened(value)));
		}
		return Integer.parseInt(value);
	}

	private static boolean truth(String name, @Nullable String value) {
		if (value != null && !value.equals("true") && !value.equals("false")) {
			throw invalid("'%s' is '%s', but must be true or false".formatted(name, shortened(value)));
		}
		return "true".equals(value);
	}

	private static InvalidEndpointRequestException unknown(String action, String known) {
		return invalid("'action' is '%s', but must be one of %s".formatted(shortened(action), known));
	}

	private static String shortened(String value) {
		return (value.length() <= 40) ? value : value.substring(0, 40) + "…";
	}

	/** What does not come as far as the supervisor, which logs all else. */
	private static void logRefusal(String why) {
		logger.warn("Command by {} refused: {}", CommandSource.ofThisThread(), CommandSource.printable(why));
	}

	private static InvalidEndpointRequestException invalid(String why) {
		logRefusal(why);
		return unreadable(why);
	}

	/** Not worth a line in the log: whoever only reads does no harm. */
	private static InvalidEndpointRequestException unreadable(String why) {
		return new InvalidEndpointRequestException(why, why);
	}

}
