// What may be asked of the cluster and of a worker. The page has these only where the
// endpoint takes commands.

import { answer, ask, tell } from "./dialogs.js";
import { byId, element, icon } from "./dom.js";

const AS_CONFIGURED = "as configured";

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF", AS_CONFIGURED];

const MOST_WORKERS = 1024;

export class Commands {
  #api;
  #cluster = null;

  constructor(api) {
    this.#api = api;
    const bar = byId("cluster-commands");
    bar.append(
      button("Reload…", "reload", () => this.#reload()),
      button("Scale…", "scaled", () => this.#scale()),
      button("Broadcast…", "log", () => this.#broadcast()),
      button("Log level…", "log", () => this.#logLevel("", "all workers")),
    );
    bar.hidden = false;
  }

  show(cluster) {
    this.#cluster = cluster;
  }

  /** The buttons of a worker; it is asked for when one is pressed. */
  buttonsFor(current) {
    const drain = button("Drain", "drained", () => this.#drain(current()));
    drain.dataset.action = "drain";
    const ofProcess = [
      drain,
      button("Thread dump", "log", (pressed) => this.#threadDump(current(), pressed)),
      button("Log level", "log", () => this.#logLevel(`/${current().id}`, name(current()))),
      button("Kill", "exited", () => this.#kill(current()), "danger"),
    ];
    ofProcess.forEach((created) => (created.dataset.needs = "process"));
    return [button("Restart", "reload", () => this.#restart(current())), ...ofProcess];
  }

  async #reload() {
    const sure = await ask({
      title: "Reload the cluster?",
      text: "Every worker is replaced by one of a new generation, which runs what lies on the disk now. Requests go on.",
      confirm: "Reload",
    });
    if (sure) {
      await this.#send("", { action: "reload" });
    }
  }

  async #scale() {
    const before = this.#cluster.desiredWorkers;
    const values = await ask({
      title: "Scale the cluster",
      text: "",
      fields: [
        { name: "workers", label: "Number of workers", type: "number", value: before, required: true, min: "1", max: MOST_WORKERS },
      ],
      confirm: "Scale",
      onInput: ({ workers }) => consequences(before, Number(workers)),
    });
    if (values && Number(values.workers) !== before) {
      await this.#send("", { action: "scale", workers: Number(values.workers) });
    }
  }

  async #broadcast() {
    const values = await ask({
      title: "Broadcast to all workers",
      text: "Their listeners for that type receive it.",
      fields: [
        { name: "payload", label: "Message", type: "textarea", required: true, hint: "A text, or JSON if there is a type." },
        { name: "type", label: "Type", hint: "Full name of a class of the application; empty for a text." },
      ],
      confirm: "Send",
    });
    if (values) {
      const type = values.type.trim();
      await this.#send("", { action: "broadcast", payload: values.payload, ...(type ? { type } : {}) });
    }
  }

  async #logLevel(path, whom) {
    const values = await ask({
      title: `Log level of ${whom}`,
      text: "Lasts until the worker ends.",
      fields: [
        { name: "logger", label: "Logger", required: true, hint: "Name of a package or class, or ROOT for all." },
        { name: "level", label: "Level", value: "DEBUG", options: LEVELS },
      ],
      confirm: "Set",
    });
    if (values) {
      const level = values.level === AS_CONFIGURED ? {} : { level: values.level };
      await this.#send(path, { action: "log-level", logger: values.logger.trim(), ...level });
    }
  }

  async #restart(worker) {
    const sure = await ask({
      title: `Restart ${name(worker)}?`,
      text: "A new worker takes its place once it is ready; this one finishes its requests and ends.",
      confirm: "Restart",
      danger: true,
    });
    if (sure) {
      await this.#send(`/${worker.id}`, { action: "restart" });
    }
  }

  async #drain(worker) {
    if (worker.state === "DRAINED") {
      await this.#send(`/${worker.id}`, { action: "undrain" });
      return;
    }
    const sure = await ask({
      title: `Drain ${name(worker)}?`,
      text: "It gets no more requests until it is put back; it is not replaced.",
      confirm: "Drain",
      danger: true,
    });
    if (sure) {
      await this.#send(`/${worker.id}`, { action: "drain" });
    }
  }

  async #kill(worker) {
    const sure = await ask({
      title: `Kill ${name(worker)}?`,
      text: `Process ${worker.pid} ends at once, with the requests it has. A new worker takes its place.`,
      confirm: "Kill",
      danger: true,
    });
    if (sure) {
      await this.#send(`/${worker.id}`, { action: "kill" });
    }
  }

  async #threadDump(worker, pressed) {
    pressed.disabled = true;
    try {
      const { threadDump } = await this.#api.command(`/${worker.id}`, { action: "thread-dump" });
      pressed.disabled = false;
      pressed.focus();
      await tell({ title: `Threads of ${name(worker)}`, text: new Date().toLocaleString(), content: threadDump ?? "There is none." });
    } catch (failure) {
      answer(failure.message, true);
    } finally {
      pressed.disabled = false;
    }
  }

  async #send(path, command) {
    try {
      const { message } = await this.#api.command(path, command);
      answer(message ?? command.action, false);
    } catch (failure) {
      answer(failure.message, true);
    }
  }
}

function consequences(before, after) {
  if (!Number.isInteger(after) || after < 1 || after > MOST_WORKERS) {
    return `From 1 to ${MOST_WORKERS} workers.`;
  }
  if (after === before) {
    return `There are ${before} now.`;
  }
  const difference = Math.abs(after - before);
  const workers = difference === 1 ? "1 worker" : `${difference} workers`;
  return after > before
    ? `From ${before} to ${after}: ${workers} more.`
    : `From ${before} to ${after}: the ${workers} of the highest slots finish their requests and end.`;
}

function button(label, symbol, pressed, kind = "") {
  const created = element("button", { type: "button", class: kind }, icon(symbol), element("span", {}, label));
  created.addEventListener("click", () => pressed(created));
  return created;
}

function name(worker) {
  return worker.slot > 0 ? `worker ${worker.id} in slot ${worker.slot}` : `worker ${worker.id}`;
}
