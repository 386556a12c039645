/** Results of several runs, and the hyperparameters in which they differ. */
import { api } from "../core/api.js";
import { element, setText } from "../core/dom.js";
import { cost, count, percent } from "../core/format.js";
import { valueName } from "../hyperparameters/display_names.js";
import { isLive } from "../realtime/run_status.js";

/** @typedef {import("../../../types/api.js").Run} Run */

/** @type {{label: string, value: (run: Run) => number | null | undefined, format: (value: any) => string}[]} */
const RESULTS = [
  {
    label: "Best validation accuracy",
    value: (run) => run.best_metrics?.validation_accuracy,
    format: (value) => percent(value, 2),
  },
  {
    label: "Test accuracy, last epoch",
    value: (run) => run.metrics?.test_accuracy,
    format: (value) => percent(value, 2),
  },
  { label: "Training cost, last epoch", value: (run) => run.metrics?.train_cost, format: cost },
  { label: "Gradient evaluations", value: (run) => run.metrics?.gradient_evaluations, format: count },
];

export class ComparisonTable {
  /**
   * @param {HTMLElement} table
   * @param {HTMLElement} title
   */
  constructor(table, title) {
    this.table = table;
    this.title = title;
    /** Hyperparameters by name. @type {Map<string, import("../../../types/api.js").FieldInfo>} */
    this.fields = new Map();
  }

  /**
   * Show the results that at least one run has, then the hyperparameters that differ.
   * @param {Run[]} runs
   * @param {ReadonlyMap<number, number>} colors number of the color of each run, by run id
   */
  async show(runs, colors) {
    if (this.fields.size === 0) {
      /** @type {import("../../../types/api.js").Schema} */
      const schema = await api.get("/api/hyperparameters");
      this.fields = new Map(schema.fields.map((field) => [field.name, field]));
    }
    const differing = [...this.fields.values()].filter(({ name }) => {
      return new Set(runs.map((run) => JSON.stringify(run.hyperparameters[name]))).size > 1;
    });
    setText(this.title, runs.length < 2 ? "Select a second run to see the differences" : "Differences");
    const results = RESULTS.filter(({ value }) => runs.some((run) => typeof value(run) === "number"));
    const rows = [
      ...results.map(({ label, value, format }) => createRow(label, runs, (run) => format(value(run)))),
      createRow("Epochs completed", runs, (run) => count(run.epochs_completed) + (isLive(run) ? " so far" : "")),
      ...differing.map(({ name, label, choice_names }) =>
        createRow(label, runs, (run) => valueName(run.hyperparameters[name] ?? "–", choice_names)),
      ),
    ];
    const headings = runs.map((run) =>
      element("th", { scope: "col", dataset: { color: String(colors.get(run.id)) } }, run.name),
    );
    const note = element("caption", {}, "All other hyperparameters are the same.");
    const heading = element("tr", {}, element("td"), ...headings);
    const parts = [...(runs.length > 1 ? [note] : []), element("thead", {}, heading), element("tbody", {}, ...rows)];
    const text = parts.map((part) => part.textContent).join("");
    if (this.table.textContent !== text) this.table.replaceChildren(...parts);
  }
}

/**
 * @param {string} label
 * @param {Run[]} runs
 * @param {(run: Run) => string} format
 */
function createRow(label, runs, format) {
  const cells = runs.map((run) => element("td", { className: "num" }, format(run)));
  return element("tr", {}, element("th", { scope: "row" }, label), ...cells);
}
