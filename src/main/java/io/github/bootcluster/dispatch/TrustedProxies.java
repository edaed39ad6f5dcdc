package io.github.bootcluster.dispatch;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import io.github.bootcluster.InvalidClusterPropertyException;

/**
 * The proxies in front of this one whose word is taken for where a request came from.
 */
final class TrustedProxies {

	private static final String PROPERTY = "cluster.dispatch.trusted-proxies";

	/** IPv6 in brackets or IPv4, both perhaps with a port; bare IPv6. */
	private static final Pattern HOP = Pattern
		.compile("\\[([0-9A-Fa-f:.]{2,45})](?::[0-9]{1,5})?|([0-9.]{7,15})(?::[0-9]{1,5})?|([0-9A-Fa-f:.]{2,45})");

	private final List<Network> networks;

	private TrustedProxies(List<Network> networks) {
		this.networks = networks;
	}

	/**
	 * Read the value of the property.
	 * @param entries addresses such as {@code 10.0.0.1} or {@code ::1}, or ranges such as
	 * {@code 10.0.0.0/8}; no names, since those can change
	 * @throws InvalidClusterPropertyException if an entry is neither
	 */
	static TrustedProxies of(List<String> entries) {
		return new TrustedProxies(entries.stream().map(TrustedProxies::parse).toList());
	}

	boolean contain(InetAddress peer) {
		byte[] address = bytes(peer);
		return this.networks.stream().anyMatch((network) -> network.contains(address));
	}

	/**
	 * Where a request came from that one of these proxies passed on: the hop nearest to
	 * it that is none of them. What is said of hops before that one, anybody can have
	 * made up.
	 * @param hops values of X-Forwarded-For, the latest hop last
	 * @param proxy the address of the proxy
	 */
	String findClient(List<String> hops, String proxy) {
		String client = proxy;
		String[] all = String.join(",", hops).split(",");
		for (int i = all.length - 1; i >= 0; i--) {
			String text = all[i].trim();
			if (text.isEmpty()) {
				// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
				continue;
			}
			InetAddress hop = address(text);
			if (hop == null) {
				break;
			}
			client = NetUtil.toAddressString(hop);
			if (!contain(hop)) {
				break;
			}
		}
		return client;
	}

	/** Whether a hop is an address, with or without a port, and nothing besides. */
	static boolean isAddress(String hop) {
		return address(hop) != null;
	}

	/** Some proxies add the port. */
	private static @Nullable InetAddress address(String hop) {
		Matcher parts = HOP.matcher(hop);
		if (!parts.matches()) {
			return null;
		}
		String address = (parts.group(1) != null) ? parts.group(1)
				: (parts.group(2) != null) ? parts.group(2) : parts.group(3);
		return NetUtil.createInetAddressFromIpAddressString(address);
	}

	private static Network parse(String entry) {
		String text = entry.trim();
		int slash = text.indexOf('/');
		InetAddress address = NetUtil
			.createInetAddressFromIpAddressString((slash < 0) ? text : text.substring(0, slash));
		if (address == null) {
			throw invalid(entry, null);
		}
		byte[] bytes = bytes(address);
		int bits = bytes.length * 8;
		if (slash >= 0) {
			bits = parseBits(entry, text.substring(slash + 1), bits);
		}
		return new Network(bytes, bits);
	}

	private static int parseBits(String entry, String text, int max) {
		try {
			int bits = Integer.parseInt(text);
			if (bits < 0 || bits > max) {
				throw invalid(entry, null);
			}
			return bits;
		}
		catch (NumberFormatException ex) {
			throw invalid(entry, ex);
		}
	}

	private static InvalidClusterPropertyException invalid(String entry, @Nullable Throwable cause) {
		return new InvalidClusterPropertyException(PROPERTY, entry,
				"must be an IP address or a range such as '10.0.0.0/8'", cause);
	}

	/** A dual-stack socket may show an IPv4 peer as an IPv6 address. */
	private static byte[] bytes(InetAddress address) {
		byte[] bytes = address.getAddress();
		if (address instanceof Inet6Address && isMappedIpv4(bytes)) {
			return Arrays.copyOfRange(bytes, 12, 16);
		}
		return (address instanceof Inet4Address) ? bytes : bytes.clone();
	}

	private static boolean isMappedIpv4(byte[] bytes) {
		for (int i = 0; i < 10; i++) {
			if (bytes[i] != 0) {
				return false;
			}
		}
		return bytes[10] == -1 && bytes[11] == -1;
	}

	private record Network(byte[] address, int bits) {

		boolean contains(byte[] candidate) {
			if (candidate.length != this.address.length) {
				return false;
			}
			for (int bit = 0; bit < this.bits; bit++) {
				int mask = 0x80 >> (bit % 8);
				if ((candidate[bit / 8] & mask) != (this.address[bit / 8] & mask)) {
					return false;
				}
			}
			return true;
		}

	}

}
