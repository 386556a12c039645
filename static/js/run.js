/** The page of one run: everything about it, live or ended. */

import { ApiError, api } from "./api.js";
import { byId } from "./element.js";
import { trainAgainAddress } from "./form_address.js";
import { moment } from "./format.js";
import { showHyperparameters } from "./hyperparameters_table.js";
import { showKeyFigures } from "./key_figures.js";
import { RunDialog } from "./run_dialog.js";
import { RunPanel } from "./run_panel.js";
import { RunResults } from "./run_results.js";
import { setText } from "./update.js";
import { WeightsPicture } from "./weights_picture.js";

/**
 * @typedef {import("../../types/messages.js").Run} Run
 * @typedef {import("./live_run.js").LiveRun} LiveRun
 */

async function main() {
  /** @type {Run} */
  const run = JSON.parse(byId("run").dataset.run ?? "null");
  const [schema, presets, datasets] = await Promise.all([
    api.get("/api/hyperparameters"),
    api.get("/api/presets"),
    api.get("/api/datasets"),
  ]);
  const results = new RunResults(run.id);
  const sizes = /** @type {number[]} */ (run.hyperparameters.hidden_sizes);
  const weights = new WeightsPicture(byId("weights"), run.id, sizes);
  const again = (/** @type {Run} */ changed) => trainAgainAddress(schema, presets.items, changed);
  const panel = new RunPanel({
    datasets: datasets.items,
    onRemedy: (changes, ended) => {
      location.assign(again({ ...ended, hyperparameters: { ...ended.hyperparameters, ...changes } }));
    },
    onRun: (live) => {
      describe(live.run);
      showKeyFigures(byId("figures"), live.run, live.epochs);
      weights.show(live);
    },
    onEpochs: (live) => {
      const epoch = live.epochs.epochs.length;
      for (const part of document.querySelectorAll("[data-after=first-epoch]")) part.removeAttribute("hidden");
      byId("best-checkpoint").hidden = live.epochs.best === null;
      showKeyFigures(byId("figures"), live.run, live.epochs);
      results.show(epoch);
      weights.show(live);
    },
  });
  const dialog = new RunDialog({ onChanged: describe, onDeleted: () => location.assign("/runs") });
  byId("edit-run").addEventListener("click", () => dialog.open({ ...(panel.live?.run ?? run), ...described() }));
  showHyperparameters(byId("hyperparameters"), schema, run.hyperparameters);
  /** @type {HTMLAnchorElement} */ (byId("train-again")).href = again(run);
  offerHyperparameters(run);
  await panel.open(run);
}

/** The name and notes that the page shows. */
function described() {
  return { name: byId("run-name").textContent ?? "", notes: byId("notes").textContent ?? "" };
}

/** @param {Run} run */
function describe(run) {
  setText(byId("run-name"), run.name);
  setText(byId("notes"), run.notes);
  byId("notes").hidden = run.notes === "";
  document.title = `${run.name} · Misfit`;
  const times = [`Created ${moment(run.created_at)}`];
  if (run.finished_at) times.push(`ended ${moment(run.finished_at)}`);
  setText(byId("times"), times.join(", "));
}

/** Let the hyperparameters be saved as a file that POST /api/runs takes. @param {Run} run */
function offerHyperparameters(run) {
  const { name, preset, hyperparameters } = run;
  const text = JSON.stringify({ name, preset, hyperparameters }, null, 2);
  const link = /** @type {HTMLAnchorElement} */ (byId("download-hyperparameters"));
  link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "application/json" }));
  link.download = `misfit-run-${run.id}.json`;
}

main().catch((error) => {
  const problem = byId("problem");
  problem.hidden = false;
  setText(problem, error instanceof ApiError ? error.message : `Something went wrong in this page: ${error}`);
  if (!(error instanceof ApiError)) throw error;
});
