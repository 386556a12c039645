/** Run page: charts, results and hyperparameters of one run, live or ended. */

import { X_AXES } from "../charts/x_axis.js";
import { api } from "../core/api.js";
import { byId, setText } from "../core/dom.js";
import { moment } from "../core/format.js";
import { choice, optionalInteger, UrlState } from "../core/url_state.js";
import { findDataset, isTable } from "../datasets/dataset_kind.js";
import { reuseUrl } from "../hyperparameters/form_url.js";
import { renderHyperparameters } from "../hyperparameters/table.js";
import { ImageResults } from "../runs/image_results.js";
import { renderKeyMetrics } from "../runs/key_metrics.js";
import { RunDialog } from "../runs/run_dialog.js";
import { RunPanel } from "../runs/run_panel.js";
import { start } from "./start.js";

/**
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../realtime/live_run.js").LiveRun} LiveRun
 * @typedef {{epoch: number | null, x: import("../charts/x_axis.js").XAxis}} RunView
 */

async function main() {
  /** @type {Run} */
  const run = JSON.parse(byId("run").dataset.run ?? "null");
  const [schema, presets, datasets] = await Promise.all([
    api.get("/api/hyperparameters"),
    api.get("/api/presets"),
    api.get("/api/datasets"),
  ]);
  const imageResults = isTable(findDataset(datasets.items, run)) ? null : new ImageResults(run);
  const formUrl = (/** @type {Run} */ source) => reuseUrl(schema, presets.items, source);
  /** @type {UrlState<RunView>} */
  const state = new UrlState({ epoch: optionalInteger(1), x: choice(X_AXES) }, ({ x }) => {
    if (x !== panel.charts.xAxis) panel.charts.setXAxis(x);
    panel.outputs.refresh();
  });
  const panel = new RunPanel({
    datasets: datasets.items,
    onRemedy: (changes, ended) => {
      location.assign(formUrl({ ...ended, hyperparameters: { ...ended.hyperparameters, ...changes } }));
    },
    onRun: (live) => {
      showDescription(live.run);
      renderKeyMetrics(byId("metrics"), live.run, live.epochs);
      imageResults?.showWeights(live);
    },
    onEpochs: (live) => {
      for (const part of document.querySelectorAll("[data-after=first-epoch]")) part.removeAttribute("hidden");
      byId("best-checkpoint").hidden = live.epochs.best === null;
      renderKeyMetrics(byId("metrics"), live.run, live.epochs);
      imageResults?.show(live);
    },
    onXAxis: (x) => state.navigate({ x }),
    epochChoice: {
      chosen: () => state.values.epoch,
      choose: (epoch, kind) => state.navigate({ epoch }, { kind }),
    },
  });
  panel.charts.setXAxis(state.values.x);
  const dialog = new RunDialog({ onChanged: showDescription, onDeleted: () => location.assign("/runs") });
  byId("edit-run").addEventListener("click", () => dialog.open({ ...(panel.live?.run ?? run), ...shownDescription() }));
  renderHyperparameters(byId("hyperparameters"), schema, run.hyperparameters);
  /** @type {HTMLAnchorElement} */ (byId("train-again")).href = formUrl(run);
  linkHyperparametersFile(run);
  await panel.open(run);
}

/** Return the name and the notes that the page shows. */
function shownDescription() {
  return { name: byId("run-name").textContent ?? "", notes: byId("notes").textContent ?? "" };
}

/** Show the name, notes and times of a run. @param {Run} run */
function showDescription(run) {
  setText(byId("run-name"), run.name);
  setText(byId("notes"), run.notes);
  byId("notes").hidden = run.notes === "";
  document.title = `${run.name} · Misfit`;
  const times = [`Created ${moment(run.created_at)}`];
  if (run.finished_at) times.push(`ended ${moment(run.finished_at)}`);
  setText(byId("times"), times.join(", "));
}

/** Offer the hyperparameters as a JSON file that POST /api/runs accepts. @param {Run} run */
function linkHyperparametersFile(run) {
  const { name, preset, hyperparameters } = run;
  const text = JSON.stringify({ name, preset, hyperparameters }, null, 2);
  const link = /** @type {HTMLAnchorElement} */ (byId("download-hyperparameters"));
  link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "application/json" }));
  link.download = `misfit-run-${run.id}.json`;
}

start(main);
