package io.github.bootcluster.ctl;

/** How to use this. */
final class CtlHelp {

	static final String TEXT = """
			Commands a running cluster: java -jar app.jar --cluster.ctl=COMMAND [options]
			                        or: java -jar app.jar --cluster.ctl COMMAND [options]

			  status        the cluster and its workers       --watch[=SECONDS]
			  reload        replace all workers               --no-wait
			  scale=N       have N workers; +N, -N: more, fewer  --no-wait
			  restart=ID    replace one worker                --no-wait
			  drain=ID      take one out of rotation          --no-wait
			  undrain=ID    put it back                       --no-wait
			  kill=ID       end one at once; it is replaced   --no-wait
			  logs[=ID]     last lines of one worker, or all  --follow --lines=N
			  events        what happened lately              --follow --lines=N
			  stop          stop the cluster                  --no-wait
			  help          this

			  --json              JSON, as of /actuator/cluster; one document a line
			  --cluster.home=DIR  the cluster's home; by default what the application's
			                      configuration says, else .cluster

			Exit status: 0 done, 1 failed, 2 not understood, 3 no launcher runs there,
			4 refused (not now, no such worker, or not allowed).
			""";

	private CtlHelp() {
	}

}
