/** Page start-up, which shows an error message and a retry button if it fails. */

import { ApiError, isOtherServer } from "../core/api.js";
import { byId } from "../core/dom.js";
import { html, nothing, render } from "../core/html.js";

const root = document.createElement("div");

/**
 * Run the start-up of a page. If it fails, show the error and a button that reloads the page.
 * @param {() => Promise<void> | void} page
 */
export async function start(page) {
  try {
    await page();
  } catch (error) {
    showFailure(error);
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Remove the message of an earlier failure. */
export function clearFailure() {
  draw(nothing);
}

/** Show an error above the content of the page. @param {unknown} error */
export function showFailure(error) {
  if (error instanceof ApiError && isOtherServer(error)) return; // `api` shows its own message
  draw(html`<div class="alert alert-danger hstack flex-wrap justify-content-between gap-2 mb-3 page-failure" role="alert">
    ${error instanceof ApiError ? error.message : `Something went wrong on this page: ${error}`}
    <button class="btn btn-outline-secondary btn-sm" type="button" @click=${() => location.reload()}>Try again</button>
  </div>`);
}

/** Draw above the content of the page. @param {unknown} template */
function draw(template) {
  if (!root.isConnected) byId("content").prepend(root);
  render(template, root);
}
