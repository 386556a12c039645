/**
 * Comparison of several runs: cost and accuracy in two charts, and the hyperparameters in which the runs differ.
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
 * @typedef {"train" | "validation" | "test"} Split
 *
 * @typedef {object} ComparisonListener
 * @property {(split: Split) => void} onSplit
 * @property {(xAxis: XAxis) => void} onXAxis
 * @property {(id: number) => void} onRemove
 * @property {(error: unknown) => void} onError
 */

/** Maximum number of compared runs, which is the number of colors in comparison.css. */
export const MAX_COMPARED = 8;
const NAME_LENGTH = 28; // characters in the legend

export class Comparison {
  /**
   * @param {HTMLElement} section with the `data-part` elements of the comparison
   * @param {readonly DatasetInfo[]} datasets
   * @param {ComparisonListener} listener
   */
  constructor(section, datasets, { onSplit, onXAxis, onRemove, onError }) {
    this.section = section;
    this.datasets = datasets;
    this.onRemove = onRemove;
    this.onError = onError;
    /** @type {Map<number, EpochSeries>} */
    this.epochs = new Map();
    /** Color number of each compared run, by run id. @type {Map<number, number>} */
    this.colors = new Map();
    /** @type {{cost: LineChart, accuracy: LineChart} | null} */
    this.charts = null;
    /** @type {Run[]} */
    this.runs = [];
    /** @type {Split} */
    this.split = "validation";
    /** @type {XAxis} */
    this.xAxis = "epochs";
    this.loading = false;
    this.table = new ComparisonTable(this.#part("differences"), this.#part("differences-title"));
    this.choice = new XAxisChoice(onXAxis);
    this.#part("controls").prepend(this.choice.element);
    /** @type {HTMLInputElement[]} */
    this.radios = [...section.querySelectorAll("input")];
    for (const radio of this.radios) {
      radio.addEventListener("change", () => onSplit(/** @type {Split} */ (radio.value)));
    }
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.section.querySelector(`[data-part="${name}"]`));
  }

  /**
   * Compare runs.
   * @param {Run[]} runs
   * @param {{split: Split, x: XAxis}} view `split`: split whose metrics the charts show; `x`: horizontal axis
   */
  update(runs, { split, x }) {
    this.runs = runs.slice(0, MAX_COMPARED);
    this.section.hidden = this.runs.length === 0;
    if (this.runs.length === 0) return;
    this.xAxis = x;
    this.choice.choose(x);
    this.#assignColors();
    this.#renderRunList();
    this.#selectSplit(split);
    this.#draw();
    Promise.all([this.table.show(this.runs, this.colors), this.#load()]).catch(this.onError);
  }

  /**
   * Select the requested split, or the training split if no run has metrics for the requested split. Disable the button
   * of each split for which no run has metrics.
   * @param {Split} requested
   */
  #selectSplit(requested) {
    for (const radio of this.radios) {
      radio.disabled = !this.runs.some((run) => this.#splits(run)[/** @type {Split} */ (radio.value)]);
    }
    this.split = this.radios.some((radio) => radio.value === requested && radio.disabled) ? "train" : requested;
    for (const radio of this.radios) radio.checked = radio.value === this.split;
    const without = this.runs.filter((run) => !this.#splits(run)[this.split]).map((run) => run.name);
    this.#part("left-out").hidden = without.length === 0;
    setText(this.#part("left-out"), `Runs without ${this.split} examples have no line: ${without.join(", ")}.`);
  }

  /** Return which splits of a run have metrics. @param {Run} run */
  #splits(run) {
    return { train: true, ...scoredSplits(run, findDataset(this.datasets, run)) };
  }

  /** Give each run a color of its own, which it keeps while it is compared. */
  #assignColors() {
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

  #renderRunList() {
    const items = this.runs.map((run) => {
      const remove = element("button", { type: "button", className: "btn btn-link p-0" }, "✕");
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
      if (!epochs?.splits[this.split]) return [];
      const name = run.name.length > NAME_LENGTH ? `${run.name.slice(0, NAME_LENGTH - 1)}…` : run.name;
      const color = `--run-${this.colors.get(run.id)}`;
      const y = epochs.columns[`${this.split}_${kind}`];
      return [{ key: `${run.id} ${name}`, name, color, x: epochs[this.xAxis], y }];
    });
  }

  /** Load the missing epochs, and redraw the charts. */
  async #load() {
    if (this.loading) return;
    this.loading = true;
    try {
      for (let runs = this.#incompleteRuns(); runs.length; runs = this.#incompleteRuns()) {
        const loaded = await Promise.all(runs.map((run) => this.#loadNewEpochs(run)));
        this.#draw();
        if (loaded.includes(0)) break; // the next update of the run starts another load
      }
    } finally {
      this.loading = false;
    }
  }

  /** Return the runs of which this page has not loaded all completed epochs. */
  #incompleteRuns() {
    return this.runs.filter((run) => (this.epochs.get(run.id)?.epochs.length ?? 0) < run.epochs_completed);
  }

  /**
   * @param {Run} run
   * @returns {Promise<number>} number of new epochs
   */
  async #loadNewEpochs(run) {
    const epochs = this.epochs.get(run.id) ?? new EpochSeries(this.#splits(run));
    const { items } = await api.get(`/api/runs/${run.id}/epochs?after=${epochs.epochs.length}`);
    for (const result of items) epochs.append(result);
    this.epochs.set(run.id, epochs);
    return items.length;
  }
}
