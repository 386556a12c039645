/** Misclassified page: epoch bar, confusion matrix, image list and open image, which all show the view in the URL. */
import { AnnotationTools } from "../annotations/annotation_tools.js";
import { CalibrationLoader } from "../calibration/loader.js";
import { ConfusionMatrixSection } from "../confusion_matrix/section.js";
import { isAborted } from "../core/api.js";
import { afterPaint, byId, setAttribute, setText } from "../core/dom.js";
import { count } from "../core/format.js";
import { RequestCache } from "../core/request_cache.js";
import { UrlState } from "../core/url_state.js";
import { findDataset, scoredSplits } from "../datasets/dataset_kind.js";
import { DetailLoader } from "../explanations/loader.js";
import { PixelStore } from "../images/pixel_store.js";
import { describeAbsence } from "../misclassified/descriptions.js";
import { showProblem, showWaiting } from "../misclassified/empty_states.js";
import { EpochBar } from "../misclassified/epoch_bar.js";
import { Filters } from "../misclassified/filters.js";
import { ImageNavigation } from "../misclassified/image_navigation.js";
import { clampPageOffset, ListSection } from "../misclassified/list_section.js";
import { createShortcuts } from "../misclassified/shortcuts.js";
import { ViewData } from "../misclassified/view_data.js";
import { CODECS, NO_FILTER, withKnownClasses } from "../misclassified/view_state.js";
import { EpochSeries } from "../realtime/epoch_series.js";
import { listenForKeys } from "../ui/keyboard_shortcuts.js";
import { start } from "./start.js";

/**
 * @typedef {import("../../../types/api.js").Run} Run
 * @typedef {import("../misclassified/view_state.js").ImageView} ImageView
 * @typedef {import("../misclassified/view_data.js").ViewResult} ViewResult
 */

const STACKED = "(max-width: 60rem)"; // the list is below the matrix
const REFRESH_INTERVAL = 250; // ms between two updates of a live run, so that a person can follow a fast run
const REVEAL_DELAY = 200; // ms after which the content appears even if its data is still loading
const PREFETCH_REACH = 2; // number of epochs to prefetch on either side
const PREFETCH_REACH_SCRUBBED = 10; // the same after a person has moved the epoch slider

class MisclassifiedPage {
  /**
   * @param {Run} run
   * @param {import("../../../types/api.js").DatasetInfo} dataset
   * @param {EpochSeries} series
   */
  constructor(run, dataset, series) {
    this.run = run;
    this.series = series;
    this.classNames = dataset.class_names;
    this.refreshing = false;
    /** View before guess mode. @type {Partial<ImageView>} */
    this.beforeGuessing = {};
    /** Number of the current view; the page ignores results that arrive for an earlier view. */
    this.turn = 0;
    this.scrubbed = false;
    /** @type {number | undefined} */
    this.revealTimer = undefined;
    /** @type {import("../../../types/api.js").MisclassifiedList} */
    this.list = { total: 0, epoch: 0, flagged: 0, items: [] };
    const shape = dataset.image_shape ?? [1, 1];
    const images = { runId: run.id, dataset: dataset.name, classNames: this.classNames, shape };
    const store = new PixelStore(dataset.name, "test", shape);
    this.data = new ViewData(run.id, store);
    /** @type {UrlState<ImageView>} */
    this.state = new UrlState(CODECS, () => this.show());
    this.bar = new EpochBar((epoch, kind) => this.#scrub(epoch, kind));
    this.filters = new Filters(/** @type {HTMLFormElement} */ (byId("filters")), this.classNames, (change) =>
      this.filter(change),
    );
    this.matrix = new ConfusionMatrixSection({
      onSelect: (choice) => {
        this.filter(choice);
        if (window.matchMedia(STACKED).matches) byId("total").scrollIntoView({ block: "start" });
      },
      onValues: (matrix) => this.state.navigate({ matrix }, { replace: true }),
    });
    this.calibration = new CalibrationLoader(run.id, {
      onOpen: (trust) => trust !== this.view.trust && this.state.navigate({ trust }, { replace: true }),
      onThreshold: (threshold) => this.state.navigate({ threshold }, { kind: "threshold" }),
      onFilter: (change) => this.filter(change),
    });
    this.annotations = this.#createAnnotations(images);
    this.section = new ListSection({ ...images, store }, this.annotations, {
      onOpen: (item) => this.navigation.open(item),
      onPage: (offset) => this.state.navigate({ offset, image: null }),
      onFilter: (change) => this.filter(change),
      onFirstEpoch: () => this.state.navigate({ epoch: 1 }),
    });
    this.grid = this.section.grid;
    this.detail = new DetailLoader(
      { ...images, store },
      {
        onTab: (tab) => this.state.navigate({ tab }, { replace: true }),
        onEpoch: (epoch) => this.#scrub(epoch, "epoch"),
        onFirst: () => this.navigation.revealDetail(),
      },
    );
    if (this.view.image !== null) this.detail.load();
    this.navigation = new ImageNavigation(this);
    const keys = /** @type {HTMLDialogElement} */ (byId("keys"));
    byId("show-keys").addEventListener("click", () => keys.showModal());
    listenForKeys(createShortcuts(this), keys);
  }

  /** View in the URL, except filters by a true or predicted class that the data set does not have. */
  get view() {
    return withKnownClasses(this.state.values, this.classNames.length);
  }

  get completed() {
    return this.series.epochs.length;
  }

  /** Epoch on display: the epoch in the URL if it is complete, otherwise the latest complete epoch. */
  get epoch() {
    return Math.min(this.view.epoch ?? this.completed, this.completed);
  }

  /** Images to which a shortcut applies: the selected images, else the open image, else the focused tile. */
  get targets() {
    const { image } = this.view;
    return this.grid.selection.size || image === null ? this.grid.targets : [image];
  }

  /** Apply filters, and go to the first page. @param {Partial<ImageView>} change */
  filter(change) {
    this.state.navigate({ ...change, offset: 0, image: null });
  }

  /** Show the view: its controls immediately, its data when all of it is loaded. */
  async show() {
    this.turn += 1;
    const { turn, epoch, view } = this;
    const waiting = this.completed === 0;
    showWaiting(waiting ? this.run : null);
    setText(byId("run-status"), this.run.status);
    setAttribute(byId("run-status"), "data-status", this.run.status);
    if (waiting) return;
    this.#showControls();
    this.section.setBusy(view);
    try {
      const result = await this.data.load(epoch, view);
      if (turn !== this.turn) return;
      const offset = clampPageOffset(view.offset, result.list.total);
      if (offset !== view.offset) return this.state.navigate({ offset }, { replace: true });
      this.#draw(result, view, epoch);
    } catch (error) {
      if (isAborted(error) || turn !== this.turn) return;
      this.section.setComplete();
      showProblem(error);
    }
  }

  #showControls() {
    const { run, series, view, epoch } = this;
    this.bar.moveSlider({ run, series, epoch, chosen: view.epoch });
    this.filters.update(view);
    this.annotations.syncGuessMode(view);
    this.calibration.update(view, epoch);
    // Show the content after a short delay. If the data arrives within this delay, the layout changes only once.
    this.revealTimer ??= window.setTimeout(reveal, REVEAL_DELAY);
  }

  /**
   * @param {ViewResult} result
   * @param {ImageView} view
   * @param {number} epoch
   */
  #draw({ matrix, list, item, problem }, view, epoch) {
    this.list = list;
    reveal();
    this.annotations.store.receive(item ? [...list.items, item] : list.items);
    this.bar.showAccuracy(this.series, epoch, matrix.matrix);
    const hidden = item !== null && this.annotations.guessing.hidesPrediction(item.index);
    this.matrix.update(matrix, {
      values: view.matrix,
      selected: { true: view.true, predicted: view.predicted },
      open: hidden || !item ? null : { true: item.true_label, predicted: item.predicted_label },
    });
    this.section.update(list, view, epoch, (other) => this.state.urlFor({ ...view, image: other.index }));
    this.#drawDetail(item, hidden);
    showProblem(problem);
    const { turn } = this;
    afterPaint(() => turn === this.turn && !problem && this.#loadRest());
  }

  /**
   * @param {import("../../../types/api.js").ListedImage | null} item
   * @param {boolean} hidden true if guess mode hides the prediction
   */
  #drawDetail(item, hidden) {
    const { view, epoch, list } = this;
    this.annotations.show(item, epoch);
    if (!item) return this.detail.hide();
    const position = list.items.findIndex(({ index }) => index === item.index);
    const rank = `${count(view.offset + position + 1)} of ${count(list.total)}`;
    this.navigation.disableEndButtons(position);
    const absence = hidden ? "" : describeAbsence(item, view); // the reason would reveal the outcome
    this.detail.show(item, position < 0 ? absence : rank, { epoch, tab: view.tab, hidden });
  }

  /** Load data that is not needed at once: neighboring epochs, and counts of images by learning history. */
  async #loadRest() {
    const { epoch, completed, view, scrubbed } = this;
    this.data.prefetch(epoch, view, { last: completed, reach: scrubbed ? PREFETCH_REACH_SCRUBBED : PREFETCH_REACH });
    const counts = await this.data.loadHistoryCounts(epoch);
    if (counts) this.filters.showHistoryCounts(counts);
  }

  /**
   * Go to another epoch, and prefetch more neighboring epochs from now on.
   * @param {number | null} epoch
   * @param {string} kind
   */
  #scrub(epoch, kind) {
    this.scrubbed = true;
    this.state.navigate({ epoch }, { kind });
  }

  /** @param {{runId: number, dataset: string, classNames: string[]}} images */
  #createAnnotations(images) {
    return new AnnotationTools(images, {
      onChanged: () => this.#redraw(),
      onSaved: () => {
        if (this.view.flagged !== "any" || this.view.suspects) this.show();
      },
      onGuessing: (guess) => this.#toggleGuessMode(guess),
      onNext: () => this.navigation.step(1),
      onProblem: (message) => showProblem(message),
    });
  }

  /** Redraw after annotations changed, or after predictions were hidden or shown. */
  #redraw() {
    this.section.redraw();
    if (this.view.image !== null) this.show();
  }

  /**
   * Start or leave guess mode. It also lists images that the network predicts correctly.
   * @param {boolean} guess
   */
  async #toggleGuessMode(guess) {
    if (!guess) return this.state.navigate({ ...this.beforeGuessing, guess });
    this.beforeGuessing = this.view;
    const order = /** @type {const} */ ({ sort: "confidence", order: "asc", offset: 0, image: null });
    this.state.navigate({ ...NO_FILTER, ...order, answer: "any", guess });
    await this.show();
    if (this.view.guess && this.list.items.length) this.navigation.open(this.list.items[0]);
  }

  /** Follow the run, and refresh the view with each new epoch. */
  async followRun() {
    const { watchRun } = await import("../realtime/socket.js");
    watchRun(this.run.id, this.completed, {
      onEpoch: (result) => {
        this.series.append(result);
        this.#refresh();
      },
      onStatus: (run) => {
        this.run = run;
        setText(byId("run-name"), run.name);
        this.#refresh();
      },
    });
  }

  async #refresh() {
    if (this.refreshing) return;
    this.refreshing = true;
    await new Promise((resolve) => window.setTimeout(resolve, REFRESH_INTERVAL));
    this.refreshing = false;
    await this.show();
  }
}

/** Show the content below the header of the page. */
function reveal() {
  byId("view").hidden = false;
}

/** Load the data set and the epochs of the run, and show the page. */
async function main() {
  /** @type {Run} */
  const run = JSON.parse(byId("misclassified").dataset.run ?? "");
  const [datasets, epochs] = await Promise.all([
    new RequestCache().get("/api/datasets"),
    new RequestCache().get(`/api/runs/${run.id}/epochs`),
  ]);
  const dataset = findDataset(datasets.items, run);
  if (!dataset) throw new Error(`The data set ${run.hyperparameters.dataset} is not in the catalog.`);
  const series = new EpochSeries(scoredSplits(run, dataset));
  for (const result of epochs.items) series.append(result);
  const page = new MisclassifiedPage(run, dataset, series);
  await page.show();
  afterPaint(() => {
    page.followRun();
    if (page.completed) window.setTimeout(() => page.detail.load(), REFRESH_INTERVAL);
  });
}

start(main);
