package io.github.bootcluster.ctl;

import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.control.OperatorListener;
import io.github.bootcluster.control.OperatorReply;
import io.github.bootcluster.control.OperatorReply.Text;

/**
 * An operator that keeps all it is told, and leaves after some looks at whether it has.
 */
final class RecordedConnection implements OperatorListener.Connection {

	private final List<OperatorReply> replies = new ArrayList<>();

	private final Runnable beforeLook;

	private int looks;

	/**
	 * Create one.
	 * @param looks how often it is found to be there still
	 * @param beforeLook what happens before each time
	 */
	RecordedConnection(int looks, Runnable beforeLook) {
		this.looks = looks;
		this.beforeLook = beforeLook;
	}

	RecordedConnection() {
		this(Integer.MAX_VALUE, () -> {
		});
	}

	@Override
	public void send(OperatorReply reply) {
		this.replies.add(reply);
	}

	@Override
	public boolean isGone() {
		this.beforeLook.run();
		return this.looks-- <= 0;
	}

	String output() {
		return text(false);
	}

	String errors() {
		return text(true);
	}

	OperatorReply last() {
		return this.replies.get(this.replies.size() - 1);
	}

	private String text(boolean error) {
		StringBuilder all = new StringBuilder();
		for (OperatorReply reply : this.replies) {
			if (reply instanceof Text text && text.error() == error) {
				all.append(text.text());
			}
		}
		return all.toString();
	}

}
