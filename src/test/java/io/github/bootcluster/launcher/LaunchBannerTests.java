package io.github.bootcluster.launcher;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whoever copies an address from the banner gets an answer. */
class LaunchBannerTests {

	@Test
	void portOfAllAddressesIsThatOfLocalhost() {
		assertThat(print(null, new FrontSettings.Admin.BehindFront("/app/actuator")))
			.contains("serve http://localhost:8080/app/ after")
			.contains("status    http://localhost:8080/app/actuator/cluster");
	}

	@ParameterizedTest
	@CsvSource({ "0.0.0.0, localhost", "::, localhost", "127.0.0.1, localhost", "127.0.0.2, 127.0.0.2",
			"192.0.2.7, 192.0.2.7", "::1, [0:0:0:0:0:0:0:1]", "fe80::7%1, [fe80:0:0:0:0:0:0:7%251]" })
	void addressIsNamedUnlessItIsThatOfLocalhost(String address, String host) throws Exception {
		FrontSettings.Admin admin = new FrontSettings.Admin.BehindFront("/app/actuator");
		assertThat(print(InetAddress.getByName(address), admin)).contains("serve http://" + host + ":8080/app/ after")
			.contains("status    http://" + host + ":8080/app/actuator/cluster")
			.contains("dashboard http://" + host + ":8080/ops/cluster");
	}

	@Test
	void managementPortHasAnAddressOfItsOwn() throws Exception {
		FrontSettings.Admin admin = new FrontSettings.Admin.OwnPort(InetAddress.getByName("127.0.0.3"), 0, "",
				"/actuator", null);
		assertThat(print(InetAddress.getByName("127.0.0.2"), admin)).contains("serve http://127.0.0.2:8080/app/ after")
			.contains("status    http://127.0.0.3:9090/actuator/cluster")
			.contains("dashboard http://127.0.0.3:9090/ops/cluster");
	}

	private static String print(@Nullable InetAddress address, FrontSettings.Admin admin) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		FrontSettings front = new FrontSettings(address, 0, "/app", null, admin, List.of(), "/ops/cluster");
		new LaunchBanner(new SupervisorFixture(2).allReady().latest(), front, 8080, 9090)
			.print(new PrintStream(out, true, StandardCharsets.UTF_8));
		return out.toString(StandardCharsets.UTF_8);
	}

}
