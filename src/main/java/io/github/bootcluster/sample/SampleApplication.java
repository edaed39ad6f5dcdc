package io.github.bootcluster.sample;

import io.github.bootcluster.ctl.ClusterCtl;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An ordinary Spring Boot application. Its first line is there for commands to a running
 * cluster ({@code --cluster.ctl}): without it they are answered, too, a little later.
 */
@SpringBootApplication
public class SampleApplication {

	public static void main(String[] args) {
		ClusterCtl.answer(args);
		SpringApplication.run(SampleApplication.class, args);
	}

}
