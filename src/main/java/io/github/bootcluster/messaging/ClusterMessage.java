package io.github.bootcluster.messaging;

import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;

/**
 * A message as an event of the application: for methods such as
 * {@code @EventListener void refresh(ClusterMessage<Refresh> message)}. Published after
 * the {@link ClusterListener} methods were called.
 *
 * @param <T> class of the payload
 * @param payload what was sent
 * @param sender who sent it
 * @since 0.1.0
 */
public record ClusterMessage<T>(T payload, Sender sender) implements ResolvableTypeProvider {

	@Override
	public ResolvableType getResolvableType() {
		return ResolvableType.forClassWithGenerics(ClusterMessage.class, this.payload.getClass());
	}

}
