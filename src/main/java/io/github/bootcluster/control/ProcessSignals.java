package io.github.bootcluster.control;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's way of telling a process something. The JDK has it in
 * {@code sun.misc.Signal} of its supported module {@code jdk.unsupported} only; javac
 * warns of that class without a way to say that one knows, hence the reflection.
 */
public final class ProcessSignals {

	private static final Logger logger = LoggerFactory.getLogger(ProcessSignals.class);

	private ProcessSignals() {
	}

	/**
	 * Run a handler at every arrival of a signal, in place of what the JVM does.
	 * @param name name without SIG, such as {@code TERM}
	 * @param handler run by a thread of the JVM, one for each arrival
	 * @return whether that is possible: not where the platform lacks the signal, nor for
	 * TERM, INT and HUP in a JVM started with {@code -Xrs}, or with that signal ignored
	 * as {@code nohup} has it
	 */
	public static boolean handle(String name, Runnable handler) {
		try {
			Class<?> signalType = Class.forName("sun.misc.Signal");
			Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
			Object proxy = Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] { handlerType },
					(self, method, arguments) -> switch (method.getName()) {
						case "handle" -> {
							handler.run();
							yield null;
						}
						case "equals" -> self == arguments[0];
						case "hashCode" -> System.identityHashCode(self);
						default -> "ProcessSignals[" + name + "]";
					});
			Object signal = signalType.getConstructor(String.class).newInstance(name);
			Object former = signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, proxy);
			return former != handlerType.getField("SIG_IGN").get(null);
		}
		catch (InvocationTargetException ex) {
			logger.debug("SIG{} cannot be handled: {}", name, ex.getTargetException().getMessage());
			return false;
		}
		catch (ReflectiveOperationException ex) {
			logger.debug("This JVM does not let signals be handled", ex);
			return false;
		}
	}

}
