// Making and changing elements. Text only ever goes in as text: what is shown here was
// written by workers and their clients.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and, as children, elements or texts. */
export function element(name, attributes = {}, ...children) {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    created.setAttribute(key, value);
  }
  created.append(...children);
  return created;
}

export function svg(name, attributes = {}, ...children) {
  const created = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    created.setAttribute(key, value);
  }
  created.append(...children);
  return created;
}

/** One of the page's symbols; a word beside it says the same. */
export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#icon-${name}` }));
}

export function setIcon(holder, name) {
  const use = holder.querySelector("use");
  if (use && use.getAttribute("href") !== `#icon-${name}`) {
    use.setAttribute("href", `#icon-${name}`);
  }
}

/** Leaves alone what is the same: a selection in it survives, and nobody is told twice. */
export function setText(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

export function byId(id) {
  return document.getElementById(id);
}
