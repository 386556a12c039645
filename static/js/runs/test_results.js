/**
 * Test results of a run: confusion matrix, precision and recall, updated while it trains.
 *
 * @typedef {import("../confusion_matrix/matrix.js").ClassChoice} ClassChoice
 */

import { renderClassReport } from "../confusion_matrix/class_report.js";
import { renderConfusionMatrix } from "../confusion_matrix/matrix.js";
import { ApiError, api } from "../core/api.js";
import { byId } from "../core/dom.js";
import { EpochFollower } from "../realtime/epoch_follower.js";

const BREATH = 700; // ms between two matrices

export class TestResults {
  /** @param {number} runId */
  constructor(runId) {
    this.runId = runId;
    this.follower = new EpochFollower((epoch) => this.#load(epoch), BREATH);
  }

  /** @param {number} epoch the latest that there is */
  show(epoch) {
    this.follower.follow(epoch);
  }

  /** @param {number} epoch */
  async #load(epoch) {
    try {
      const { labels, matrix } = await api.get(`/api/runs/${this.runId}/confusion_matrix?epoch=${epoch}`);
      byId("results").hidden = false;
      renderConfusionMatrix(byId("matrix"), { labels, matrix, onSelect: (choice) => this.#open(choice) });
      renderClassReport(byId("report"), { labels, matrix });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Look at the images behind a cell. @param {ClassChoice} choice */
  #open(choice) {
    const query = new URLSearchParams();
    if (choice.true !== null) query.set("true", String(choice.true));
    // Right answers are no mistakes: their cell leads to all mistakes of the class.
    if (choice.predicted !== null && choice.predicted !== choice.true) query.set("predicted", String(choice.predicted));
    location.assign(`/runs/${this.runId}/misclassified?${query}`);
  }
}
