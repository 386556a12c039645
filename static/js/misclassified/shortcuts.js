/** Keyboard shortcuts of the misclassified page. */

/**
 * Interface of the `MisclassifiedPage` object, with the members that the shortcuts use.
 * @typedef {object} ShortcutTarget
 * @property {import("./image_navigation.js").ImageNavigation} navigation
 * @property {import("../annotations/annotation_tools.js").AnnotationTools} annotations
 * @property {import("./epoch_bar.js").EpochBar} bar
 * @property {number} epoch
 * @property {number[]} targets images that a shortcut applies to
 * @property {string[]} classNames
 */

const DIGITS = [..."0123456789"];

/**
 * Return the shortcuts of the page: keys, description and action of each.
 * @param {ShortcutTarget} page
 * @returns {import("../ui/keyboard_shortcuts.js").Binding[]}
 */
export function createShortcuts(page) {
  const { navigation, annotations, bar, classNames } = page;
  const hasNames = classNames.some((name, label) => name !== String(label));
  const classes = hasNames ? `: ${classNames.map((name, label) => `${label} ${name}`).join(", ")}` : "";
  return [
    { keys: ["ArrowRight", "j"], label: "Next image", run: () => void navigation.step(1) },
    { keys: ["ArrowLeft", "k"], label: "Previous image", run: () => void navigation.step(-1) },
    { keys: ["ArrowDown"], label: "Image below", run: () => navigation.moveFocus(1) },
    { keys: ["ArrowUp"], label: "Image above", run: () => navigation.moveFocus(-1) },
    { keys: ["Enter"], label: "Open the image, or select a cell of the matrix" },
    {
      keys: ["Escape"],
      label: "Clear selection, close image, clear filters",
      run: () => navigation.clearOrClose(),
    },
    { keys: ["Space"], label: "Select the image (or Ctrl + click, Shift + click)" },
    { keys: ["Shift+Arrow"], names: ["Shift + arrows"], label: "Select a range" },
    { keys: ["Ctrl+a"], names: ["Ctrl + A"], label: "Select all images on the page while a tile has the focus" },
    { keys: ["f"], label: "Flag or unflag the image or the selection", run: () => annotations.flag(page.targets) },
    {
      keys: DIGITS,
      names: ["0 … 9"],
      label: `Label the image, or guess in guess mode${classes}`,
      run: ({ key }) => annotations.enterDigit(page.targets, Number(key)),
    },
    { keys: ["u"], label: "Undo the last flag, label or note", run: () => annotations.undo() },
    { keys: ["g"], label: "Toggle guess mode", run: () => annotations.guessing.toggle.click() },
    { keys: ["]"], label: "Next epoch", run: () => bar.slider.choose(page.epoch + 1) },
    { keys: ["["], label: "Previous epoch", run: () => bar.slider.choose(page.epoch - 1) },
  ];
}
