package io.github.bootcluster.autoconfigure;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.github.bootcluster.ctl.ClusterCtl;

/**
 * Configures nothing: it is there to answer an operator. The logging system is what
 * Spring Boot's first class sets up first of all, and so this is the first class of ours
 * that any application loads: with a third less of a wait for the answer than by the
 * {@link LauncherRunListener}, which does the same where there is no Logback. In a
 * process that commands no cluster it costs next to nothing.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public class CtlConfigurator extends ContextAwareBase implements Configurator {

	@Override
	public ExecutionStatus configure(LoggerContext context) {
		ClusterCtl.answerEarly();
		return ExecutionStatus.INVOKE_NEXT_IF_ANY;
	}

}
