import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeMarkup } from "../../../static/js/charts/plotly_loader.js";

test("plotly.js shows tags and entities as text", () => {
  assert.equal(escapeMarkup("<b>A & B</b> &lt;"), "&lt;b&gt;A &amp; B&lt;/b&gt; &amp;lt;");
});
