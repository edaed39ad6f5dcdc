package io.github.bootcluster.launcher;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DebugAgentTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5005 | -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=6006
					-agentlib:jdwp=transport=dt_socket,address=5005,server=y           | -agentlib:jdwp=transport=dt_socket,address=6006,server=y
					-agentlib:jdwp=address=5005,transport=dt_socket,server=y           | -agentlib:jdwp=address=6006,transport=dt_socket,server=y
					-agentlib:jdwp=server=y,transport=dt_socket,address=*:5005         | -agentlib:jdwp=server=y,transport=dt_socket,address=*:6006
					-agentlib:jdwp=transport=dt_socket,server=y,address=localhost:5005 | -agentlib:jdwp=transport=dt_socket,server=y,address=localhost:6006
					-agentlib:jdwp=transport=dt_socket,server=y,address=127.0.0.1:5005 | -agentlib:jdwp=transport=dt_socket,server=y,address=127.0.0.1:6006
					-agentlib:jdwp=transport=dt_socket,server=y,address=[::1]:5005,quiet=y | -agentlib:jdwp=transport=dt_socket,server=y,address=[::1]:6006,quiet=y
					-Xrunjdwp:transport=dt_socket,server=y,suspend=n,address=5005      | -Xrunjdwp:transport=dt_socket,server=y,suspend=n,address=6006
					-Xrunjdwp:address=0.0.0.0:5005,server=y,transport=dt_socket        | -Xrunjdwp:address=0.0.0.0:6006,server=y,transport=dt_socket
					-agentpath:/jdk/lib/libjdwp.so=transport=dt_socket,server=y,address=5005 | -agentpath:/jdk/lib/libjdwp.so=transport=dt_socket,server=y,address=6006
					""")
	void portAloneChangesWhateverStandsAround(String argument, String elsewhere) {
		DebugAgent agent = new DebugAgent(argument);
		assertThat(DebugAgent.isOne(argument)).isTrue();
		assertThat(agent.port()).hasValue(5005);
		assertThat(agent.at(6006)).isEqualTo(new DebugAgent(elsewhere));
	}

	/** The last ones call a debugger that waits there. */
	@ParameterizedTest
	@ValueSource(strings = { "-agentlib:jdwp=transport=dt_socket,server=y,address=0",
			"-agentlib:jdwp=transport=dt_socket,server=y,address=*:0", "-agentlib:jdwp=transport=dt_socket,server=y",
			"-agentlib:jdwp=transport=dt_socket,server=y,address=", "-agentlib:jdwp", "-agentlib:jdwp=help",
			"-agentlib:jdwp=transport=dt_shmem,server=y,address=name",
			"-agentlib:jdwp=transport=dt_socket,server=y,address=host:port",
			"-agentlib:jdwp=transport=dt_socket,server=y,address=65536",
			"-agentlib:jdwp=transport=dt_socket,server=n,address=desk:5005",
			"-Xrunjdwp:transport=dt_socket,address=desk:5005" })
	void agentWithoutAPortOfItsOwnIsLeftAsItIs(String argument) {
		assertThat(DebugAgent.isOne(argument)).isTrue();
		assertThat(new DebugAgent(argument).port()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-agentlib:jdwpx=address=5005,server=y", "-Djdwp=server=y,address=5005", "-Xdebug",
			"-agentpath:/opt/agent.so=server=y,address=5005", "-agentlib:hprof" })
	void otherArgumentsAreNone(String argument) {
		assertThat(DebugAgent.isOne(argument)).isFalse();
	}

	/** As the value of a property with commas is taken. */
	@Test
	void argumentThatCameApartIsPutTogether() {
		List<String> arguments = List.of("-Xmx1g", "-agentlib:jdwp=transport=dt_socket", "server=y", "suspend=n",
				"address=*:5005", "-Xlog:gc:file=gc.log:time", "level", "-ea");
		assertThat(DebugAgent.among(arguments))
			.containsExactly(new DebugAgent("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005"));
		assertThat(DebugAgent.without(arguments)).containsExactly("-Xmx1g", "-Xlog:gc:file=gc.log:time", "level",
				"-ea");
	}

}
