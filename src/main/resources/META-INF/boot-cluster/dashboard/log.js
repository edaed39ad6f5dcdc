// The last lines of one worker, asked for whenever there are news that it is there. Follows
// its slot: when another worker takes that, its output goes on here, after the last words
// of the one before.

import { byId, element, setText } from "./dom.js";

const LONGEST = 2000;

/** By so many lines it is found out what of the last words was shown already. */
const REMEMBERED = 200;

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
  /** The latest lines of that worker, as it wrote them and without a gap. */
  #tail = [];
  /** Until the first lines of its successor are there: { id, tail, separator }, or null. */
  #previous = null;
  #restarted = false;

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
    if (this.#worker !== null && (this.#restarted || this.#find(this.#worker.id) === null)) {
      this.#succeed(workers.findLast((worker) => worker.slot !== 0 && worker.slot === this.#worker.slot));
    }
    this.#restarted = false;
    this.#fillSelect();
    this.#read();
  }

  /** The next workers are those of another launcher, whatever their ids are. */
  restarted() {
    this.#restarted = true;
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
    this.#begin(worker);
    this.#previous = null;
    this.#shown = 0;
    setText(this.#lines, worker === null ? "Choose a worker to see what it writes, as it writes it." : "Reading…");
    this.#read();
  }

  #begin(worker) {
    this.#worker = worker;
    this.#last = 0;
    this.#tail = [];
  }

  /** The one that was shown is gone. */
  #succeed(successor) {
    const exit = this.#restarted ? undefined : successor?.lastExit;
    const why = exit?.id === this.#worker.id ? `: ${exit.reason}` : "";
    const gone = this.#restarted ? "The launcher was started again." : `${name(this.#worker)} is gone${why}.`;
    const next = successor === undefined ? "" : ` Its place has worker ${successor.id}.`;
    this.#append([`– ${gone}${next} –`]);
    this.#previous = this.#restarted
      ? null
      : { id: this.#worker.id, tail: this.#tail, separator: this.#lines.lastElementChild };
    this.#begin(successor ?? null);
  }

  async #read() {
    const worker = this.#worker;
    if (worker === null || this.#reading) {
      return;
    }
    this.#reading = true;
    try {
      const { output, lastLine, lastExit, lastExitOutput } = await this.#api.worker(worker.id, this.#last);
      if (this.#worker !== worker) {
        return;
      }
      if (lastLine < this.#last) {
        this.#append(["– Its output begins again. –"]);
        this.#begin(worker);
        return;
      }
      this.#showLastWords(lastExit, lastExitOutput);
      const missing = lastLine - this.#last - output.length;
      if (this.#last > 0 && missing > 0) {
        this.#append([`– ${missing} lines came too fast to be shown. –`]);
        this.#tail = [];
      }
      this.#last = lastLine;
      this.#tail = [...this.#tail, ...output].slice(-REMEMBERED);
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

  /** What the one before wrote after it was last asked, which is what tells why it died. */
  #showLastWords(exit, lines) {
    if (this.#previous !== null && exit?.id === this.#previous.id) {
      this.#previous.separator.before(...lines.slice(shownOf(lines, this.#previous.tail)).map(inElement));
    }
    this.#previous = null;
  }

  #append(lines) {
    if (lines.length === 0) {
      return;
    }
    if (this.#shown === 0) {
      setText(this.#lines, "");
    }
    this.#lines.append(...lines.map(inElement));
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

/** How many of the lines are at the end of what was shown. */
function shownOf(lines, tail) {
  let count = lines.length;
  while (count > 0 && !endsAlike(lines.slice(0, count), tail)) {
    count--;
  }
  return count;
}

function endsAlike(lines, tail) {
  const compared = Math.min(lines.length, tail.length);
  return compared > 0 && lines.slice(-compared).every((line, i) => line === tail[tail.length - compared + i]);
}

function inElement(line) {
  return element("span", { class: "line" }, `${line.replace(ESCAPES, "")}\n`);
}

function name(worker) {
  return worker.slot > 0 ? `slot ${worker.slot}, worker ${worker.id}` : `worker ${worker.id}`;
}
