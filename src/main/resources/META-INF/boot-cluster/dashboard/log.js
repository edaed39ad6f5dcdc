// The last lines of one worker, asked for whenever there are news that it is there. Follows
// its slot: when another worker takes that, its output goes on here.

import { byId, element, setText } from "./dom.js";

const LONGEST = 2000;

/** What terminals make of it is of no use here. */
const ESCAPES = /\u001b(\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(\u0007|\u001b\\)|[@-_])|[\u0000-\u0008\u000b-\u001f\u007f]/g;

export class Log {
  #api;
  #select = byId("log-worker");
  #lines = byId("log-lines");
  #follow = byId("log-follow");
  #workers = [];
  /** The worker whose output is shown, or null. */
  #worker = null;
  #last = 0;
  #reading = false;
  #shown = 0;

  constructor(api) {
    this.#api = api;
    this.#select.addEventListener("change", () => this.#choose(this.#find(Number(this.#select.value))));
    byId("log-wrap").addEventListener("change", (event) => this.#lines.classList.toggle("no-wrap", !event.target.checked));
    this.#lines.addEventListener("scroll", () => this.#scrolled());
  }

  /** Show the output of a worker, from the first line that is kept. */
  open(worker) {
    this.#select.value = String(worker.id);
    this.#choose(worker);
    byId("log").scrollIntoView({ block: "start" });
    this.#lines.focus({ preventScroll: true });
  }

  show(workers) {
    this.#workers = workers;
    if (this.#worker !== null && this.#find(this.#worker.id) === null) {
      this.#succeed(workers.findLast((worker) => worker.slot !== 0 && worker.slot === this.#worker.slot));
    }
    this.#fillSelect();
    this.#read();
  }

  #find(id) {
    return this.#workers.find((worker) => worker.id === id) ?? null;
  }

  #fillSelect() {
    const options = this.#workers.map((worker) => [String(worker.id), name(worker)]);
    const now = [...this.#select.options].slice(1).map((option) => [option.value, option.textContent]);
    if (JSON.stringify(now) !== JSON.stringify(options)) {
      this.#select.replaceChildren(
        this.#select.options[0],
        ...options.map(([value, text]) => element("option", { value }, text)),
      );
    }
    const chosen = this.#worker === null ? "" : String(this.#worker.id);
    if (this.#select.value !== chosen) {
      this.#select.value = chosen;
    }
  }

  #choose(worker) {
    this.#worker = worker;
    this.#last = 0;
    this.#shown = 0;
    setText(this.#lines, worker === null ? "Choose a worker to see what it writes, as it writes it." : "Reading…");
    this.#read();
  }

  /** The one that was shown is gone. */
  #succeed(successor) {
    if (successor === undefined) {
      this.#append([`– ${name(this.#worker)} is gone. –`]);
      this.#worker = null;
      return;
    }
    const exit = successor.lastExit;
    const why = exit?.id === this.#worker.id ? `: ${exit.reason}` : "";
    this.#append([`– ${name(this.#worker)} is gone${why}. Its place has worker ${successor.id}. –`]);
    this.#worker = successor;
    this.#last = 0;
  }

  async #read() {
    const worker = this.#worker;
    if (worker === null || this.#reading) {
      return;
    }
    this.#reading = true;
    try {
      const { output, lastLine } = await this.#api.worker(worker.id, this.#last);
      if (this.#worker !== worker) {
        return;
      }
      if (this.#shown === 0) {
        setText(this.#lines, "");
      }
      const missing = lastLine - this.#last - output.length;
      if (this.#last > 0 && missing > 0) {
        this.#append([`– ${missing} lines came too fast to be shown. –`]);
      }
      this.#last = lastLine;
      this.#append(output);
      if (this.#shown === 0) {
        setText(this.#lines, "It has written nothing yet.");
      }
    } catch {
      // It may just have ended, which the next news of the cluster tell.
    } finally {
      this.#reading = false;
    }
  }

  #append(lines) {
    if (lines.length === 0) {
      return;
    }
    this.#lines.append(...lines.map((line) => element("span", { class: "line" }, `${line.replace(ESCAPES, "")}\n`)));
    this.#shown += lines.length;
    while (this.#lines.childElementCount > LONGEST) {
      this.#lines.firstElementChild.remove();
    }
    if (this.#follow.checked) {
      this.#lines.scrollTop = this.#lines.scrollHeight;
    }
  }

  /** Who scrolls up wants to read; who is back at the end, to follow. */
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#lines;
    this.#follow.checked = scrollHeight - scrollTop - clientHeight < 24;
  }
}

function name(worker) {
  return worker.slot > 0 ? `slot ${worker.slot}, worker ${worker.id}` : `worker ${worker.id}`;
}
