/** Page start-up, which shows an error message and a retry button if it fails. */

import { ApiError } from "../core/api.js";
import { element } from "../core/dom.js";

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
  document.querySelector(".page-failure")?.remove();
}

/**
 * Show an error above the content of the page.
 * @param {unknown} error
 */
export function showFailure(error) {
  const message = error instanceof ApiError ? error.message : `Something went wrong on this page: ${error}`;
  const retry = element("button", { className: "btn btn-outline-secondary btn-sm", type: "button" }, "Try again");
  retry.addEventListener("click", () => location.reload());
  const alert = element(
    "div",
    { className: "alert alert-danger page-failure", role: "alert" },
    element("p", {}, message),
    retry,
  );
  clearFailure();
  document.getElementById("content")?.prepend(alert);
}
