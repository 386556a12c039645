/** The misclassified page: one view, kept in the address, drawn by the matrix, the list, the detail and the epochs. */
import { AnnotationTools } from "../annotations/annotation_tools.js";
import { CalibrationLoader } from "../calibration/loader.js";
import { ConfusionMatrixSection } from "../confusion_matrix/section.js";
import { afterPaint, byId, setAttribute, setText } from "../core/dom.js";
import { count } from "../core/format.js";
import { isAborted, RequestCache } from "../core/request_cache.js";
import { AddressState } from "../core/url_state.js";
import { datasetOf, splitsOf } from "../datasets/dataset_kind.js";
import { DetailLoader } from "../explanations/loader.js";
import { PixelStore } from "../images/pixel_store.js";
import { whereabouts } from "../misclassified/descriptions.js";
import { showProblem, showWaiting } from "../misclassified/empty_states.js";
import { EpochBar } from "../misclassified/epoch_bar.js";
import { Filters } from "../misclassified/filters.js";
import { ImageNavigation } from "../misclassified/image_navigation.js";
import { ListSection, offsetInside } from "../misclassified/list_section.js";
import { shortcuts } from "../misclassified/shortcuts.js";
import { ViewData } from "../misclassified/view_data.js";
import { CODECS, NO_FILTER, withKnownClasses } from "../misclassified/view_state.js";
import { EpochSeries } from "../realtime/epoch_series.js";
import { listenForKeys } from "../ui/keyboard_shortcuts.js";

/**
 * @typedef {import("../../../types/messages.js").Run} Run
 * @typedef {import("../../../types/messages.js").DatasetInfo} DatasetInfo
 * @typedef {import("../../../types/messages.js").Mistake} Mistake
 * @typedef {import("../misclassified/view_state.js").MistakesView} MistakesView
 * @typedef {import("../misclassified/view_data.js").Answers} Answers
 */

const STACKED = "(max-width: 60rem)"; // the images stand below the matrix
const BREATH = 250; // ms between two epochs that are followed, so that fast runs stay readable
const PATIENCE = 200; // ms until a page whose figures do not come is shown without them
const NEIGHBORS = 2; // epochs on either side that are had in advance
const NEIGHBORS_SCRUBBED = 10; // the same while one goes through the epochs

class MistakesPage {
  /**
   * @param {Run} run
   * @param {DatasetInfo} dataset
   * @param {EpochSeries} series
   */
  constructor(run, dataset, series) {
    this.run = run;
    this.series = series;
    this.classNames = dataset.class_names;
    this.refreshing = false;
    /** What a person looked at before guessing. @type {Partial<MistakesView>} */
    this.beforeGuessing = {};
    /** Counts what was to be shown: an answer to something earlier is not drawn. */
    this.turn = 0;
    this.scrubbed = false;
    /** @type {number | undefined} */
    this.patience = undefined;
    /** @type {import("../../../types/messages.js").MistakeList} */
    this.list = { total: 0, epoch: 0, flagged: 0, items: [] };
    const shape = dataset.image_shape ?? [1, 1];
    const images = { runId: run.id, dataset: dataset.name, classNames: this.classNames, shape };
    const store = new PixelStore(dataset.name, "test", shape);
    this.answers = new ViewData(run.id, store);
    /** @type {AddressState<MistakesView>} */
    this.state = new AddressState(CODECS, () => this.show());
    this.bar = new EpochBar((epoch, kind) => this.#scrub(epoch, kind));
    this.chooser = this.bar.chooser;
    this.filters = new Filters(/** @type {HTMLFormElement} */ (byId("filters")), this.classNames, (change) =>
      this.filter(change),
    );
    this.matrix = new ConfusionMatrixSection({
      onSelect: (choice) => {
        this.filter(choice);
        if (window.matchMedia(STACKED).matches) byId("total").scrollIntoView({ block: "start" });
      },
      onFigures: (matrix) => this.state.go({ matrix }, { replace: true }),
    });
    this.trust = new CalibrationLoader(run.id, {
      onOpen: (trust) => trust !== this.view.trust && this.state.go({ trust }, { replace: true }),
      onThreshold: (threshold) => this.state.go({ threshold }, { kind: "threshold" }),
      onFilter: (change) => this.filter(change),
    });
    this.acting = this.#acting(images);
    this.section = new ListSection({ ...images, store }, this.acting, {
      onOpen: (item) => this.stepper.open(item),
      onTurn: (offset) => this.state.go({ offset, image: null }),
      onFilter: (change) => this.filter(change),
      onFirstEpoch: () => this.state.go({ epoch: 1 }),
    });
    this.grid = this.section.grid;
    this.detail = new DetailLoader(
      { ...images, store },
      {
        onTab: (tab) => this.state.go({ tab }, { replace: true }),
        onEpoch: (epoch) => this.#scrub(epoch, "epoch"),
        onFirst: () => this.stepper.reveal(),
      },
    );
    if (this.view.image !== null) this.detail.load();
    this.stepper = new ImageNavigation(this);
    const keys = /** @type {HTMLDialogElement} */ (byId("keys"));
    byId("show-keys").addEventListener("click", () => keys.showModal());
    listenForKeys(shortcuts(this), keys);
  }

  /** The view of the address; a class that there is not counts as any. */
  get view() {
    return withKnownClasses(this.state.values, this.classNames.length);
  }

  get completed() {
    return this.series.epochs.length;
  }

  /** The epoch that is shown: the one asked for, as far as there is one, else the latest. */
  get epoch() {
    return Math.min(this.view.epoch ?? this.completed, this.completed);
  }

  /** The images that a key is meant for: what is selected, else the large one, else the tile with the focus. */
  get meant() {
    const { image } = this.view;
    return this.grid.selection.size || image === null ? this.grid.meant : [image];
  }

  /** @param {Partial<MistakesView>} change */
  filter(change) {
    this.state.go({ ...change, offset: 0, image: null });
  }

  /** Draw the view; what is known already is drawn at once, the rest together as soon as all of it is there. */
  async show() {
    this.turn += 1;
    const { turn, epoch, view } = this;
    const waiting = this.completed === 0;
    showWaiting(waiting ? this.run : null);
    setText(byId("run-status"), this.run.status);
    setAttribute(byId("run-status"), "data-status", this.run.status);
    if (waiting) return;
    this.#showControls();
    this.section.expect(view);
    try {
      const answers = await this.answers.ask(epoch, view);
      if (turn !== this.turn) return;
      const offset = offsetInside(view.offset, answers.list.total);
      if (offset !== view.offset) return this.state.go({ offset }, { replace: true });
      this.#draw(answers, view, epoch);
    } catch (error) {
      if (isAborted(error) || turn !== this.turn) return;
      this.section.settle();
      showProblem(error);
    }
  }

  #showControls() {
    const { run, series, view, epoch } = this;
    this.bar.point({ run, series, epoch, chosen: view.epoch });
    this.filters.update(view);
    this.acting.follow(view);
    this.trust.update(view, epoch);
    // All of it is shown at once if it comes soon: an empty page would be laid out in vain.
    this.patience ??= window.setTimeout(uncover, PATIENCE);
  }

  /**
   * @param {Answers} answers
   * @param {MistakesView} view
   * @param {number} epoch
   */
  #draw({ matrix, list, item, problem }, view, epoch) {
    this.list = list;
    uncover();
    this.acting.desk.learn(item ? [...list.items, item] : list.items);
    this.bar.show(this.series, epoch, matrix.matrix);
    const covered = item !== null && this.acting.guessing.covers(item.index);
    this.matrix.update(matrix, {
      figures: view.matrix,
      selected: { true: view.true, predicted: view.predicted },
      open: covered || !item ? null : { true: item.true_label, predicted: item.predicted_label },
    });
    this.section.update(list, view, epoch, (one) => this.state.address({ ...view, image: one.index }));
    this.#drawDetail(item, covered);
    showProblem(problem);
    const { turn } = this;
    afterPaint(() => turn === this.turn && !problem && this.#prepare());
  }

  /**
   * @param {Mistake | null} item
   * @param {boolean} hidden whether nothing may give the answer away
   */
  #drawDetail(item, hidden) {
    const { view, epoch, list } = this;
    this.acting.show(item, epoch);
    if (!item) return this.detail.hide();
    const place = list.items.findIndex(({ index }) => index === item.index);
    const rank = `${count(view.offset + place + 1)} of ${count(list.total)}`;
    this.stepper.mark(place);
    const elsewhere = hidden ? "" : whereabouts(item, view); // which tells whether it is right
    this.detail.show(item, place < 0 ? elsewhere : rank, { epoch, tab: view.tab, hidden });
  }

  /** What can wait until the view is seen: how many images were learned when, and the epochs around this one. */
  async #prepare() {
    const { epoch, completed, view, scrubbed } = this;
    this.answers.prepare(epoch, view, { last: completed, reach: scrubbed ? NEIGHBORS_SCRUBBED : NEIGHBORS });
    const counts = await this.answers.histories(epoch);
    if (counts) this.filters.showHistories(counts);
  }

  /**
   * @param {number | null} epoch
   * @param {string} kind
   */
  #scrub(epoch, kind) {
    this.scrubbed = true;
    this.state.go({ epoch }, { kind });
  }

  /** @param {{runId: number, dataset: string, classNames: string[]}} images */
  #acting(images) {
    return new AnnotationTools(images, {
      onChanged: () => this.#redraw(),
      onSaved: () => {
        if (this.view.flagged !== "any" || this.view.suspects) this.show();
      },
      onGuessing: (guess) => this.#guess(guess),
      onNext: () => this.stepper.step(1),
      onProblem: (message) => showProblem(message),
    });
  }

  /** What people say, or may see, of the same images has changed. */
  #redraw() {
    this.section.redraw();
    if (this.view.image !== null) this.show();
  }

  /**
   * Guess first. Right answers are listed too, or the network would always be wrong; the hardest come first.
   * @param {boolean} guess
   */
  async #guess(guess) {
    if (!guess) return this.state.go({ ...this.beforeGuessing, guess });
    this.beforeGuessing = this.view;
    /** @type {Partial<MistakesView>} */
    const hardest = { ...NO_FILTER, answer: "any", sort: "confidence", order: "asc", offset: 0, image: null };
    this.state.go({ ...hardest, guess });
    await this.show();
    if (this.view.guess && this.list.items.length) this.stepper.open(this.list.items[0]);
  }

  /** Hear of new epochs; each is shown if the latest is followed, but never so fast that none can be seen. */
  async watch() {
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
    await new Promise((resolve) => window.setTimeout(resolve, BREATH));
    this.refreshing = false;
    await this.show();
  }
}

function uncover() {
  byId("view").hidden = false;
}

async function start() {
  /** @type {Run} */
  const run = JSON.parse(byId("mistakes").dataset.run ?? "");
  const [datasets, epochs] = await Promise.all([
    new RequestCache().get("/api/datasets"),
    new RequestCache().get(`/api/runs/${run.id}/epochs`),
  ]);
  const dataset = datasetOf(datasets.items, run);
  if (!dataset) throw new Error(`There is no data set ${run.hyperparameters.dataset}.`);
  const series = new EpochSeries(splitsOf(run, dataset));
  for (const result of epochs.items) series.append(result);
  const page = new MistakesPage(run, dataset, series);
  await page.show();
  afterPaint(() => {
    page.watch();
    if (page.completed) window.setTimeout(() => page.detail.load(), BREATH);
  });
}

await start();
