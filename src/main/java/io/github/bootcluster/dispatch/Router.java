package io.github.bootcluster.dispatch;

/**
 * Which balancer a request belongs to.
 *
 * @param adminPaths paths of the launcher
 * @param admin the launcher's own context as the one target
 * @param workers everything else
 */
record Router(AdminPaths adminPaths, Balancer admin, Balancer workers) {

	Balancer route(UpstreamRequest request) {
		return isForLauncher(request) ? this.admin : this.workers;
	}

	boolean isForLauncher(UpstreamRequest request) {
		return this.adminPaths.contain(request.target());
	}

}
