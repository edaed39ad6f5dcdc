// Keeps the page up to date: by the stream, and by polling while there is none.

/** Without news of the stream for that long, the page asks itself. */
const POLL_AFTER = 2500;

const POLL_EVERY = 3000;

/** Without news for that long, the page is out of date. */
const STALE_AFTER = 5000;

/** Between two polls there is none for longer. */
const STALE_AFTER_POLLING = 10_000;

const LONGEST_PAUSE = 30_000;

/** A stream that is silent for that long is dead, though nobody said so, or held up by a proxy. */
const GIVEN_UP_AFTER = 15_000;

/**
 * Tells its listener of
 *   cluster(cluster)  what the endpoint tells,
 *   events(entries)   what happened, each once and in order,
 *   restarted()       another launcher: all that was known before is of the one before,
 *   link(state)       { mode: "connecting" | "live" | "polling", stale, age }, once a second.
 */
export class Connection {
  #api;
  #streamUrl;
  #listener;
  #stream = null;
  /** When the stream was opened, or told something. */
  #heard = 0;
  #failures = 0;
  #reconnect = 0;
  #nextPoll = 0;
  #mode = "connecting";
  #lastNews = 0;
  #launcher = "";
  #version = 0;
  #latest = 0;
  #catchingUp = false;

  constructor(api, streamUrl, listener) {
    this.#api = api;
    this.#streamUrl = streamUrl;
    this.#listener = listener;
  }

  start() {
    this.#lastNews = performance.now();
    setInterval(() => this.#look(), 1000);
    // A browser has few connections for one server, and a hidden page needs none.
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
    if (!document.hidden) {
      this.#open();
    }
  }

  #open() {
    this.#close();
    const stream = new EventSource(this.#streamUrl);
    this.#stream = stream;
    this.#heard = performance.now();
    stream.addEventListener("timeline", (event) => this.#happened(JSON.parse(event.data)));
    stream.addEventListener("message", (event) => {
      this.#failures = 0;
      this.#mode = "live";
      this.#heard = performance.now();
      this.#news(JSON.parse(event.data), Number(event.lastEventId));
    });
    stream.addEventListener("error", () => this.#lost());
  }

  /** Refused, broken or ended: if all came again at once, that would help nobody. */
  #lost() {
    this.#close();
    const pause = Math.min(LONGEST_PAUSE, 1000 * 2 ** this.#failures++) * (0.5 + Math.random() / 2);
    this.#reconnect = setTimeout(() => this.#open(), pause);
  }

  #close() {
    this.#stream?.close();
    this.#stream = null;
    clearTimeout(this.#reconnect);
  }

  /** Once a second. */
  #look() {
    const now = performance.now();
    if (this.#stream !== null && now - this.#heard > GIVEN_UP_AFTER) {
      this.#lost();
    }
    if (!document.hidden && now - this.#lastNews > POLL_AFTER && now > this.#nextPoll) {
      this.#nextPoll = now + POLL_EVERY * (0.8 + Math.random() * 0.4);
      this.#pollNow();
    }
    this.#tellLink();
  }

  async #pollNow() {
    try {
      const cluster = await this.#api.cluster();
      if (performance.now() - this.#lastNews > POLL_AFTER) {
        this.#mode = "polling";
        this.#news(cluster, Infinity);
      }
    } catch {
      // That there are no news is told by their age.
    }
  }

  #news(cluster, latest) {
    this.#lastNews = performance.now();
    const launcher = `${cluster.launcher.pid} ${cluster.launcher.startedAt}`;
    if (launcher !== this.#launcher) {
      if (this.#launcher !== "") {
        this.#latest = 0;
        this.#listener.restarted();
      }
      this.#launcher = launcher;
      this.#version = 0;
    }
    // A poll may be overtaken by the stream, which is newer.
    if (cluster.version < this.#version) {
      return;
    }
    this.#version = cluster.version;
    this.#listener.cluster(cluster);
    if (latest > this.#latest) {
      this.#catchUp();
    }
    this.#tellLink();
  }

  #happened(timeline) {
    const entries = timeline.events.filter((entry) => entry.number > this.#latest);
    // With a gap before them they are among what is caught up with.
    if (entries.length > 0 && entries[0].number === this.#latest + 1) {
      this.#latest = timeline.latest;
      this.#listener.events(entries);
    }
  }

  async #catchUp() {
    if (this.#catchingUp) {
      return;
    }
    this.#catchingUp = true;
    const launcher = this.#launcher;
    try {
      const timeline = await this.#api.events(this.#latest);
      if (launcher === this.#launcher && timeline.latest > this.#latest) {
        const entries = timeline.events.filter((entry) => entry.number > this.#latest);
        this.#latest = timeline.latest;
        this.#listener.events(entries);
      }
    } catch {
      // The next news ask again.
    } finally {
      this.#catchingUp = false;
    }
  }

  #tellLink() {
    const age = performance.now() - this.#lastNews;
    const limit = this.#mode === "polling" ? STALE_AFTER_POLLING : STALE_AFTER;
    this.#listener.link({ mode: this.#mode, stale: !document.hidden && age > limit, age: age / 1000 });
  }
}
