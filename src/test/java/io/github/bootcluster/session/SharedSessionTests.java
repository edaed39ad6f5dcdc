package io.github.bootcluster.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.serializer.support.SerializationFailedException;
import org.springframework.session.MapSession;
import org.springframework.session.Session;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link SharedSession}. */
@ExtendWith(OutputCaptureExtension.class)
class SharedSessionTests {

	private static final Instant STORED = Instant.parse("2026-11-22T10:00:00Z");

	private static final SessionChanges NOTHING = new SessionChanges(false, false, Set.of());

	private final MapSession stored = new MapSession();

	private final UnreadableAttributes unreadable = new UnreadableAttributes();

	SharedSessionTests() {
		this.stored.setLastAccessedTime(STORED);
		this.stored.setMaxInactiveInterval(Duration.ofMinutes(30));
	}

	@Test
	void lastAccessIsKnownAtOnceAndStoredOnceItIsOldEnough() {
		SharedSession<MapSession> session = view(false, "30s");
		session.setLastAccessedTime(STORED.plusMillis(29_999));
		assertThat(session.getLastAccessedTime()).isEqualTo(STORED.plusMillis(29_999));
		assertThat(this.stored.getLastAccessedTime()).isEqualTo(STORED);
		session.setLastAccessedTime(STORED.plusSeconds(30));
		assertThat(this.stored.getLastAccessedTime()).isEqualTo(STORED.plusSeconds(30));
	}

	@Test
	void lastAccessIsStoredWithAnyChange() {
		SharedSession<MapSession> session = view(false, "30s");
		session.setLastAccessedTime(STORED.plusSeconds(1));
		session.setAttribute("name", "value");
		assertThat(this.stored.getLastAccessedTime()).isEqualTo(STORED.plusSeconds(1));
		session.setLastAccessedTime(STORED.plusSeconds(2));
		session.removeAttribute("name");
		assertThat(this.stored.getLastAccessedTime()).isEqualTo(STORED.plusSeconds(2));
	}

	@Test
	void sessionWithAShortTimeoutIsStoredOftener() {
		this.stored.setMaxInactiveInterval(Duration.ofSeconds(100));
		SharedSession<MapSession> session = view(false, "30s");
		session.setLastAccessedTime(STORED.plusMillis(9_999));
		assertThat(this.stored.getLastAccessedTime()).isEqualTo(STORED);
		session.setLastAccessedTime(STORED.plusSeconds(10));
		assertThat(this.stored.getLastAccessedTime()).isEqualTo(STORED.plusSeconds(10));
	}

	@Test
	void sessionThatNeverExpiresHasTheWholeGrain() {
		this.stored.setMaxInactiveInterval(Duration.ofSeconds(-1));
		view(false, "30s").setLastAccessedTime(STORED.plusSeconds(29));
		assertThat(this.stored.getLastAccessedTime()).isEqualTo(STORED);
	}

	@Test
	void withoutAGrainEveryAccessIsStored() {
		view(false, "0s").setLastAccessedTime(STORED.plusMillis(1));
		assertThat(this.stored.getLastAccessedTime()).isEqualTo(STORED.plusMillis(1));
	}

	@Test
	void anotherTimeoutBeginsWithThisAccess() {
		SharedSession<MapSession> session = view(false, "30s");
		session.setLastAccessedTime(STORED.plusSeconds(25));
		session.setMaxInactiveInterval(Duration.ofSeconds(20));
		assertThat(this.stored.getLastAccessedTime()).isEqualTo(STORED.plusSeconds(25));
	}

	@Test
	void removingWhatIsNotThereChangesNothing() {
		SharedSession<MapSession> session = view(false, "30s");
		session.setLastAccessedTime(STORED.plusSeconds(1));
		session.removeAttribute("name");
		assertThat(this.stored.getLastAccessedTime()).isEqualTo(STORED);
	}

	@Test
	void whatIsChangedIsKnownUntilItIsSaved() {
		SharedSession<MapSession> session = view(false, "30s");
		session.removeAttribute("not there");
		assertThat(session.changes()).isEqualTo(NOTHING);
		session.changeSessionId();
		assertThat(session.changes()).isEqualTo(new SessionChanges(true, false, Set.of()));
		session.setMaxInactiveInterval(Duration.ofMinutes(1));
		session.setAttribute("set", 1);
		session.setAttribute("removed", 1);
		session.removeAttribute("removed");
		assertThat(session.changes()).isEqualTo(new SessionChanges(true, true, Set.of("set", "removed")));
		session.saved();
		assertThat(session.changes()).isEqualTo(NOTHING);
	}

	@Test
	void newSessionIsStoredAsAWhole() {
		SharedSession<MapSession> session = view(true, "30s");
		session.changeSessionId();
		session.setMaxInactiveInterval(Duration.ofMinutes(1));
		session.setAttribute("set", 1);
		assertThat(session.changes()).isEqualTo(NOTHING);
		session.saved();
		assertThat(session.changes()).isEqualTo(NOTHING);
		session.changeSessionId();
		assertThat(session.changes().id()).isTrue();
	}

	@Test
	void attributeThatCannotBeReadIsLeftOutAndNamedOnce(CapturedOutput output) {
		for (int i = 0; i < 2; i++) {
			Unreadable broken = new Unreadable();
			SharedSession<Unreadable> session = new SharedSession<>(broken, false, Duration.ZERO, this.unreadable);
			assertThat(session.<Object>getAttribute("cart")).isNull();
			assertThat(broken.removed).as("others may read it").isNull();
		}
		assertThat(output).containsOnlyOnce("Session attribute 'cart' cannot be read and is left out")
			.contains("no class for it");
	}

	@Test
	void allElseIsTheSessionsOwn() {
		SharedSession<MapSession> session = view(false, "30s");
		session.setAttribute("name", "value");
		assertThat(session.<String>getAttribute("name")).isEqualTo("value");
		assertThat(session.getAttributeNames()).isEqualTo(Set.of("name"));
		session.removeAttribute("name");
		assertThat(this.stored.getAttributeNames()).isEmpty();
		assertThat(session.getId()).isEqualTo(this.stored.getId());
		assertThat(session.changeSessionId()).isEqualTo(this.stored.getId());
		session.setMaxInactiveInterval(Duration.ofMillis(1));
		assertThat(this.stored.getMaxInactiveInterval()).isEqualTo(Duration.ofMillis(1));
		assertThat(session.isExpired()).isTrue();
		assertThat(session.getCreationTime()).isEqualTo(this.stored.getCreationTime());
		assertThat(session.session()).isSameAs(this.stored);
	}

	private SharedSession<MapSession> view(boolean isNew, String grain) {
		return new SharedSession<>(this.stored, isNew, Duration.parse("PT" + grain), this.unreadable);
	}

	/** A session with an attribute of a class that there is no more. */
	private static final class Unreadable implements Session {

		private final MapSession delegate = new MapSession();

		private @Nullable String removed;

		@Override
		public <T> T getAttribute(String name) {
			throw new SerializationFailedException("no class for it");
		}

		@Override
		public void removeAttribute(String name) {
			this.removed = name;
		}

		@Override
		public String getId() {
			return this.delegate.getId();
		}

		@Override
		public String changeSessionId() {
			return this.delegate.changeSessionId();
		}

		@Override
		public Set<String> getAttributeNames() {
			return this.delegate.getAttributeNames();
		}

		@Override
		public void setAttribute(String name, Object value) {
			this.delegate.setAttribute(name, value);
		}

		@Override
		public Instant getCreationTime() {
			return this.delegate.getCreationTime();
		}

		@Override
		public void setLastAccessedTime(Instant time) {
			this.delegate.setLastAccessedTime(time);
		}

		@Override
		public Instant getLastAccessedTime() {
			return this.delegate.getLastAccessedTime();
		}

		@Override
		public void setMaxInactiveInterval(Duration interval) {
			this.delegate.setMaxInactiveInterval(interval);
		}

		@Override
		public Duration getMaxInactiveInterval() {
			return this.delegate.getMaxInactiveInterval();
		}

		@Override
		public boolean isExpired() {
			return this.delegate.isExpired();
		}

	}

}
