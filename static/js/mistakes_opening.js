// Runs before the rest of the page is read, and asks at once for what the misclassified page shows first. api.js finds
// the answers in `window.asked` by their addresses, which are written as those of mistakes_view.js; one that nobody asks
// for was asked in vain.
(() => {
  const { run, dataset, epochs = "0" } = document.currentScript?.dataset ?? {};
  const given = new URLSearchParams(location.search);
  const epoch = Math.min(Number(given.get("epoch")) || Number(epochs), Number(epochs));
  const listed = new URLSearchParams({ epoch: String(epoch), limit: "48" });
  const names =
    "true predicted answer min_confidence max_confidence max_margin history flagged suspects sort order offset";
  for (const [name, value] of given) if (names.split(" ").includes(name)) listed.append(name, value);

  /** @type {Map<string, Promise<Response>>} */
  const asked = new Map();
  window.asked = asked;
  const ask = (/** @type {string} */ path) => {
    const answer = fetch(path, { headers: { Accept: "application/json" } });
    answer.catch(() => {}); // told to whoever wants it
    asked.set(path, answer);
    return answer;
  };
  /** The pictures of the list. @param {Response} answer */
  const lookAhead = async (answer) => {
    const { items } = await answer.clone().json();
    const indices = items.map((/** @type {{index: number}} */ { index }) => index);
    if (indices.length) ask(`/api/datasets/${dataset}/test/pixels?indices=${indices}`);
  };

  if (epoch) {
    const list = ask(`/api/runs/${run}/misclassified?${listed}`);
    list.then(lookAhead).catch(() => {});
    ask(`/api/runs/${run}/confusion_matrix?epoch=${epoch}`);
    if (given.has("image")) ask(`/api/runs/${run}/predictions/${given.get("image")}?epoch=${epoch}`);
  }
  ask("/api/datasets");
  ask(`/api/runs/${run}/epochs`);
})();
