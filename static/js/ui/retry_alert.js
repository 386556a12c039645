/** Alert about a failed request, with a button that repeats the request. */
import { html } from "../core/html.js";

/**
 * @param {string} message
 * @param {() => void} onRetry called when a person presses the button; the surrounding section then has the focus
 */
export function retryAlert(message, onRetry) {
  const retry = (/** @type {MouseEvent} */ { currentTarget }) => {
    const section = /** @type {HTMLElement} */ (currentTarget).closest('[tabindex="-1"]');
    if (section instanceof HTMLElement) section.focus({ preventScroll: true }); // the button disappears
    onRetry();
  };
  return html`<div class="alert alert-danger" role="alert">
    <p class="mb-2">${message}</p>
    <button type="button" class="btn btn-outline-secondary btn-sm" @click=${retry}>Try again</button>
  </div>`;
}
