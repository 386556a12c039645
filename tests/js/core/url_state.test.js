import assert from "node:assert/strict";
import { test } from "node:test";
import { choice, integer, integers, optionalInteger, text } from "../../../static/js/core/url_state.js";

test("invalid text becomes the default", () => {
  assert.equal(integer().read("-3"), 0);
  assert.equal(integer().read(null), 0);
  assert.equal(optionalInteger(1).read("0"), null);
  assert.equal(choice(["loss", "index"]).read("size"), "loss");
  assert.deepEqual(integers().read("3,x,0,3,12"), [3, 12]);
  assert.equal(text(3).read("abcd"), "abc");
  assert.equal(text(9).read(null), "");
});

test("the URL omits a default value", () => {
  assert.equal(integer().write(0), null);
  assert.equal(optionalInteger().write(null), null);
  assert.equal(choice(["loss", "index"]).write("loss"), null);
  assert.equal(integers().write([]), null);
  assert.equal(text(9).write(""), null);
});

test("a codec restores the value that it wrote", () => {
  assert.equal(integer().read(integer().write(17)), 17);
  assert.equal(optionalInteger(1).read(optionalInteger(1).write(4)), 4);
  assert.equal(choice(["loss", "index"]).read(choice(["loss", "index"]).write("index")), "index");
  assert.deepEqual(integers().read(integers().write([5, 1])), [5, 1]);
  assert.equal(text(9).read(text(9).write("a b")), "a b");
});
