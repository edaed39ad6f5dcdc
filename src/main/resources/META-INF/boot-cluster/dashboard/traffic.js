// What is known of the traffic.

const COUNTED_BY_DISPATCHER = [
  "requestRate",
  "errorRate",
  "latency",
  "inFlight",
  "queued",
  "connections",
  "requests",
  "retries",
  "failures",
];

/** Whether requests come to the workers through the launcher. */
export function isDispatched(cluster) {
  return cluster.policy !== "none";
}

/** Without a dispatcher nobody counts, and the zeros that are told are no measurements. */
export function withoutGuesses(cluster) {
  if (isDispatched(cluster)) {
    return cluster;
  }
  return { ...cluster, dispatcher: withoutCounts(cluster.dispatcher), workers: cluster.workers.map(withoutCounts) };
}

function withoutCounts(counted) {
  return Object.fromEntries(Object.entries(counted).filter(([name]) => !COUNTED_BY_DISPATCHER.includes(name)));
}
