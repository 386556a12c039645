import assert from "node:assert/strict";
import { test } from "node:test";
import { targetRank } from "../../../static/js/misclassified/image_navigation.js";

const PAGE = { position: 0, rank: 0, offset: 0, shown: 48, total: 100 };

test("a step leads to the neighbor, also on another page", () => {
  assert.equal(targetRank({ ...PAGE, direction: 1 }), 1);
  assert.equal(targetRank({ ...PAGE, direction: 1, position: 47 }), 48);
  assert.equal(targetRank({ ...PAGE, direction: -1, offset: 48 }), 47);
});

test("only the first and the last image of the whole list have no neighbor on one side", () => {
  assert.equal(targetRank({ ...PAGE, direction: -1 }), null);
  assert.equal(targetRank({ ...PAGE, direction: 1, position: 3, offset: 96, shown: 4 }), null);
  assert.equal(targetRank({ ...PAGE, direction: 1, shown: 0, total: 0 }), null);
});

test("if the image has left the list, the next image has taken its position", () => {
  assert.equal(targetRank({ ...PAGE, direction: 1, position: -1, rank: 5 }), 5);
  assert.equal(targetRank({ ...PAGE, direction: -1, position: -1, rank: 5 }), 4);
  assert.equal(targetRank({ ...PAGE, direction: 1, position: -1, rank: 80 }), 47);
});
