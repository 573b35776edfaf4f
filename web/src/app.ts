/** The page of a study: loads it, runs its flow, and shows one thing at a time. */
import { ContextProvider, provide } from "@lit/context";
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { sha256 } from "./boot/sha256.js";
import { type Connection, connect, type KeptSession, meetHost } from "./bridge/connect.js";
import { HeightReports, reportHeight } from "./bridge/height_reports.js";
import type { HostStart } from "./bridge/host.js";
import { isForgottenYield, reloadOnChange, reportScriptError } from "./development.js";
import { type LogLine, type ProgressReport, PythonWorker } from "./engine/index.js";
import { type FlowEngine, type FlowStart, runCycle } from "./flow/run_cycle.js";
import type { Bridge } from "./outgoing/bridge.js";
import type { AppConfig } from "./study/loading.js";
import { ownModules } from "./study/own_modules.js";
import { type SourceTexts, sourceTexts } from "./study/source_texts.js";
import { pythonOptions, StudyStart, takeBegunStudy } from "./study/study_start.js";
import { appStyle } from "./style/app.js";
import "./outgoing/what_leaves.js";
// On the server's pages it has run already: what both need is in its file.
import "./start.js";
import { drawn } from "./elements/drawn_text.js";
import { languageContext, spokenIn } from "./elements/language.js";
import { icon } from "./elements/parts.js";
import { claim, type KeptFlow, Resumption, tabStorage, wasReloaded } from "./flow/resumption.js";
import { SurvivingFlow } from "./flow/surviving_flow.js";
import { ConsentGate } from "./outgoing/consent_gate.js";
import { destinationWords } from "./outgoing/destination.js";
import { Diagnostics, diagnosisOf } from "./outgoing/diagnostics.js";
import { KnownWords } from "./outgoing/known_words.js";
import { SentRecord } from "./outgoing/sent_record.js";
import { SessionData } from "./outgoing/session_data.js";
import { UnseenNames } from "./outgoing/unseen_names.js";
import { type OwnModules, ownModulesContext } from "./own_prompt/modules.js";
import { engineContext, type PromptEngine } from "./prompts/engine.js";
import { isWide } from "./prompts/page_kind.js";
import { documentTitle } from "./screens/document_title.js";
import { tellFailure } from "./screens/failure.js";
import { FlowScreen, type Notice } from "./screens/flow_screen.js";
import { focusHeading } from "./screens/focus_heading.js";
import { draw } from "./screens/render.js";
import { keepForOffline } from "./site/offline.js";
import { shared, tokens } from "./style/shared.js";
import { chooseLocale, localize, pageLanguage, type Words } from "./words/texts.js";

/** What an engine is given to speak up with. */
export interface EngineHooks {
  onProgress: (report: ProgressReport) => void;
  onLog: (line: LogLine) => void;
  onCrash: (error: Error) => void;
  onRefused: (sentence: string) => void;
}

/** A flow under way, and what it takes to go on with it after a reload. */
interface Running {
  flow: SurvivingFlow;
  gate: ConsentGate;
  archive: string | null;
  session: KeptSession;
  /** Whether it goes on from what was kept. */
  resumed: boolean;
}

/** Lines of the script's output that an author sees below the page. */
const OUTPUT_LINES = 500;

@customElement("sidestage-app")
export class SidestageApp extends LitElement {
  static override styles = [tokens, shared, appStyle];

  /** Makes the engine; another page may bring its own. */
  @property({ attribute: false }) createEngine: (hooks: EngineHooks) => FlowEngine & PromptEngine = (hooks) =>
    new PythonWorker({ ...hooks, ...pythonOptions() });
  /** The address that everything is fetched from. */
  @property() base = document.baseURI;

  @state() private config: AppConfig | null = null;
  @provide({ context: languageContext })
  @state()
  private language = spokenIn(chooseLocale(location.search, undefined, navigator.languages));
  @state() private output: string[] = [];
  @provide({ context: ownModulesContext })
  protected modules: OwnModules = new Map();

  private readonly screen = new FlowScreen(
    this,
    () => this.words,
    (traceback) => this.#scriptError(traceback),
  );
  /** All that has left the page. */
  private readonly record = new SentRecord();
  private readonly diagnostics = new Diagnostics();
  /** However often the flow is started again, the limit of these is the session's. */
  private names: UnseenNames | null = null;
  private readonly heights = new HeightReports();
  private engine: FlowEngine | null = null;
  private readonly promptEngine = new ContextProvider(this, { context: engineContext });
  private host: Promise<HostStart> | null = null;
  private connection: Connection | null = null;
  private resumption!: Resumption;
  /** The flow that is under way. */
  private running: Running | null = null;
  private runs = 0;
  private drawn = 0;
  private readonly atEnd: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    if (window.parent !== window) {
      this.setAttribute("framed", "");
      this.atEnd.push(reportHeight(this, this.heights));
    }
    this.resumption = new Resumption(this.base, tabStorage());
    window.addEventListener("beforeunload", this.#askBeforeLeaving);
    window.addEventListener("pagehide", this.#keep);
    // A phone may throw a page away that is out of sight, and load it again later.
    document.addEventListener("visibilitychange", this.#keep);
    void this.#run();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.#askBeforeLeaving);
    window.removeEventListener("pagehide", this.#keep);
    document.removeEventListener("visibilitychange", this.#keep);
    for (const stop of this.atEnd.splice(0)) stop();
    this.engine?.destroy();
  }

  private get words(): Words {
    return this.language.words;
  }

  /** Load the study and run it; whatever goes wrong becomes a page that says so and offers to start again. */
  async #run(): Promise<void> {
    const run = ++this.runs;
    this.screen.load();
    this.engine?.destroy();
    this.running = null;
    let running: Running | null = null;
    const onCrash = () => running?.flow.lose();
    try {
      const onRefused = (sentence: string) => running?.gate.refusedMessage(sentence);
      const hooks = { onProgress: this.#progress, onLog: this.#log, onCrash, onRefused };
      const start = takeBegunStudy(this.base, hooks) ?? new StudyStart(this.base, this.createEngine(hooks));
      const { engine } = start;
      this.engine = engine;
      this.promptEngine.setValue(engine);
      running = await this.#load(start);
      this.running = running;
      const exit = await runCycle(running.flow, running.gate, this.screen);
      engine.destroy();
      this.#ended();
      this.screen.end(exit.code === 0);
    } catch (error) {
      // The participant may have started again in the meantime.
      if (run !== this.runs) return;
      if (running?.resumed && !running.flow.started) this.#startAgain();
      else this.#fail(error as Error & { pythonTraceback?: string }, running !== null);
    }
  }

  /** Nothing is under way any more, and nothing is left to go on from. */
  #ended(): void {
    this.running = null;
    this.resumption.forget();
  }

  #startAgain = () => {
    this.#ended();
    void this.#run();
  };

  async #load({ engine, ...start }: StudyStart<FlowEngine>): Promise<Running> {
    const config = await start.config;
    this.#take(config);
    if (window.parent !== window) this.host ??= meetHost(config, this.heights);
    const archive = await start.archive;
    const print = sha256(archive);
    const source = sourceTexts(archive);
    const kept = this.connection ? null : await this.#kept(await print);
    this.connection ??= await this.#connect(config, kept);
    const { bridge, session, locale } = this.connection;
    if (locale) this.language = spokenIn(locale);
    await start.ready;
    keepForOffline();
    bridge.event("initialized");
    const gate = this.#gate(config, bridge, session, source);
    const resumed = kept !== null && kept.session.sessionId === session.sessionId;
    if (resumed) {
      gate.restore(kept.agreements);
      this.screen.welcomeBack(this.#startAgain);
    }
    const flow = new SurvivingFlow(engine, startOf(config, session.sessionId), resumed ? kept.turns : []);
    return { flow, gate, archive: await print, session, resumed };
  }

  /** What there is to go on from, if the page was reloaded and no other has the session. */
  async #kept(archive: string | null): Promise<KeptFlow | null> {
    const kept = wasReloaded() ? this.resumption.find(archive) : null;
    if (kept && (await claim(kept.session.sessionId))) return kept;
    this.resumption.forget();
    return null;
  }

  async #connect(config: AppConfig, kept: KeptFlow | null): Promise<Connection> {
    const { base, host, record } = this;
    const offer = (file: File) => this.screen.offer(file);
    const connection = await connect(config, { base, host, offer, record, kept: kept?.session ?? null });
    if (kept?.session.sessionId === connection.session.sessionId) record.restore(kept.sent);
    else void claim(connection.session.sessionId);
    return connection;
  }

  /** Keep what it takes to go on after a reload. */
  #keep = ({ type }: Event) => {
    if (!this.running || (type !== "pagehide" && !document.hidden)) return;
    const { flow, gate, archive, session } = this.running;
    this.resumption.keep({ archive, session, turns: flow.turns, agreements: gate.kept(), sent: this.record.kept() });
  };

  #gate(
    { platform, sessionData }: AppConfig,
    bridge: Bridge,
    { sessionId }: KeptSession,
    source: SourceTexts,
  ): ConsentGate {
    const declared = new SessionData(sessionData);
    this.names ??= new UnseenNames(new KnownWords({ sessionId, platform, declared: declared.keys, source }));
    return new ConsentGate(bridge, {
      platform,
      sessionData: declared,
      diagnostics: this.diagnostics,
      names: this.names,
      ask: (key, content) => this.screen.askToSend(key, content, destinationWords(bridge.destination, this.words)),
      tellAuthor: this.#tellAuthor,
    });
  }

  #take(config: AppConfig): void {
    if (config.dev && !this.config) {
      this.atEnd.push(reloadOnChange(this.base, this.#reload, () => this.running !== null));
      this.output = config.warnings ?? [];
    }
    this.config = config;
    this.modules = ownModules(this.base, config.prompts);
    this.language = spokenIn(chooseLocale(location.search, config.locale, navigator.languages));
  }

  /** Say what failed and what to do, and offer to start again. */
  #fail(error: Error & { pythonTraceback?: string }, started: boolean): void {
    const cause = error.cause as { pythonTraceback?: string } | undefined;
    const traceback = error.pythonTraceback || cause?.pythonTraceback || "";
    if (traceback) this.#scriptError(traceback);
    if (started) this.#ended();
    else this.engine?.destroy();
    this.diagnostics.note(diagnosisOf(error));
    if (this.connection) {
      this.diagnostics.tell(this.connection.bridge);
      this.connection.bridge.flush();
    }
    const again = () => void this.#run();
    tellFailure(this.screen, this.words, { error, traceback, started, isAuthor: this.config?.dev === true }, again);
  }

  #scriptError = (traceback: string) => {
    if (this.config?.dev) void reportScriptError(this.base, traceback, this.record);
  };

  #progress = (report: ProgressReport) => this.screen.progress(report);

  #log = ({ stream, text }: LogLine) => {
    if (stream === "system") return;
    const known = isForgottenYield(text) && this.config?.warnings?.some((sentence) => text.endsWith(sentence));
    if (known) return;
    if (isForgottenYield(text)) this.#scriptError(text);
    this.#tellAuthor(text);
  };

  #tellAuthor = (line: string) => {
    if (this.config?.dev) this.output = [...this.output, line].slice(-OUTPUT_LINES);
  };

  #askBeforeLeaving = (event: BeforeUnloadEvent) => {
    if (this.running) event.preventDefault();
  };

  #reload = () => {
    this.#ended();
    location.reload();
  };

  protected override updated(_changed: PropertyValues): void {
    document.documentElement.lang = pageLanguage(this.language.locale);
    if (this.config) document.title = documentTitle(this.screen.view, this.config.title, this.language.locale);
    if (this.drawn === this.screen.shown) return;
    if (this.screen.waits) this.heights.renew();
    void this.#focusHeading();
  }

  /** Move to the heading of what has just been drawn, so that the keyboard and a screen reader start there. */
  async #focusHeading(): Promise<void> {
    const opening = this.drawn === 0;
    this.drawn = this.screen.shown;
    if (opening) return;
    await focusHeading(this.renderRoot.querySelector<LitElement>(".view > *"));
  }

  protected override render() {
    const { screen, words } = this;
    const heading = this.config ? localize(this.config.title, this.language.locale) : document.title;
    const wide = screen.view.kind === "page" && isWide(screen.view.page);
    return html`<main class=${wide ? "wide" : ""}>
        ${screen.notice && screen.view.kind !== "loading" ? this.#notice(screen.notice, words.dismiss) : nothing}
        <div class="view" ?inert=${screen.answered} aria-busy=${screen.answered}>
          ${keyed(screen.shown, draw(screen.view, heading))}
        </div>
        <p class="busy muted" role="status">${screen.busy ? html`<span class="wheel"></span>${screen.busy}` : nothing}</p>
      </main>
      <footer>
        <sidestage-what-leaves
          .record=${this.record}
          .declarations=${this.config?.sessionData ?? {}}
          .destination=${this.connection?.bridge.destination ?? null}
          ?framed=${window.parent !== window}
          @toggle=${this.#panelToggled}
        ></sidestage-what-leaves>
      </footer>
      ${this.output.length ? this.#output(words.pythonOutput) : nothing}`;
  }

  #notice({ kind, sentence, way }: Notice, close: string) {
    return html`<div class="notice ${kind}" role=${kind === "refused" ? "alert" : "status"}>
      <p dir="auto">${drawn(sentence)}</p>
      ${way ? html`<button type="button" class="small" @click=${way[1]}>${way[0]}</button>` : nothing}
      <button type="button" class="icon" aria-label=${close} @click=${() => this.screen.dismiss()}>${icon("cross")}</button>
    </div>`;
  }

  /** A frame that is low gets room for the list while it is open. */
  #panelToggled = ({ detail }: CustomEvent<boolean>) => this.toggleAttribute("panel", detail);

  #output(name: string) {
    return html`<details class="output">
      <summary>${name}</summary>
      <pre tabindex="0">${this.output.join("\n")}</pre>
    </details>`;
  }
}

function startOf({ script, title, platform }: AppConfig, sessionId: string): FlowStart {
  return { script, sessionId, title, ...(platform !== null && { platform }) };
}
