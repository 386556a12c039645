/** Run page: charts, results and hyperparameters of one run, live or ended. */

import { X_AXES } from "../charts/x_axis.js";
import { byId } from "../core/dom.js";
import { choice, optionalInteger, UrlState } from "../core/url_state.js";
import { findDataset, isTable } from "../datasets/dataset_kind.js";
import { loadChoices } from "../hyperparameters/choices.js";
import { reuseUrl } from "../hyperparameters/form_url.js";
import { renderHyperparameters } from "../hyperparameters/table.js";
import { isLive } from "../realtime/run_status.js";
import { downloads, hyperparametersJson, renderDownloads } from "../runs/downloads.js";
import { FirstLayerWeights } from "../runs/first_layer_weights.js";
import { renderKeyMetrics } from "../runs/key_metrics.js";
import { RunDialog } from "../runs/run_dialog.js";
import { renderRunHeader } from "../runs/run_header.js";
import { RunPanel } from "../runs/run_panel.js";
import { TestResults } from "../runs/test_results.js";
import { start } from "./start.js";

/**
 * @import {Run} from "../../../types/api.js"
 * @import {LiveRun} from "../realtime/live_run.js"
 * @typedef {{epoch: number | null, x: import("../charts/x_axis.js").XAxis}} RunView
 */

async function main() {
  /** @type {Run} */
  const run = JSON.parse(byId("run").dataset.run ?? "null");
  const { schema, presets, datasets } = await loadChoices();
  const hasImages = !isTable(findDataset(datasets, run));
  const results = hasImages ? new TestResults(byId("results"), run.id) : null;
  const weights = hasImages ? new FirstLayerWeights(byId("weights"), byId("weights-image"), run) : null;
  const formUrl = (/** @type {Run} */ source) => reuseUrl(schema, presets, source);
  const hyperparametersHref = URL.createObjectURL(new Blob([hyperparametersJson(run)], { type: "application/json" }));
  /** @type {UrlState<RunView>} */
  const state = new UrlState({ epoch: optionalInteger(1), x: choice(X_AXES) }, ({ x }) => {
    if (x !== panel.charts.xAxis) panel.charts.setXAxis(x);
    panel.outputs.refresh();
  });

  /** The run with its current name and notes. */
  let shown = run;
  const header = byId("run-header");
  const metrics = byId("metrics");
  header.replaceChildren();
  metrics.replaceChildren();
  /** Update the parts of the page that are not in the panel. @param {LiveRun} live */
  const show = (live) => {
    const { epochs } = live;
    const hasEpochs = shown.epochs_completed > 0 || epochs.last !== null;
    renderRunHeader(header, {
      run: shown,
      hasImages: hasImages && (hasEpochs || isLive(live.run)),
      reuseHref: formUrl(run),
      onEdit: () => dialog.open(shown),
    });
    renderKeyMetrics(metrics, live.run, epochs);
    /** @type {HTMLElement} */ (metrics.parentElement).hidden = !hasEpochs && !isLive(live.run);
    const hasBest = live.run.best_epoch !== null || epochs.best !== null;
    renderDownloads(byId("downloads"), downloads(run, { hasEpochs, hasBest, hyperparametersHref }));
    weights?.show(live);
  };
  const dialog = new RunDialog({
    onChanged: (changed) => {
      shown = changed;
      if (panel.live) show(panel.live);
    },
    onDeleted: () => location.assign("/runs"),
  });
  const panel = new RunPanel({
    datasets,
    onRemedy: (changes, ended) => {
      location.assign(formUrl({ ...ended, hyperparameters: { ...ended.hyperparameters, ...changes } }));
    },
    onRun: (live) => {
      shown = live.run;
      show(live);
    },
    onEpochs: (live) => {
      show(live);
      results?.show(live.epochs.epochs.length);
    },
    onXAxis: (x) => state.navigate({ x }),
    epochChoice: {
      chosen: () => state.values.epoch,
      choose: (epoch, kind) => state.navigate({ epoch }, { kind }),
    },
  });
  panel.charts.setXAxis(state.values.x);
  renderHyperparameters(byId("hyperparameters"), schema, run.hyperparameters);
  await panel.open(run);
}

start(main);
