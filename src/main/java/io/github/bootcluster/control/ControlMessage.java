package io.github.bootcluster.control;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerDraining;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerExited;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerReady;
import io.github.bootcluster.WorkerStarted;
import org.jspecify.annotations.Nullable;

/**
 * One message between a launcher and one of its workers, or what an operator's process
 * asks of it, which is answered by {@link OperatorReply}. Written as JSON whose
 * {@code type} is one of the names below, no other type is ever instantiated; only
 * {@link Mail} has a form of its own.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({ @Type(name = "hello", value = ControlMessage.Hello.class),
		@Type(name = "welcome", value = ControlMessage.Welcome.class),
		@Type(name = "listening", value = ControlMessage.Listening.class),
		@Type(name = "availability", value = ControlMessage.Availability.class),
		@Type(name = "heartbeat", value = ControlMessage.Heartbeat.class),
		@Type(name = "cluster", value = ControlMessage.ClusterChanged.class),
		@Type(name = "mailbox", value = ControlMessage.Mailbox.class),
		@Type(name = "resigned", value = ControlMessage.Resigned.class),
		@Type(name = "recycle", value = ControlMessage.Recycle.class),
		@Type(name = "lead", value = ControlMessage.Lead.class),
		@Type(name = "resign", value = ControlMessage.Resign.class),
		@Type(name = "event", value = ControlMessage.EventOccurred.class),
		@Type(name = "shutdown", value = ControlMessage.ShutDown.class),
		@Type(name = "ask", value = ControlMessage.Ask.class) })
public sealed interface ControlMessage {

	/** A message that a worker sends to its launcher. */
	sealed interface FromWorker extends ControlMessage
			permits Hello, Listening, Availability, Heartbeat, Mailbox, Resigned, Recycle, Mail {

	}

	/** A message that a launcher sends to a worker. */
	sealed interface FromLauncher extends ControlMessage
			permits Welcome, ClusterChanged, EventOccurred, Lead, Resign, ShutDown, Mail {

	}

	/** A message that an operator's process sends to the launcher. */
	sealed interface FromOperator extends ControlMessage permits Ask {

	}

	/**
	 * First message on a connection of a worker: who is calling.
	 *
	 * @param worker identity given by the launcher
	 * @param credential proof of it, given by the launcher
	 */
	record Hello(WorkerId worker, String credential) implements FromWorker {

		public Hello {
			Objects.requireNonNull(worker, "worker");
			Objects.requireNonNull(credential, "credential");
		}

		@Override
		public String toString() {
			return "Hello[worker=" + this.worker + "]";
		}

	}

	/**
	 * The web server of the worker accepts connections.
	 *
	 * @param port its loopback port
	 */
	record Listening(int port) implements FromWorker {

	}

	/**
	 * What the application says of itself.
	 *
	 * @param accepting whether it accepts traffic
	 * @param live whether its internal state is sound
	 */
	record Availability(boolean accepting, boolean live) implements FromWorker {

	}

	/**
	 * Whether the worker can be sent {@link Mail}.
	 *
	 * @param open whether somebody is there to take it
	 */
	record Mailbox(boolean open) implements FromWorker {

	}

	/** Sign of life. */
	record Heartbeat() implements FromWorker {

	}

	/**
	 * The worker does not lead any more, and does nothing that only a leader does.
	 *
	 * @param term the term that is over
	 */
	record Resigned(long term) implements FromWorker {

	}

	/** The worker wants to be replaced, in good order. */
	record Recycle() implements FromWorker {

	}

	/**
	 * Answer to {@link Hello}: what the worker needs to start its application.
	 *
	 * @param slot its slot
	 * @param generation its generation
	 * @param heartbeatMillis time between two heartbeats it shall send, in milliseconds
	 * @param stopMillis time it may take to end once asked to, or once the launcher is
	 * gone, in milliseconds
	 * @param properties Spring properties that outrank its own configuration; may hold
	 * secrets
	 * @param snapshot the cluster it becomes part of
	 */
	record Welcome(int slot, int generation, long heartbeatMillis, long stopMillis, Map<String, String> properties,
			ClusterSnapshot snapshot) implements FromLauncher {

		public Welcome {
			properties = Map.copyOf(properties);
		}

		@Override
		public String toString() {
			return "Welcome[slot=" + this.slot + ", generation=" + this.generation + ", properties="
					+ this.properties.keySet() + "]";
		}

	}

	/**
	 * The cluster changed.
	 *
	 * @param snapshot its state now
	 */
	record ClusterChanged(ClusterSnapshot snapshot) implements FromLauncher {

	}

	/**
	 * Something happened to a worker, any of them.
	 *
	 * @param event what it was
	 */
	record EventOccurred(WorkerEvent event) implements FromLauncher {

		public EventOccurred {
			Objects.requireNonNull(event, "event");
		}

		@Override
		@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
		@JsonSubTypes({ @Type(name = "started", value = WorkerStarted.class),
				@Type(name = "ready", value = WorkerReady.class),
				@Type(name = "draining", value = WorkerDraining.class),
				@Type(name = "exited", value = WorkerExited.class) })
		public WorkerEvent event() {
			return this.event;
		}

	}

	/**
	 * The worker shall lead.
	 *
	 * @param term number of the term that begins
	 */
	record Lead(long term) implements FromLauncher {

	}

	/**
	 * The worker shall lead no more, begin nothing that only a leader does, and say
	 * {@link Resigned} once all of that has ended.
	 *
	 * @param term number of the term that ends
	 */
	record Resign(long term) implements FromLauncher {

	}

	/** The worker shall finish its requests and end. */
	record ShutDown() implements FromLauncher {

	}

	/**
	 * First and only message of an operator's process: what is wanted. Who asks is not
	 * said, but known to the system.
	 *
	 * @param words the command and its options, as they were typed
	 * @param screen what the answer is shown on
	 * @param pid process id of whoever asks, for the log
	 * @param presumption what the launcher must confirm for this to be meant for it, or
	 * {@code null} if it is for sure
	 */
	record Ask(List<String> words, OperatorScreen screen, long pid,
			@Nullable Presumption presumption) implements FromOperator {

		/** Largest number of words. */
		public static final int MAX_WORDS = 100;

		public Ask {
			words = List.copyOf(words);
			Objects.requireNonNull(screen, "screen");
			if (words.size() > MAX_WORDS) {
				throw new IllegalArgumentException("More than %d words".formatted(MAX_WORDS));
			}
		}

	}

	/**
	 * What makes an operator's process believe that the launcher of the default home is
	 * the one it looks for: it would itself use that home, if it became a launcher and
	 * the configuration did not say otherwise.
	 *
	 * @param program the jar it runs
	 * @param directory its working directory
	 * @param environment a hash of what its environment says of Spring's configuration
	 */
	record Presumption(String program, String directory, int environment) {

		public Presumption {
			Objects.requireNonNull(program, "program");
			Objects.requireNonNull(directory, "directory");
		}

	}

}
