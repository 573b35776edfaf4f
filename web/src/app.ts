/** The page of a study: loads it, runs its flow, and shows one thing at a time. */
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { appStyle } from "./app_style.js";
import type { Bridge } from "./bridge/bridge.js";
import { type Connection, connect } from "./bridge/connect.js";
import { type HostStart, reportHeight, waitForHost } from "./bridge/host.js";
import { type FlowEngine, runCycle, type Screen } from "./cycle.js";
import { reloadOnChange, reportScriptError } from "./development.js";
import { type LogLine, type ProgressReport, PythonWorker } from "./engine/index.js";
import { type AppConfig, fetchArchive, fetchConfig, LoadError } from "./loading.js";
import { isProgress, isWide } from "./prompts/page_kind.js";
import { icon } from "./prompts/parts.js";
import { NOTHING } from "./prompts/prompt_element.js";
import type { DonationResult, Page, Payload } from "./protocol/types.gen.js";
import { shared, tokens } from "./style.js";
import { chooseLocale, localize, pageLanguage, words } from "./texts.js";
import { draw, type View } from "./view.js";

/** What an engine is given to speak up with. */
export interface EngineHooks {
  onProgress: (report: ProgressReport) => void;
  onLog: (line: LogLine) => void;
  onCrash: (error: Error) => void;
}

/** Lines of the script's output that an author sees below the page. */
const OUTPUT_LINES = 500;
/** After this long without the next prompt the page says that it is at work, in milliseconds. */
const QUIET = 300;

@customElement("sidestage-app")
export class SidestageApp extends LitElement implements Screen {
  static override styles = [tokens, shared, appStyle];

  /** Makes the engine; another page may bring its own. */
  @property({ attribute: false }) createEngine: (hooks: EngineHooks) => FlowEngine = (hooks) => new PythonWorker(hooks);
  /** The address that everything is fetched from. */
  @property() base = document.baseURI;

  @state() private view: View = { kind: "loading", stage: "study", value: 0 };
  @state() private locale = chooseLocale(location.search, undefined, navigator.languages);
  /** Said above the page until the participant closes it. */
  @state() private notice = "";
  /** The last prompt has its answer: it stays in sight, but can no longer be used. */
  @state() private answered = false;
  /** What the page is doing meanwhile, once it takes long enough to say so. */
  @state() private busy = "";
  @state() private output: string[] = [];

  private config: AppConfig | null = null;
  private engine: FlowEngine | null = null;
  private host: Promise<HostStart> | null = null;
  private connection: Connection | null = null;
  /** Counts what has been shown, so that each prompt is drawn anew. */
  private shown = 0;
  private underWay = false;
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private stopReloading: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    if (window.parent !== window) {
      this.setAttribute("framed", "");
      this.host = waitForHost({ self: window, parent: window.parent });
      reportHeight(this, window.parent);
    }
    window.addEventListener("beforeunload", this.#askBeforeLeaving);
    void this.#run();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.#askBeforeLeaving);
    this.stopReloading?.();
    this.engine?.destroy();
  }

  // The study, from its start to its end

  /** Load the study and run it; whatever goes wrong becomes a page that says so and offers to start again. */
  async #run(): Promise<void> {
    this.#show({ kind: "loading", stage: "study", value: 0 });
    let started = false;
    let crash: (error: Error) => void = () => undefined;
    const crashed = new Promise<never>((_, reject) => {
      crash = reject;
    });
    crashed.catch(() => undefined);
    try {
      this.engine?.destroy();
      const engine = this.createEngine({ onProgress: this.#progress, onLog: this.#log, onCrash: crash });
      this.engine = engine;
      const { config, bridge, sessionId } = await this.#load(engine);
      started = true;
      this.underWay = true;
      const { script, title, platform } = config;
      const start = { script, sessionId, title, ...(platform !== null && { platform }) };
      const exit = await Promise.race([runCycle(engine, bridge, this, start), crashed]);
      this.underWay = false;
      engine.destroy();
      this.#show({ kind: "end", complete: exit.code === 0 });
    } catch (error) {
      this.underWay = false;
      this.#fail(error as Error & { pythonTraceback?: string }, started);
    }
  }

  async #load(engine: FlowEngine): Promise<{ config: AppConfig; bridge: Bridge; sessionId: string }> {
    const config = await fetchConfig(this.base);
    this.#take(config);
    const { error } = config;
    if (error) throw new LoadError(() => error);
    const archive = await fetchArchive(this.base, config.archive);
    const ready = engine.init({ packages: config.packages, archives: [archive] });
    ready.catch(() => undefined);
    this.connection ??= await connect(config, this.base, this.host, this.#offer);
    if (this.connection.locale) this.locale = this.connection.locale;
    await ready;
    this.connection.bridge.event("initialized");
    return { config, ...this.connection };
  }

  #take(config: AppConfig): void {
    this.config = config;
    this.locale = chooseLocale(location.search, config.locale, navigator.languages);
    if (config.dev) this.stopReloading ??= reloadOnChange(this.base, this.#reload);
  }

  #fail(error: Error & { pythonTraceback?: string }, started: boolean): void {
    const own = words(this.locale);
    const traceback =
      error.pythonTraceback ?? (error.cause as { pythonTraceback?: string } | undefined)?.pythonTraceback;
    if (traceback && this.config?.dev) reportScriptError(this.base, traceback);
    this.connection?.bridge.log({ level: "error", message: `${error.name} in the page` });
    this.connection?.bridge.flush();
    const again = { choices: [started ? own.startAgain : own.tryAgain], choose: () => void this.#run() };
    if (started && traceback) {
      this.#tell(own.scriptFailed, [own.scriptFailedHelp], again, traceback);
    } else if (started) {
      this.#tell(own.stopped, [own.stoppedHelp], again);
    } else {
      const known = error instanceof LoadError;
      const sentence = known ? error.sentence(own) : own.pythonFailed;
      const details = known ? "" : (traceback ?? error.message);
      this.#tell(own.loadFailed, [sentence, own.loadFailedHelp], again, details);
    }
  }

  // What the cycle needs

  show(page: Page): Promise<Payload> {
    if (page.__type__ === "PropsUIPageError" && this.config?.dev) reportScriptError(this.base, page.message);
    const quietly = this.view.kind === "page" && isProgress(this.view.page) && isProgress(page);
    return new Promise((resolve) => {
      const answer = (payload: Payload) => {
        if (!isProgress(page)) this.#work();
        resolve(payload);
      };
      this.#show({ kind: "page", page, answer }, quietly);
      if (page.__type__ === "PropsUIPageEnd") resolve(NOTHING);
    });
  }

  sending(): void {
    this.#work(words(this.locale).sending, 0);
  }

  askUnsent(result: DonationResult): Promise<"again" | "continue"> {
    const own = words(this.locale);
    return new Promise((resolve) => {
      const choose = (index: number) => {
        this.#work();
        resolve(index === 0 ? "again" : "continue");
      };
      const sentences = [own.unsentHelp, result.error ?? ""];
      this.#tell(own.unsent, sentences, { choices: [own.tryAgain, own.continueUnsent], choose });
    });
  }

  tellRefused(result: DonationResult): void {
    const own = words(this.locale);
    this.notice = own.refused(result.error ?? own.refusedReason(result.status));
  }

  showUnknown(name: string): Promise<void> {
    const own = words(this.locale);
    return new Promise((resolve) => {
      this.#tell(own.errorTitle, [own.unknownCommand(name)], { choices: [own.continue], choose: () => resolve() });
    });
  }

  #offer = (file: File): Promise<void> =>
    new Promise((resolve) => {
      this.#show({ kind: "save", file, saved: resolve });
    });

  // What is shown

  #show(view: View, quietly = false): void {
    if (!quietly) this.shown += 1;
    clearTimeout(this.quiet);
    this.answered = false;
    this.busy = "";
    this.view = view;
  }

  #tell(
    heading: string,
    sentences: readonly string[],
    way: { choices: readonly string[]; choose: (index: number) => void },
    details = "",
  ): void {
    this.#show({ kind: "message", heading, sentences, details, ...way });
  }

  /** Nothing is asked of the participant now; if it takes a while, say what the page is doing. */
  #work(sentence = words(this.locale).oneMoment, after = QUIET): void {
    clearTimeout(this.quiet);
    this.answered = true;
    this.quiet = setTimeout(() => {
      this.busy = sentence;
    }, after);
  }

  #progress = ({ stage, value }: ProgressReport) => {
    if (this.view.kind !== "loading") return;
    this.view = { kind: "loading", stage, value: Math.max(value, this.view.value) };
  };

  #log = ({ stream, text }: LogLine) => {
    if (this.config?.dev && stream !== "system") this.output = [...this.output, text].slice(-OUTPUT_LINES);
  };

  #askBeforeLeaving = (event: BeforeUnloadEvent) => {
    if (this.underWay) event.preventDefault();
  };

  #reload = () => {
    this.underWay = false;
    location.reload();
  };

  protected override updated(changed: PropertyValues): void {
    document.documentElement.lang = pageLanguage(this.locale);
    if (this.config) document.title = this.#documentTitle(this.config);
    if (changed.has("view") && this.drawn !== this.shown) void this.#focusHeading();
  }

  private drawn = 0;

  /** Move to the heading of what has just been drawn, so that the keyboard and a screen reader start there. */
  async #focusHeading(): Promise<void> {
    const first = this.drawn === 0;
    this.drawn = this.shown;
    if (first) return;
    const element = this.renderRoot.querySelector<LitElement>("main > .view > *");
    await element?.updateComplete;
    window.scrollTo({ top: 0 });
    element?.renderRoot.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }

  #documentTitle(config: AppConfig): string {
    const study = localize(config.title, this.locale);
    const { view } = this;
    if (view.kind === "message") return `${view.heading} – ${study}`;
    if (view.kind !== "page" || view.page.__type__ !== "PropsUIPageDataSubmission") return study;
    const page = localize(view.page.header?.title, this.locale);
    return page && page !== study ? `${page} – ${study}` : study;
  }

  protected override render() {
    const own = words(this.locale);
    const heading = this.config ? localize(this.config.title, this.locale) : document.title;
    const wide = this.view.kind === "page" && isWide(this.view.page);
    return html`<main class=${wide ? "wide" : ""} aria-busy=${this.answered}>
        ${this.notice ? this.#notice(own.dismiss) : nothing}
        <div class="view" ?inert=${this.answered}>${keyed(this.shown, draw(this.view, heading, this.locale))}</div>
        <p class="busy muted" role="status">${this.busy ? html`<span class="wheel"></span>${this.busy}` : nothing}</p>
      </main>
      ${this.output.length ? this.#output(own.pythonOutput) : nothing}`;
  }

  #notice(close: string) {
    const dismiss = () => {
      this.notice = "";
    };
    return html`<div class="refused" role="alert">
      <p>${this.notice}</p>
      <button type="button" class="icon" aria-label=${close} @click=${dismiss}>${icon("cross")}</button>
    </div>`;
  }

  #output(name: string) {
    return html`<details class="output">
      <summary>${name}</summary>
      <pre tabindex="0">${this.output.join("\n")}</pre>
    </details>`;
  }
}
