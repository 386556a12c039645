/** Server of the tests of annotations: it replaces `fetch`, and records the requests. */

/** @typedef {{method: string, path: string, body: any}} SentRequest */

/**
 * Replace `fetch` by a function that returns the response of each request. An `Error` becomes an error of the server.
 * @param {(request: SentRequest) => unknown} respond
 * @returns {SentRequest[]} requests sent so far
 */
export function serve(respond) {
  /** @type {SentRequest[]} */
  const requests = [];
  globalThis.fetch = async (path, { method = "GET", body } = {}) => {
    const request = { method, path: String(path), body: typeof body === "string" ? JSON.parse(body) : undefined };
    requests.push(request);
    const response = respond(request);
    if (!(response instanceof Error)) return new Response(JSON.stringify(response));
    return new Response(JSON.stringify({ error: { message: response.message } }), { status: 422 });
  };
  return requests;
}
