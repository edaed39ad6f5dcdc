package io.github.bootcluster.messaging;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Which methods {@link Listeners} finds, and which it refuses. */
class ListenersTests {

	@Test
	void onlyClassesSomebodyListensForAreKnown() {
		try (AnnotationConfigApplicationContext context = contextWith(Two.class)) {
			Listeners listeners = context.getBean(Listeners.class);
			assertThat(listeners.find(String.class.getName())).isPresent();
			assertThat(listeners.find(Known.class.getName())).isPresent();
			assertThat(listeners.find("java.lang.Object")).isEmpty();
			assertThat(listeners.find("java.lang.ProcessBuilder")).isEmpty();
			assertThat(listeners.find("")).isEmpty();
		}
	}

	@Test
	void allListenersOfAClassAreCalledAndTheFirstReplyCounts() {
		try (AnnotationConfigApplicationContext context = contextWith(Two.class)) {
			Listeners.Subject subject = context.getBean(Listeners.class).find(String.class.getName()).orElseThrow();
			Listeners.Outcome outcome = subject.tell("x", new Sender(null));
			assertThat(outcome.reply()).isEqualTo("reply to x");
			assertThat(outcome.failure()).isInstanceOf(IllegalStateException.class);
			assertThat(context.getBean(Two.class).calls).isEqualTo(3);
		}
	}

	@Test
	void listenerOfAScopedBeanIsCalledOnce() {
		try (AnnotationConfigApplicationContext context = contextWith(Scoped.class)) {
			Scoped.calls = 0;
			context.getBean(Listeners.class).find(String.class.getName()).orElseThrow().tell("x", new Sender(null));
			assertThat(Scoped.calls).isEqualTo(1);
		}
	}

	@Test
	void lazyBeanIsMadeForItsFirstMessage() {
		try (AnnotationConfigApplicationContext context = contextWith(Late.class)) {
			Late.made = 0;
			context.getBean(Listeners.class)
				.find(Known.class.getName())
				.orElseThrow()
				.tell(new Known(), new Sender(null));
			assertThat(Late.made).isEqualTo(1);
		}
	}

	@Test
	void methodThatCannotTakeMessagesIsRefused() {
		Map<Class<?>, String> refused = Map.of(None.class, "must have the message as its parameter", Three.class,
				"must have the message as its parameter", Wrong.class, "second parameter that is not a Sender",
				Primitive.class, "without type parameters", Generic.class, "without type parameters", Anything.class,
				"without type parameters");
		refused.forEach((bean, why) -> assertThatExceptionOfType(IllegalStateException.class).as(bean.getSimpleName())
			.isThrownBy(() -> contextWith(bean))
			.withMessageContaining("@ClusterListener")
			.withMessageContaining(bean.getSimpleName() + ".listen")
			.withMessageContaining(why));
	}

	private static AnnotationConfigApplicationContext contextWith(Class<?> bean) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(bean);
		context.registerBean(Listeners.class, () -> new Listeners(context, context.getBeanFactory()));
		context.refresh();
		return context;
	}

	record Known() {

	}

	static class Two {

		private int calls;

		@ClusterListener
		void first(String text) {
			this.calls++;
		}

		@ClusterListener
		String second(String text) {
			this.calls++;
			return "reply to " + text;
		}

		@ClusterListener
		String third(String text) {
			this.calls++;
			throw new IllegalStateException("as wished");
		}

		@EventListener
		void event(ClusterMessage<Known> message) {
		}

		@EventListener
		void any(ClusterMessage<Object> message) {
		}

		@EventListener
		void other(Object event) {
		}

	}

	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class Scoped {

		private static int calls;

		@ClusterListener
		void listen(String text) {
			calls++;
		}

	}

	@Lazy
	static class Late {

		private static int made;

		Late() {
			made++;
		}

		@ClusterListener
		void known(Known known) {
		}

	}

	static class None {

		@ClusterListener
		void listen() {
		}

	}

	static class Three {

		@ClusterListener
		void listen(String text, Sender sender, int more) {
		}

	}

	static class Wrong {

		@ClusterListener
		void listen(String text, String sender) {
		}

	}

	static class Primitive {

		@ClusterListener
		void listen(int number) {
		}

	}

	static class Generic {

		@ClusterListener
		void listen(List<String> texts) {
		}

	}

	static class Anything {

		@ClusterListener
		void listen(Object object) {
		}

	}

}
