// Requests to the cluster's endpoint.

const PATIENCE = 10_000;

/** Some commands are answered when they are done. */
const LONG_PATIENCE = 60_000;

/** What went wrong, in words for whoever asked. */
export class RequestFailed extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export class Api {
  constructor(endpoint) {
    this.endpoint = endpoint;
    /** How far this browser's clock is behind that of the launcher, in milliseconds. */
    this.behind = 0;
  }

  cluster() {
    return this.#read("");
  }

  /** What happened after an entry of that number. */
  events(after) {
    return this.#read(`/events?after=${after}`);
  }

  worker(id, afterLine) {
    return this.#read(`/${id}?after=${afterLine}`);
  }

  /** Resolves to the answer of a command, or rejects with the reason. */
  command(path, body) {
    return this.#ask(path, LONG_PATIENCE, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  /** The time at the launcher; whole seconds of difference are within what is not known. */
  now() {
    return Date.now() + (Math.abs(this.behind) > 2000 ? this.behind : 0);
  }

  #read(path) {
    return this.#ask(path, PATIENCE, { cache: "no-store" });
  }

  async #ask(path, patience, options) {
    let response;
    let body;
    try {
      response = await fetch(this.endpoint + path, { ...options, signal: AbortSignal.timeout(patience) });
      body = await response.text();
    } catch (failure) {
      throw new RequestFailed(failure.name === "TimeoutError" ? "No answer in time." : "The launcher cannot be reached.");
    }
    const date = Date.parse(response.headers.get("Date") ?? "");
    if (!Number.isNaN(date)) {
      this.behind = date - Date.now();
    }
    const json = parse(body);
    if (!response.ok) {
      throw new RequestFailed(json?.message || `The answer was ${response.status}.`, response.status);
    }
    if (json === undefined) {
      throw new RequestFailed("The answer is not JSON.", response.status);
    }
    return json;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
