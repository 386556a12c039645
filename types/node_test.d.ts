// Declarations of the Node.js modules that tests/js uses. The full @types/node would add Node.js globals to the scripts
// of the pages.
declare module "node:test" {
  export function test(name: string, body: () => void | Promise<void>): void;
  export function afterEach(body: () => void): void;
  export function beforeEach(body: () => void): void;
}

declare module "node:assert/strict" {
  const assert: {
    (value: unknown, message?: string): asserts value;
    equal(actual: unknown, expected: unknown, message?: string): void;
    notEqual(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    ok(value: unknown, message?: string): asserts value;
    throws(body: () => unknown, expected?: RegExp | (new (...args: never[]) => Error)): void;
    rejects(promise: Promise<unknown> | (() => Promise<unknown>), expected?: RegExp | object): Promise<void>;
    match(text: string, pattern: RegExp): void;
  };
  export default assert;
}

declare module "node:fs" {
  export function readFileSync(path: URL, encoding: "utf-8"): string;
}
