// What happened, latest first.

import { byId, element, icon, setText } from "./dom.js";
import { timeOfDay } from "./format.js";

const KINDS = {
  STARTED: ["starting", "Started"],
  READY: ["ready", "Ready"],
  PAUSED: ["paused", "Paused"],
  DRAINING: ["draining", "Draining"],
  EXITED: ["exited", "Exited"],
  CRASHED: ["trouble", "Crashed"],
  BACKOFF: ["backoff", "Backoff"],
  RELOAD: ["reload", "Reload"],
  SCALED: ["scaled", "Scaled"],
  STATE: ["state", "State"],
};

const LONGEST = 500;

export class Timeline {
  #list = byId("timeline");
  #begun = false;

  add(entries) {
    if (entries.length > 0) {
      byId("timeline-empty").hidden = true;
    }
    this.#list.prepend(...entries.map(item).reverse());
    while (this.#list.children.length > LONGEST) {
      this.#list.lastElementChild.remove();
    }
    // What was there when the page was opened is to be read, not to be told.
    if (this.#begun && entries.length > 0) {
      setText(byId("news"), entries.slice(-3).map((entry) => entry.message).join(" "));
    }
    this.#begun = true;
  }

  clear() {
    this.#list.replaceChildren();
    byId("timeline-empty").hidden = false;
  }
}

function item(entry) {
  const [symbol, word] = KINDS[entry.kind] ?? ["state", entry.kind];
  const at = new Date(entry.at);
  return element(
    "li",
    { "data-kind": entry.kind },
    icon(symbol),
    element("div", {}, element("b", {}, word), " ", element("span", { class: "where" }, where(entry)), element("p", {}, entry.message)),
    element("time", { datetime: entry.at, title: at.toLocaleString() }, timeOfDay(at)),
  );
}

function where(entry) {
  if (entry.worker === undefined || entry.worker === null) {
    return "";
  }
  return entry.slot > 0 ? `slot ${entry.slot}, worker ${entry.worker}` : `worker ${entry.worker}`;
}
