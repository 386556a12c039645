/**
 * Comparison of several runs: their costs and accuracies in two charts, and the hyperparameters in which they differ.
 */

import { LineChart } from "../charts/line_chart.js";
import { XAxisChoice } from "../charts/x_axis.js";
import { api } from "../core/api.js";
import { element, setText } from "../core/dom.js";
import { findDataset, isRegression, scoredSplits } from "../datasets/dataset_kind.js";
import { EpochSeries } from "../realtime/epoch_series.js";
import { ComparisonTable } from "./comparison_table.js";

/**
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo
 * @typedef {import("../charts/line_chart_layout.js").Series} Series
 * @typedef {import("../charts/x_axis.js").XAxis} XAxis
 * @typedef {"train" | "validation" | "test"} Figure
 *
 * @typedef {object} ComparisonListener
 * @property {(figure: Figure) => void} onFigure
 * @property {(xAxis: XAxis) => void} onXAxis
 * @property {(id: number) => void} onRemove
 * @property {(error: unknown) => void} onError
 */

/** One color for each run; see comparison.css. */
export const MOST_COMPARED = 8;
const NAME_LENGTH = 28;

export class Comparison {
  /**
   * @param {HTMLElement} section holds the parts with the `data-part` names used here
   * @param {readonly DatasetInfo[]} datasets
   * @param {ComparisonListener} listener
   */
  constructor(section, datasets, { onFigure, onXAxis, onRemove, onError }) {
    this.section = section;
    this.datasets = datasets;
    this.onRemove = onRemove;
    this.onError = onError;
    /** @type {Map<number, EpochSeries>} */
    this.epochs = new Map();
    /** @type {Map<number, number>} the color of each run, kept while it is compared */
    this.colors = new Map();
    /** @type {{cost: LineChart, accuracy: LineChart} | null} */
    this.charts = null;
    /** @type {Run[]} */
    this.runs = [];
    /** @type {Figure} */
    this.figure = "validation";
    /** @type {XAxis} */
    this.xAxis = "epochs";
    this.loading = false;
    this.table = new ComparisonTable(this.#part("differences"), this.#part("differences-title"));
    this.choice = new XAxisChoice(onXAxis);
    this.#part("controls").prepend(this.choice.element);
    /** @type {HTMLInputElement[]} */
    this.radios = [...section.querySelectorAll("input")];
    for (const radio of this.radios) {
      radio.addEventListener("change", () => onFigure(/** @type {Figure} */ (radio.value)));
    }
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.section.querySelector(`[data-part="${name}"]`));
  }

  /**
   * @param {Run[]} runs
   * @param {{figure: Figure, x: XAxis}} view which images the charts are about, and what they are over
   */
  update(runs, { figure, x }) {
    this.runs = runs.slice(0, MOST_COMPARED);
    this.section.hidden = this.runs.length === 0;
    if (this.runs.length === 0) return;
    this.xAxis = x;
    this.choice.choose(x);
    this.#color();
    this.#list();
    this.#offerFigures(figure);
    this.#draw();
    Promise.all([this.table.show(this.runs, this.colors), this.#load()]).catch(this.onError);
  }

  /**
   * Show the figure that was asked for, or that of the training examples where no run has it.
   * @param {Figure} wanted
   */
  #offerFigures(wanted) {
    for (const radio of this.radios) {
      radio.disabled = !this.runs.some((run) => this.#scores(run)[/** @type {Figure} */ (radio.value)]);
    }
    this.figure = this.radios.some((radio) => radio.value === wanted && radio.disabled) ? "train" : wanted;
    for (const radio of this.radios) radio.checked = radio.value === this.figure;
    const without = this.runs.filter((run) => !this.#scores(run)[this.figure]).map((run) => run.name);
    this.#part("left-out").hidden = without.length === 0;
    setText(this.#part("left-out"), `Runs without ${this.figure} examples have no line: ${without.join(", ")}.`);
  }

  /** @param {Run} run */
  #scores(run) {
    return { train: true, ...scoredSplits(run, findDataset(this.datasets, run)) };
  }

  /** Give each run a color that none of the others has, and let it keep it. */
  #color() {
    const ids = new Set(this.runs.map((run) => run.id));
    for (const id of this.colors.keys()) if (!ids.has(id)) this.colors.delete(id);
    for (const id of ids) {
      if (this.colors.has(id)) continue;
      const taken = new Set(this.colors.values());
      let free = 1;
      while (taken.has(free)) free += 1;
      this.colors.set(id, free);
    }
  }

  #list() {
    const items = this.runs.map((run) => {
      const remove = element("button", { type: "button", className: "link-button" }, "✕");
      remove.ariaLabel = `Remove ${run.name} from the comparison`;
      remove.addEventListener("click", () => this.onRemove(run.id));
      const link = element("a", { href: `/runs/${run.id}` }, run.name);
      return element("li", { dataset: { color: String(this.colors.get(run.id)) } }, link, remove);
    });
    const list = this.#part("runs");
    const names = this.runs.map((run) => `${run.id} ${run.name}`).join("\n");
    if (list.dataset.names === names) return;
    list.dataset.names = names;
    list.replaceChildren(...items);
  }

  #draw() {
    this.charts ??= {
      cost: new LineChart(this.#part("charts"), { title: "Cost", kind: "cost" }),
      accuracy: new LineChart(this.#part("charts"), { title: "Accuracy", kind: "accuracy" }),
    };
    const { cost, accuracy } = this.charts;
    const classifiers = this.runs.filter((run) => !isRegression(findDataset(this.datasets, run)));
    accuracy.element.hidden = classifiers.length === 0;
    cost.show(this.#series(this.runs, "cost"));
    accuracy.show(this.#series(classifiers, "accuracy"));
    for (const chart of [cost, accuracy]) {
      if (chart.scale.xAxis !== this.xAxis) chart.setScale({ xAxis: this.xAxis });
    }
  }

  /**
   * @param {Run[]} runs
   * @param {"cost" | "accuracy"} kind
   * @returns {Series[]}
   */
  #series(runs, kind) {
    return runs.flatMap((run) => {
      const epochs = this.epochs.get(run.id);
      if (!epochs?.has[this.figure]) return [];
      const name = run.name.length > NAME_LENGTH ? `${run.name.slice(0, NAME_LENGTH - 1)}…` : run.name;
      const color = `--run-${this.colors.get(run.id)}`;
      const y = epochs.columns[`${this.figure}_${kind}`];
      return [{ key: `${run.id} ${name}`, name, color, x: epochs[this.xAxis], y }];
    });
  }

  /** Fetch the epochs that are missing, and draw what came. */
  async #load() {
    if (this.loading) return;
    this.loading = true;
    try {
      for (let behind = this.#behind(); behind.length; behind = this.#behind()) {
        const arrived = await Promise.all(behind.map((run) => this.#extend(run)));
        this.#draw();
        if (arrived.includes(0)) break; // asked again with the run's next change
      }
    } finally {
      this.loading = false;
    }
  }

  /** The runs that have more epochs than are known here. */
  #behind() {
    return this.runs.filter((run) => (this.epochs.get(run.id)?.epochs.length ?? 0) < run.epochs_completed);
  }

  /**
   * @param {Run} run
   * @returns {Promise<number>} how many epochs came
   */
  async #extend(run) {
    const epochs = this.epochs.get(run.id) ?? new EpochSeries(this.#scores(run));
    const { items } = await api.get(`/api/runs/${run.id}/epochs?after=${epochs.epochs.length}`);
    for (const result of items) epochs.append(result);
    this.epochs.set(run.id, epochs);
    return items.length;
  }
}
