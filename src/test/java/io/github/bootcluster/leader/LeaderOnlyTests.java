package io.github.bootcluster.leader;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.SimpleTransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Methods of beans in real contexts. */
class LeaderOnlyTests {

	private final SwitchedLeadership leadership = new SwitchedLeadership();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void methodRunsInTheLeaderOnlyAndOthersEverywhere() throws IOException {
		Jobs jobs = start(Jobs.class);
		jobs.clean();
		assertThat(this.leadership.log).isEmpty();
		assertThat(jobs.count()).isEqualTo(1);
		this.leadership.leader = true;
		jobs.clean();
		assertThat(this.leadership.log).containsExactly("leader's task begins", "cleaned", "leader's task ends");
	}

	@Test
	void packagePrivateProtectedAndInheritedMethodsAreHeldToo() {
		Heir jobs = start(Heir.class);
		jobs.inherited();
		jobs.visibleInPackage();
		assertThat(this.leadership.log).isEmpty();
		this.leadership.leader = true;
		jobs.inherited();
		jobs.visibleInPackage();
		assertThat(this.leadership.log).contains("inherited", "visible in package").hasSize(6);
	}

	@Test
	void whatTheMethodThrowsIsThrown() {
		this.leadership.leader = true;
		Jobs jobs = start(Jobs.class);
		assertThatIOException().isThrownBy(jobs::fail).withMessage("no disk");
		assertThat(this.leadership.log).last().isEqualTo("leader's task ends");
	}

	@Test
	void transactionEndsBeforeTheTaskOfTheLeaderDoes() {
		this.context.register(Transactions.class);
		this.context.registerBean(PlatformTransactionManager.class, () -> new LoggedTransactions(this.leadership.log));
		Transacting jobs = start(Transacting.class);
		jobs.transfer();
		assertThat(this.leadership.log).isEmpty();
		this.leadership.leader = true;
		jobs.transfer();
		assertThat(this.leadership.log).containsExactly("leader's task begins", "begin", "transferred", "commit",
				"leader's task ends");
	}

	@Test
	void asynchronousMethodIsTheTaskNotItsSubmission() throws Exception {
		this.context.register(Asynchronous.class);
		this.leadership.leader = true;
		Background jobs = start(Background.class);
		jobs.work();
		assertThat(jobs.thread().get(20, TimeUnit.SECONDS)).isEqualTo(this.leadership.thread)
			.isNotEqualTo(Thread.currentThread());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					Returning   | report is @LeaderOnly (or @ClusterScheduled), but returns int. | Make it void
					PrivateOne  | clean is @LeaderOnly (or @ClusterScheduled), but is private.   | neither private nor static nor final
					StaticOne   | clean is @LeaderOnly (or @ClusterScheduled), but is static.    | neither private nor static nor final
					FinalOne    | clean is @LeaderOnly (or @ClusterScheduled), but is final.     | neither private nor static nor final
					FinalClass  | clean is @LeaderOnly (or @ClusterScheduled), but its class is final. | Make the class not final
					OfFinalHeir | clean is @LeaderOnly (or @ClusterScheduled), but its class is final. | Make the class not final
					Scheduling  | next is @LeaderOnly (or @ClusterScheduled), but returns String. | Make it void
					""")
	void whatCannotBeTheLeadersIsRefusedAtTheStart(String bean, String description, String action)
			throws ClassNotFoundException {
		Class<?> type = Class.forName(LeaderOnlyTests.class.getName() + "$" + bean);
		InvalidLeaderOnlyMethodException failure = refusalOf(type);
		assertThat(failure.getDescription()).endsWith(description);
		assertThat(failure.getAction()).contains(action);
		assertThat(new InvalidLeaderOnlyMethodFailureAnalyzer().analyze(failure)).satisfies((analysis) -> {
			assertThat(analysis.getDescription()).isEqualTo(failure.getDescription());
			assertThat(analysis.getAction()).isEqualTo(failure.getAction());
		});
	}

	@Test
	void methodThatTheInterfacesOfAProxyLackIsRefused() {
		this.context.register(InterfaceTransactions.class);
		this.context.registerBean(PlatformTransactionManager.class, () -> new LoggedTransactions(this.leadership.log));
		assertThat(refusalOf(BehindAnInterface.class).getDescription())
			.endsWith("BehindAnInterface.clean is @LeaderOnly (or @ClusterScheduled), but its bean is known by its "
					+ "interfaces only, which lack the method.");
	}

	private InvalidLeaderOnlyMethodException refusalOf(Class<?> type) {
		BeanCreationException failure = catchThrowableOfType(BeanCreationException.class, () -> start(type));
		assertThat(failure).isNotNull();
		return (InvalidLeaderOnlyMethodException) failure.getMostSpecificCause();
	}

	private <T> T start(Class<T> jobs) {
		this.context.registerBean(LeaderOnlyPostProcessor.class,
				() -> new LeaderOnlyPostProcessor(() -> this.leadership));
		this.context.registerBean("log", List.class, () -> this.leadership.log);
		this.context.registerBean("jobs", jobs);
		this.context.refresh();
		return this.context.getBean(jobs);
	}

	static class Jobs {

		private final List<String> log;

		private int count;

		Jobs(List<String> log) {
			this.log = log;
		}

		@LeaderOnly
		public void clean() {
			this.log.add("cleaned");
		}

		@LeaderOnly
		public void fail() throws IOException {
			throw new IOException("no disk");
		}

		public int count() {
			return ++this.count;
		}

	}

	abstract static class Ancestor {

		final List<String> log;

		Ancestor(List<String> log) {
			this.log = log;
		}

		@LeaderOnly
		protected void inherited() {
			this.log.add("inherited");
		}

	}

	static class Heir extends Ancestor {

		Heir(List<String> log) {
			super(log);
		}

		@LeaderOnly
		void visibleInPackage() {
			this.log.add("visible in package");
		}

	}

	static class Transacting {

		private final List<String> log;

		Transacting(List<String> log) {
			this.log = log;
		}

		@LeaderOnly
		@Transactional
		public void transfer() {
			this.log.add("transferred");
		}

	}

	static class Background {

		private final CompletableFuture<Thread> thread = new CompletableFuture<>();

		@LeaderOnly
		@Async
		public void work() {
			this.thread.complete(Thread.currentThread());
		}

		CompletableFuture<Thread> thread() {
			return this.thread;
		}

	}

	static class Returning {

		@LeaderOnly
		public int report() {
			return 1;
		}

	}

	static class PrivateOne {

		@LeaderOnly
		private void clean() {
			throw new IllegalStateException("never run");
		}

	}

	static class StaticOne {

		@LeaderOnly
		static void clean() {
			throw new IllegalStateException("never run");
		}

	}

	static class FinalOne {

		@LeaderOnly
		final void clean() {
			throw new IllegalStateException("never run");
		}

	}

	static final class FinalClass {

		@LeaderOnly
		public void clean() {
			throw new IllegalStateException("never run");
		}

	}

	static class Open {

		@LeaderOnly
		public void clean() {
			throw new IllegalStateException("never run");
		}

	}

	static final class OfFinalHeir extends Open {

	}

	static class Scheduling {

		@ClusterScheduled(fixedDelay = 1000)
		public String next() {
			return "";
		}

	}

	interface Paying {

		void pay();

	}

	static class BehindAnInterface implements Paying {

		@Override
		@Transactional
		public void pay() {
			throw new IllegalStateException("never run");
		}

		@LeaderOnly
		public void clean() {
			throw new IllegalStateException("never run");
		}

	}

	@EnableTransactionManagement(proxyTargetClass = true)
	static class Transactions {

	}

	@EnableTransactionManagement(proxyTargetClass = false)
	static class InterfaceTransactions {

	}

	@EnableAsync(proxyTargetClass = true)
	static class Asynchronous {

	}

	/** Notes what becomes of transactions. */
	record LoggedTransactions(List<String> log) implements PlatformTransactionManager {

		@Override
		public TransactionStatus getTransaction(TransactionDefinition definition) {
			this.log.add("begin");
			return new SimpleTransactionStatus();
		}

		@Override
		public void commit(TransactionStatus status) {
			this.log.add("commit");
		}

		@Override
		public void rollback(TransactionStatus status) {
			this.log.add("rollback");
		}

	}

}
