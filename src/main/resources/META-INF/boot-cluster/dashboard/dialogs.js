// The one dialog of the page, which asks before something is done, and the answers to
// what was done.

import { byId, element, setText } from "./dom.js";

const dialog = byId("dialog");

const SHOWN_FOR = 8000;

/**
 * Ask something. Resolves to the values of the fields by their names, or to null.
 * A field is { name, label, value, type, options, required, hint }.
 */
export function ask({ title, text, fields = [], confirm, danger = false, onInput }) {
  setText(byId("dialog-title"), title);
  setText(byId("dialog-text"), text);
  const inputs = fields.map(input);
  byId("dialog-fields").replaceChildren(...inputs.map(({ row }) => row));
  const button = byId("dialog-confirm");
  setText(button, confirm);
  button.hidden = false;
  button.className = danger ? "danger" : "primary";
  setText(byId("dialog-cancel"), "Cancel");
  const values = () => Object.fromEntries(inputs.map(({ name, control }) => [name, control.value]));
  const changed = () => setText(byId("dialog-text"), onInput?.(values()) ?? text);
  inputs.forEach(({ control }) => control.addEventListener("input", changed));
  changed();
  return open(() => values(), inputs[0]?.control ?? (danger ? byId("dialog-cancel") : button));
}

/** Show a text that is too long for a line; once the dialog is free, if something is asked. */
export async function tell({ title, text, content }) {
  while (dialog.open) {
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  }
  setText(byId("dialog-title"), title);
  setText(byId("dialog-text"), text);
  const shown = element("pre", { class: "lines", tabindex: "0", role: "region", "aria-label": "The whole text" }, content);
  byId("dialog-fields").replaceChildren(shown);
  byId("dialog-confirm").hidden = true;
  setText(byId("dialog-cancel"), "Close");
  dialog.classList.add("wide");
  return open(() => null, shown);
}

function open(values, first) {
  return new Promise((resolve) => {
    let answer = null;
    const confirmed = () => (answer = values());
    const form = byId("dialog-form");
    form.addEventListener("submit", confirmed);
    dialog.addEventListener(
      "close",
      () => {
        form.removeEventListener("submit", confirmed);
        dialog.classList.remove("wide");
        byId("dialog-fields").replaceChildren();
        resolve(answer);
      },
      { once: true },
    );
    dialog.showModal();
    first.focus();
  });
}

byId("dialog-cancel").addEventListener("click", () => dialog.close());

function input({ name, label, value = "", type = "text", options, required = false, hint, ...limits }) {
  const id = `field-${name}`;
  const attributes = { id, name, ...limits, ...(required ? { required: "" } : {}) };
  let control;
  if (options) {
    control = element("select", attributes, ...options.map((option) => element("option", { value: option }, option)));
  } else if (type === "textarea") {
    control = element("textarea", { ...attributes, rows: "4" });
  } else {
    control = element("input", { ...attributes, type, autocomplete: "off" });
  }
  control.value = value;
  const row = element("div", { class: "row" }, element("label", { for: id }, label), control);
  if (hint) {
    row.append(element("p", { class: "hint", id: `${id}-hint` }, hint));
    control.setAttribute("aria-describedby", `${id}-hint`);
  }
  return { name, control, row };
}

/** What came of a command. What failed stays until it is put away. */
export function answer(message, failed) {
  const close = element("button", { type: "button", "aria-label": "Put this answer away" }, "×");
  const shown = element(
    "div",
    { class: failed ? "answer failed" : "answer" },
    element("p", {}, element("b", {}, failed ? "Failed: " : "Done: "), message),
    close,
  );
  close.addEventListener("click", () => shown.remove());
  byId("answers").append(shown);
  if (!failed) {
    setTimeout(() => shown.remove(), SHOWN_FOR);
  }
}
