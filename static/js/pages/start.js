/** The start of a page, with a way on if it fails. */

import { ApiError } from "../core/api.js";
import { element } from "../core/dom.js";

/**
 * Start the page. If that fails, show the reason and a button that loads the page again.
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

/** Take the message of an earlier failure away. */
export function clearFailure() {
  document.querySelector(".page-failure")?.remove();
}

/**
 * Show an error above the content of the page.
 * @param {unknown} error
 */
export function showFailure(error) {
  const message = error instanceof ApiError ? error.message : `Something went wrong on this page: ${error}`;
  const retry = element("button", { className: "btn btn-secondary btn-sm", type: "button" }, "Try again");
  retry.addEventListener("click", () => location.reload());
  const alert = element(
    "div",
    { className: "callout page-failure", role: "alert", dataset: { tone: "danger" } },
    element("p", {}, message),
    retry,
  );
  clearFailure();
  document.getElementById("content")?.prepend(alert);
}
