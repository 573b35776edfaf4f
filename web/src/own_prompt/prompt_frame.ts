/** The page's side of the frame of a study's own prompt: has it draw, and listens to what it says, trusting none of it. */
import type { FrameFailure, FromFrame, OwnDrawing, Theme, ToFrame } from "./messages.js";

/** What is wrong with a study's own prompt, and where, as far as it is known. */
export interface Broken {
  failure: FrameFailure | "missing" | "unreachable" | "silent" | "hung" | "left" | "unfit" | "unanswered";
  message?: string;
  line?: number;
}

/** Who hears of it. */
export interface FrameListener {
  drawn(): void;
  /** How high the element is, in pixels. */
  height(pixels: number): void;
  /** What was answered, which may be anything. */
  answer(json: unknown): void;
  broken(broken: Broken): void;
}

/** How long the element may take to appear, in milliseconds. */
const APPEARS_WITHIN = 10_000;
/** How often a frame is asked whether it lives, in milliseconds, and how often in vain. */
const PING_EVERY = 2_000;
const PINGS_IN_VAIN = 4;
/** The longest sentence that is taken from a frame. */
const LONGEST_MESSAGE = 500;
const FAILURES: readonly unknown[] = ["import", "threw", "element"] satisfies FrameFailure[];

export class PromptFrame {
  readonly #frame: HTMLIFrameElement;
  readonly #listener: FrameListener;
  readonly #port: MessagePort;
  readonly #appearing: ReturnType<typeof setTimeout>;
  readonly #pinging: ReturnType<typeof setInterval>;
  #unanswered = 0;

  /** @param frame has just loaded its document. */
  constructor(frame: HTMLIFrameElement, drawing: OwnDrawing, listener: FrameListener) {
    const { port1, port2 } = new MessageChannel();
    this.#frame = frame;
    this.#listener = listener;
    this.#port = port1;
    this.#port.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    this.#port.onmessageerror = () => this.#listener.broken({ failure: "unfit" });
    frame.contentWindow?.postMessage(null, "*", [port2]);
    frame.addEventListener("load", this.#left);
    this.#say({ type: "draw", drawing });
    this.#appearing = setTimeout(() => this.#give("silent"), APPEARS_WITHIN);
    this.#pinging = setInterval(() => this.#ping(), PING_EVERY);
  }

  /** Have it look otherwise. */
  look(theme: Theme): void {
    this.#say({ type: "theme", theme });
  }

  /** Hear nothing more of it. */
  close(): void {
    clearTimeout(this.#appearing);
    clearInterval(this.#pinging);
    this.#frame.removeEventListener("load", this.#left);
    this.#port.onmessage = null;
    this.#port.close();
  }

  #hear(data: unknown): void {
    this.#unanswered = 0;
    const said = data as Partial<Record<string, unknown>> & { type?: FromFrame["type"] };
    switch (said?.type) {
      case "drawn":
        clearTimeout(this.#appearing);
        this.#listener.drawn();
        break;
      case "height":
        if (Number.isFinite(said.height)) this.#listener.height(said.height as number);
        break;
      case "answer":
        this.#listener.answer(said.json);
        break;
      case "failed":
        this.#failed(said);
        break;
    }
  }

  #failed({ failure, message, line }: Partial<Record<string, unknown>>): void {
    if (!FAILURES.includes(failure)) return;
    clearTimeout(this.#appearing);
    this.#listener.broken({
      failure: failure as FrameFailure,
      message: String(message).slice(0, LONGEST_MESSAGE),
      line: Number.isInteger(line) ? (line as number) : 0,
    });
  }

  /** A frame may be in an endless loop, or its process may have died with nobody to tell of it. */
  #ping(): void {
    if (document.hidden) return;
    this.#unanswered += 1;
    if (this.#unanswered > PINGS_IN_VAIN) this.#give("hung");
    else this.#say({ type: "ping" });
  }

  /** It has loaded another document, in which nobody listens. */
  #left = () => this.#give("left");

  #give(failure: Broken["failure"]): void {
    this.close();
    this.#listener.broken({ failure });
  }

  #say(message: ToFrame): void {
    this.#port.postMessage(message);
  }
}
