/**
 * The run cycle: a command comes from Python, is checked at the door, goes to the screen or through the gate, and the
 * answer goes back, until the flow exits. Nothing here knows what a screen looks like or where a donation goes.
 */

import type { ConsentGate, Donation } from "../outgoing/consent_gate.js";
import { mayStillArrive } from "../outgoing/outcome.js";
import { check } from "../protocol/check.js";
import { UNIONS } from "../protocol/shapes.gen.js";
import type {
  Command,
  CommandSystemExit,
  DonationResult,
  Page,
  Payload,
  Response,
  Text,
} from "../protocol/types.gen.js";

/** Which flow to run. */
export interface FlowStart {
  script: string;
  sessionId: string;
  platform?: string;
  title?: Text;
}

/** What the page needs of an engine; ``PythonWorker`` has it all. */
export interface FlowEngine {
  init(options: { packages?: string[]; archives?: Uint8Array[] }): Promise<unknown>;
  startFlow(options: FlowStart): Promise<Command>;
  answer(response: Response): Promise<Command>;
  destroy(): void;
}

/** What the cycle runs: commands out, answers in. */
export interface Flow {
  start(): Promise<Command>;
  answer(response: Response): Promise<Command>;
}

/** What the cycle needs of the page. */
export interface Screen {
  /** Draw a page and wait for its answer. */
  show(page: Page): Promise<Payload>;
  /** Say that something is on its way to the researchers. */
  sending(): void;
  /** A donation did not arrive; ask whether to send it again. */
  askUnsent(result: DonationResult): Promise<"again" | "continue">;
  /** A donation was refused; say why, and go on. */
  tellRefused(result: DonationResult): void;
  /** The script yielded a command that the page does not know; say so, and wait until the participant goes on. */
  showUnknown(name: string): Promise<void>;
}

const VOID: Payload = { __type__: "PayloadVoid", value: null };
/** After so many commands in a row that do not fit, nothing sensible is to be expected. */
const REFUSALS = 20;

/** A name that is none of the protocol's is shown up to so many characters. */
const LONGEST_NAME = 100;

/** The flow yields nothing but what the protocol does not know. */
class ProtocolError extends Error {
  override name = "ProtocolError";
}

/** Run a flow to its end. Rejects when the flow does: its worker dies again and again, or Python cannot be started. */
export async function runCycle(flow: Flow, gate: ConsentGate, screen: Screen): Promise<CommandSystemExit> {
  let command = await flow.start();
  for (let refusals = 0; refusals < REFUSALS; ) {
    const wrong = check("Command", command);
    if (wrong === null && command.__type__ === "CommandSystemExit") {
      await gate.exit(command.code, command.info);
      return command;
    }
    refusals = wrong === null ? 0 : refusals + 1;
    const payload = await (wrong === null ? perform(command, gate, screen) : refuse(command, wrong, gate, screen));
    gate.flush();
    command = await flow.answer({ __type__: "Response", command: nameOf(command), payload });
  }
  throw new ProtocolError("the flow's commands do not fit the protocol");
}

async function perform(command: Command, gate: ConsentGate, screen: Screen): Promise<Payload> {
  switch (command.__type__) {
    case "CommandUIRender": {
      const payload = await screen.show(command.page);
      return gate.answered(command.page, payload);
    }
    case "CommandSystemDonate":
    case "CommandSystemDonateAgreed":
      return donate(command, gate, screen);
    case "CommandSystemLog":
      gate.log(command.level, command.message);
      return VOID;
    case "CommandSystemEvent":
      gate.event(command.name);
      return VOID;
    default:
      return VOID;
  }
}

/**
 * What came is no command of the protocol: a script newer than this page, a mistake in it, or somebody who posts into the
 * channel. Nothing of it is performed; the script learns why.
 */
async function refuse(command: unknown, wrong: string, gate: ConsentGate, screen: Screen): Promise<Payload> {
  const name = nameOf(command);
  const isKnown = UNIONS.Command?.includes(name);
  gate.refused(wrong);
  if (isKnown || name === "") return { __type__: "PayloadError", value: `The page refused this command: ${wrong}.` };
  await screen.showUnknown(name);
  return { __type__: "PayloadError", value: `The page does not know the command ${name}.` };
}

async function donate(donation: Donation, gate: ConsentGate, screen: Screen): Promise<Payload> {
  const admitted = await gate.admit(donation);
  if (!(admitted instanceof Blob)) return { __type__: "PayloadResponse", value: admitted };
  for (;;) {
    screen.sending();
    const result = await gate.send(donation.key, admitted);
    if (result === null) return VOID;
    if (!result.success && mayStillArrive(result)) {
      if ((await againOrOn(result, screen)) === "again") continue;
    } else if (!result.success) {
      screen.tellRefused(result);
    }
    return { __type__: "PayloadResponse", value: result };
  }
}

/** What to do with a donation that did not arrive: the participant says so, or the browser is online again. */
async function againOrOn(result: DonationResult, screen: Screen): Promise<"again" | "continue"> {
  const settled = new AbortController();
  const online = new Promise<"again">((resolve) => {
    globalThis.addEventListener?.("online", () => resolve("again"), { once: true, signal: settled.signal });
  });
  return Promise.race([screen.askUnsent(result), online]).finally(() => settled.abort());
}

function nameOf(command: unknown): string {
  const name = (command as { __type__?: unknown } | null | undefined)?.__type__;
  return typeof name === "string" ? name.slice(0, LONGEST_NAME) : "";
}
