/** Table of the runs on the shown page. */

import { html, live, nothing, render, repeat } from "../core/html.js";
import { verdictMark, verdictText } from "../diagnosis/verdict.js";
import { COLUMNS } from "./run_columns.js";

/**
 * @import {Run} from "../../../types/api.js"
 * @import {Column, Titles} from "./run_columns.js"
 *
 * @typedef {object} TableActions
 * @property {(column: Column) => void} onSort called with the column to sort by
 * @property {(run: Run, selected: boolean) => void} onSelect called when a person selects a run to compare
 * @property {(run: Run) => void} onEdit
 * @property {(run: Run) => boolean} hasImages true for a run on images
 */

export class RunsTable {
  /** @param {HTMLTableElement} table @param {Titles} titles @param {TableActions} actions */
  constructor(table, titles, actions) {
    this.table = table;
    this.titles = titles;
    this.actions = actions;
  }

  /**
   * @param {Run[]} runs runs on the current page, sorted
   * @param {{sort: string, order: "asc" | "desc", compare: number[]}} view
   */
  update(runs, { sort, order, compare }) {
    const direction = order === "asc" ? "ascending" : "descending";
    const rows = repeat(
      runs,
      ({ id }) => id,
      (run) => this.#row(run, compare.includes(run.id)),
    );
    // On a narrow screen, rows are shown as cards. The roles keep the table a table for screen readers.
    render(
      html`<thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader"><span class="visually-hidden">Compare</span></th>
            ${COLUMNS.map((column) => this.#heading(column, column.name === sort ? direction : null))}
          </tr>
        </thead>
        <tbody role="rowgroup">${rows}</tbody>`,
      this.table,
    );
  }

  /**
   * @param {Column} column
   * @param {"ascending" | "descending" | null} direction order of the table, if it is sorted by this column
   */
  #heading(column, direction) {
    const arrow = direction === "ascending" ? " ↑" : " ↓";
    return html`<th scope="col" role="columnheader" class=${column.numeric ? "num" : ""} aria-sort=${direction ?? nothing}>
      <button type="button" class="sort-button" @click=${() => this.actions.onSort(column)}>
        ${column.title}${direction ? html`<span aria-hidden="true">${arrow}</span>` : nothing}
      </button>
    </th>`;
  }

  /** @param {Run} run @param {boolean} selected */
  #row(run, selected) {
    const select = (/** @type {{currentTarget: HTMLInputElement}} */ { currentTarget }) =>
      this.actions.onSelect(run, currentTarget.checked);
    return html`<tr role="row">
      <td role="cell" class="runs-select">
        <input class="form-check-input" type="checkbox" aria-label=${`Compare ${run.name}`}
          .checked=${live(selected)} @change=${select}>
      </td>
      ${COLUMNS.map((column) => (column.name === "name" ? this.#nameCell(run) : this.#cell(column, run)))}
    </tr>`;
  }

  /** @param {Column} column @param {Run} run */
  #cell({ name, title, numeric, text }, run) {
    const shown = text(run, this.titles);
    const alignment = numeric ? `num ${name === "layers" ? "" : "text-nowrap"}` : "";
    const contents = name === "status" ? statusBadge(run) : name === "diagnosis" ? verdictLabel(run) : shown;
    return html`<td role="cell" class=${alignment} data-label=${title}>${contents}</td>`;
  }

  /** @param {Run} run */
  #nameCell(run) {
    const hasImages = this.actions.hasImages(run);
    const results = hasImages ? "Misclassified" : "Outputs";
    const href = `/runs/${run.id}${hasImages ? "/misclassified" : "#outputs"}`;
    return html`<th scope="row" role="rowheader" class="runs-name-cell">
      <a class="runs-name" href="/runs/${run.id}" title=${run.notes ? `${run.name}\n${run.notes}` : run.name}>${run.name}</a>
      <span class="hstack gap-3">
        <a href=${href} aria-label=${`${results}: ${run.name}`} ?hidden=${run.epochs_completed === 0}>${results}</a>
        <button type="button" class="btn btn-link btn-sm p-0 fw-normal" aria-label=${`Edit ${run.name}`}
          @click=${() => this.actions.onEdit(run)}>Edit</button>
      </span>
    </th>`;
  }
}

/** Return the status of a run, with its error as a tooltip. @param {Run} run */
function statusBadge({ status, error }) {
  return html`<span class="badge" data-status=${status} title=${error?.message ?? nothing}>${status}</span>`;
}

/** Return the verdict about a run, with its icon. @param {Run} run */
function verdictLabel(run) {
  const mark = verdictMark(run);
  const icon = mark && html`<span class=${`text-${mark.tone}-emphasis`} aria-hidden="true">${mark.icon}</span>`;
  return html`<span>${icon} ${verdictText(run)}</span>`;
}
