package io.github.bootcluster.dispatch;

import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Makes the dispatcher visible in traces. Called by event loops: must not block, and must
 * not fail.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RequestTracing {

	/** A request for a worker has come. */
	Span begin(Request request);

	/**
	 * A request as far as traces want to know it.
	 *
	 * @param method its method
	 * @param path its path, without the query
	 * @param field gives the first value of a field by its name, or {@code null}
	 */
	record Request(String method, String path, UnaryOperator<@Nullable String> field) {

	}

	/**
	 * How a request ended.
	 *
	 * @param outcome how, as the access log calls it
	 * @param status status of the answer; 0 if there was none
	 * @param worker number of the slot whose worker had it last, or {@code null}
	 * @param retries attempts beyond the first
	 * @param error whether whoever runs the cluster is to blame
	 */
	record End(String outcome, int status, @Nullable Integer worker, int retries, boolean error) {

	}

	/** The time that one request takes. */
	interface Span {

		/**
		 * Fields that tell the worker which trace it is part of; they take the places of
		 * those that came.
		 */
		Map<String, String> fields();

		/** It is over. */
		void end(End end);

	}

}
