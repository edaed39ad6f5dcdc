// A card for each worker.

import { byId, element, icon, setIcon, setText, svg } from "./dom.js";
import * as format from "./format.js";
import { isDispatched } from "./traffic.js";

const STATES = {
  STARTING: ["starting", "Starting"],
  WARMING: ["warming", "Warming up"],
  READY: ["ready", "Ready"],
  STANDBY: ["standby", "Standing by"],
  PAUSED: ["paused", "Paused"],
  DRAINED: ["drained", "Drained"],
  DRAINING: ["draining", "Draining"],
  EXITED: ["exited", "Exited"],
  BACKOFF: ["backoff", "Backing off"],
};

const SPARK_WIDTH = 120;
const SPARK_HEIGHT = 32;

/** Seconds. */
const SPARK_WINDOW = 120;

export class Workers {
  #grid = byId("worker-grid");
  #cards = new Map();
  #history;
  #openLog;
  #commands;

  /** Commands may be null, where there are none. */
  constructor(history, openLog, commands) {
    this.#history = history;
    this.#openLog = openLog;
    this.#commands = commands;
  }

  show(cluster, now) {
    const total = cluster.workers.reduce((sum, worker) => sum + (worker.requestRate ?? 0), 0);
    const left = this.#removeAllBut(new Set(cluster.workers.map((worker) => worker.id)));
    let before = null;
    for (const worker of cluster.workers) {
      const card = this.#cardOf(worker);
      if (before === null ? this.#grid.firstElementChild !== card.node : before.nextElementSibling !== card.node) {
        // Moved only if it is not there already: moving takes the focus away.
        if (before === null) {
          this.#grid.prepend(card.node);
        } else {
          before.after(card.node);
        }
      }
      before = card.node;
      card.show(worker, {
        now,
        drainable: isDispatched(cluster),
        leads: cluster.leader === worker.id,
        share: share(worker, total),
        latency: latencyPath(this.#history.workers.get(worker.id), this.#history.now()),
      });
    }
    if (left !== null) {
      this.#goOn(left);
    }
    showShares(cluster, total);
  }

  #cardOf(worker) {
    let card = this.#cards.get(worker.id);
    if (card === undefined) {
      card = new Card(worker, this.#openLog, this.#commands);
      this.#cards.set(worker.id, card);
    }
    return card;
  }

  /**
   * Before anything is put in its place, so that those behind them need not move. Returns
   * at which button of which slot somebody was, or null.
   */
  #removeAllBut(present) {
    let left = null;
    for (const [id, card] of this.#cards) {
      if (!present.has(id)) {
        const button = [...card.node.querySelectorAll("button")].indexOf(document.activeElement);
        if (button >= 0) {
          left = { slot: card.slot, button };
        }
        this.#cards.delete(id);
        card.node.remove();
      }
    }
    return left;
  }

  /** Whoever was at one of its buttons goes on at the same one of its successor. */
  #goOn({ slot, button }) {
    const successor = [...this.#cards.values()].find((card) => card.slot === slot);
    const next = successor?.node.querySelectorAll("button")[button];
    (next === undefined || next.hidden ? byId("workers") : next).focus({ preventScroll: true });
  }
}

class Card {
  #worker;
  #fields = new Map();
  #title;
  #identity = element("p", { class: "identity" });
  #leader = element("span", { class: "leader" }, icon("leader"), "leads");
  #state = element("p", { class: "pill" }, icon("state"), element("strong"));
  #reason = element("p", { class: "reason" });
  #spark = svg("path");
  #heap = element("div", { class: "meter-fill" });
  #drain = null;
  /** What there is nobody to obey while the slot has no process. */
  #ofProcess = [];

  constructor(worker, openLog, commands) {
    this.#worker = worker;
    const id = `worker-${worker.id}`;
    this.#title = element("span", { id });
    const log = element("button", { type: "button" }, icon("log"), element("span", {}, "Output"));
    log.addEventListener("click", () => openLog(this.#worker));
    const buttons = [log, ...(commands?.buttonsFor(() => this.#worker) ?? [])];
    buttons.forEach((button) => button.setAttribute("aria-describedby", id));
    this.#drain = buttons.find((button) => button.dataset.action === "drain") ?? null;
    this.#ofProcess = buttons.filter((button) => button.dataset.needs === "process");
    const sparkline = svg(
      "svg",
      { class: "sparkline", viewBox: `0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      this.#spark,
    );
    this.node = element(
      "article",
      { class: "worker", "aria-labelledby": id, "data-worker": worker.id },
      element("header", {}, element("div", {}, element("h3", {}, this.#title, this.#leader), this.#identity), this.#state),
      this.#reason,
      element("div", { class: "traffic" }, this.#list(["rate", "Requests/s"], ["share", "Share"], ["p95", "Latency p95"]), sparkline),
      this.#list(
        ["inFlight", "In flight"],
        ["requests", "Requests"],
        ["failures", "Failures"],
        ["cpu", "CPU"],
        ["resident", "Memory"],
        ["heap", "Heap"],
        ["gc", "GC"],
        ["threads", "Threads"],
        ["uptime", "Uptime"],
        ["restarts", "Restarts"],
        ["heartbeat", "Heartbeat"],
        ["errors", "Errors/s"],
      ),
      element("p", { class: "exit" }, "Last exit: ", this.#value("exit")),
      element("div", { class: "buttons" }, ...buttons),
    );
    this.#fields.get("heap").after(element("div", { class: "meter", "aria-hidden": "true" }, this.#heap));
  }

  get slot() {
    return this.#worker.slot;
  }

  show(worker, { now, drainable, leads, share, latency }) {
    this.#worker = worker;
    const [symbol, word] = STATES[worker.state] ?? ["state", worker.state];
    const age = (time) => (time === undefined ? undefined : (now - Date.parse(time)) / 1000);
    const alive = worker.state !== "EXITED" && worker.state !== "BACKOFF";
    const vitals = worker.vitals ?? {};
    this.node.dataset.state = worker.state;
    this.#state.dataset.state = worker.state;
    setText(this.#title, worker.slot > 0 ? `Slot ${worker.slot}` : "Standby");
    setText(this.#identity, identity(worker));
    this.#leader.hidden = !leads;
    setIcon(this.#state, symbol);
    setText(this.#state.querySelector("strong"), word);
    setText(this.#reason, reason(worker, age));
    this.#set("rate", format.rate(worker.requestRate));
    this.#set("share", format.percent(share));
    this.#set("p95", format.latency(worker.latency?.p95));
    this.#set("inFlight", format.count(worker.inFlight));
    this.#set("requests", format.count(worker.requests));
    this.#set("failures", format.count(worker.failures));
    this.#set("errors", format.rate(worker.errorRate));
    this.#set("cpu", format.percent(vitals.cpu));
    this.#set("resident", format.bytes(vitals.residentBytes));
    this.#set("heap", heap(vitals));
    this.#set("gc", gc(vitals));
    this.#set("threads", format.count(vitals.threads));
    this.#set("uptime", alive ? format.duration(age(worker.startedAt)) : format.UNKNOWN);
    this.#set("restarts", format.count(worker.restarts));
    this.#set("heartbeat", alive ? ago(age(worker.heartbeatAt)) : format.UNKNOWN);
    this.#set("exit", exit(worker.lastExit, age));
    this.#heap.style.width = format.percent(vitals.heapUsedBytes / vitals.heapMaxBytes || 0).replace(" ", "");
    this.#spark.setAttribute("d", latency);
    if (this.#drain !== null) {
      setText(this.#drain.querySelector("span"), worker.state === "DRAINED" ? "Put back" : "Drain");
    }
    this.#ofProcess.forEach((button) => (button.hidden = worker.pid === undefined || (button === this.#drain && !drainable)));
  }

  #list(...fields) {
    return element(
      "dl",
      { class: "facts" },
      ...fields.map(([key, label]) => element("div", { class: `fact fact-${key}` }, element("dt", {}, label), this.#value(key, "dd"))),
    );
  }

  #value(key, name = "span") {
    const value = element(name, {}, format.UNKNOWN);
    this.#fields.set(key, value);
    return value;
  }

  #set(key, text) {
    setText(this.#fields.get(key), text);
  }
}

function identity(worker) {
  const parts = [`worker ${worker.id}`, `generation ${worker.generation}`];
  if (worker.pid !== undefined) {
    parts.push(`pid ${worker.pid}`);
  }
  if (worker.port !== undefined) {
    parts.push(`port ${worker.port}`);
  }
  return parts.join(" · ");
}

/** Why it is in its state, in a sentence. */
function reason(worker, age) {
  const exit = worker.lastExit;
  switch (worker.state) {
    case "STARTING":
      return exit && !exit.expected ? `Takes the place of worker ${exit.id}, which ${exit.reason}.` : "Not ready yet.";
    case "WARMING":
      return "Gets requests of the launcher's own before those of clients.";
    case "READY":
      return "In rotation.";
    case "STANDBY":
      return "Steps in at once for one that dies.";
    case "PAUSED":
      return "Its application takes no traffic for now.";
    case "DRAINED":
      return "Kept out of rotation by an operator.";
    case "DRAINING":
      return `Finishes what it has (${format.count(worker.inFlight)} in flight), then ends.`;
    case "BACKOFF":
      return `The next one starts ${starts(worker.nextStartAt, age)}: the last one ${exit?.reason ?? "died young"}.`;
    case "EXITED":
      return `${exit?.reason ?? "It ended"}; it is not replaced.`;
    default:
      return "";
  }
}

function starts(time, age) {
  const left = time === undefined ? 0 : -age(time);
  return left >= 1 ? `in ${format.duration(left)}` : "now";
}

function ago(seconds) {
  return seconds === undefined ? format.UNKNOWN : `${format.duration(seconds)} ago`;
}

function exit(lastExit, age) {
  if (lastExit === undefined) {
    return "none in this slot";
  }
  const expected = lastExit.expected ? ", as asked for" : "";
  return `${lastExit.reason}${expected}, ${ago(age(lastExit.at))}`;
}

function heap({ heapUsedBytes, heapMaxBytes }) {
  if (heapUsedBytes === undefined || heapMaxBytes === undefined) {
    return format.bytes(heapUsedBytes);
  }
  const used = format.bytes(heapUsedBytes).split(" ");
  const most = format.bytes(heapMaxBytes).split(" ");
  return `${used[1] === most[1] ? used[0] : used.join(" ")} / ${most.join(" ")}`;
}

function gc({ gcCount, gcSeconds }) {
  return gcCount === undefined ? format.UNKNOWN : `${format.count(gcCount)} in ${format.latency(gcSeconds)}`;
}

function share(worker, total) {
  return worker.requestRate === undefined || total === 0 ? undefined : worker.requestRate / total;
}

/** The share of each slot in words, and as parts of one bar. */
function showShares(cluster, total) {
  const shares = cluster.workers.map((worker) => [worker, share(worker, total)]).filter(([, part]) => part > 0);
  const words = shares.map(([worker, part]) => `slot ${worker.slot} ${format.percent(part)}`);
  const told = isDispatched(cluster) ? words.join(" · ") || format.UNKNOWN : "not known, since no dispatcher counts requests";
  setText(byId("share"), `Share of traffic: ${told}`);
  const bar = byId("share-bar");
  while (bar.childElementCount > shares.length) {
    bar.lastElementChild.remove();
  }
  while (bar.childElementCount < shares.length) {
    bar.append(element("span"));
  }
  shares.forEach(([, part], index) => (bar.children[index].style.flexGrow = part));
}

/** Latency over the last two minutes, from 0 to its highest. */
function latencyPath({ times, columns }, now) {
  const values = columns.p95;
  const highest = Math.max(...values.filter((value) => value !== null), 1e-9);
  let commands = "";
  let drawing = false;
  times.forEach((time, index) => {
    const value = values[index];
    const x = SPARK_WIDTH * (1 - (now - time) / SPARK_WINDOW);
    if (value === null || x < 0) {
      drawing = false;
      return;
    }
    const y = SPARK_HEIGHT - 2 - (SPARK_HEIGHT - 4) * (value / highest);
    commands += `${drawing ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    drawing = true;
  });
  return commands;
}
