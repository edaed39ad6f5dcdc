package io.github.bootcluster.control;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.LoggerLevel;
import io.github.bootcluster.MetricFamily;
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
		@Type(name = "meters-wanted", value = ControlMessage.MetersWanted.class),
		@Type(name = "meters", value = ControlMessage.Meters.class),
		@Type(name = "lead", value = ControlMessage.Lead.class),
		@Type(name = "resign", value = ControlMessage.Resign.class),
		@Type(name = "event", value = ControlMessage.EventOccurred.class),
		@Type(name = "threads", value = ControlMessage.DumpThreads.class),
		@Type(name = "level", value = ControlMessage.SetLevel.class),
		@Type(name = "answer", value = ControlMessage.Answer.class),
		@Type(name = "shutdown", value = ControlMessage.ShutDown.class),
		@Type(name = "ask", value = ControlMessage.Ask.class) })
public sealed interface ControlMessage {

	/** A message that a worker sends to its launcher. */
	sealed interface FromWorker extends ControlMessage
			permits Hello, Listening, Availability, Heartbeat, Mailbox, Resigned, Recycle, Answer, Meters, Mail {

	}

	/** A message that a launcher sends to a worker. */
	sealed interface FromLauncher extends ControlMessage permits Welcome, ClusterChanged, EventOccurred, Lead, Resign,
			MetersWanted, DumpThreads, SetLevel, ShutDown, Mail {

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

	/**
	 * Sign of life.
	 *
	 * @param jvm what the JVM of the worker uses, or {@code null} if it does not say
	 */
	record Heartbeat(@Nullable JvmUsage jvm) implements FromWorker {

		/** No more than that. */
		public Heartbeat() {
			this(null);
		}

	}

	/**
	 * The worker does not lead any more, and does nothing that only a leader does.
	 *
	 * @param term the term that is over
	 */
	record Resigned(long term) implements FromWorker {

	}

	/**
	 * What the launcher asked for is done, or cannot be.
	 *
	 * @param question number of the question
	 * @param done whether it is done
	 * @param text what was asked for, which may be nothing, or why it cannot be done
	 */
	record Answer(long question, boolean done, String text) implements FromWorker {

		public Answer {
			Objects.requireNonNull(text, "text");
		}

	}

	/** The worker wants to be replaced, in good order. */
	record Recycle() implements FromWorker {

	}

	/**
	 * A part of the answer to {@link MetersWanted}: all at once could be too much for a
	 * message.
	 *
	 * @param number that of the question, or {@link #FAREWELL}
	 * @param families the meters of this part
	 * @param last whether nothing follows
	 */
	record Meters(long number, List<MetricFamily> families, boolean last) implements FromWorker {

		/** Instead of a question's number: nobody has asked, but this is the end. */
		public static final long FAREWELL = 0;

		public Meters {
			families = List.copyOf(families);
		}

		@Override
		public String toString() {
			return "Meters[number=" + this.number + ", families=" + this.families.size() + ", last=" + this.last + "]";
		}

	}

	/**
	 * The worker shall tell of its meters.
	 *
	 * @param number to be repeated in the answer
	 */
	record MetersWanted(long number) implements FromLauncher {

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

	/**
	 * The worker shall say what its threads do, by an {@link Answer}.
	 *
	 * @param question number of the question
	 */
	record DumpThreads(long question) implements FromLauncher {

	}

	/**
	 * The worker shall have a logger log from a level on. {@link Answer} says whether it
	 * does.
	 *
	 * @param question number of the question
	 */
	record SetLevel(long question, LoggerLevel level) implements FromLauncher {

		public SetLevel {
			Objects.requireNonNull(level, "level");
		}

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
