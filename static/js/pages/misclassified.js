/**
 * Misclassified page. A store contains the view in the URL and the responses for it; each section draws what the store
 * contains. The page connects the sections.
 */
import { AnnotationTools } from "../annotations/annotation_tools.js";
import { CalibrationLoader } from "../calibration/loader.js";
import { ConfusionMatrixSection } from "../confusion_matrix/section.js";
import { api } from "../core/api.js";
import { afterPaint, byId } from "../core/dom.js";
import { setVersion } from "../core/request_cache.js";
import { scoredSplits } from "../datasets/dataset_kind.js";
import { DetailLoader } from "../explanations/loader.js";
import { PixelStore } from "../images/pixel_store.js";
import { createActions } from "../misclassified/actions.js";
import { EpochBar } from "../misclassified/epoch_bar.js";
import { Filters } from "../misclassified/filters.js";
import { ImageGrid } from "../misclassified/image_grid.js";
import { ImageNavigation } from "../misclassified/image_navigation.js";
import { ListSection } from "../misclassified/list_section.js";
import { OpenImage } from "../misclassified/open_image.js";
import { PageStatus } from "../misclassified/page_status.js";
import { ViewData } from "../misclassified/view_data.js";
import { ViewStore } from "../misclassified/view_store.js";
import { EpochSeries } from "../realtime/epoch_series.js";
import { ActionTable } from "../ui/actions.js";
import { listenForKeys } from "../ui/keyboard_shortcuts.js";
import { start } from "./start.js";

/**
 * @typedef {import("../../../types/api.js").Run} Run
 *
 * Data of the first view, which the page contains (webapp/web/first_view.py).
 * @typedef {object} FirstView
 * @property {import("../../../types/api.js").DatasetInfo} dataset
 * @property {import("../../../types/api.js").EpochResult[]} epochs
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

/**
 * Create the store and the sections, and connect them.
 * @param {Run} run
 * @param {FirstView} first
 * @param {EpochSeries} series
 */
function createPage(run, { dataset, version, responses }, series) {
  const shape = dataset.image_shape ?? [1, 1];
  const images = { runId: run.id, dataset: dataset.name, classNames: dataset.class_names, shape };
  const pixels = new PixelStore(dataset.name, "test", shape);
  const data = new ViewData(run.id, pixels);
  const store = new ViewStore({ run, series, classNames: dataset.class_names }, data);
  let reach = PREFETCH_REACH;
  const goToEpoch = (/** @type {number | null} */ epoch, /** @type {string} */ kind) => {
    reach = PREFETCH_REACH_SCRUBBED;
    store.navigate({ epoch }, { kind });
  };

  const annotations = new AnnotationTools(images, {
    onChanged: () => store.notify("data"),
    onSaved: () => {
      setVersion(""); // cached responses contain the previous annotations
      if (store.view.flagged !== "any" || store.view.suspects) store.load();
    },
    onGuessing: async (guess) => {
      const first = await store.setGuessMode(guess);
      if (first) navigation.open(first);
    },
    onNext: () => navigation.step(1),
    onProblem: (message) => {
      store.problem = message; // the next redraw of the images shows it too
      status.showProblem(message);
    },
  });
  const grid = new ImageGrid({
    store,
    pixels,
    annotations,
    onOpen: (item) => navigation.open(item),
    onChange: () => list.draw(),
  });
  const navigation = new ImageNavigation(store, grid);
  const keys = /** @type {HTMLDialogElement} */ (byId("keys"));
  const actions = new ActionTable(
    createActions({ store, navigation, grid, annotations, goToEpoch, showKeys: () => keys.showModal() }),
  );

  const status = new PageStatus(byId("status"), store);
  new EpochBar(byId("epochs"), byId("epoch-facts"), store, goToEpoch);
  const filters = new Filters(byId("filters"), store, actions);
  const matrix = new ConfusionMatrixSection({
    onSelect: (choice) => {
      store.filter(choice);
      if (window.matchMedia(STACKED).matches) byId("total").scrollIntoView({ block: "start" });
    },
    onValues: (values) => store.navigate({ matrix: values }, { replace: true }),
  });
  const calibration = new CalibrationLoader(run.id, {
    onOpen: (trust) => trust !== store.view.trust && store.navigate({ trust }, { replace: true }),
    onThreshold: (threshold) => store.navigate({ threshold }, { kind: "threshold" }),
    onFilter: (change) => store.filter(change),
  });
  const detail = new DetailLoader(
    { ...images, store: pixels },
    {
      onTab: (tab) => store.navigate({ tab }, { replace: true }),
      onEpoch: (epoch) => goToEpoch(epoch, "epoch"),
      onFirst: () => navigation.revealDetail(),
    },
  );
  if (store.view.image !== null) detail.load();

  store.subscribe("view", () => {
    if (!store.completed) return;
    annotations.syncGuessMode(store.view);
    calibration.update(store.view, store.epoch);
  });
  store.subscribe("data", () => {
    if (!store.shown) return;
    const { list: shownList, item, view, matrix: counts } = store.shown;
    annotations.store.receive(item ? [...shownList.items, item] : shownList.items);
    const hidden = item !== null && annotations.guessing.hidesPrediction(item.index);
    matrix.update(counts, {
      values: view.matrix,
      selected: { true: view.true, predicted: view.predicted },
      open: hidden || !item ? null : { true: item.true_label, predicted: item.predicted_label },
    });
  });
  const list = new ListSection(byId("images"), { store, grid, annotations, actions });
  new OpenImage({ store, annotations, detail, actions });
  store.subscribe("data", () => {
    const { turn } = store;
    afterPaint(async () => {
      if (turn !== store.turn || store.problem) return;
      data.prefetch(store.epoch, store.view, { last: store.completed, reach });
      const found = await data.loadHistoryCounts(store.epoch);
      if (found) filters.showHistoryCounts(found);
    });
  });
  actions.listenForButtons(document.body);
  listenForKeys(actions, keys);
  setVersion(version);
  data.receive(responses, store.epoch, store.view);
  return { store, detail };
}

/**
 * Follow the run, and refresh the view with each new epoch.
 * @param {ViewStore} store
 */
async function followRun(store) {
  let refreshing = false;
  const refresh = async () => {
    if (refreshing) return;
    refreshing = true;
    await new Promise((resolve) => window.setTimeout(resolve, REFRESH_INTERVAL));
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
      store.run = run;
      refresh();
    },
  });
}

/** Show the first view, and then load what is not needed at once. */
async function main() {
  /** @type {Run} */
  const run = JSON.parse(byId("misclassified").dataset.run ?? "");
  /** @type {FirstView} */
  const first = JSON.parse(/** @type {HTMLTemplateElement} */ (byId("first-view")).content.textContent ?? "");
  const { store, detail } = createPage(run, first, await loadSeries(run, first));
  await store.load();
  afterPaint(() => {
    followRun(store);
    if (store.completed) window.setTimeout(() => detail.load(), REFRESH_INTERVAL);
  });
}

start(main);
