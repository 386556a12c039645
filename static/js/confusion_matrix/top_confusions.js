/** Buttons for the most frequent confusions. A button selects its images; a bar shows their number. */
import { count, counted } from "../core/format.js";
import { html } from "../core/html.js";
import { isSameChoice, toggleChoice } from "./cells.js";
import { topConfusions } from "./counts.js";

/** @import {ClassChoice} from "./cells.js" */

const MAX_CONFUSIONS = 6;

/**
 * Return the list items with the buttons.
 * @param {{labels: string[], matrix: number[][], selected: ClassChoice, onSelect: (choice: ClassChoice) => void}} options
 *   `onSelect`: called with the new selection; selecting again clears it
 */
export function topConfusionItems({ labels, matrix, selected, onSelect }) {
  const confusions = topConfusions(matrix, MAX_CONFUSIONS);
  // Labels and counts have the same width in all rows, so that the bars start and end at the same positions.
  const countWidth = confusions.length && count(confusions[0].images).length;
  const labelWidth = Math.max(
    ...confusions.map((each) => labels[each.true].length + labels[each.predicted].length + 3),
  );
  return confusions.map(({ images, ...choice }) => {
    const [truth, predicted] = [labels[choice.true], labels[choice.predicted]];
    return html`<li>
      <button type="button" class="list-group-item list-group-item-action hstack gap-3 border-0 rounded px-2 py-0 small"
        aria-pressed=${isSameChoice(selected, choice)} @click=${() => onSelect(toggleChoice(selected, choice))}
        aria-label="true ${truth}, predicted ${predicted}: ${counted(images, "image")}">
        <span class="fw-semibold text-nowrap" .style=${`min-width: ${labelWidth}ch`}
          >${truth} → <span class="text-danger-emphasis">${predicted}</span></span
        >
        <span class="progress flex-fill">
          <span class="progress-bar" .style=${`width: ${((100 * images) / confusions[0].images).toFixed(1)}%`}></span>
        </span>
        <span class="num text-end" .style=${`min-width: ${countWidth}ch`}>${count(images)}</span>
      </button>
    </li>`;
  });
}
