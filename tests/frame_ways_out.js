// The module of a study's own prompt that tries to get something out of its frame: over the network, into the page around
// it, into the donations. Each way is tried by itself; the answer tells what came of it.

const append = (name, attributes) => document.body.appendChild(Object.assign(document.createElement(name), attributes));
const markup = (text) => append("div", { innerHTML: text });
const style = (text) => append("style", { textContent: text });
const blob = (text, type = "text/javascript") => URL.createObjectURL(new Blob([text], { type }));
const submit = (attributes) => append("form", attributes).submit();
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Each is given an address that must hear nothing, one on the page's own server, and a name that nobody must look up.
const REQUESTS = {
  fetch: ({ server }) => fetch(server, { mode: "no-cors" }),
  "fetch of a body": ({ server }) => fetch(server, { method: "POST", body: "secret", mode: "no-cors" }),
  "fetch from the page's own server": ({ page }) => fetch(page, { mode: "no-cors" }),
  "fetch that outlives the frame": ({ server }) => fetch(server, { keepalive: true, mode: "no-cors" }),
  "fetch of a name": ({ lookup }) => fetch(`http://${lookup}/`, { mode: "no-cors" }),
  XMLHttpRequest: ({ server }) => {
    const request = new XMLHttpRequest();
    request.open("GET", server);
    request.send();
  },
  beacon: ({ server }) => navigator.sendBeacon(server, "secret"),
  EventSource: ({ server }) => new EventSource(server),
  WebSocket: ({ host }) => new WebSocket(`ws://${host}`),
  WebTransport: ({ host }) => new WebTransport(`https://${host}`),
  WebRTC: async ({ port, word }) => {
    const connection = new RTCPeerConnection({ iceServers: [{ urls: `turn:127.0.0.1:${port}`, username: word, credential: word }] });
    connection.createDataChannel(word);
    await connection.setLocalDescription(await connection.createOffer());
    await later(1_000);
  },
  img: ({ server }) => append("img", { src: server }),
  "img from the page's own server": ({ page }) => append("img", { src: page }),
  "img of a set": ({ server }) => append("img", { srcset: `${server} 2x` }),
  picture: ({ server }) => markup(`<picture><source srcset="${server}"><img alt=""></picture>`),
  "img in markup": ({ server }) => markup(`<img src="${server}" alt="">`),
  "SVG image": ({ server }) => markup(`<svg><image href="${server}"/><use href="${server}#a"/></svg>`),
  video: ({ server }) => append("video", { src: server, poster: server }),
  audio: ({ server }) => new Audio(server).play(),
  object: ({ server }) => append("object", { data: server }),
  embed: ({ server }) => append("embed", { src: server }),
  "css url": ({ server }) => style(`body { background: url("${server}"); }`),
  "css import": ({ server }) => style(`@import url("${server}");`),
  "css font": ({ server }) => style(`@font-face { font-family: way; src: url("${server}"); } body { font-family: way; }`),
  "font face": ({ server }) => new FontFace("way", `url(${server})`).load(),
  "constructed sheet": ({ server }) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`body { cursor: url("${server}"), auto; list-style-image: url("${server}"); }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  },
  "style sheet": ({ server }) => append("link", { rel: "stylesheet", href: server }),
  preload: ({ server }) => append("link", { rel: "preload", as: "fetch", href: server }),
  modulepreload: ({ server }) => append("link", { rel: "modulepreload", href: server }),
  prefetch: ({ server }) => append("link", { rel: "prefetch", href: server }),
  preconnect: ({ lookup }) => append("link", { rel: "preconnect", href: `http://${lookup}` }),
  "dns-prefetch": ({ lookup }) => append("link", { rel: "dns-prefetch", href: `//${lookup}` }),
  manifest: ({ server }) => append("link", { rel: "manifest", href: server }),
  icon: ({ server }) => append("link", { rel: "icon", href: server }),
  script: ({ server }) => append("script", { src: server }),
  "script from the page's own server": ({ page }) => append("script", { src: page }),
  "module script": ({ server }) => append("script", { type: "module", src: server }),
  import: ({ server }) => import(server),
  "import from the page's own server": ({ page }) => import(page),
  "import in a blob": ({ server }) => append("script", { type: "module", src: blob(`import "${server}";`) }),
  "speculation rules": ({ server }) =>
    append("script", { type: "speculationrules", textContent: JSON.stringify({ prefetch: [{ urls: [server] }] }) }),
  worker: ({ server }) => new Worker(server),
  "worker of a blob": ({ server }) => new Worker(blob(`fetch("${server}", { mode: "no-cors" })`)),
  "shared worker": ({ server }) => new SharedWorker(blob(`fetch("${server}", { mode: "no-cors" })`)),
  "service worker": ({ page }) => navigator.serviceWorker.register(page),
  worklet: ({ server }) => CSS.paintWorklet.addModule(server),
  iframe: ({ server }) => append("iframe", { src: server }),
  "iframe from the page's own server": ({ page }) => append("iframe", { src: page }),
  "iframe of a document": ({ server }) => append("iframe", { srcdoc: `<img src="${server}"><script src="${server}"></script>` }),
  "iframe that runs a blob": ({ server }) =>
    append("iframe", { srcdoc: `<script src="${blob(`fetch("${server}", { mode: "no-cors" })`)}"></script>` }),
  "iframe's WebRTC": ({ port, word }) => new (append("iframe", {}).contentWindow.RTCPeerConnection)({ iceServers: [{ urls: `stun:127.0.0.1:${port}` }] }).createDataChannel(word),
  form: ({ server }) => submit({ action: server }),
  "form to the page's own server": ({ page }) => submit({ action: page, method: "post" }),
  "form to the page around": ({ server }) => submit({ action: server, target: "_top" }),
  "window.open": ({ server }) => open(server).location,
  "a link to a new page": ({ server }) => append("a", { href: server, target: "_blank" }).click(),
  "a link to the page around": ({ server }) => append("a", { href: server, target: "_top" }).click(),
  "top.location": ({ server }) => {
    top.location = server;
  },
  "parent.location": ({ server }) => parent.location.replace(server),
  base: ({ server }) => append("base", { href: server }) && append("img", { src: "secret" }),
  eval: ({ server }) => (0, eval)(`fetch("${server}", { mode: "no-cors" })`),
  "function of a text": ({ server }) => new Function(`fetch("${server}", { mode: "no-cors" })`)(),
  "script in markup": ({ server }) => append("img", { src: "data:,", onerror: null }) && append("script", { textContent: `fetch("${server}")` }),
  "handler in markup": ({ server }) => markup(`<img src="data:," onerror="fetch('${server}')">`),
  "a policy of its own": ({ server }) => {
    append("meta", { httpEquiv: "Content-Security-Policy", content: `default-src *; report-uri ${server}` });
    append("img", { src: server });
  },
};

// What must not be had of the page, of its browser, or of the donations.
const THINGS = {
  "the page's document": () => parent.document.title,
  "the page's elements": () => parent.document.querySelector("sidestage-app").shadowRoot,
  "the frame's element": () => frameElement.ownerDocument.title,
  "the page's window": () => parent.sidestage,
  "the page's functions": () => parent.fetch,
  // WebKit gives an empty text where others refuse.
  cookies: () => document.cookie || Promise.reject(new Error("there are none")),
  "local storage": () => localStorage.length,
  "session storage": () => sessionStorage.length,
  databases: () => new Promise((resolve, reject) => {
    const opening = indexedDB.open("way");
    opening.onsuccess = resolve;
    opening.onerror = () => reject(opening.error);
  }),
  caches: () => caches.keys(),
  "files of the origin": () => navigator.storage.getDirectory(),
  "a channel to other windows": () => new Promise((resolve, reject) => {
    setTimeout(reject, 300, new Error("nobody answers"));
    new BroadcastChannel("way").onmessage = resolve;
  }),
  "another realm": () => append("iframe", {}).contentWindow.Array,
  "a dialog": () => (prompt("secret") === null ? Promise.reject(new Error("no dialog")) : true),
  "the camera": () => navigator.mediaDevices.getUserMedia({ video: true }),
  "the clipboard": () => navigator.clipboard.readText(),
  "the place": () => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject)),
};

/** What a host says to a page, or Python to the page, said by the frame. */
const FORGED = (word) => [
  { action: "live-init", locale: word },
  { __type__: "CommandSystemDonate", key: word, json_string: "{}" },
  { __type__: "Response", command: "CommandUIRender", payload: { __type__: "PayloadReview", value: { deleted: {} } } },
  { __type__: "DonateSuccess", key: word, status: 200 },
  { action: "resize", height: 9_999 },
];

async function outcome(attempt) {
  try {
    const tooLate = later(1_500).then(() => Promise.reject(new DOMException("no answer", "TimeoutError")));
    return `had: ${typeof (await Promise.race([attempt(), tooLate]))}`;
  } catch (error) {
    return `failed: ${error?.name}`;
  }
}

customElements.define(
  "prompt-ways-out",
  class extends HTMLElement {
    async connectedCallback() {
      const { ways, word } = this.fields;
      const attempts = [...ways.map((way) => [way.name, () => REQUESTS[way.name](way)]), ...Object.entries(THINGS)];
      const came = await Promise.all(attempts.map(async ([name, attempt]) => [name, await outcome(attempt)]));
      const { port1, port2 } = new MessageChannel();
      for (const message of FORGED(word)) for (const window of [parent, top]) window.postMessage(message, "*");
      parent.postMessage(FORGED(word)[0], "*", [port2]);
      port1.onmessage = () => came.push(["the page's port", "had: message"]);
      await later(500);
      this.dispatchEvent(new CustomEvent("answer", { detail: Object.fromEntries(came) }));
    }
  },
);

/** What leads the frame itself to another document; nothing is left in it then. Where it is not let go, it says so. */
const AWAY = {
  location: ({ server }) => {
    location.href = server;
  },
  "the page's own server": ({ page }) => location.assign(page),
  "a link": ({ server }) => append("a", { href: server }).click(),
  download: ({ server }) => append("a", { href: server, download: "" }).click(),
  "a link with a ping": ({ server }) => append("a", { href: "#there", ping: server }).click(),
  refresh: ({ server }) => append("meta", { httpEquiv: "refresh", content: `0; url=${server}` }),
  "a document of a blob": ({ server }) => location.replace(blob(`<img src="${server}"><script>fetch("${server}")</script>`, "text/html")),
  "a document of data": ({ server }) => location.replace(`data:text/html,<img src="${server}">`),
  "a script in an address": ({ server }) => {
    location.href = `javascript:fetch("${server}")`;
    location.href = server;
  },
};

customElements.define(
  "prompt-way-away",
  class extends HTMLElement {
    connectedCallback() {
      AWAY[this.fields.way.name](this.fields.way);
      setTimeout(() => this.dispatchEvent(new CustomEvent("answer", { detail: "still there" })), 3_000);
    }
  },
);

export { AWAY, REQUESTS, THINGS };
