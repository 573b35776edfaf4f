/** What a study's start is made of, each part begun as soon as it can be: its files, and Python. */
import { PythonWorker, type PythonWorkerOptions } from "../engine/index.js";
import { announced } from "../site/announced.js";
import { type AppConfig, fetchArchive, fetchConfig, StudyError } from "./loading.js";

/** What the page needs of an engine here. */
export interface Startable {
  init(options: { packages?: string[]; archives?: Uint8Array[] }): Promise<unknown>;
}

export class StudyStart<Engine extends Startable> {
  readonly engine: Engine;
  readonly config: Promise<AppConfig>;
  /** The study's script and what lies beside it. */
  readonly archive: Promise<Uint8Array<ArrayBuffer>>;
  /** Settles when Python is there, with the archive. */
  readonly ready: Promise<unknown>;

  /** @param base the address that everything is fetched from. */
  constructor(base: string, engine: Engine) {
    this.engine = engine;
    this.config = fetchConfig(base);
    this.archive = this.config.then(({ archive, error }) => {
      if (error) throw new StudyError(error);
      return fetchArchive(base, archive);
    });
    this.ready = this.#start();
    // Who awaits one is told if it fails. Until somebody does, that must not be reported as unhandled.
    for (const each of [this.config, this.archive, this.ready]) each.catch(() => undefined);
  }

  async #start(): Promise<unknown> {
    const [{ packages }, archive] = await Promise.all([this.config, this.archive]);
    return this.engine.init({ packages, archives: [archive] });
  }
}

/** The start that was begun before there was a page to show it. */
interface BegunStart {
  base: string;
  start: StudyStart<PythonWorker>;
  options: PythonWorkerOptions;
}

let begun: BegunStart | null = null;

/** Begin the start of the study at an address, for a page that comes later. */
export function beginStudy(base: string): void {
  const options: PythonWorkerOptions = pythonOptions();
  begun = { base, start: new StudyStart(base, new PythonWorker(options)), options };
}

/** What was begun for this address, once: it goes on with these `hooks`. */
export function takeBegunStudy(base: string, hooks: PythonWorkerOptions): StudyStart<PythonWorker> | null {
  if (begun?.base !== base) return null;
  const { start, options } = begun;
  begun = null;
  Object.assign(options, hooks);
  return start;
}

/** How a study's page starts Python. */
export function pythonOptions(): PythonWorkerOptions {
  const manifest = announced()?.manifest;
  return { requests: ["startFlow"], ...(manifest && { manifest }) };
}
