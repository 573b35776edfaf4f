/**
 * The run cycle: a command comes from Python, goes to the screen or to the bridge, and the answer goes back, until the
 * flow exits. Nothing here knows what a screen looks like or where a donation goes.
 */
import type { Bridge } from "./bridge/bridge.js";
import type {
  Command,
  CommandSystemExit,
  DonationResult,
  Page,
  Payload,
  Response,
  Text,
} from "./protocol/types.gen.js";

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

/** Run a flow to its end. Rejects when the flow does: its worker dies again and again, or Python cannot be started. */
export async function runCycle(flow: Flow, bridge: Bridge, screen: Screen): Promise<CommandSystemExit> {
  let command = await flow.start();
  for (;;) {
    if (command.__type__ === "CommandSystemExit") {
      await bridge.exit(command.code, command.info);
      return command;
    }
    const payload = await perform(command, bridge, screen);
    bridge.flush();
    command = await flow.answer({ __type__: "Response", command: command.__type__, payload });
  }
}

async function perform(command: Exclude<Command, CommandSystemExit>, bridge: Bridge, screen: Screen): Promise<Payload> {
  switch (command.__type__) {
    case "CommandUIRender":
      return screen.show(command.page);
    case "CommandSystemDonate":
      return donate(command.key, command.json_string, bridge, screen);
    case "CommandSystemLog":
      bridge.log({ level: command.level, message: command.message });
      return VOID;
    case "CommandSystemEvent":
      bridge.event(command.name);
      return VOID;
    default: {
      const name = String((command as { __type__?: unknown }).__type__);
      await screen.showUnknown(name);
      return { __type__: "PayloadError", value: `The page does not know the command ${name}.` };
    }
  }
}

async function donate(key: string, json: string, bridge: Bridge, screen: Screen): Promise<Payload> {
  for (;;) {
    screen.sending();
    const result = await bridge.donate(key, json);
    if (result === null) return VOID;
    if (!result.success && mayStillArrive(result)) {
      if ((await screen.askUnsent(result)) === "again") continue;
    } else if (!result.success) {
      screen.tellRefused(result);
    }
    return { __type__: "PayloadResponse", value: result };
  }
}

/** Whether sending the same once more may help: the network or the server failed, rather than refused. */
export function mayStillArrive(result: DonationResult): boolean {
  return result.status === 0 || result.status === 408 || result.status === 429 || result.status >= 500;
}
