/**
 * The script inside of the frame of a study's own prompt: runs the study's module and draws its element. The frame's
 * policy lets nothing in or out. What no policy governs is taken away here, before the module runs; no other realm can be
 * reached from the frame, since every frame inside of it has an origin of its own.
 */
import type { FrameFailure, FromFrame, OwnDrawing, Theme, ToFrame } from "./messages.js";

/** The element of a study's prompt. */
type OwnElement = HTMLElement & { fields?: unknown; locale?: string };

/** Tells that a module has run to its end. */
const END = "sidestage-module-end";
/** What browsers say of an import that leads nowhere from a text without an address. */
const NO_IMPORT = /specifier/i;

type Fail = (failure: FrameFailure, message: string, line?: number) => void;

/** A policy says nothing of connections from browser to browser. */
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (/^(webkit)?RTC/i.test(name)) Reflect.deleteProperty(globalThis, name);
}
document.currentScript?.remove();

/** The page's port. Other windows may post something here as well, and get nothing for it. */
function begin({ source, ports: [port] }: MessageEvent): void {
  if (source !== globalThis.parent || !port) return;
  globalThis.removeEventListener("message", begin);
  serve(port);
}

function serve(port: MessagePort): void {
  const tell = (message: FromFrame) => port.postMessage(message);
  const fail = (failure: FrameFailure, message: string, line = 0) => tell({ type: "failed", failure, message, line });
  globalThis.addEventListener("error", ({ message, lineno }) => {
    fail(NO_IMPORT.test(message) ? "import" : "threw", message, lineno);
  });
  globalThis.addEventListener("unhandledrejection", ({ reason }) => fail("threw", String(reason)));
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.type === "ping") tell({ type: "pong" });
    else if (data.type === "theme") look(data.theme);
    else void draw(data.drawing, tell, fail);
  };
}

async function draw(drawing: OwnDrawing, tell: (message: FromFrame) => void, fail: Fail): Promise<void> {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(drawing.style);
  document.adoptedStyleSheets = [sheet];
  document.documentElement.lang = drawing.locale;
  look(drawing.theme);
  if (!(await run(drawing.module))) {
    fail("import", "");
    return;
  }
  if (!customElements.get(drawing.element)) {
    fail("element", "");
    return;
  }
  const element: OwnElement = document.createElement(drawing.element);
  element.addEventListener("answer", (event) => {
    tell({ type: "answer", json: JSON.stringify((event as CustomEvent).detail) ?? "null" });
  });
  element.fields = drawing.fields;
  element.locale = drawing.locale;
  document.body.append(element);
  new ResizeObserver(() => tell({ type: "height", height: document.body.offsetHeight })).observe(document.body);
  tell({ type: "drawn" });
}

/**
 * Run a module to its end; false if something that it imports cannot be had. Where it throws or is no JavaScript, that is
 * an error of the window, and there is no end.
 */
function run(text: string): Promise<boolean> {
  const script = document.createElement("script");
  script.type = "module";
  const source = `${text}\n;dispatchEvent(new Event("${END}"));`;
  script.src = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  return new Promise((resolve) => {
    globalThis.addEventListener(END, () => resolve(true), { once: true });
    script.onerror = () => resolve(false);
    document.head.append(script);
  });
}

/** Look as the page does. */
function look({ properties, colorScheme, rootFontSize, fontSize, lineHeight }: Theme): void {
  const { style } = document.documentElement;
  for (const [name, value] of Object.entries(properties)) style.setProperty(name, value);
  style.colorScheme = colorScheme;
  style.fontSize = rootFontSize;
  Object.assign(document.body.style, { fontSize, lineHeight });
}

globalThis.addEventListener("message", begin);
