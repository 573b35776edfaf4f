/** What is on the page now: one view at a time, what is said above it, and whether it still waits for an answer. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { NOTHING } from "../elements/answer.js";
import type { Screen } from "../flow/run_cycle.js";
import { isProgress } from "../prompts/page_kind.js";
import { fetchParts, fetchPartsAhead } from "../prompts/registry.js";
import type { DonationResult, Page, Payload, ProgressReport } from "../protocol/types.gen.js";
import type { Words } from "../words/texts.js";
import type { View } from "./render.js";

/** After this long without the next prompt the page says that it is at work, in milliseconds. */
const QUIET = 300;

/** Buttons below something that the page itself has to say, and what each does. */
export type Choices = [name: string, take: () => void][];

/** Something to say above the page: that a donation was refused, or that the participant is back where they were. */
export interface Notice {
  kind: "refused" | "back";
  sentence: string;
  /** What can be done about it, and the name of its button. */
  way?: Choices[number];
}

/** The screen of the run cycle, drawn by an element that asks here what there is to draw. */
export class FlowScreen implements ReactiveController, Screen {
  view: View = { kind: "loading", stage: "study", value: 0 };
  /** Counts what has been shown, so that each prompt is drawn anew. */
  shown = 0;
  /** Said above the page until the participant closes it. */
  notice: Notice | null = null;
  /** The last prompt has its answer: it stays in sight, but can no longer be used. */
  answered = false;
  /** What the page is doing meanwhile, once it takes long enough to say so. */
  busy = "";

  #quiet: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param host draws it.
   * @param words the page's own words in the locale of the moment.
   * @param onScriptError is told of a traceback that is shown.
   */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly words: () => Words,
    private readonly onScriptError: (traceback: string) => void,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#quiet);
  }

  /** Whether what is shown stays until the participant does something. A page that ends a flow does not: scripts go on. */
  get waits(): boolean {
    const { view } = this;
    if (view.kind !== "page") return view.kind !== "loading";
    return !isProgress(view.page) && view.page.__type__ !== "PropsUIPageEnd";
  }

  load(): void {
    this.notice = null;
    this.#put({ kind: "loading", stage: "study", value: 0 });
  }

  /** How far the loading is; the bar never goes back. */
  progress({ stage, value }: ProgressReport): void {
    if (this.view.kind !== "loading") return;
    this.view = { kind: "loading", stage, value: Math.max(value, this.view.value) };
    this.host.requestUpdate();
  }

  async show(page: Page): Promise<Payload> {
    if (page.__type__ === "PropsUIPageError") this.onScriptError(page.message);
    await this.#fetchParts(page);
    const inPlace = this.view.kind === "page" && isProgress(this.view.page) && isProgress(page);
    return new Promise((resolve) => {
      const answer = (payload: Payload) => {
        if (this.notice?.kind === "back") this.notice = null;
        if (!isProgress(page)) this.#work(this.words().oneMoment, QUIET);
        resolve(payload);
      };
      this.#put({ kind: "page", page, answer }, inPlace);
      fetchPartsAhead();
      if (page.__type__ === "PropsUIPageEnd") resolve(NOTHING);
    });
  }

  sending(): void {
    this.#work(this.words().sending, 0);
  }

  /** Show what would be sent, byte for byte, and let the participant decide. */
  askToSend(name: string, content: Blob, destination: string): Promise<boolean> {
    return new Promise((resolve) => {
      const decide = (send: boolean) => {
        this.#work(this.words().oneMoment, QUIET);
        resolve(send);
      };
      this.#put({ kind: "asking", name, content, destination, decide });
    });
  }

  askUnsent(result: DonationResult): Promise<"again" | "continue"> {
    const words = this.words();
    return new Promise((resolve) => {
      this.tell(
        words.unsent,
        // Only where nobody answered is it the connection.
        result.status === 0
          ? [words.unsentHelp]
          : [result.error ?? words.refusedReason(result.status), words.unsentThere],
        [
          [words.tryAgain, () => resolve("again")],
          [words.continueUnsent, () => resolve("continue")],
        ],
      );
    });
  }

  tellRefused(result: DonationResult): void {
    const words = this.words();
    this.notice = { kind: "refused", sentence: words.refused(result.error ?? words.refusedReason(result.status)) };
    this.host.requestUpdate();
  }

  /** The flow goes on where it was before a reload of the page; that can be undone. */
  welcomeBack(startAgain: () => void): void {
    const { backAgain, startAgain: name } = this.words();
    this.notice = { kind: "back", sentence: backAgain, way: [name, startAgain] };
  }

  showUnknown(name: string): Promise<void> {
    const words = this.words();
    return new Promise((resolve) => {
      this.tell(words.errorTitle, [words.unknownCommand(name)], [[words.continue, resolve]]);
    });
  }

  /** Offer a file to save; resolves when it has been. */
  offer(file: File): Promise<void> {
    return new Promise((resolve) => this.#put({ kind: "save", file, saved: resolve }));
  }

  /** Say something of the page's own, with at least one way on. */
  tell(heading: string, sentences: readonly string[], ways: Choices, details = ""): void {
    const choose = (index: number) => {
      this.#work(this.words().oneMoment, QUIET);
      ways[index]?.[1]();
    };
    this.#put({ kind: "message", heading, sentences, details, choices: ways.map(([name]) => name), choose });
  }

  end(complete: boolean): void {
    this.#put({ kind: "end", complete });
  }

  /** Take away what is said above the page. */
  dismiss(): void {
    this.notice = null;
    this.host.requestUpdate();
  }

  /** Have what a page is drawn with. What was shown before stays until it is there, so that nothing jumps. */
  async #fetchParts(page: Page): Promise<void> {
    const { loadFailed, partMissing, tryAgain } = this.words();
    for (let fetched = fetchParts(page); fetched; fetched = fetchParts(page)) {
      const missing = await fetched.then(
        () => false,
        () => true,
      );
      if (missing) await new Promise<void>((again) => this.tell(loadFailed, [partMissing], [[tryAgain, again]]));
    }
  }

  #put(view: View, inPlace = false): void {
    clearTimeout(this.#quiet);
    if (!inPlace) this.shown += 1;
    this.view = view;
    this.answered = false;
    this.busy = "";
    this.host.requestUpdate();
  }

  /** Nothing is asked of the participant now; if it takes a while, say what the page is doing. */
  #work(sentence: string, after: number): void {
    clearTimeout(this.#quiet);
    this.answered = true;
    this.#quiet = setTimeout(() => {
      this.busy = sentence;
      this.host.requestUpdate();
    }, after);
    this.host.requestUpdate();
  }
}
