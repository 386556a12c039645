import assert from "node:assert/strict";
import { test } from "node:test";
import { outline } from "../../../static/js/images/ink_outline.js";

test("one bright pixel has four sides", () => {
  assert.equal(outline([0, 0, 0, 128], [2, 2]), "M1 1h1M1 1v1M2 1v1M1 2h1");
});

test("the outline follows the border of the image but not the border between two bright pixels", () => {
  assert.equal(outline([255, 255], [1, 2]), "M0 0h1M0 0v1M1 0h1M2 0v1M0 1h1M1 1h1");
});

test("dark pixels have no outline", () => {
  assert.equal(outline([0, 127], [1, 2]), "");
});
