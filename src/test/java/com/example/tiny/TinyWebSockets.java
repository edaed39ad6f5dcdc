package com.example.tiny;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import org.springframework.web.socket.server.standard.ServletServerContainerFactoryBean;

/** A WebSocket that repeats what it hears, tells its process and closes as it is told. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
@ConditionalOnWebApplication
class TinyWebSockets implements WebSocketConfigurer {

	private static final int LARGEST_MESSAGE = 4 * 1024 * 1024;

	private final Echo echo = new Echo();

	@Override
	public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
		registry.addHandler(this.echo, "/echo");
	}

	@Bean
	ServletServerContainerFactoryBean webSocketContainer() {
		ServletServerContainerFactoryBean container = new ServletServerContainerFactoryBean();
		container.setMaxTextMessageBufferSize(LARGEST_MESSAGE);
		container.setMaxBinaryMessageBufferSize(LARGEST_MESSAGE);
		return container;
	}

	/** The web server would cut the connections without a word. */
	@EventListener(ContextClosedEvent.class)
	void goAway() throws IOException {
		for (WebSocketSession session : this.echo.sessions) {
			session.close(CloseStatus.GOING_AWAY);
		}
	}

	private static final class Echo extends AbstractWebSocketHandler {

		private final Set<WebSocketSession> sessions = ConcurrentHashMap.newKeySet();

		@Override
		public void afterConnectionEstablished(WebSocketSession session) {
			this.sessions.add(session);
		}

		@Override
		public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
			this.sessions.remove(session);
		}

		@Override
		protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
			String text = message.getPayload();
			if (text.equals("pid")) {
				session.sendMessage(new TextMessage(Long.toString(ProcessHandle.current().pid())));
			}
			else if (text.startsWith("close ")) {
				session.close(new CloseStatus(Integer.parseInt(text.substring(6)), "as told"));
			}
			else {
				session.sendMessage(message);
			}
		}

		@Override
		protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message) throws IOException {
			session.sendMessage(message);
		}

	}

}
