import assert from "node:assert/strict";
import { test } from "node:test";
import { updateImagesNotice } from "../../../static/js/images/images_notice.js";

test("the notice appears only if the images are known to be others", () => {
  const notice = { hidden: true };
  Object.assign(document, { getElementById: () => notice });
  const hidden = [false, true, null, false].map((match) => {
    updateImagesNotice({ images_match: match });
    return notice.hidden;
  });
  assert.deepEqual(hidden, [false, true, true, false]);
});
