/**
 * Test results of a run, updated while it trains: confusion matrix, precision and recall.
 *
 * @import {ClassChoice} from "../confusion_matrix/cells.js"
 */

import { renderClassReport } from "../confusion_matrix/class_report.js";
import { MatrixView } from "../confusion_matrix/matrix.js";
import { ApiError, api } from "../core/api.js";
import { byId } from "../core/dom.js";
import { render } from "../core/html.js";
import { EpochFollower } from "../realtime/epoch_follower.js";
import { retryAlert } from "../ui/retry_alert.js";

const MIN_INTERVAL = 700; // ms between two updates

export class TestResults {
  /** @param {HTMLElement} root @param {number} runId */
  constructor(root, runId) {
    this.root = root;
    this.runId = runId;
    this.problem = byId("results-problem");
    this.matrix = new MatrixView(byId("matrix"));
    this.follower = new EpochFollower((epoch) => this.#load(epoch), MIN_INTERVAL);
  }

  /** Show the results of the latest epoch. @param {number} epoch */
  show(epoch) {
    this.follower.follow(epoch);
  }

  /** Show the results of an epoch, or why they cannot be read. @param {number} epoch */
  async #load(epoch) {
    try {
      this.#show(await api.get(`/api/runs/${this.runId}/confusion_matrix?epoch=${epoch}`));
      this.problem.hidden = true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem.hidden = false;
      render(
        retryAlert(error.message, () => this.#load(epoch)),
        this.problem,
      );
    }
  }

  /** @param {import("../../../types/api.js").ConfusionMatrix} results */
  #show({ labels, matrix }) {
    this.root.hidden = false;
    this.matrix.update({ labels, matrix, onSelect: (choice) => this.#openImages(choice) });
    renderClassReport(byId("report"), { labels, matrix });
  }

  /** Open the page of misclassified images, filtered by the selected classes. @param {ClassChoice} choice */
  #openImages(choice) {
    const query = new URLSearchParams();
    if (choice.true !== null) query.set("true", String(choice.true));
    // The images of a diagonal cell are correct: open all misclassified images of its class instead.
    if (choice.predicted !== null && choice.predicted !== choice.true) query.set("predicted", String(choice.predicted));
    location.assign(`/runs/${this.runId}/misclassified?${query}`);
  }
}
