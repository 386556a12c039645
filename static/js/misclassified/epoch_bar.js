/** Sticky bar with the epoch slider and the test accuracy of the selected epoch. */

import { countTotals } from "../confusion_matrix/counts.js";
import { byId, setText } from "../core/dom.js";
import { count, percent } from "../core/format.js";
import { isLive } from "../realtime/run_status.js";
import { EpochSlider } from "../ui/epoch_slider.js";

/**
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../realtime/epoch_series.js").EpochSeries} EpochSeries
 */

export class EpochBar {
  /** @param {(epoch: number | null, kind: string) => void} onChoose called with null to follow the latest epoch */
  constructor(onChoose) {
    this.slider = new EpochSlider(byId("epochs"), onChoose);
  }

  /**
   * Move the slider to an epoch.
   * @param {{run: Run, series: EpochSeries, epoch: number, chosen: number | null}} options `chosen`: epoch in the URL
   */
  moveSlider({ run, series, epoch, chosen }) {
    const live = isLive(run);
    const curve = series.columns.test_accuracy;
    this.slider.update({ series, curve, epoch, following: live && chosen === null, live });
  }

  /**
   * Show the accuracy and the number of misclassified images.
   * @param {EpochSeries} series
   * @param {number} epoch
   * @param {number[][]} matrix
   */
  showAccuracy(series, epoch, matrix) {
    const { images, misclassified } = countTotals(matrix);
    setText(byId("accuracy"), percent(series.columns.test_accuracy[epoch - 1], 2));
    setText(byId("accuracy-text"), `of ${count(images)} test images classified correctly`);
    setText(byId("misclassified-count"), count(misclassified));
  }
}
