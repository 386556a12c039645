/** The misclassified page: one view, kept in the address, drawn by the matrix, the tiles, the detail and the epochs. */
import { AddressState } from "./address_state.js";
import { ApiError, api } from "./api.js";
import { renderClassReport } from "./class_report.js";
import { renderConfusionMatrix } from "./confusion_matrix.js";
import { splitsOf } from "./dataset_traits.js";
import { byId } from "./element.js";
import { EpochChooser } from "./epoch_chooser.js";
import { EpochSeries } from "./epoch_series.js";
import { count, percent } from "./format.js";
import { ImageDetail } from "./image_detail.js";
import { listenForKeys } from "./keyboard.js";
import { isAborted, Latest } from "./latest.js";
import { Filters } from "./mistake_filters.js";
import { showNothing, showWaiting } from "./mistakes_empty.js";
import {
  CODECS,
  describeTotal,
  imageAddress,
  listAddress,
  matrixAddress,
  PAGE_SIZE,
  whereabouts,
} from "./mistakes_view.js";
import { clampOffset, Paging } from "./paging.js";
import { watchRun } from "./socket.js";
import { Stepper } from "./stepper.js";
import { TileGrid } from "./tile_grid.js";
import { setAttribute, setText } from "./update.js";

/**
 * @typedef {import("../../types/messages.js").Run} Run
 * @typedef {import("../../types/messages.js").Mistake} Mistake
 * @typedef {import("./mistakes_view.js").MistakesView} MistakesView
 * @typedef {import("../../types/messages.js").DatasetInfo} DatasetInfo
 * @typedef {{total: number, epoch: number, items: Mistake[]}} MistakeList
 * @typedef {{state: AddressState<MistakesView>, matrices: Latest, lists: Latest}} Opening
 */

const BREATH = 250; // ms between two epochs that are followed, so that fast runs stay readable
const LIVE = ["queued", "running", "paused"];

class MistakesPage {
  /**
   * @param {Run} run
   * @param {string[]} classNames
   * @param {EpochSeries} series
   * @param {Opening} opening what is asked for already
   */
  constructor(run, classNames, series, { state, matrices, lists }) {
    this.run = run;
    this.series = series;
    this.classNames = classNames;
    this.dataset = String(run.hyperparameters.dataset);
    /** @type {MistakeList} */
    this.list = { total: 0, epoch: 0, items: [] };
    this.matrices = matrices;
    this.lists = lists;
    this.images = new Latest();
    this.following = false;
    this.state = state;
    this.state.onChange = () => this.show();
    this.chooser = new EpochChooser(byId("epochs"), (epoch, kind) => this.state.go({ epoch }, { kind }));
    this.filters = new Filters(byId("filters"), classNames, (change) => this.filter(change));
    this.paging = new Paging(byId("paging"), (offset) => this.#turn(offset));
    this.detail = new ImageDetail(byId("detail"), { dataset: this.dataset, classNames });
    this.grid = new TileGrid(byId("tiles"), (item) => this.stepper.open(item));
    this.stepper = new Stepper(this);
    byId("report-details").addEventListener("toggle", () => this.show());
    byId("show-keys").addEventListener("click", () => /** @type {HTMLDialogElement} */ (byId("keys")).showModal());
    listenForKeys(this.#keys(), /** @type {HTMLDialogElement} */ (byId("keys")));
  }

  /** The view of the address; a class that there is not counts as any. */
  get view() {
    const { values } = this.state;
    const known = (/** @type {number | null} */ label) =>
      label !== null && label < this.classNames.length ? label : null;
    return { ...values, true: known(values.true), predicted: known(values.predicted) };
  }

  get completed() {
    return this.series.epochs.length;
  }

  /** The epoch that is shown: the one asked for, as far as there is one, else the latest. */
  get epoch() {
    return Math.min(this.view.epoch ?? this.completed, this.completed);
  }

  get live() {
    return LIVE.includes(this.run.status);
  }

  /** @param {Partial<MistakesView>} change */
  filter(change) {
    this.state.go({ ...change, offset: 0, image: null });
  }

  /** Draw the view; what is known already is drawn at once, the rest as it comes. */
  async show() {
    const waiting = this.completed === 0;
    byId("view").hidden = waiting;
    showWaiting(waiting ? this.run : null);
    setText(byId("run-status"), this.run.status);
    setAttribute(byId("run-status"), "data-status", this.run.status);
    if (waiting) return;
    this.chooser.update({
      series: this.series,
      curve: this.series.columns.test_accuracy,
      epoch: this.epoch,
      following: this.live && this.view.epoch === null,
      live: this.live,
    });
    this.filters.update(this.view);
    setText(byId("accuracy"), percent(this.series.columns.test_accuracy[this.epoch - 1], 2));
    try {
      await Promise.all([this.#showMatrix(), this.#showList()]);
      await this.#showDetail();
      byId("problem").hidden = true;
    } catch (error) {
      if (isAborted(error)) return;
      this.#complain(error);
      // An image that there is not leaves the rest of the view as it is.
      if (error instanceof ApiError && error.status === 404) byId("detail").hidden = true;
    }
  }

  async #showMatrix() {
    const { labels, matrix } = await this.matrices.get(matrixAddress(this.run.id, this.epoch));
    renderConfusionMatrix(byId("matrix"), {
      labels,
      matrix,
      selected: { true: this.view.true, predicted: this.view.predicted },
      onSelect: (choice) => this.filter(choice),
    });
    const report = /** @type {HTMLDetailsElement} */ (byId("report-details"));
    if (report.open) renderClassReport(byId("report"), { labels, matrix });
    const cells = /** @type {number[][]} */ (matrix).flatMap((row, i) =>
      row.map((images, j) => ({ images, right: i === j })),
    );
    const images = cells.reduce((sum, cell) => sum + cell.images, 0);
    const wrong = cells.reduce((sum, cell) => sum + (cell.right ? 0 : cell.images), 0);
    setText(byId("accuracy-words"), `of ${count(images)} test images right`);
    setText(byId("wrong-count"), count(wrong));
  }

  async #showList() {
    const { view } = this;
    byId("tiles").setAttribute("aria-busy", "true");
    const list = await this.lists.get(listAddress(this.run.id, this.epoch, view));
    this.list = list;
    const offset = clampOffset({ offset: view.offset, limit: PAGE_SIZE, total: list.total });
    if (offset !== view.offset) {
      this.state.go({ offset }, { replace: true });
      return;
    }
    this.grid.update(list.items, {
      dataset: this.dataset,
      classNames: this.classNames,
      address: (item) => this.state.address({ ...this.view, image: item.index }),
    });
    this.grid.mark(view.image);
    byId("tiles").setAttribute("aria-busy", "false");
    byId("tiles").hidden = list.total === 0;
    this.paging.update({ offset, limit: PAGE_SIZE, total: list.total });
    const last = offset + list.items.length;
    const shown = list.total > PAGE_SIZE ? `, ${count(offset + 1)} to ${count(last)} shown` : "";
    setText(byId("total"), describeTotal(list.total, view, this.classNames) + shown);
    showNothing(list.total === 0 ? { view, epoch: this.epoch, classNames: this.classNames } : null, {
      clear: () => this.filter({ true: null, predicted: null }),
      first: () => this.state.go({ epoch: 1 }),
    });
  }

  async #showDetail() {
    const { image } = this.view;
    const panel = byId("detail");
    if (image === null) {
      this.images.cancel();
      panel.hidden = true;
      return;
    }
    const place = this.list.items.findIndex((item) => item.index === image);
    const item = this.list.items[place] ?? (await this.images.get(imageAddress(this.run.id, this.epoch, image)));
    const rank = `${count(this.view.offset + place + 1)} of ${count(this.list.total)}`;
    this.detail.update(item, place < 0 ? whereabouts(item, this.view) : rank);
    if (panel.hidden) {
      panel.hidden = false;
      this.stepper.reveal(panel);
    }
  }

  /** @param {number} offset */
  #turn(offset) {
    this.state.go({ offset, image: null });
    byId("total").scrollIntoView({ block: "nearest" });
  }

  /** @param {unknown} error */
  #complain(error) {
    const problem = byId("problem");
    problem.textContent = error instanceof Error ? error.message : String(error);
    problem.hidden = false;
  }

  /** Hear of new epochs; each is shown if the latest is followed, but never so fast that none can be seen. */
  watch() {
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
    if (this.following) return;
    this.following = true;
    await new Promise((resolve) => window.setTimeout(resolve, BREATH));
    this.following = false;
    await this.show();
  }

  /** @returns {import("./keyboard.js").Binding[]} */
  #keys() {
    return [
      { keys: ["ArrowRight", "j"], label: "Next image", run: () => void this.stepper.step(1) },
      { keys: ["ArrowLeft", "k"], label: "Previous image", run: () => void this.stepper.step(-1) },
      { keys: ["ArrowDown"], label: "Image below", run: () => this.stepper.row(1) },
      { keys: ["ArrowUp"], label: "Image above", run: () => this.stepper.row(-1) },
      { keys: ["Enter"], label: "Show the image large, or choose a cell of the matrix" },
      { keys: ["Escape"], label: "Close the image, or clear the filters", run: () => this.stepper.back() },
      { keys: ["]"], label: "Next epoch", run: () => this.chooser.choose(this.epoch + 1) },
      { keys: ["["], label: "Previous epoch", run: () => this.chooser.choose(this.epoch - 1) },
    ];
  }
}

/**
 * Ask for what is seen first, before the rest of the page is known.
 * @param {Run} run
 * @returns {Opening}
 */
function open(run) {
  /** @type {AddressState<MistakesView>} */
  const state = new AddressState(CODECS);
  const matrices = new Latest();
  const lists = new Latest();
  const epoch = Math.min(state.values.epoch ?? run.epochs_completed, run.epochs_completed);
  const asked = epoch
    ? [matrices.get(matrixAddress(run.id, epoch)), lists.get(listAddress(run.id, epoch, state.values))]
    : [];
  for (const answer of asked) answer.catch(() => {}); // asked again, and told, when it is to be shown
  return { state, matrices, lists };
}

async function start() {
  /** @type {Run} */
  const run = JSON.parse(byId("mistakes").dataset.run ?? "");
  const opening = open(run);
  const [datasets, epochs] = await Promise.all([api.get("/api/datasets"), api.get(`/api/runs/${run.id}/epochs`)]);
  /** @type {DatasetInfo | undefined} */
  const dataset = datasets.items.find((/** @type {DatasetInfo} */ item) => item.name === run.hyperparameters.dataset);
  const series = new EpochSeries(splitsOf(run, dataset));
  for (const result of epochs.items) series.append(result);
  const page = new MistakesPage(run, dataset?.class_names ?? [], series, opening);
  page.watch();
  await page.show();
}

await start();
