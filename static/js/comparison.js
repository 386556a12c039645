/** Some runs side by side: their costs and accuracies in two charts, and the hyperparameters in which they differ. */
import { api } from "./api.js";
import { valueName } from "./choice_names.js";
import { element } from "./element.js";
import { EpochSeries } from "./epoch_series.js";
import { count, percent } from "./format.js";
import { LineChart } from "./line_chart.js";
import { hasEnded } from "./run_facts.js";
import { setText } from "./update.js";

/**
 * @typedef {import("../../types/messages.js").Run} Run
 * @typedef {import("./chart_layout.js").Series} Series
 * @typedef {"train" | "validation" | "test"} Figure
 */

/** One color for each run; see runs.css. */
export const MOST_COMPARED = 8;
const NAME_LENGTH = 28;

export class Comparison {
  /**
   * @param {HTMLElement} section holds the parts with the `data-part` names used here
   * @param {{onFigure: (figure: Figure) => void, onRemove: (id: number) => void, onError: (error: unknown) => void}}
   *   listener
   */
  constructor(section, { onFigure, onRemove, onError }) {
    this.section = section;
    this.onRemove = onRemove;
    this.onError = onError;
    /** @type {Map<number, EpochSeries>} */
    this.epochs = new Map();
    /** @type {Map<number, number>} the color of each run, kept while it is compared */
    this.colors = new Map();
    /** @type {Map<string, string>} */
    this.labels = new Map();
    /** @type {{cost: LineChart, accuracy: LineChart} | null} */
    this.charts = null;
    /** @type {Run[]} */
    this.runs = [];
    /** @type {Figure} */
    this.figure = "validation";
    this.loading = false;
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
   * @param {Figure} figure which images the charts are about
   */
  update(runs, figure) {
    this.runs = runs.slice(0, MOST_COMPARED);
    this.figure = figure;
    this.section.hidden = this.runs.length === 0;
    for (const radio of this.radios) radio.checked = radio.value === figure;
    if (this.runs.length === 0) return;
    this.#color();
    this.#list();
    this.#draw();
    Promise.all([this.#compare(), this.#load()]).catch(this.onError);
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
      remove.ariaLabel = `Do not compare ${run.name}`;
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
    this.charts.cost.show(this.#series("cost"));
    this.charts.accuracy.show(this.#series("accuracy"));
  }

  /**
   * @param {"cost" | "accuracy"} kind
   * @returns {Series[]}
   */
  #series(kind) {
    return this.runs.flatMap((run) => {
      const epochs = this.epochs.get(run.id);
      if (!epochs) return [];
      const name = run.name.length > NAME_LENGTH ? `${run.name.slice(0, NAME_LENGTH - 1)}…` : run.name;
      const color = `--run-${this.colors.get(run.id)}`;
      return [{ key: `${run.id} ${name}`, name, color, x: epochs.epochs, y: epochs.columns[`${this.figure}_${kind}`] }];
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
    const hasValidation = Number(run.hyperparameters.validation_fraction) > 0;
    const epochs = this.epochs.get(run.id) ?? new EpochSeries(hasValidation);
    const { items } = await api.get(`/api/runs/${run.id}/epochs?after=${epochs.epochs.length}`);
    for (const result of items) epochs.append(result);
    this.epochs.set(run.id, epochs);
    return items.length;
  }

  /** Fill the table: what came out, then every hyperparameter that is not the same in all. */
  async #compare() {
    if (this.labels.size === 0) {
      /** @type {import("../../types/messages.js").Schema} */
      const schema = await api.get("/api/hyperparameters");
      this.labels = new Map(schema.fields.map(({ name, label }) => [name, label]));
    }
    const { runs } = this;
    const differing = [...this.labels.keys()].filter((name) => {
      return new Set(runs.map((run) => JSON.stringify(run.hyperparameters[name]))).size > 1;
    });
    const title = runs.length < 2 ? "Choose a second run to see what differs" : "What differs";
    setText(this.#part("differences-title"), title);
    const rows = [
      row("Best validation accuracy", runs, (run) => percent(run.best_metrics?.validation_accuracy, 2)),
      row("Test accuracy, last epoch", runs, (run) => percent(run.metrics?.test_accuracy, 2)),
      row("Epochs completed", runs, (run) => count(run.epochs_completed) + (hasEnded(run) ? "" : " so far")),
      ...differing.map((name) =>
        row(this.labels.get(name) ?? name, runs, (run) => valueName(run.hyperparameters[name] ?? "–")),
      ),
    ];
    const note = element("caption", {}, "All other hyperparameters are the same.");
    const heading = element("tr", {}, element("td"), ...runs.map((run) => this.#heading(run)));
    const table = [...(runs.length > 1 ? [note] : []), element("thead", {}, heading), element("tbody", {}, ...rows)];
    const differences = this.#part("differences");
    if (differences.textContent !== table.map((part) => part.textContent).join(""))
      differences.replaceChildren(...table);
  }

  /** @param {Run} run */
  #heading(run) {
    return element("th", { scope: "col", dataset: { color: String(this.colors.get(run.id)) } }, run.name);
  }
}

/**
 * @param {string} label
 * @param {Run[]} runs
 * @param {(run: Run) => string} text
 */
function row(label, runs, text) {
  const cells = runs.map((run) => element("td", { className: "num" }, text(run)));
  return element("tr", {}, element("th", { scope: "row" }, label), ...cells);
}
