package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import io.github.bootcluster.http.Authority;
import io.github.bootcluster.http.FieldName;
import io.github.bootcluster.http.Fields;

/**
 * Tells a worker where the requests of one connection came from. What a client says about
 * that itself is thrown away, unless the client is a proxy that is trusted; then it is
 * continued. Belongs to the event loop of its connection.
 */
final class ForwardedHeaders {

	private final String peer;

	private final TrustedProxies trustedProxies;

	private final boolean trusted;

	private final String scheme;

	/** What the lines below were made for: the next request will have the same one. */
	private byte @Nullable [] lastHost;

	private byte[] lastLines = {};

	/**
	 * Those of a connection.
	 * @param peer who is at its other end
	 * @param trustedProxies who is believed
	 * @param scheme {@code http} or {@code https}
	 */
	ForwardedHeaders(InetAddress peer, TrustedProxies trustedProxies, String scheme) {
		this.peer = NetUtil.toAddressString(peer);
		this.trustedProxies = trustedProxies;
		this.trusted = trustedProxies.contain(peer);
		this.scheme = scheme;
	}

	/**
	 * The address of the client, as far as that can be known.
	 * @param fields those of the request, none dropped so far
	 */
	String client(Fields fields) {
		return this.trusted ? this.trustedProxies.findClient(fields.values(FieldName.X_FORWARDED_FOR), this.peer)
				: this.peer;
	}

	/**
	 * The lines for one request; what they replace is dropped from it.
	 * @param fields those of the request
	 * @param host where it has none, the host it is for
	 */
	byte[] lines(Fields fields, @Nullable String host) {
		byte[] lastHost = this.lastHost;
		if (!this.trusted && lastHost != null && fields.isBytes(FieldName.HOST, lastHost)) {
			fields.dropForwarded();
			return this.lastLines;
		}
		byte[] lines = render(fields, (host != null) ? host : orElse(fields.value(FieldName.HOST), ""))
			.getBytes(StandardCharsets.ISO_8859_1);
		if (!this.trusted) {
			this.lastHost = fields.bytes(FieldName.HOST);
			this.lastLines = lines;
		}
		return lines;
	}

	private String render(Fields fields, String host) {
		if (!this.trusted) {
			fields.dropForwarded();
		}
		String forwardedHost = orElse(fields.value(FieldName.X_FORWARDED_HOST), host);
		String proto = orElse(fields.value(FieldName.X_FORWARDED_PROTO), this.scheme);
		String port = orElse(fields.value(FieldName.X_FORWARDED_PORT), port(forwardedHost, proto));
		String hops = String.join(", ", and(fields.values(FieldName.X_FORWARDED_FOR), this.peer));
		// Before X-Forwarded-For gets its new entry: it may have to be translated.
		String forwarded = forwarded(fields, forwardedHost, proto);
		fields.drop(FieldName.FORWARDED);
		fields.drop(FieldName.X_FORWARDED_FOR);
		fields.drop(FieldName.X_FORWARDED_PROTO);
		fields.drop(FieldName.X_FORWARDED_HOST);
		fields.drop(FieldName.X_FORWARDED_PORT);
		return "forwarded: " + forwarded + "\r\nx-forwarded-for: " + hops + "\r\nx-forwarded-proto: " + proto
				+ "\r\nx-forwarded-host: " + forwardedHost + "\r\nx-forwarded-port: " + port + "\r\n";
	}

	/**
	 * Where the fields of a trusted proxy are translated, only what is what it should be
	 * gets in: such proxies let pass, ahead of their own, what their client sent, and
	 * some applications look for further pairs inside of quotes.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc7239#section-4">RFC 7239, section
	 * 4</a>
	 */
	private String forwarded(Fields fields, String host, String proto) {
		List<String> inherited = fields.values(FieldName.FORWARDED);
		// A proxy that speaks X-Forwarded only lets pass what its client put in here.
		boolean maintained = !fields.has(FieldName.X_FORWARDED_FOR) && !fields.has(FieldName.X_FORWARDED_PROTO)
				&& !fields.has(FieldName.X_FORWARDED_HOST);
		if (!inherited.isEmpty() && maintained) {
			return String.join(", ", and(inherited, "for=" + node(this.peer)));
		}
		// Applications prefer this field to the older ones, so it must say as much.
		List<String> elements = new ArrayList<>();
		for (String list : fields.values(FieldName.X_FORWARDED_FOR)) {
			for (String hop : list.split(",")) {
				String node = hop.trim();
				if (!node.isEmpty()) {
					// https://www.rfc-editor.org/rfc/rfc7239#section-6.2
					elements.add("for=" + (TrustedProxies.isAddress(node) ? node(node) : "unknown"));
				}
			}
		}
		elements.add("for=" + node(this.peer));
		elements.set(0, elements.get(0) + proto(firstOf(proto)) + host(firstOf(host)));
		return String.join(", ", elements);
	}

	private static String proto(String proto) {
		return isToken(proto) ? ";proto=" + proto : "";
	}

	private static String host(String host) {
		return Authority.isValid(host) ? ";host=" + quoted(host) : "";
	}

	/** Several proxies may have made a list of it. */
	private static String firstOf(String list) {
		int comma = list.indexOf(',');
		return ((comma < 0) ? list : list.substring(0, comma)).trim();
	}

	// https://www.rfc-editor.org/rfc/rfc7239#section-6: IPv6 in brackets, hence quoted
	private static String node(String address) {
		boolean bareIpv6 = address.indexOf(':') != address.lastIndexOf(':') && !address.startsWith("[");
		return quoted(bareIpv6 ? "[" + address + "]" : address);
	}

	/** Of a value in which nothing needs a backslash. */
	private static String quoted(String value) {
		return isToken(value) ? value : '"' + value + '"';
	}

	private static boolean isToken(String value) {
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if (c <= ' ' || c >= 0x7F || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
				return false;
			}
		}
		return !value.isEmpty();
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

	private static String orElse(@Nullable String value, String other) {
		return (value != null) ? value : other;
	}

	private static List<String> and(List<String> list, String last) {
		List<String> all = new ArrayList<>(list);
		all.add(last);
		return all;
	}

}
