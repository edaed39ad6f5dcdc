package io.github.bootcluster.launcher;

import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.Set;

import javax.management.JMException;
import javax.management.ObjectName;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM of this process, by what HotSpot and its descendants offer to management. On
 * another JVM, or one that lacks some of it, what cannot be done is not.
 */
final class HotSpot implements LauncherMemory.Jvm {

	private static final Logger logger = LoggerFactory.getLogger(HotSpot.class);

	/** The last is what {@link #set} makes of an option. */
	private static final Set<VMOption.Origin> NOT_CHOSEN = EnumSet.of(VMOption.Origin.DEFAULT,
			VMOption.Origin.ERGONOMIC, VMOption.Origin.MANAGEMENT);

	/** {@code null} on a JVM that has none. */
	private final @Nullable HotSpotDiagnosticMXBean options = findOptions();

	@Override
	public boolean isChosen(String option) {
		VMOption.Origin origin = originOf(option);
		return origin != null && !NOT_CHOSEN.contains(origin);
	}

	@Override
	public void set(String option, long value) {
		if (this.options == null) {
			return;
		}
		try {
			this.options.setVMOption(option, Long.toString(value));
		}
		catch (RuntimeException ex) {
			logger.debug("This JVM does not let {} be set to {}", option, value, ex);
		}
	}

	@Override
	public void collect() {
		System.gc();
	}

	/** Since JDK 17.0.9 and 21.0.1, on Linux with glibc. */
	@Override
	public void trimNativeHeap() {
		try {
			ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "systemTrimNativeHeap", null,
						null);
		}
		catch (JMException | RuntimeException ex) {
			logger.debug("This JVM does not trim its native heap", ex);
		}
	}

	private static @Nullable HotSpotDiagnosticMXBean findOptions() {
		try {
			return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
		}
		catch (IllegalArgumentException | LinkageError ex) {
			logger.debug("This JVM has no options that can be changed", ex);
			return null;
		}
	}

	private VMOption.@Nullable Origin originOf(String option) {
		if (this.options == null) {
			return null;
		}
		try {
			return this.options.getVMOption(option).getOrigin();
		}
		catch (IllegalArgumentException ex) {
			// Not an option of this JVM.
			return null;
		}
	}

}
