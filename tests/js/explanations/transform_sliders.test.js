import assert from "node:assert/strict";
import { test } from "node:test";
import { isNeutral, transformOf } from "../../../static/js/explanations/transform_sliders.js";

const NEUTRAL = { shift: /** @type {[number, number]} */ ([0, 0]), rotation: 0, thickness: 0, blur: 0 };

test("a shift lists the vertical slider before the horizontal one", () => {
  const values = /** @type {Record<string, number>} */ ({ right: 2, down: -1, rotation: 30, thickness: 0.5, blur: 1 });
  const sliders = /** @type {import("../../../static/js/explanations/transform_sliders.js").TransformSliders} */ (
    /** @type {unknown} */ ({ value: (/** @type {string} */ name) => values[name] })
  );
  assert.deepEqual(transformOf(sliders), { shift: [-1, 2], rotation: 30, thickness: 0.5, blur: 1 });
});

test("a transform is neutral only if none of its parts changes the image", () => {
  assert.equal(isNeutral(NEUTRAL), true);
  for (const change of [{ shift: [0, 1] }, { shift: [-1, 0] }, { rotation: 1 }, { thickness: 0.25 }, { blur: 0.1 }]) {
    assert.equal(isNeutral(/** @type {typeof NEUTRAL} */ ({ ...NEUTRAL, ...change })), false);
  }
});
