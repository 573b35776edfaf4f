/** The page of a study: loads it, runs its flow, and shows one thing at a time. */
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { appStyle } from "./app_style.js";
import { type Connection, connect } from "./bridge/connect.js";
import { type HostStart, reportHeight, waitForHost } from "./bridge/host.js";
import { type FlowEngine, runCycle } from "./cycle.js";
import { reloadOnChange, reportScriptError } from "./development.js";
import { type LogLine, type ProgressReport, PythonWorker } from "./engine/index.js";
import { type AppConfig, fetchArchive, fetchConfig, LoadError, StudyError } from "./loading.js";
import { isWide } from "./prompts/page_kind.js";
import { icon } from "./prompts/parts.js";
import { Stage } from "./stage.js";
import { shared, tokens } from "./style.js";
import { SurvivingFlow } from "./surviving_flow.js";
import { chooseLocale, localize, pageLanguage, type Words, words } from "./texts.js";
import { draw } from "./view.js";

/** What an engine is given to speak up with. */
export interface EngineHooks {
  onProgress: (report: ProgressReport) => void;
  onLog: (line: LogLine) => void;
  onCrash: (error: Error) => void;
}

/** Lines of the script's output that an author sees below the page. */
const OUTPUT_LINES = 500;

@customElement("sidestage-app")
export class SidestageApp extends LitElement {
  static override styles = [tokens, shared, appStyle];

  /** Makes the engine; another page may bring its own. */
  @property({ attribute: false }) createEngine: (hooks: EngineHooks) => FlowEngine = (hooks) => new PythonWorker(hooks);
  /** The address that everything is fetched from. */
  @property() base = document.baseURI;

  @state() private config: AppConfig | null = null;
  @state() private locale = chooseLocale(location.search, undefined, navigator.languages);
  @state() private output: string[] = [];

  private readonly stage = new Stage(
    this,
    () => this.words,
    (traceback) => this.#scriptError(traceback),
  );
  private engine: FlowEngine | null = null;
  private host: Promise<HostStart> | null = null;
  private connection: Connection | null = null;
  private underWay = false;
  private drawn = 0;
  private readonly atEnd: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    if (window.parent !== window) {
      this.setAttribute("framed", "");
      this.host = waitForHost({ self: window, parent: window.parent });
      this.atEnd.push(reportHeight(this, window.parent));
    }
    window.addEventListener("beforeunload", this.#askBeforeLeaving);
    void this.#run();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.#askBeforeLeaving);
    for (const stop of this.atEnd.splice(0)) stop();
    this.engine?.destroy();
  }

  private get words(): Words {
    return words(this.locale);
  }

  /** Load the study and run it; whatever goes wrong becomes a page that says so and offers to start again. */
  async #run(): Promise<void> {
    this.stage.load();
    this.engine?.destroy();
    let flow: SurvivingFlow | null = null;
    const onCrash = () => flow?.lose();
    try {
      this.engine = this.createEngine({ onProgress: this.#progress, onLog: this.#log, onCrash });
      const { config, bridge, sessionId } = await this.#load(this.engine);
      this.underWay = true;
      const { script, title, platform } = config;
      const start = { script, sessionId, title, ...(platform !== null && { platform }) };
      flow = new SurvivingFlow(this.engine, start);
      const exit = await runCycle(flow, bridge, this.stage);
      this.engine.destroy();
      this.stage.end(exit.code === 0);
    } catch (error) {
      this.#fail(error as Error & { pythonTraceback?: string }, this.underWay);
    } finally {
      this.underWay = false;
    }
  }

  async #load(engine: FlowEngine): Promise<Connection & { config: AppConfig }> {
    const config = await fetchConfig(this.base);
    this.#take(config);
    if (config.error) throw new StudyError(config.error);
    const archive = await fetchArchive(this.base, config.archive);
    const ready = engine.init({ packages: config.packages, archives: [archive] });
    ready.catch(() => undefined);
    this.connection ??= await connect(config, this.base, this.host, (file) => this.stage.offer(file));
    if (this.connection.locale) this.locale = this.connection.locale;
    await ready;
    this.connection.bridge.event("initialized");
    return { config, ...this.connection };
  }

  #take(config: AppConfig): void {
    if (config.dev && !this.config) {
      this.atEnd.push(reloadOnChange(this.base, this.#reload, () => this.underWay));
    }
    this.config = config;
    this.locale = chooseLocale(location.search, config.locale, navigator.languages);
  }

  /** Say what failed and what to do, and offer to start again. */
  #fail(error: Error & { pythonTraceback?: string }, started: boolean): void {
    const { words, stage } = this;
    const cause = error.cause as { pythonTraceback?: string } | undefined;
    const traceback = error.pythonTraceback || cause?.pythonTraceback || "";
    if (traceback) this.#scriptError(traceback);
    this.connection?.bridge.log({ level: "error", message: `${error.name} in the page` });
    this.connection?.bridge.flush();
    const again = () => void this.#run();
    if (error instanceof StudyError) {
      // Its author reads it at once; a participant can do nothing about it, but can pass it on.
      const author = this.config?.dev;
      const sentences = author ? [error.message, words.cannotStartAuthor] : [words.cannotStartHelp];
      stage.tell(words.cannotStart, sentences, [[words.tryAgain, again]], author ? "" : error.message);
    } else if (!started) {
      const known = error instanceof LoadError;
      const sentence = known ? error.sentence(words) : words.pythonFailed;
      const details = known ? "" : traceback || error.message;
      stage.tell(words.loadFailed, [sentence, words.loadFailedHelp], [[words.tryAgain, again]], details);
    } else if (traceback) {
      stage.tell(words.scriptFailed, [words.scriptFailedHelp], [[words.startAgain, again]], traceback);
    } else {
      const details = this.config?.dev ? error.message : "";
      stage.tell(words.stopped, [words.stoppedHelp], [[words.startAgain, again]], details);
    }
  }

  #scriptError = (traceback: string) => {
    if (this.config?.dev) reportScriptError(this.base, traceback);
  };

  #progress = (report: ProgressReport) => this.stage.progress(report);

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

  protected override updated(_changed: PropertyValues): void {
    document.documentElement.lang = pageLanguage(this.locale);
    if (this.config) document.title = this.#documentTitle(localize(this.config.title, this.locale));
    if (this.drawn !== this.stage.shown) void this.#focusHeading();
  }

  /** Move to the heading of what has just been drawn, so that the keyboard and a screen reader start there. */
  async #focusHeading(): Promise<void> {
    const opening = this.drawn === 0;
    this.drawn = this.stage.shown;
    if (opening) return;
    const element = this.renderRoot.querySelector<LitElement>(".view > *");
    await element?.updateComplete;
    window.scrollTo({ top: 0 });
    element?.renderRoot.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }

  #documentTitle(study: string): string {
    const { view } = this.stage;
    if (view.kind === "message") return `${view.heading} – ${study}`;
    if (view.kind !== "page" || view.page.__type__ !== "PropsUIPageDataSubmission") return study;
    const page = localize(view.page.header?.title, this.locale);
    return page && page !== study ? `${page} – ${study}` : study;
  }

  protected override render() {
    const { stage, words } = this;
    const heading = this.config ? localize(this.config.title, this.locale) : document.title;
    const wide = stage.view.kind === "page" && isWide(stage.view.page);
    return html`<main class=${wide ? "wide" : ""}>
        ${stage.notice ? this.#notice(stage.notice, words.dismiss) : nothing}
        <div class="view" ?inert=${stage.answered} aria-busy=${stage.answered}>
          ${keyed(stage.shown, draw(stage.view, heading, this.locale))}
        </div>
        <p class="busy muted" role="status">${stage.busy ? html`<span class="wheel"></span>${stage.busy}` : nothing}</p>
      </main>
      ${this.output.length ? this.#output(words.pythonOutput) : nothing}`;
  }

  #notice(sentence: string, close: string) {
    return html`<div class="refused" role="alert">
      <p>${sentence}</p>
      <button type="button" class="icon" aria-label=${close} @click=${() => this.stage.dismiss()}>${icon("cross")}</button>
    </div>`;
  }

  #output(name: string) {
    return html`<details class="output">
      <summary>${name}</summary>
      <pre tabindex="0">${this.output.join("\n")}</pre>
    </details>`;
  }
}
