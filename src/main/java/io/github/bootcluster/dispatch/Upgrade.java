package io.github.bootcluster.dispatch;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.bootcluster.http.FieldName;
import io.github.bootcluster.http.Fields;
import io.github.bootcluster.http.RequestHead;
import io.github.bootcluster.http.ResponseHead;
import io.github.bootcluster.http.Word;

/**
 * A request's wish to speak another protocol on its connection.
 *
 * @param protocol what it asks for, such as {@code websocket}
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.8">RFC 9110, section
 * 7.8</a>
 */
record Upgrade(String protocol) {

	static final int SWITCHING_PROTOCOLS = 101;

	private static final Word OPTION = new Word("upgrade");

	/**
	 * The wish of a request without a body, or {@code null}. To go over to another
	 * version of HTTP, or to TLS, behind the back of a proxy would be to get round it:
	 * such wishes end here, as they may.
	 */
	static @Nullable Upgrade of(RequestHead head) {
		Fields fields = head.fields();
		if (head.isHttp10() || fields.count(FieldName.UPGRADE) != 1 || !fields.lists(FieldName.CONNECTION, OPTION)) {
			return null;
		}
		String protocol = fields.value(FieldName.UPGRADE);
		if (protocol == null || protocol.isEmpty() || protocol.indexOf(',') >= 0) {
			return null;
		}
		String lower = protocol.toLowerCase(Locale.ROOT);
		boolean behindOurBack = lower.startsWith("h2c") || lower.startsWith("http") || lower.startsWith("tls");
		return behindOurBack ? null : new Upgrade(protocol);
	}

	/** Whether an answer goes over to just that protocol. */
	boolean isGrantedBy(ResponseHead head) {
		return head.status() == SWITCHING_PROTOCOLS && head.fields().count(FieldName.UPGRADE) == 1
				&& head.fields().is(FieldName.UPGRADE, new Word(this.protocol));
	}

}
