/**
 * lit-html, which draws everything that is redrawn: `render(template, root)` updates only what changed since the last
 * template. Text from users is inserted as text and never parsed as HTML.
 *
 * The content security policy blocks `style="…"` in templates; write `.style=${"--width: 40%"}` instead, which sets the
 * property.
 */

export { live } from "../../vendor/lit-html/directives/live.js";
export { repeat } from "../../vendor/lit-html/directives/repeat.js";
export { html, nothing, render } from "../../vendor/lit-html/lit-html.js";
