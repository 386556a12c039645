/**
 * Misclassified page. A store contains the view in the URL and the responses for it; each section draws what the store
 * contains. The page connects the sections.
 */

import { AnnotationTools } from "../annotations/annotation_tools.js";
import { CalibrationLoader } from "../calibration/loader.js";
import { ConfusionMatrixSection } from "../confusion_matrix/section.js";
import { api } from "../core/api.js";
import { byId } from "../core/dom.js";
import { setVersion } from "../core/request_cache.js";
import { afterPaint, wait } from "../core/timing.js";
import { scoredSplits } from "../datasets/dataset_kind.js";
import { DetailLoader } from "../explanations/loader.js";
import { PixelStore } from "../images/pixel_store.js";
import { createActions } from "../misclassified/actions.js";
import { connectEpochBar } from "../misclassified/epoch_bar.js";
import { Filters } from "../misclassified/filters.js";
import { ImageGrid } from "../misclassified/image_grid.js";
import { ImageNavigation } from "../misclassified/image_navigation.js";
import { ListSection } from "../misclassified/list_section.js";
import { connectOpenImage } from "../misclassified/open_image.js";
import { PageStatus } from "../misclassified/page_status.js";
import { ViewData } from "../misclassified/view_data.js";
import { ViewStore } from "../misclassified/view_store.js";
import { showDeletedRun } from "../realtime/deleted_runs.js";
import { EpochSeries } from "../realtime/epoch_series.js";
import { ActionTable } from "../ui/actions.js";
import { listenForKeys } from "../ui/keyboard_shortcuts.js";
import { start } from "./start.js";

/**
 * @import {DatasetInfo, EpochResult, Run} from "../../../types/api.js"
 *
 * Data of the first view, which the page contains (webapp/web/first_view.py).
 * @typedef {object} FirstView
 * @property {DatasetInfo} dataset
 * @property {EpochResult[]} epochs
 * @property {string} version
 * @property {import("../misclassified/view_data.js").FirstResponses | null} responses
 */

const STACKED = "(max-width: 60rem)"; // the list is below the matrix
const REFRESH_INTERVAL = 250; // ms between two updates of a live run, so that a person can follow a fast run
const PREFETCH_REACH = 2; // number of epochs to prefetch on either side
const PREFETCH_REACH_SCRUBBED = 10; // the same after a person has moved the epoch slider

/** @param {Run} run @param {FirstView} first */
async function loadSeries(run, { dataset, epochs }) {
  const series = new EpochSeries(scoredSplits(run, dataset));
  for (const result of epochs) series.append(result);
  if (series.epochs.length < run.epochs_completed) {
    const { items } = await api.get(`/api/runs/${run.id}/epochs?after=${series.epochs.length}`);
    for (const result of items) series.append(result);
  }
  return series;
}

class MisclassifiedPage {
  /** @param {Run} run @param {FirstView} first @param {EpochSeries} series */
  constructor(run, { dataset, version, responses }, series) {
    const { name, class_names: classNames } = dataset;
    const shape = dataset.image_shape ?? [1, 1];
    const images = { runId: run.id, dataset: name, classNames, shape };
    const pixels = new PixelStore(name, "test", shape);
    this.data = new ViewData(run.id, pixels);
    this.store = new ViewStore({ run, series, classNames }, this.data);
    this.reach = PREFETCH_REACH;
    this.annotations = this.#createAnnotations(images);
    this.grid = new ImageGrid({
      store: this.store,
      pixels,
      annotations: this.annotations,
      onOpen: (item) => this.navigation.open(item),
      onChange: () => this.list.draw(),
    });
    this.navigation = new ImageNavigation(this.store, this.grid);
    this.keys = /** @type {HTMLDialogElement} */ (byId("keys"));
    this.actions = new ActionTable(createActions(this));
    this.detail = new DetailLoader({
      ...images,
      store: pixels,
      onTab: (tab) => this.store.navigate({ tab }, { replace: true }),
      onEpoch: (epoch) => this.goToEpoch(epoch, "epoch"),
      onSize: (index, epoch, size) => this.store.rememberSize(index, epoch, size),
      onFirst: () => this.navigation.revealDetail(),
    });
    if (this.store.view.image !== null) this.detail.load();
    // A change reaches the sections in this order.
    this.status = new PageStatus(byId("status"), this.store);
    connectEpochBar(byId("epochs"), byId("epoch-facts"), this.store, this.goToEpoch);
    this.filters = new Filters(byId("filters"), this.store, this.actions);
    this.#connectMatrix();
    this.#connectCalibration(run.id);
    this.list = new ListSection(byId("images"), this);
    connectOpenImage(this);
    this.store.subscribe("data", () => this.#loadMore(this.store.turn));
    this.actions.listenForButtons(document.body);
    listenForKeys(this.actions, this.keys);
    setVersion(version);
    this.data.receive(responses, this.store.epoch, this.store.view);
  }

  /** Show an epoch; null follows the latest epoch. */
  goToEpoch = (/** @type {number | null} */ epoch, /** @type {string} */ kind) => {
    this.reach = PREFETCH_REACH_SCRUBBED;
    this.store.navigate({ epoch }, { kind });
  };

  showKeys = () => this.keys.showModal();

  /** @param {{runId: number, dataset: string, classNames: string[]}} images */
  #createAnnotations(images) {
    const { store } = this;
    /** Message of the latest annotation that was not saved. @type {string | null} */
    let unsaved = null;
    const onProblem = (/** @type {string | null} */ message) => {
      unsaved = message;
      store.problem = message; // the next redraw of the images shows it too
      this.status.showProblem(message);
    };
    const annotations = new AnnotationTools(images, {
      onChanged: () => store.notify("data"),
      onSaved: () => {
        setVersion(""); // cached responses contain the previous annotations
        if (unsaved !== null && store.problem === unsaved) onProblem(null);
        if (store.view.flagged !== "any" || store.view.suspects) store.load();
      },
      onGuessing: async (guess) => {
        const first = await store.setGuessMode(guess);
        if (first) this.navigation.open(first);
      },
      onNext: () => this.navigation.step(1),
      onProblem,
    });
    store.subscribe("view", () => store.completed && annotations.syncGuessMode(store.view));
    store.subscribe("data", () => {
      if (!store.shown) return;
      const { list, item } = store.shown;
      annotations.store.receive(item ? [...list.items, item] : list.items);
    });
    return annotations;
  }

  #connectMatrix() {
    const { store, annotations } = this;
    const section = new ConfusionMatrixSection({
      onSelect: (choice) => {
        store.filter(choice);
        if (window.matchMedia(STACKED).matches) byId("total").scrollIntoView({ block: "start" });
      },
      onValues: (values) => store.navigate({ matrix: values }, { replace: true }),
    });
    store.subscribe("data", () => {
      if (!store.shown) return;
      const { item, view, matrix } = store.shown;
      const hidden = item !== null && annotations.guessing.hidesPrediction(item.index);
      section.update(matrix, {
        values: view.matrix,
        selected: { true: view.true, predicted: view.predicted },
        open: hidden || !item ? null : { true: item.true_label, predicted: item.predicted_label },
      });
    });
  }

  /** @param {number} runId */
  #connectCalibration(runId) {
    const { store } = this;
    const calibration = new CalibrationLoader(runId, {
      onOpen: (trust) => trust !== store.view.trust && store.navigate({ trust }, { replace: true }),
      onThreshold: (threshold) => store.navigate({ threshold }, { kind: "threshold" }),
      onFilter: (change) => store.filter(change),
    });
    store.subscribe("view", () => store.completed && calibration.update(store.view, store.epoch));
  }

  /** After the view is visible, load what a person may need next. @param {number} turn number of the view */
  #loadMore(turn) {
    const { store, data } = this;
    afterPaint(async () => {
      if (turn !== store.turn || store.problem) return;
      data.prefetch(store.epoch, store.view, { last: store.completed, reach: this.reach });
      const counts = await data.loadHistoryCounts(store.epoch);
      if (counts) this.filters.showHistoryCounts(counts);
    });
  }
}

/** Follow the run, and refresh the view with each new epoch. @param {ViewStore} store */
async function followRun(store) {
  let refreshing = false;
  const refresh = async () => {
    if (refreshing) return;
    refreshing = true;
    await wait(REFRESH_INTERVAL);
    refreshing = false;
    await store.load();
  };
  const { watchRun } = await import("../realtime/socket.js");
  watchRun(store.run.id, store.completed, {
    onEpoch: (result) => {
      store.series.append(result);
      refresh();
    },
    onStatus: (run) => {
      const { name, status } = store.run;
      store.run = run;
      if (run.name !== name || run.status !== status) refresh(); // a new subscription repeats the end of a run
    },
    onDeleted: () => {
      byId("misclassified").hidden = true;
      showDeletedRun(store.run);
    },
  });
}

/** Show the first view, and then load what is not needed at once. */
async function main() {
  /** @type {Run} */
  const run = JSON.parse(byId("misclassified").dataset.run ?? "");
  /** @type {FirstView} */
  const first = JSON.parse(/** @type {HTMLTemplateElement} */ (byId("first-view")).content.textContent ?? "");
  const { store, detail } = new MisclassifiedPage(run, first, await loadSeries(run, first));
  await store.load();
  afterPaint(() => {
    followRun(store);
    if (store.completed) window.setTimeout(() => detail.load(), REFRESH_INTERVAL);
  });
}

start(main);
