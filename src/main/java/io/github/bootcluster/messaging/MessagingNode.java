package io.github.bootcluster.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.Mail;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * One member's end of the messages. It takes messages from before its web server takes
 * requests until after the last of those is answered.
 */
public final class MessagingNode implements ClusterMessaging, SmartLifecycle, DisposableBean {

	/** Below those of Spring Boot's web server, which come down to 2048 below. */
	private static final int PHASE = DEFAULT_PHASE - 4096;

	private final Post post;

	private final MessageCodec codec;

	private final Outbox outbox;

	private final Inbox inbox;

	/** Used by the thread that starts and stops the context, read by any. */
	private volatile boolean running;

	/**
	 * Create a member that can send already, and takes messages once it is started.
	 * @param post how its mail leaves and reaches it
	 * @param listeners who wants messages
	 * @param mapper writes and reads payloads
	 * @param properties limits
	 */
	public MessagingNode(Post post, Listeners listeners, JsonMapper mapper, ClusterProperties.Messaging properties) {
		this.post = post;
		this.codec = new MessageCodec(mapper, properties.maxMessageSize());
		this.outbox = new Outbox(post, properties.sendTimeout());
		this.inbox = new Inbox(post, listeners, this.codec);
		post.receiveBy(this::receive, this.outbox::close);
	}

	@Override
	public CompletableFuture<BroadcastResult> broadcast(Object payload) {
		return this.outbox.broadcast(typeOf(payload), this.codec.write(payload));
	}

	/**
	 * As {@link #broadcast(Object)}, of what is JSON already.
	 * @param type name of the class that receivers shall make of it
	 * @throws MessagingException also if it is no JSON
	 */
	CompletableFuture<BroadcastResult> broadcastJson(String type, String json) {
		byte[] content = this.codec.withinLimit(type, json.getBytes(StandardCharsets.UTF_8));
		this.codec.read(content, JsonNode.class);
		return this.outbox.broadcast(type, content);
	}

	@Override
	public CompletableFuture<Void> send(WorkerId receiver, Object payload) {
		Objects.requireNonNull(receiver, "The receiver of a message must not be null");
		return this.outbox.send(receiver.value(), typeOf(payload), this.codec.write(payload));
	}

	@Override
	public CompletableFuture<Void> sendToLauncher(Object payload) {
		return this.outbox.send(Mail.LAUNCHER, typeOf(payload), this.codec.write(payload));
	}

	@Override
	public <T> CompletableFuture<T> request(WorkerId receiver, Object payload, Class<T> responseType,
			Duration timeout) {
		Objects.requireNonNull(receiver, "The receiver of a request must not be null");
		Objects.requireNonNull(responseType, "The class of the reply must not be null");
		if (timeout.toMillis() <= 0) {
			throw new IllegalArgumentException("A request needs at least a millisecond of time, not " + timeout);
		}
		return this.outbox.request(receiver.value(), typeOf(payload), this.codec.write(payload),
				new Pending.Request<>((json) -> this.codec.read(json, responseType)), timeout);
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public void start() {
		this.running = true;
		this.inbox.start();
		this.post.mailbox(true);
	}

	@Override
	public void stop() {
		this.running = false;
		this.post.mailbox(false);
		this.inbox.stop();
	}

	@Override
	public void destroy() {
		this.outbox.close();
	}

	/** By the thread that reads the mail: all that takes time is done by others. */
	private void receive(Mail mail) {
		switch (mail.kind()) {
			case MESSAGE, BROADCAST, REQUEST -> this.inbox.add(mail);
			case SPREAD, TAKEN, REPLY, REFUSED -> this.outbox.settle(mail);
		}
	}

	private static String typeOf(Object payload) {
		return Objects.requireNonNull(payload, "The payload of a message must not be null").getClass().getName();
	}

}
