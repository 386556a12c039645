/** Results of an experiment: charts of both networks, gradient check, small tests and telemetry. */

/** @import {Hyperparameters, LabRun} from "../../../types/api.js" */
/** @import {Clue} from "./score.js" */

import { createCharts } from "../charts/line_chart.js";
import { element } from "../core/dom.js";
import { html, nothing, render } from "../core/html.js";
import { retryAlert } from "../ui/retry_alert.js";
import { chartLines, describeResults } from "./curves.js";
import { gradientCheck } from "./gradient_check.js";
import { smallTests } from "./small_tests.js";
import { telemetryTable } from "./telemetry_table.js";

/** @type {Record<Clue, (run: LabRun) => unknown>} */
const SECTIONS = { check: gradientCheck, tests: smallTests, telemetry: telemetryTable };
const RUNNING = "Training both networks from the same weights…";

export class Results {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.charts = element("div", { className: "charts" });
    this.plots = createCharts(this.charts);
    /** @type {LabRun | null} */
    this.run = null;
    /** @type {readonly Clue[]} */
    this.sections = [];
    this.isBusy = false;
    this.message = "";
    this.verdict = "";
    /** @type {{text: string, onRetry: () => void} | null} */
    this.problem = null;
    this.#draw();
  }

  /** Dim the results while the server trains other networks. */
  wait() {
    this.isBusy = true;
    this.problem = null;
    this.message = RUNNING;
    this.verdict = "";
    this.#draw();
  }

  /**
   * Show an experiment.
   * @param {LabRun} run
   * @param {readonly Clue[]} sections sections to show, in this order
   * @param {string} verdict sentence about the checks, which screen readers announce
   */
  show(run, sections, verdict) {
    Object.assign(this, { isBusy: false, problem: null, sections, verdict });
    this.message = describeResults(run);
    if (this.run !== run) {
      this.plots.cost.show(chartLines(run, "cost"));
      this.plots.accuracy.show(chartLines(run, "accuracy"));
    }
    this.run = run;
    this.#draw();
  }

  /** Show an error instead of results. @param {string} text @param {() => void} onRetry */
  fail(text, onRetry) {
    Object.assign(this, { isBusy: false, message: "", verdict: "", problem: { text, onRetry } });
    this.#draw();
  }

  /** Move the focus to a section. @param {Clue} name */
  focus(name) {
    this.root.querySelector(`[data-section="${name}"]`)?.querySelector("h2")?.focus();
  }

  #draw() {
    const { run, problem, isBusy } = this;
    const isShown = run && !problem;
    render(
      html`<p class="mb-0 num lab-summary" role="status" data-part="summary" ?hidden=${problem !== null}>
          ${this.message} <strong>${this.verdict}</strong>
        </p>
        ${problem ? retryAlert(problem.text, problem.onRetry) : nothing}
        <div class="vstack gap-3 lab-results" ?hidden=${problem !== null} aria-busy=${String(isBusy)}>
          <p class="small text-body-secondary mb-0 lab-network">${run ? describeNetwork(run.hyperparameters) : ""}</p>
          ${this.charts}
          ${isShown ? this.sections.map((name) => section(name, run)) : nothing}
        </div>`,
      this.root,
    );
  }
}

/** @param {Clue} name @param {LabRun} run */
const section = (name, run) =>
  html`<section class="card card-body gap-3" data-section=${name} aria-labelledby="${name}-title">${SECTIONS[name](run)}</section>`;

/** Describe the network and its training. @param {Hyperparameters} values */
export function describeNetwork(values) {
  const hidden = /** @type {number[]} */ (values.hidden_sizes);
  const sizes = [64, ...hidden, 10].join(" → ");
  const words = (/** @type {unknown} */ value) => String(value).replaceAll("_", " ");
  const extras = [
    ...(Number(values.dropout_rate) > 0 ? [`dropout ${values.dropout_rate}`] : []),
    ...(Number(values.l2) > 0 ? [`L2 penalty ${values.l2}`] : []),
    ...(values.input_scaling === "none" ? ["pixels not scaled"] : []),
  ];
  return [
    `8×8 digits, ${sizes} units`,
    words(values.activation),
    words(values.loss),
    `learning rate ${values.learning_rate}`,
    `batches of ${values.batch_size} images`,
    ...extras,
  ].join(", ");
}
