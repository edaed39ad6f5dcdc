package io.github.bootcluster.http;

/**
 * The fields after a chunked body. Those of which it is known here that they must not
 * come so late are dropped; all others are kept.
 */
public final class Trailers extends Head {

	Trailers() {
		super(0, RequestHead.MAX_FIELD_BYTES, RequestHead.MAX_FIELDS);
	}

	@Override
	void startLine(int from, int to) {
		throw new IllegalStateException("Trailers have no first line");
	}

}
