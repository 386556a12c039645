import assert from "node:assert/strict";
import { test } from "node:test";
import { bugsByPlace, matchesBug } from "../../../static/js/lab/bug_search.js";
import { exampleBug, wholeBug } from "./examples.js";

test("every word must occur in the texts of the bug, in lower or upper case", () => {
  assert.equal(matchesBug(exampleBug(), "", "all"), true);
  assert.equal(matchesBug(exampleBug(), "BATCH mean", "all"), true);
  assert.equal(matchesBug(exampleBug(), "a.T", "all"), true);
  assert.equal(matchesBug(exampleBug(), "batch softmax", "all"), false);
});

test("bugs can be filtered by whether a gradient check sees them", () => {
  const found = (/** @type {"all" | "visible" | "invisible"} */ visibility) =>
    [exampleBug(), wholeBug].filter((bug) => matchesBug(bug, "", visibility)).map(({ id }) => id);
  assert.deepEqual(found("all"), ["B09", "B01"]);
  assert.deepEqual(found("visible"), ["B09"]);
  assert.deepEqual(found("invisible"), ["B01"]);
});

test("bugs are grouped by place in their first order", () => {
  const other = exampleBug({ id: "B12" });
  assert.deepEqual(bugsByPlace([exampleBug(), wholeBug, other]), [
    ["hidden layer", [exampleBug(), other]],
    ["update", [wholeBug]],
  ]);
});
