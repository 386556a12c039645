/**
 * Parts of the run page for runs on images: the link to the misclassified images, the confusion matrix with precision
 * and recall, and the first-layer weights.
 *
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../realtime/live_run.js").LiveRun} LiveRun
 */

import { byId } from "../core/dom.js";
import { FirstLayerWeights } from "./first_layer_weights.js";
import { TestResults } from "./test_results.js";

export class ImageResults {
  /** @param {Run} run */
  constructor(run) {
    this.results = new TestResults(run.id);
    const sizes = /** @type {number[]} */ (run.hyperparameters.hidden_sizes);
    this.weights = new FirstLayerWeights(byId("weights"), run.id, sizes);
  }

  /** Update all parts after a new epoch. @param {LiveRun} live */
  show(live) {
    byId("misclassified-link").hidden = false;
    this.results.show(live.epochs.epochs.length);
    this.weights.show(live);
  }

  /** Update the weights after a change of the status. @param {LiveRun} live */
  showWeights(live) {
    this.weights.show(live);
  }
}
