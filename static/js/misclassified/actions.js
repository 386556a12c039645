/**
 * Actions of the misclassified page. Keys, buttons, menus and the list of shortcuts all use this table, so each action
 * is defined once.
 */
import { exportUrl, isFiltered, NO_FILTER } from "./view_state.js";

/**
 * @import {Action} from "../ui/actions.js"
 *
 * @typedef {object} ActionTargets
 * @property {import("./view_store.js").ViewStore} store
 * @property {import("./image_navigation.js").ImageNavigation} navigation
 * @property {import("./image_grid.js").ImageGrid} grid
 * @property {import("../annotations/annotation_tools.js").AnnotationTools} annotations
 * @property {(epoch: number | null, kind: string) => void} goToEpoch
 * @property {() => void} showKeys
 */

const DIGITS = [..."0123456789"];

/** @param {ActionTargets} targets @returns {Action[]} */
export function createActions({ store, navigation, grid, annotations, goToEpoch, showKeys }) {
  const names = store.classNames;
  const hasNames = names.some((name, label) => name !== String(label));
  const classes = hasNames ? `: ${names.map((name, label) => `${label} ${name}`).join(", ")}` : "";
  /** Images to which an action applies: the selected images, else the open image, else the focused tile. */
  const targets = () => {
    const { image } = store.view;
    return grid.selection.size || image === null ? grid.targets : [image];
  };
  const step = (/** @type {1 | -1} */ direction) => ({
    applies: () => navigation.canStep(direction),
    run: () => void navigation.step(direction),
  });
  const changeEpoch = (/** @type {1 | -1} */ direction) => ({
    applies: () => store.epoch + direction >= 1 && store.epoch + direction <= store.completed,
    run: () => goToEpoch(store.epoch + direction, "epoch"),
  });
  const download = (/** @type {"csv" | "json" | "png"} */ kind) => ({
    applies: () => store.total > 0,
    href: () => (store.shown ? exportUrl(store.run.id, store.shown.epoch, store.shown.view, kind) : ""),
  });
  return [
    { name: "next-image", title: "Next image", keys: ["ArrowRight", "j"], ...step(1) },
    { name: "previous-image", title: "Previous image", keys: ["ArrowLeft", "k"], ...step(-1) },
    { name: "image-below", title: "Image below", keys: ["ArrowDown"], run: () => navigation.moveFocus(1) },
    { name: "image-above", title: "Image above", keys: ["ArrowUp"], run: () => navigation.moveFocus(-1) },
    { name: "open", title: "Open the image, or select a cell of the matrix", keys: ["Enter"] },
    {
      name: "back",
      title: "Clear selection, close image, clear filters",
      keys: ["Escape"],
      applies: () => grid.selection.size > 0 || store.view.image !== null || isFiltered(store.view),
      run: () => navigation.goBack(),
    },
    { name: "select", title: "Select the image (or Ctrl + click, Shift + click)", keys: ["Space"] },
    { name: "select-range", title: "Select a range", keys: ["Shift+Arrow"], keyNames: ["Shift + arrows"] },
    {
      name: "select-all",
      title: "Select all images on the page while a tile has the focus",
      keys: ["Ctrl+a"],
      keyNames: ["Ctrl + A"],
    },
    {
      name: "flag",
      title: "Flag or unflag the image or the selection",
      keys: ["f"],
      run: () => annotations.flag(targets()),
    },
    {
      name: "label",
      title: `Label the image, or guess in guess mode${classes}`,
      keys: DIGITS,
      keyNames: ["0 … 9"],
      run: (_event, key) => annotations.enterDigit(targets(), Number(key)),
    },
    { name: "undo", title: "Undo the last flag, label or note", keys: ["u"], run: () => annotations.undo() },
    { name: "guess", title: "Toggle guess mode", keys: ["g"], run: () => annotations.guessing.toggle() },
    { name: "next-epoch", title: "Next epoch", keys: ["]"], ...changeEpoch(1) },
    { name: "previous-epoch", title: "Previous epoch", keys: ["["], ...changeEpoch(-1) },
    { name: "show-keys", title: "Show keyboard shortcuts", keys: ["?"], run: showKeys },
    { name: "close-image", title: "Close the image", run: () => navigation.close() },
    { name: "clear-selection", title: "Clear", run: () => navigation.clearSelection() },
    {
      name: "clear-filters",
      title: "Clear filters",
      applies: () => isFiltered(store.view),
      run: () => store.filter(NO_FILTER),
    },
    { name: "first-epoch", title: "Show the first epoch", run: () => goToEpoch(1, "") },
    { name: "export-csv", title: "CSV", note: "for a spreadsheet", ...download("csv") },
    { name: "export-json", title: "JSON", note: "for a script", ...download("json") },
    { name: "export-png", title: "Contact sheet", note: "PNG, the first 1,000", ...download("png") },
  ];
}
