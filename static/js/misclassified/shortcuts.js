/** The keys of the misclassified page. */

/**
 * What this needs of the page.
 * @typedef {object} Keyed
 * @property {import("./image_navigation.js").ImageNavigation} stepper
 * @property {import("../annotations/annotation_tools.js").AnnotationTools} acting
 * @property {import("../ui/epoch_slider.js").EpochSlider} chooser
 * @property {number} epoch
 * @property {number[]} meant images
 * @property {string[]} classNames
 */

const DIGITS = [..."0123456789"];

/**
 * @param {Keyed} page
 * @returns {import("../ui/keyboard_shortcuts.js").Binding[]}
 */
export function shortcuts(page) {
  const { stepper, acting, chooser, classNames } = page;
  const named = classNames.some((name, label) => name !== String(label));
  const classes = named ? `: ${classNames.map((name, label) => `${label} ${name}`).join(", ")}` : "";
  return [
    { keys: ["ArrowRight", "j"], label: "Next image", run: () => void stepper.step(1) },
    { keys: ["ArrowLeft", "k"], label: "Previous image", run: () => void stepper.step(-1) },
    { keys: ["ArrowDown"], label: "Image below", run: () => stepper.row(1) },
    { keys: ["ArrowUp"], label: "Image above", run: () => stepper.row(-1) },
    { keys: ["Enter"], label: "Show the image large, or choose a cell of the matrix" },
    {
      keys: ["Escape"],
      label: "Let go of the selection, close the image, clear the filters",
      run: () => stepper.back(),
    },
    { keys: ["Space"], label: "Select the image; with Ctrl or Shift a click does, too" },
    { keys: ["Shift+Arrow"], names: ["Shift + arrows"], label: "Select a range" },
    { keys: ["Ctrl+a"], names: ["Ctrl + A"], label: "Select the page, where an image has the focus" },
    { keys: ["f"], label: "Flag the image or the selection, or take the flag", run: () => acting.flag(page.meant) },
    {
      keys: DIGITS,
      names: ["0 … 9"],
      label: `Label it as a person would, or guess${classes}`,
      run: ({ key }) => acting.digit(page.meant, Number(key)),
    },
    { keys: ["u"], label: "Undo a flag, a label or a note", run: () => acting.undo() },
    { keys: ["g"], label: "Guess first, or no longer", run: () => acting.guessing.toggle.click() },
    { keys: ["]"], label: "Next epoch", run: () => chooser.choose(page.epoch + 1) },
    { keys: ["["], label: "Previous epoch", run: () => chooser.choose(page.epoch - 1) },
  ];
}
