// Generated from Sidestage's Python by tools/generate_protocol.py. Do not edit.

/** A text to show: one string for every language, or one string per locale. */
export type Text = string | Translatable;

/** A text in several languages, as ``{"translations": {locale: text}}`` on the wire. */
export interface Translatable {
  translations: Record<string, string>;
}

/** No answer: the command needed none, or the host gave none in time. */
export interface PayloadVoid {
  __type__: "PayloadVoid";
  value?: null;
}

/** Yes, agreed, or done. */
export interface PayloadTrue {
  __type__: "PayloadTrue";
  value: true;
}

/** No, declined, or skipped. */
export interface PayloadFalse {
  __type__: "PayloadFalse";
  value: false;
}

/** A text that the participant chose or typed. */
export interface PayloadString {
  __type__: "PayloadString";
  value: string;
}

/** A JSON text. */
export interface PayloadJSON {
  __type__: "PayloadJSON";
  value: string;
}

/** The prompt could not be answered; the value says why. */
export interface PayloadError {
  __type__: "PayloadError";
  value: string;
}

/** A file the participant chose. The worker opens it and reads it lazily from ``path``; nothing is copied. */
export interface FileReference {
  $type: "file";
  path: string;
  name: string;
  size: number;
}

/** One file. Between page and worker the value is the browser's ``File``; in Python a file object. */
export interface PayloadFile {
  __type__: "PayloadFile";
  value: File;
}

/** Several files. */
export interface PayloadFileArray {
  __type__: "PayloadFileArray";
  value: File[];
}

/** Several files, under the name that some existing scripts expect. */
export interface PayloadFiles {
  __type__: "PayloadFiles";
  value: File[];
}

/**
 * What the participant left out, per table id: the positions of the deleted rows, counted from 0.
 *
 * ``agreement`` is the number by which a donation may refer to what was agreed to; absent where it can only be text.
 */
export interface Review {
  deleted: Record<string, number[]>;
  agreement?: number;
}

/**
 * The participant agreed to the reviewed tables, less the deleted rows.
 *
 * Python, which has the tables, makes the rows of it.
 */
export interface PayloadReview {
  __type__: "PayloadReview";
  value: Review;
}

/** Whether a donation arrived. ``status`` is the HTTP status; 0 is a network error. */
export interface DonationResult {
  success: boolean;
  key: string;
  status: number;
  error?: string;
}

/** The answer to a donation. */
export interface PayloadResponse {
  __type__: "PayloadResponse";
  value: DonationResult;
}

/** The page's answer to a command: the command's name and the payload. */
export interface Response {
  __type__: "Response";
  command: string;
  payload: Payload;
}

export type Payload =
  | PayloadVoid
  | PayloadTrue
  | PayloadFalse
  | PayloadString
  | PayloadJSON
  | PayloadError
  | PayloadFile
  | PayloadFileArray
  | PayloadFiles
  | PayloadReview
  | PayloadResponse;

/** One of the choices; ``value`` is shown and is the answer. */
export interface RadioItem {
  id: number;
  value: Text;
}

/** Choose one item. Answered by PayloadString with the item's value (in the first of its languages). */
export interface PropsUIPromptRadioInput {
  __type__: "PropsUIPromptRadioInput";
  title: Text;
  description: Text;
  items: RadioItem[];
}

/** A question with two buttons. Answered by PayloadTrue (``ok``) or PayloadFalse (``cancel``). */
export interface PropsUIPromptConfirm {
  __type__: "PropsUIPromptConfirm";
  text: Text;
  ok: Text;
  cancel: Text;
}

/**
 * Ask for one file. Answered by PayloadFile, or PayloadFalse when skipped.
 *
 * ``extensions`` is a comma-separated list of what is accepted, such as ``.zip, application/json``.
 */
export interface PropsUIPromptFileInput {
  __type__: "PropsUIPromptFileInput";
  description: Text;
  extensions: string;
}

/** Ask for one file or more. Answered by PayloadFileArray, or PayloadFalse when skipped. */
export interface PropsUIPromptFileInputMultiple {
  __type__: "PropsUIPromptFileInputMultiple";
  description: Text;
  extensions: string;
}

/**
 * A prompt of the study's own, which its module ``prompts/<name>.js`` draws.
 *
 * ``fields`` are what the module shows; those named in ``texts`` are texts in one language or several, the others any
 * JSON. ``answers`` names the payloads that can be the answer. Of these, the page takes for no answer PayloadVoid, for
 * true and false PayloadTrue and PayloadFalse, for a text PayloadString, and for all that is left PayloadJSON with its
 * JSON text. ``wide`` asks for more width than text has.
 */
export interface PropsUIPromptCustom {
  __type__: "PropsUIPromptCustom";
  name: string;
  fields: Record<string, unknown>;
  texts: string[];
  answers: ("PayloadVoid" | "PayloadTrue" | "PayloadFalse" | "PayloadString" | "PayloadJSON")[];
  wide?: boolean;
}

/** Shown while Python works; answered by PayloadTrue at once. ``percentage`` is 0 to 100, or absent when unknown. */
export interface PropsUIPromptProgress {
  __type__: "PropsUIPromptProgress";
  description: Text;
  message: Text;
  percentage?: number;
}

/** Something did not work; one button to go on. Answered by PayloadTrue. */
export interface PropsUIPromptRetry {
  __type__: "PropsUIPromptRetry";
  text: Text;
  ok: Text;
}

/**
 * A table to review.
 *
 * ``data_frame`` is column-oriented JSON text, ``{column: {row: cell}}`` or ``{column: [cell]}``; a long table comes
 * as a list of such texts, one after another, so that the page can read it in small pieces. ``headers`` gives
 * columns other names to show.
 */
export interface PropsUIPromptConsentFormTable {
  __type__: "PropsUIPromptConsentFormTable";
  id: string;
  number: number;
  title: Text;
  description: Text;
  data_frame: string | string[];
  headers?: Record<string, Text>;
}

/** The question and the buttons below the tables of a page. Answered by PayloadReview or PayloadFalse. */
export interface PropsUIDataSubmissionButtons {
  __type__: "PropsUIDataSubmissionButtons";
  donateQuestion?: Text;
  donateButton?: Text;
  waiting?: boolean;
}

/** Tables, question and buttons in one prompt. Answered by PayloadReview or PayloadFalse. */
export interface PropsUIPromptConsentForm {
  __type__: "PropsUIPromptConsentForm";
  tables: PropsUIPromptConsentFormTable[];
  metaTables?: PropsUIPromptConsentFormTable[];
  description?: Text;
  donateQuestion?: Text;
  donateButton?: Text;
}

/**
 * A text without an answer of its own. A page of texts alone gets a button to continue, answered by PayloadVoid.
 *
 * ``button`` names that button.
 */
export interface PropsUIPromptText {
  __type__: "PropsUIPromptText";
  text: Text;
  title?: Text;
  button?: Text;
}

/** A text, for a first try. */
export interface PropsUIPromptHelloWorld {
  __type__: "PropsUIPromptHelloWorld";
  text: Text;
}

/** The title above a page. */
export interface PropsUIHeader {
  __type__: "PropsUIHeader";
  title: Text;
}

/** A page of prompts. ``platform`` names whose data it is about. */
export interface PropsUIPageDataSubmission {
  __type__: "PropsUIPageDataSubmission";
  platform: string;
  header: PropsUIHeader;
  body: Prompt[];
}

/** The clear last page. */
export interface PropsUIPageEnd {
  __type__: "PropsUIPageEnd";
}

/**
 * Something broke in the script; ``message`` is the traceback.
 *
 * Answered by PayloadTrue (report) or PayloadFalse (skip).
 */
export interface PropsUIPageError {
  __type__: "PropsUIPageError";
  message: string;
}

/** Show a page and wait for the participant's answer. */
export interface CommandUIRender {
  __type__: "CommandUIRender";
  page: Page;
}

/** Send ``json_string`` to the researcher under ``key``. */
export interface CommandSystemDonate {
  __type__: "CommandSystemDonate";
  key: string;
  json_string: string;
}

/** Something that the participant agreed to: ``agreement`` is the number in the answer, ``name`` a table's id. */
export interface AgreedPart {
  agreement: number;
  name: string;
}

/**
 * Send what the participant agreed to under ``key``. The page has it, and writes it as its JSON text.
 *
 * ``form`` is "parts" for an object with each part under its name, "part" for the one part by itself, and "rows" for
 * the rows of the one part.
 */
export interface CommandSystemDonateAgreed {
  __type__: "CommandSystemDonateAgreed";
  key: string;
  parts: AgreedPart[];
  form: "parts" | "part" | "rows";
}

/** Send a line to the researcher's log. ``json_string`` is ``{"level", "message"}``: some hosts parse that one. */
export interface CommandSystemLog {
  __type__: "CommandSystemLog";
  level: "debug" | "info" | "warn" | "error";
  message: string;
  json_string: string;
}

/** End the flow. Code 0 means that the participant completed it; hosts take any other code for not completed. */
export interface CommandSystemExit {
  __type__: "CommandSystemExit";
  code: number;
  info: string;
}

/** Something the page tells its host, such as ``initialized``. */
export interface CommandSystemEvent {
  __type__: "CommandSystemEvent";
  name: string;
}

export type Command =
  | CommandUIRender
  | CommandSystemDonate
  | CommandSystemDonateAgreed
  | CommandSystemLog
  | CommandSystemExit
  | CommandSystemEvent;

/** A request failed. */
export interface ErrorReply {
  /** the exception's class name. */
  name: string;
  /** its text. */
  message: string;
  /** JavaScript's, where there is one. */
  stack?: string;
  /** Python's, where there is one. */
  pythonTraceback?: string;
  /** where a request does several things, the position of the one that failed. */
  failedIndex?: number;
  /** the results of those before it. */
  partialResults?: unknown[];
}

/** How far a request is. ``value`` goes from 0 to 100 and never falls. */
export interface ProgressReport {
  stage: "download" | "start" | "packages" | "ready";
  message: string;
  value: number;
}

/** One line that Python printed, or that Sidestage says: that is ``system``. */
export interface LogLine {
  stream: "stdout" | "stderr" | "system";
  text: string;
}

/** Lines in the order they were printed. */
export interface LogReport {
  lines: LogLine[];
}

/** The interpreter is of no use any more; the worker can only be replaced. */
export interface CrashedReport {
  message: string;
}

/** The first request. It holds nothing that is not public: the start that it ends may be kept for later visits. */
export interface InitRequest {
  /** names of packages to install. */
  packages?: string[];
}

/** What a worker is given before any other code runs. */
export interface SetUpRequest {
  /** the bytes of zip files to unpack into the worker's folder. */
  archives?: unknown[];
  /** written before anything runs: path, relative to the worker's folder, to text or bytes. */
  files?: Record<string, unknown>;
  /** names that code finds defined. */
  globals?: Record<string, unknown>;
}

/** The worker can be used. ``python`` is the version of its Python. */
export interface ReadyReply {
  python: string;
}

/** Code for the worker's namespace. */
export interface RunPythonRequest {
  /** may use ``await`` at its top level. */
  code: string;
  /** names set before the code runs; they stay. */
  globals?: Record<string, unknown>;
}

/** What the code returned. */
export interface ResultReply {
  value?: unknown;
}

/** What to install. */
export interface InstallPackagesRequest {
  /** names of packages. */
  packages: string[];
}

/** The packages can be imported. */
export interface InstalledReply {
  packages: string[];
}

/** The code of an environment. */
export interface InitEnvRequest {
  /** Python that leaves the environment in the name ``env``; may use ``await`` at its top level. */
  envCode: string;
  /** names set before the code runs; they are in ``interactive_gym_globals`` and ``mug_globals``, too. */
  globals?: Record<string, unknown>;
}

/** The environment can be reset. */
export type EnvReadyReply = Record<string, never>;

/** How to begin. */
export interface ResetRequest {
  /** of the environment's random numbers. */
  seed?: number;
  /** what the environment may be told besides. */
  options?: Record<string, unknown>;
}

/** An episode has begun. */
export interface BegunReply {
  /** the observation; by agent, where there are several. */
  obs?: unknown;
  /** what the environment says besides. */
  infos?: unknown;
  /** what it drew: an image, or objects to draw. */
  render_state?: unknown;
  /** the agents that act next; left out where there is one, without a name. */
  acting?: unknown[];
}

/** What is done. */
export interface StepRequest {
  /** the action, or those of all agents, by their names. */
  actions: unknown;
}

/** What came of a step: by agent, where there are several, or where the actions were by agent. */
export interface SteppedReply {
  obs?: unknown;
  rewards?: unknown;
  terminateds?: unknown;
  truncateds?: unknown;
  infos?: unknown;
  render_state?: unknown;
  acting?: unknown[];
}

/** Whose view to draw. */
export interface RenderRequest {
  /** the one whose view it is, where each has their own. */
  agent?: unknown;
}

/** What was drawn. */
export interface RenderedReply {
  render_state?: unknown;
}

/** Asks for the state. */
export type GetStateRequest = Record<string, never>;

/** All that decides how the environment goes on. */
export interface StateReply {
  state: Record<string, unknown>;
}

/** A state to go on from. */
export interface SetStateRequest {
  /** what ``getState`` returned. */
  state: unknown;
}

/** The environment goes on from there. */
export type StateSetReply = Record<string, never>;

/** What to hash. */
export interface ComputeHashRequest {
  /** what ``getState`` returned; the state of now unless given. */
  state?: unknown;
}

/** The first 16 hexadecimal digits of a SHA-256. */
export interface HashReply {
  hash: string;
}

/** A seed. */
export interface SeedRngRequest {
  /** for ``random`` and ``numpy.random``. */
  seed: number;
}

/** The random numbers begin anew. */
export type SeededReply = Record<string, never>;

/** What to do, one after another. */
export interface BatchRequest {
  /** each ``{op, params}``: the name of another request of these, and its payload. */
  operations: unknown[];
}

/** The replies' payloads, in order. */
export interface BatchDoneReply {
  results: unknown[];
}

/** Which flow, and for whom. */
export interface StartFlowRequest {
  /** the script's path in the worker's folder. */
  script: string;
  /** the participant's session; random numbers follow from it. */
  sessionId: string;
  /** names whose data the flow is about. */
  platform?: string;
  /** stands above every page that has none of its own. */
  title?: Text;
}

/** What the flow asks for next. Who performs it checks it, and tells the flow what does not fit. */
export interface CommandReply {
  command: Command;
}

export type Prompt =
  | PropsUIPromptRadioInput
  | PropsUIPromptConfirm
  | PropsUIPromptFileInput
  | PropsUIPromptFileInputMultiple
  | PropsUIPromptCustom
  | PropsUIPromptProgress
  | PropsUIPromptRetry
  | PropsUIPromptConsentFormTable
  | PropsUIDataSubmissionButtons
  | PropsUIPromptConsentForm
  | PropsUIPromptText
  | PropsUIPromptHelloWorld;

export type Page =
  | PropsUIPageDataSubmission
  | PropsUIPageEnd
  | PropsUIPageError;

/** Each request: its payload and the type of its reply. */
export interface Requests {
  init: { payload: InitRequest; reply: "ready" };
  setUp: { payload: SetUpRequest; reply: "ready" };
  runPython: { payload: RunPythonRequest; reply: "result" };
  installPackages: { payload: InstallPackagesRequest; reply: "installed" };
  initEnv: { payload: InitEnvRequest; reply: "envReady" };
  reset: { payload: ResetRequest; reply: "begun" };
  step: { payload: StepRequest; reply: "stepped" };
  render: { payload: RenderRequest; reply: "rendered" };
  getState: { payload: GetStateRequest; reply: "state" };
  setState: { payload: SetStateRequest; reply: "stateSet" };
  computeHash: { payload: ComputeHashRequest; reply: "hash" };
  seedRng: { payload: SeedRngRequest; reply: "seeded" };
  batch: { payload: BatchRequest; reply: "batchDone" };
  startFlow: { payload: StartFlowRequest; reply: "command" };
  answer: { payload: Response; reply: "command" };
}

/** Each message from the worker: its payload. */
export interface Reports {
  ready: ReadyReply;
  result: ResultReply;
  installed: InstalledReply;
  envReady: EnvReadyReply;
  begun: BegunReply;
  stepped: SteppedReply;
  rendered: RenderedReply;
  state: StateReply;
  stateSet: StateSetReply;
  hash: HashReply;
  seeded: SeededReply;
  batchDone: BatchDoneReply;
  command: CommandReply;
  error: ErrorReply;
  progress: ProgressReport;
  log: LogReport;
  crashed: CrashedReport;
}
