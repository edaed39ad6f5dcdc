package io.github.bootcluster.worker;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.catalina.connector.Connector;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;

/**
 * Puts the application's Tomcat at the public port, beside those of the other workers.
 * There it listens exactly while the application accepts traffic: who listens is sent
 * connections.
 */
public final class SharedPortCustomizer implements WebServerFactoryCustomizer<ConfigurableWebServerFactory>, Ordered {

	private final List<SharedPortProtocol> protocols = new CopyOnWriteArrayList<>();

	/** The last word: the application's own customizers may choose a protocol, too. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(ConfigurableWebServerFactory factory) {
		if (!(factory instanceof TomcatWebServerFactory tomcat)) {
			throw new UnsharablePortException(factory.getClass().getSimpleName());
		}
		tomcat.setProtocol(SharedPortProtocol.class.getName());
		tomcat.addConnectorCustomizers(this::remember);
	}

	private void remember(Connector connector) {
		if (connector.getProtocolHandler() instanceof SharedPortProtocol protocol) {
			this.protocols.add(protocol);
		}
	}

	@EventListener
	void readinessChanged(AvailabilityChangeEvent<ReadinessState> event) {
		boolean accepting = event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
		this.protocols.forEach((protocol) -> protocol.accept(accepting));
	}

}
