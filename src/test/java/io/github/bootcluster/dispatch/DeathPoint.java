package io.github.bootcluster.dispatch;

/**
 * How far a request has come when its worker is killed.
 */
enum DeathPoint {

	/** The worker has yet to take the connection. */
	CONNECT,

	/** The request lies in a connection opened for it, of which nothing is read. */
	UNREAD,

	/** The same in a connection that was idle, and died while it was. */
	STALE,

	/** The worker has read a half of the request; the client has yet to send the rest. */
	REQUEST,

	/** The worker has executed the request and answered nothing. */
	SENT,

	/** The worker has sent an interim answer. */
	INTERIM,

	/** The worker has sent a half of the head. */
	HALF_HEAD,

	/** The worker has sent the head. */
	HEAD,

	/** The worker has sent the head and most of the body. */
	HALF_BODY,

	/** Nothing is missing but the end: the last byte, or the last chunk. */
	ALMOST_ALL,

	/** The worker has sent the whole answer; the client has yet to take it. */
	ANSWERED,

	/** The connection is idle; the request comes when the worker is dead. */
	IDLE;

	static final String INTERIM_ANSWER = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";

	/** Whether the worker gets to see the request, or a part of it. */
	boolean isSeenByWorker() {
		return switch (this) {
			case CONNECT, UNREAD, STALE, IDLE -> false;
			case REQUEST, SENT, INTERIM, HALF_HEAD, HEAD, HALF_BODY, ALMOST_ALL, ANSWERED -> true;
		};
	}

	/** Whether the worker's connections served other requests before. */
	boolean isOnIdleConnections() {
		return this == STALE || this == IDLE;
	}

	/** Whether the worker stands still while it is sent the request. */
	boolean isOnFrozenWorker() {
		return this == UNREAD || this == STALE;
	}

	/** As much of an answer as the worker gets to send. */
	String cut(AnswerForm form, String head, String body) {
		return switch (this) {
			case CONNECT, UNREAD, STALE, REQUEST, SENT -> "";
			case INTERIM -> INTERIM_ANSWER;
			case HALF_HEAD -> head.substring(0, head.length() / 2);
			case HEAD -> head;
			case HALF_BODY -> head + body.substring(0, body.length() * 2 / 3);
			case ALMOST_ALL -> head + body.substring(0,
					Math.max(0, body.length() - ((form == AnswerForm.CHUNKED) ? AnswerForm.LAST_CHUNK.length() : 1)));
			case ANSWERED, IDLE -> head + body;
		};
	}

}
