// What the page remembers of the last minutes: the endpoint only tells of now.

const WINDOW = 300;

/** Longer than that without news, and lines are not drawn across. */
const GAP = 8;

/** Columns of numbers by time, oldest first; what was not known is null. */
class Series {
  constructor(names) {
    this.times = [];
    this.columns = Object.fromEntries(names.map((name) => [name, []]));
  }

  add(time, values) {
    const last = this.times.at(-1);
    if (last !== undefined && time - last > GAP) {
      this.#push(last + 1, {});
    }
    this.#push(time, values);
    while (this.times[0] < time - WINDOW) {
      this.times.shift();
      Object.values(this.columns).forEach((column) => column.shift());
    }
  }

  #push(time, values) {
    this.times.push(time);
    for (const [name, column] of Object.entries(this.columns)) {
      column.push(values[name] ?? null);
    }
  }
}

export class History {
  constructor() {
    this.clear();
  }

  clear() {
    this.cluster = new Series(["requests", "errors", "p50", "p95", "p99"]);
    this.workers = new Map();
  }

  /** Seconds, by a clock that nobody sets back. */
  now() {
    return (performance.timeOrigin + performance.now()) / 1000;
  }

  add(cluster) {
    const time = this.now();
    const { requestRate, errorRate, latency } = cluster.dispatcher;
    this.cluster.add(time, { requests: requestRate, errors: errorRate, ...latency });
    const present = new Set();
    for (const worker of cluster.workers) {
      present.add(worker.id);
      if (!this.workers.has(worker.id)) {
        this.workers.set(worker.id, new Series(["p95"]));
      }
      this.workers.get(worker.id).add(time, { p95: worker.latency?.p95 });
    }
    for (const id of this.workers.keys()) {
      if (!present.has(id)) {
        this.workers.delete(id);
      }
    }
  }
}
