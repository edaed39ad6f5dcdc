package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * Tells a worker where a request came from. What a client says about that itself is
 * thrown away, unless the client is a proxy that is trusted; then it is continued.
 */
final class ForwardedHeaders {

	static final AsciiString FORWARDED = AsciiString.cached("forwarded");

	static final AsciiString FOR = AsciiString.cached("x-forwarded-for");

	static final AsciiString PROTO = AsciiString.cached("x-forwarded-proto");

	static final AsciiString HOST = AsciiString.cached("x-forwarded-host");

	static final AsciiString PORT = AsciiString.cached("x-forwarded-port");

	static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

	private static final String PREFIX = "x-forwarded-";

	private static final int MAX_REQUEST_ID = 128;

	private final TrustedProxies trustedProxies;

	ForwardedHeaders(TrustedProxies trustedProxies) {
		this.trustedProxies = trustedProxies;
	}

	/**
	 * Rebuild them in the head of a request.
	 * @param headers the head; has a Host
	 * @param peer who sent it
	 * @param scheme {@code http} or {@code https}
	 */
	void apply(HttpHeaders headers, InetAddress peer, String scheme) {
		boolean trusted = this.trustedProxies.contain(peer);
		if (!trusted) {
			remove(headers);
		}
		String address = NetUtil.toAddressString(peer);
		String host = orElse(headers.get(HOST), orElse(headers.get(HttpHeaderNames.HOST), ""));
		String proto = orElse(headers.get(PROTO), scheme);
		// Before X-Forwarded-For gets its new entry: it may have to be translated.
		headers.set(FORWARDED, forwarded(headers, address, host, proto));
		headers.set(FOR, String.join(", ", and(headers.getAll(FOR), address)));
		headers.set(PROTO, proto);
		headers.set(HOST, host);
		if (!headers.contains(PORT)) {
			headers.set(PORT, port(host, proto));
		}
		identify(headers);
	}

	/** Remove all that could be taken for such fields. */
	static void remove(HttpHeaders headers) {
		headers.remove(FORWARDED);
		List<CharSequence> others = new ArrayList<>(0);
		for (Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence(); all.hasNext();) {
			CharSequence name = all.next().getKey();
			if (AsciiString.regionMatches(name, true, 0, PREFIX, 0, PREFIX.length())) {
				others.add(name);
			}
		}
		others.forEach(headers::remove);
	}

	// https://www.rfc-editor.org/rfc/rfc7239#section-4
	private static String forwarded(HttpHeaders headers, String peer, String host, String proto) {
		List<String> inherited = headers.getAll(FORWARDED);
		// A proxy that speaks X-Forwarded only lets pass what its client put in here.
		boolean maintained = !headers.contains(FOR) && !headers.contains(PROTO) && !headers.contains(HOST);
		if (!inherited.isEmpty() && maintained) {
			return String.join(", ", and(inherited, "for=" + node(peer)));
		}
		// Applications prefer this field to the older ones, so it must say as much.
		List<String> elements = new ArrayList<>();
		for (String list : headers.getAll(FOR)) {
			for (String hop : list.split(",")) {
				elements.add("for=" + node(hop.trim()));
			}
		}
		elements.add("for=" + node(peer));
		elements.set(0, elements.get(0) + ";host=" + quoted(host) + ";proto=" + quoted(proto));
		return String.join(", ", elements);
	}

	// https://www.rfc-editor.org/rfc/rfc7239#section-6: IPv6 in brackets, hence quoted
	private static String node(String address) {
		boolean bareIpv6 = address.indexOf(':') != address.lastIndexOf(':') && !address.startsWith("[");
		return quoted(bareIpv6 ? "[" + address + "]" : address);
	}

	private static String quoted(String value) {
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			boolean token = c > ' ' && c < 0x7F && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
			if (!token) {
				return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
			}
		}
		return value.isEmpty() ? "\"\"" : value;
	}

	/**
	 * The port the client used. Not the local one: in front of that there may be a port
	 * mapping nobody told us of, whereas the client put its own view into Host.
	 */
	private static String port(String host, String proto) {
		int colon = host.lastIndexOf(':');
		if (colon > host.lastIndexOf(']') && colon < host.length() - 1) {
			return host.substring(colon + 1);
		}
		return proto.toLowerCase(Locale.ROOT).equals("https") ? "443" : "80";
	}

	private static void identify(HttpHeaders headers) {
		List<String> ids = headers.getAll(REQUEST_ID);
		if (ids.size() != 1 || !isSane(ids.get(0))) {
			ThreadLocalRandom random = ThreadLocalRandom.current();
			HexFormat hex = HexFormat.of();
			headers.set(REQUEST_ID, hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()));
		}
	}

	private static boolean isSane(String id) {
		return !id.isEmpty() && id.length() <= MAX_REQUEST_ID && id.chars().allMatch((c) -> c > ' ' && c < 0x7F);
	}

	private static String orElse(@Nullable String value, String other) {
		return (value != null) ? value : other;
	}

	private static List<String> and(List<String> list, String last) {
		List<String> all = new ArrayList<>(list);
		all.add(last);
		return all;
	}

}
