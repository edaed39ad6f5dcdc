// The last minutes as lines. Lines differ by their dashes, not by colour alone.

import { byId, element, setText } from "./dom.js";
import * as format from "./format.js";

const SOLID = [];
const DASHED = [6, 4];
const DOTTED = [1.5, 3];

const HEIGHT = 150;

/** Seconds that are shown at least. */
const SHORTEST = 60;

const PLOTS = [
  {
    title: "Requests per second",
    format: format.rate,
    lines: [{ column: "requests", label: "requests", colour: "--line-1", dash: SOLID, fill: true }],
  },
  {
    title: "Latency",
    format: format.latency,
    lines: [
      { column: "p50", label: "p50", colour: "--line-1", dash: SOLID },
      { column: "p95", label: "p95", colour: "--line-2", dash: DASHED },
      { column: "p99", label: "p99", colour: "--line-3", dash: DOTTED },
    ],
  },
  {
    title: "Errors per second",
    format: format.rate,
    lines: [{ column: "errors", label: "errors", colour: "--bad", dash: SOLID, fill: true }],
  },
];

export class Charts {
  #charts;
  #history;

  constructor(history) {
    this.#history = history;
    const holder = byId("charts");
    this.#charts = PLOTS.map((plot) => new Chart(plot, holder));
    const again = () => this.#charts.forEach((chart) => chart.rebuild(this.#history.cluster));
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    window.matchMedia("(prefers-contrast: more)").addEventListener("change", again);
    new ResizeObserver(() => this.#charts.forEach((chart) => chart.fit())).observe(holder);
  }

  show() {
    this.#charts.forEach((chart) => chart.show(this.#history.cluster));
  }
}

class Chart {
  #plot;
  #holder = element("div", { class: "plot", role: "img" });
  #legend = element("p", { class: "legend" });
  #values = [];
  #uplot = null;

  constructor(plot, parent) {
    this.#plot = plot;
    for (const line of plot.lines) {
      const value = element("b", {}, format.UNKNOWN);
      this.#values.push(value);
      this.#legend.append(element("span", { class: `swatch swatch-${line.column}` }), `${line.label} `, value, " ");
    }
    parent.append(
      element("figure", { class: "chart" }, element("figcaption", {}, element("h2", {}, plot.title), this.#legend), this.#holder),
    );
  }

  show(series) {
    const data = [series.times, ...this.#plot.lines.map((line) => series.columns[line.column])];
    if (this.#uplot === null) {
      this.#uplot = new window.uPlot(this.#options(), data, this.#holder);
    } else {
      this.#uplot.setData(data);
    }
    this.#tell(series.times.length - 1, data);
  }

  /** With the colours of another theme. */
  rebuild(series) {
    this.#uplot?.destroy();
    this.#uplot = null;
    this.show(series);
  }

  fit() {
    this.#uplot?.setSize({ width: this.#holder.clientWidth, height: HEIGHT });
  }

  #tell(index, data) {
    const texts = this.#plot.lines.map((line, i) => this.#plot.format(data[i + 1][index] ?? undefined));
    texts.forEach((text, i) => setText(this.#values[i], text));
    const now = this.#plot.lines.map((line, i) => `${line.label} ${texts[i]}`).join(", ");
    this.#holder.setAttribute("aria-label", `${this.#plot.title} over the last five minutes. Now: ${now}.`);
  }

  #options() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour("--muted"),
      grid: { stroke: colour("--grid"), width: 1 },
      ticks: { show: false },
      font: "11px system-ui, sans-serif",
    };
    return {
      width: this.#holder.clientWidth,
      height: HEIGHT,
      padding: [8, 24, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { setScale: false },
      },
      hooks: {
        setCursor: [(chart) => this.#tell(chart.cursor.idx ?? chart.data[0].length - 1, chart.data)],
      },
      scales: {
        x: { time: true, range: (chart, from, to) => [Math.min(from, to - SHORTEST), to] },
        y: { range: (chart, from, to) => [0, to > 0 ? to * 1.15 : 1] },
      },
      axes: [
        {
          ...axis,
          space: 70,
          size: 26,
          values: (chart, splits) => splits.map((time) => format.timeOfDay(new Date(time * 1000))),
        },
        { ...axis, space: 32, size: 58, values: (chart, splits) => splits.map((value) => this.#plot.format(value)) },
      ],
      series: [
        {},
        ...this.#plot.lines.map((line) => ({
          label: line.label,
          stroke: colour(line.colour),
          fill: line.fill ? colour("--line-fill") : undefined,
          width: 2,
          dash: line.dash,
          cap: line.dash === DOTTED ? "round" : "butt",
          points: { show: false },
        })),
      ],
    };
  }
}
