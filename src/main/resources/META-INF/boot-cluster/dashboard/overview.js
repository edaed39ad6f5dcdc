// The head of the page: the cluster as a whole, in words and figures.

import { byId, element, icon, setIcon, setText } from "./dom.js";
import * as format from "./format.js";

const STATES = {
  STARTING: ["starting", "Starting"],
  RUNNING: ["ready", "Running"],
  DEGRADED: ["trouble", "Degraded"],
  RELOADING: ["reload", "Reloading"],
  STOPPING: ["exited", "Stopping"],
};

const LINKS = {
  connecting: "Connecting…",
  live: "Live",
  polling: "Polling",
};

const STORE_STATES = { UP: "up", UNAVAILABLE: "unavailable", OPENING: "opening" };

const FIGURES = [
  ["ready", "Ready workers", (cluster) => `${readyWorkers(cluster)} / ${cluster.desiredWorkers}`],
  ["requests", "Requests per s", ({ dispatcher }) => format.rate(dispatcher.requestRate)],
  ["errors", "Errors per s", ({ dispatcher }) => format.rate(dispatcher.errorRate)],
  ["p50", "Latency p50", ({ dispatcher }) => format.latency(dispatcher.latency?.p50)],
  ["p95", "Latency p95", ({ dispatcher }) => format.latency(dispatcher.latency?.p95)],
  ["p99", "Latency p99", ({ dispatcher }) => format.latency(dispatcher.latency?.p99)],
  ["in-flight", "In flight", ({ workers }) => format.count(sum(workers, "inFlight"))],
  ["queue", "In the queue", ({ dispatcher }) => format.count(dispatcher.queued)],
  ["connections", "Connections", ({ dispatcher }) => format.count(dispatcher.connections)],
  ["total", "Requests so far", ({ dispatcher }) => format.count(dispatcher.requests)],
  ["retries", "Retries so far", ({ dispatcher }) => format.count(dispatcher.retries)],
  ["restarts", "Crash restarts", ({ workers }) => format.count(restarts(workers))],
  ["uptime", "Uptime", ({ launcher }, now) => format.duration((now - Date.parse(launcher.startedAt)) / 1000)],
  ["store", "Session store", ({ sessionStore }) => store(sessionStore)],
];

export class Overview {
  #values = new Map();
  #state = byId("state");

  constructor() {
    const list = byId("figures");
    for (const [key, label] of FIGURES) {
      const value = element("dd", { id: `figure-${key}` }, format.UNKNOWN);
      this.#values.set(key, value);
      list.append(element("div", { class: `figure figure-${key}` }, element("dt", {}, label), value));
    }
    this.#state.append(icon("state"), element("strong", {}, format.UNKNOWN));
  }

  show(cluster, now) {
    const [symbol, word] = STATES[cluster.state] ?? ["state", cluster.state];
    this.#state.dataset.state = cluster.state;
    setIcon(this.#state, symbol);
    setText(this.#state.querySelector("strong"), word);
    setText(byId("summary"), `Generation ${cluster.generation} · ${cluster.policy} · port ${cluster.dispatcher.port}`);
    for (const [key, , read] of FIGURES) {
      setText(this.#values.get(key), read(cluster, now));
    }
    document.title = `${readyWorkers(cluster)}/${cluster.desiredWorkers} ${word} – boot-cluster`;
    showReload(cluster.reload, now);
  }

  /** How the page gets its news, and whether it still does. */
  showLink({ mode, stale, age }) {
    const link = byId("link");
    link.dataset.mode = stale ? "stale" : mode;
    setText(link, stale ? "Out of date" : LINKS[mode]);
    const banner = byId("stale");
    if (stale) {
      // Told once by screen readers, not once a second.
      setText(banner, "Out of date: no news from the launcher. Trying again…");
      banner.title = `No news for ${format.duration(age)}`;
    }
    banner.hidden = !stale;
    document.body.classList.toggle("is-stale", stale);
  }
}

function showReload(reload, now) {
  const progress = byId("reload-progress");
  const underWay = reload !== undefined && reload.endedAt === undefined;
  progress.hidden = !underWay;
  if (underWay) {
    progress.max = Math.max(1, reload.slots);
    progress.value = reload.slotsDone;
  }
  byId("reload").dataset.state = reload?.state ?? "NONE";
  setText(byId("reload-text"), reload === undefined ? "No reload yet." : inWords(reload, now));
}

function inWords(reload, now) {
  const what = `Reload to generation ${reload.generation}`;
  const done = `${reload.slotsDone} of ${reload.slots} slots`;
  const ago = (time) => format.duration((now - Date.parse(time)) / 1000);
  switch (reload.state) {
    case "STAGING":
      return `${what}: copying the application, for ${ago(reload.startedAt)}.`;
    case "ROLLING":
      return `${what}: ${done} done, for ${ago(reload.startedAt)}.`;
    case "ROLLING_BACK":
      return `${what} failed and is taken back: ${reload.reason ?? ""}`;
    case "SUCCEEDED":
      return `${what} succeeded ${ago(reload.endedAt)} ago.`;
    default:
      return `${what} failed ${ago(reload.endedAt)} ago: ${reload.reason ?? "no reason was given."}`;
  }
}

function store(sessionStore) {
  const state = STORE_STATES[sessionStore.status] ?? sessionStore.status?.toLowerCase();
  return state ? `${sessionStore.type}, ${state}` : sessionStore.type;
}

export function readyWorkers(cluster) {
  return cluster.workers.filter((worker) => worker.state === "READY").length;
}

/** Restarts are those of a slot, which may have two workers for a while. */
function restarts(workers) {
  const slots = new Map(workers.map((worker) => [worker.slot, worker.restarts]));
  return [...slots.values()].reduce((total, value) => total + value, 0);
}

/** Not known as long as it is not of any. */
function sum(workers, field) {
  return workers.reduce((total, worker) => total + worker[field], 0);
}
