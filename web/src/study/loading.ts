/** What the page fetches before a flow can start: its configuration, its script, and a session. */
import { type Expected, isAsExpected } from "../boot/downloads.js";
import { ConnectionLost, fetchWhole } from "../boot/fetch_retry.js";
import type { Declarations } from "../outgoing/session_data.js";
import type { Text } from "../protocol/types.gen.js";
import { announced } from "../site/announced.js";
import type { Words } from "../words/texts.js";

/** A way out of the page. A server that is not the page's own has an address, which ends in a slash. */
interface BridgeSettings {
  kind: "server" | "host" | "download";
  url?: string;
  /** The host that the study was built for; any page unless given. */
  origin?: string;
}

/** A module that draws one of the study's own prompts: where it lies, what it must be, and its element's name. */
export interface ModuleSettings extends Expected {
  address: string;
  element: string;
}

/** What the server says about the study (``config.json``). */
export interface AppConfig {
  title: Text;
  platform: string | null;
  /** The script's name inside the archive. */
  script: string;
  /** The archive's address, relative to the page. */
  archive: string;
  packages: string[];
  /** What the study declares as data about the session: keys of donations, and in words what is sent under them. */
  sessionData?: Declarations;
  /** The modules of the study's own prompts, by the prompts' names. */
  prompts?: Record<string, ModuleSettings>;
  /** Whether an author is at work: reload on changes, errors in the terminal. */
  dev: boolean;
  /** What the author should know although the study starts; only where one is at work. */
  warnings?: string[];
  /** Where donations go, unless a host is there to take them. */
  bridge: BridgeSettings;
  locale?: string;
  /** Why the study cannot start as its files are now: a sentence for its author. */
  error?: string;
}

/** What the server said when it opened the session. */
export interface ServerSession {
  sessionId: string;
  token: string;
  maxBytes: number;
}

/** How long a fetch may take, in milliseconds. */
const PATIENCE = 60_000;

/** Something could not be fetched. ``sentence`` says what, in the page's language. */
export class LoadError extends Error {
  /** With `isAnswered`, the server was reached and said why: it is not the connection. */
  constructor(
    readonly sentence: (words: Words) => string,
    readonly isAnswered = false,
  ) {
    super("Something that the page needs could not be fetched.");
  }
}

/** The study cannot start as its files are now. The message is a sentence for its author. */
export class StudyError extends Error {}

type Part = "theConfiguration" | "theScript" | "theSession";

/** The study's configuration. */
export async function fetchConfig(base: string): Promise<AppConfig> {
  const file = announced()?.config;
  const content = await fetchFile(new URL(file?.address ?? "config.json", base), "theConfiguration", file);
  return readJson<AppConfig>(new Response(content), "theConfiguration");
}

/** The study's script and what lies beside it, as the bytes of a zip. */
export async function fetchArchive(base: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = announced()?.script;
  return fetchFile(new URL(file?.address ?? path, base), "theScript", file);
}

/** The text of a module of the study's own prompts. */
export async function fetchModule(base: string, { address, ...expected }: ModuleSettings): Promise<string> {
  return new TextDecoder().decode(await fetchFile(new URL(address, base), "theScript", expected));
}

/** A file, which must be what was announced, if it was. */
async function fetchFile(address: URL, part: Part, expected?: Expected): Promise<Uint8Array<ArrayBuffer>> {
  const read = async (response: Response) => new Uint8Array(await served(response, part).arrayBuffer());
  const content = await fetchWhole(address, read, PATIENCE).catch((error) => {
    throw error instanceof ConnectionLost ? notReached(part) : error;
  });
  if (expected && !(await isAsExpected(content, expected)))
    throw new LoadError((words) => words.notReadable(words[part]));
  return content;
}

/** A session, without which the server takes no donation. One that was asked for is not asked for twice. */
export async function openSession(base: string): Promise<ServerSession> {
  const request = { method: "POST", signal: AbortSignal.timeout(PATIENCE) };
  const response = await fetch(new URL("api/session", base), request).catch(() => {
    throw notReached("theSession");
  });
  if (!response.ok) {
    const said = (await response.json().catch(() => null)) as { error?: unknown } | null;
    const error = said?.error;
    if (typeof error === "string") throw new LoadError(() => error, true);
  }
  return readJson<ServerSession>(served(response, "theSession"), "theSession");
}

function notReached(part: Part): LoadError {
  return new LoadError((words) => words.notReached(words[part]));
}

function served(response: Response, part: Part): Response {
  if (!response.ok) throw new LoadError((words) => words.notServed(words[part], response.status), true);
  return response;
}

async function readJson<Value>(content: Response, part: Part): Promise<Value> {
  try {
    return JSON.parse(await content.text()) as Value;
  } catch {
    throw new LoadError((words) => words.notReadable(words[part]));
  }
}
