package io.github.bootcluster.leader;

import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a call pass if this process leads, and has the leadership wait for its end. */
final class LeaderOnlyInterceptor implements MethodInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(LeaderOnlyInterceptor.class);

	private final Supplier<Leadership> leadership;

	LeaderOnlyInterceptor(Supplier<Leadership> leadership) {
		this.leadership = leadership;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		if (!this.leadership.get().<Throwable>run(invocation::proceed)) {
			logger.debug("{} skipped: this process does not lead", invocation.getMethod());
		}
		return null;
	}

}
