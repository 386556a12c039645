// Script that compares the address of the page with the `Host` header that the server received. If a proxy has changed
// this header, the server rejects all modules of the page, so this script is not a module and imports nothing.
(() => {
  const notice = document.getElementById("changed-host");
  const defaultPort = location.protocol === "https:" ? /:443$/ : /:80$/;
  const received = (notice?.dataset.host ?? "").toLowerCase().replace(defaultPort, "");
  if (!notice || received === location.host) return;
  /** Add a paragraph to the notice. @param {string} text @param {string} [line] code at its end */
  const add = (text, line = "") => {
    const paragraph = document.createElement("p");
    const code = document.createElement("code");
    code.textContent = line;
    paragraph.append(text, code);
    notice.append(paragraph);
  };
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
  add(
    `This page does not work, because a proxy changes its address. Your browser opened ${location.host} and names it in the header Origin. The proxy sent ${received} to Misfit in the header Host. Misfit rejects scripts and changes whose Origin and Host differ, because they could come from another site.`,
  );
  add(
    "Let the proxy pass on the host of the address. In nginx, add below proxy_pass: ",
    "proxy_set_header Host $http_host;",
  );
  if (!isLocal) add("Also start Misfit with ", `--allowed-host ${location.hostname}`);
  notice.hidden = false;
})();
