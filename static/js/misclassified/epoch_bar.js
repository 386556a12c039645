/** Sticky bar with the epoch slider and the test accuracy of the epoch on display. */
import { countTotals } from "../confusion_matrix/counts.js";
import { count, percent } from "../core/format.js";
import { html, render } from "../core/html.js";
import { isLive } from "../realtime/run_status.js";
import { EpochSlider } from "../ui/epoch_slider.js";

/** @import {ViewStore} from "./view_store.js" */

/**
 * Draw the bar whenever the store changes.
 * @param {HTMLElement} root contains the facts and the slider
 * @param {HTMLElement} facts
 * @param {ViewStore} store
 * @param {(epoch: number | null, kind: string) => void} onChoose called with null to follow the latest epoch
 */
export function connectEpochBar(root, facts, store, onChoose) {
  const slider = new EpochSlider(root, onChoose);
  store.subscribe("view", () => {
    const { run, series, epoch, view, completed } = store;
    const live = isLive(run);
    const curve = series.columns.test_accuracy;
    if (completed) slider.update({ series, curve, epoch, following: live && view.epoch === null, live });
  });
  store.subscribe("data", () => {
    const { shown, series } = store;
    if (!shown) return;
    const { images, misclassified } = countTotals(shown.matrix.matrix);
    const accuracy = series.columns.test_accuracy[shown.epoch - 1];
    render(
      html`<p class="mb-0 text-body-secondary">
          <span class="fs-4 fw-semibold lh-sm text-body num" id="accuracy">${percent(accuracy, 2)}</span>
          of ${count(images)} test images classified correctly
        </p>
        <p class="mb-0 small fw-semibold text-danger-emphasis">
          <span aria-hidden="true">✗</span> <span class="num">${count(misclassified)}</span> misclassified
        </p>`,
      facts,
    );
  });
}
