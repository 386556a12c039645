/** The bar that stays in sight: how good an epoch was, and the way to the others. */

import { totals } from "../confusion_matrix/counts.js";
import { byId, setText } from "../core/dom.js";
import { count, percent } from "../core/format.js";
import { isLive } from "../realtime/run_status.js";
import { EpochSlider } from "../ui/epoch_slider.js";

/**
 * @typedef {import("../../../types/messages.js").Run} Run
 * @typedef {import("../realtime/epoch_series.js").EpochSeries} EpochSeries
 */

export class EpochBar {
  /** @param {(epoch: number | null, kind: string) => void} onChoose null: follow the latest */
  constructor(onChoose) {
    this.chooser = new EpochSlider(byId("epochs"), onChoose);
  }

  /**
   * Point to the epoch that is to be shown.
   * @param {{run: Run, series: EpochSeries, epoch: number, chosen: number | null}} options `chosen` in the address
   */
  point({ run, series, epoch, chosen }) {
    const live = isLive(run);
    const curve = series.columns.test_accuracy;
    this.chooser.update({ series, curve, epoch, following: live && chosen === null, live });
  }

  /**
   * @param {EpochSeries} series
   * @param {number} epoch
   * @param {number[][]} matrix
   */
  show(series, epoch, matrix) {
    const { images, wrong } = totals(matrix);
    setText(byId("accuracy"), percent(series.columns.test_accuracy[epoch - 1], 2));
    setText(byId("accuracy-words"), `of ${count(images)} test images right`);
    setText(byId("wrong-count"), count(wrong));
  }
}
