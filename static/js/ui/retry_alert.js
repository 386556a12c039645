/** Alert about a failed request, with a button that repeats the request. */
import { html } from "../core/html.js";

/**
 * @param {string} message
 * @param {() => void} onRetry
 */
export function retryAlert(message, onRetry) {
  return html`<div class="alert alert-danger" role="alert">
    <p class="mb-2">${message}</p>
    <button type="button" class="btn btn-outline-secondary btn-sm" @click=${onRetry}>Try again</button>
  </div>`;
}
