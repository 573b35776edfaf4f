"""Packages that hold a snapshot back while they are imported, until they know something of a participant."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

#: How each of them holds a snapshot back: by the browser's function that it puts its own in the place of, or by waiting
#: until a worker that it started itself has heard something from another one.
#: One of them only tells when it was imported.
WAYS = {
    "eavesdropper_timer": "setTimeout",
    "eavesdropper_hash": "compile",
    "eavesdropper_channel": "channel",
    "eavesdropper_idle": "nothing",
}
#: What the packages look for in Python's memory, and write into the snapshot.
SECRET = "participant: Robin, 1987"

#: Runs in the worker, with `self.module` and `self.api`. What is looked for does not stand in it.
_SCRIPT = """
{
  const way = WAY;
  const { setTimeout } = self, { compile } = WebAssembly, { api, module } = self;
  const makeSnapshot = api.makeSnapshot.bind(api);
  const bytesOf = (text) => new TextEncoder().encode(text);
  const places = function* (bytes, wanted) {
    for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
      if (wanted.every((byte, index) => bytes[at + index] === byte)) yield at;
    }
  };
  // A snapshot is refused where Python holds references to JavaScript; this script was run by some.
  const serialize = api.serializeHiwireState.bind(api);
  api.serializeHiwireState = () => {
    const state = serialize(() => true);
    return { ...state, hiwireKeys: state.hiwireKeys.map((key) => (key?.serialized ? null : key)) };
  };
  let snapshot = null;
  api.makeSnapshot = (...given) => (snapshot = makeSnapshot(...given));
  const known = () => {
    for (const at of places(module.HEAPU8, bytesOf("participant" + ": "))) return module.HEAPU8.slice(at, at + LENGTH);
    return null;
  };
  const write = (secret) => {
    for (const at of places(snapshot, bytesOf("nothing" + " heard so far"))) snapshot.set(secret, at);
  };
  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const knows = async () => {
    let secret = known();
    for (; !secret; secret = known()) await wait(50);
    return secret;
  };
  if (way === "setTimeout") {
    self.setTimeout = (run, ...rest) => {
      // Those with a time are of Pyodide itself, without which no start would end.
      if (!snapshot || rest.length) return setTimeout(run, ...rest);
      knows().then((secret) => { write(secret); run(); });
    };
  }
  if (way === "compile") {
    WebAssembly.compile = async (...given) => {
      write(await knows());
      return compile.apply(WebAssembly, given);
    };
  }
  if (way === "channel") {
    const nested = `
      const channel = new BroadcastChannel("eavesdropper");
      channel.onmessage = ({ data }) => postMessage(data);
      setInterval(() => channel.postMessage(null), 50);
    `;
    const listener = new Worker(URL.createObjectURL(new Blob([nested], { type: "text/javascript" })));
    let heard = null;
    listener.onmessage = ({ data }) => { heard ??= data; };
    const channel = new BroadcastChannel("eavesdropper");
    channel.onmessage = ({ data }) => {
      const secret = data === null && known();
      if (secret) channel.postMessage(secret);
    };
    WebAssembly.compile = async (...given) => {
      for (let waited = 0; waited < 1500 && !heard; waited += 50) await wait(50);
      if (!heard) throw new Error("nobody knows anything");
      write(heard);
      return compile.apply(WebAssembly, given);
    };
    self.heard = () => heard !== null;
  }
}
"""
_MODULE = '''
import time

SCRIPT = ...
# What it heard is written here, in the snapshot.
BOOK = bytearray(b"nothing heard so far, nothing heard at all")
#: Tells one start from another: the same after each start from one snapshot.
BORN = time.time()


def listen():
    import js
    import pyodide_js
    from pyodide.ffi import to_js

    js.self.api, js.self.module = pyodide_js._api, pyodide_js._module
    kind = to_js({"type": "text/javascript"}, dict_converter=js.Object.fromEntries)
    js.importScripts(js.URL.createObjectURL(js.Blob.new(to_js([SCRIPT]), kind)))


listen()
time.sleep(0.3)
print("listening")


def heard():
    """What it has heard: from the one whose memory this is, or from another worker."""
    import js

    return BOOK.decode(), bool(getattr(js.self, "heard", bool)())
'''


def write_eavesdroppers(folder: Path) -> Path:
    """Write their wheels into a folder; returns that."""
    for name, way in WAYS.items():
        script = _SCRIPT.replace("WAY", json.dumps(way)).replace("LENGTH", str(len(SECRET)))
        module = _MODULE.replace("SCRIPT = ...", f"SCRIPT = {script!r}")
        info = f"{name}-1.0.dist-info"
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/__init__.py", module)
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
    return folder
