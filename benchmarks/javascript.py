"""Pieces of JavaScript for pages. The other way is Pyodide in a Web Worker as its own documentation shows it, from the
files that the server has anyway.
"""

from __future__ import annotations

#: Makes a worker whose ``pyodide`` is loaded as shipped, and runs ``source`` after that. The lock file is the short one
#: that the server has, instead of Pyodide's own of all its packages: it differs in nothing but that it loads sooner.
PLAIN_WORKER = """
const workerOf = (source) =>
  new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
const plainWorker = async (source) => {
  const manifest = await (await fetch("/sidestage/manifest.json")).json();
  const at = (path) => new URL(`/sidestage/${path}`, location.href).href;
  return workerOf(`
    import { loadPyodide } from "${at(manifest.runtime)}pyodide.mjs";
    const pyodide = await loadPyodide({
      indexURL: "${at(manifest.runtime)}",
      lockFileURL: "${at(manifest.lock)}",
      packageBaseUrl: "${at("packages/")}",
    });
    ${source}
  `);
};
"""

#: Asks a worker and waits for its next message.
ASK = """
const heard = (worker) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => reject(new Error(event.message || "the worker could not be started"));
});
const ask = (worker, message) => {
  const answer = heard(worker);
  worker.postMessage(message);
  return answer;
};
"""

#: Every element of a document or a shadow root, those inside of others' shadow roots too.
ELEMENTS = """
const elements = function* (root) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* elements(element.shadowRoot);
  }
};
"""
