package io.github.bootcluster.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;

import io.github.bootcluster.http.RequestHead;

/**
 * Heads to be used again: a connection needs one only from the first byte of a request to
 * the end of its answer, and most connections are idle. Belongs to one event loop.
 */
final class RequestHeads {

	private static final int MAX_KEPT = 256;

	private final Deque<RequestHead> kept = new ArrayDeque<>();

	/** An empty head. */
	RequestHead take() {
		RequestHead head = this.kept.pollFirst();
		return (head != null) ? head : new RequestHead();
	}

	/** Nobody uses this head any more. */
	void giveBack(RequestHead head) {
		if (this.kept.size() < MAX_KEPT) {
			head.clear();
			this.kept.addFirst(head);
		}
	}

}
