import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BRUSH,
  isNeutral,
  NO_TRANSFORM,
  TRANSFORM,
  transformOf,
} from "../../../static/js/explanations/transform_sliders.js";

test("a shift lists the vertical slider before the horizontal one", () => {
  const values = { right: 2, down: -1, rotation: 30, thickness: 0.5, blur: 1 };
  assert.deepEqual(transformOf(values), { shift: [-1, 2], rotation: 30, thickness: 0.5, blur: 1 });
});

test("a transform is neutral only if none of its parts changes the image", () => {
  const neutral = transformOf(NO_TRANSFORM);
  assert.equal(isNeutral(neutral), true);
  for (const change of [{ shift: [0, 1] }, { shift: [-1, 0] }, { rotation: 1 }, { thickness: 0.25 }, { blur: 0.1 }]) {
    assert.equal(isNeutral(/** @type {typeof neutral} */ ({ ...neutral, ...change })), false);
  }
});

test("each slider shows its value with the unit", () => {
  const texts = [...TRANSFORM, ...BRUSH].map(({ name, range: [low], format }) => `${name} ${format(low)}`);
  assert.deepEqual(texts, [
    "right −4 px",
    "down −4 px",
    "rotation −45°",
    "thickness −2.00 px",
    "blur 0.0 px",
    "size 1 px",
    "light 0%",
  ]);
});
