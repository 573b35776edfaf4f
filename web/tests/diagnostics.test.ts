/** What the page says of its own: fixed sentences, once each, at the end; a script cannot spell anything with them. */
import { describe, expect, it } from "vitest";
import type { Bridge } from "../src/outgoing/bridge.js";
import { ConsentGate } from "../src/outgoing/consent_gate.js";
import { Diagnostics, diagnosisOf } from "../src/outgoing/diagnostics.js";
import { KnownWords } from "../src/outgoing/known_words.js";
import { SessionData } from "../src/outgoing/session_data.js";
import { UnseenNames } from "../src/outgoing/unseen_names.js";

function opened(diagnostics = new Diagnostics()) {
  const left: string[] = [];
  const bridge: Bridge = {
    destination: { kind: "server", origin: "" },
    donate: async (key) => ({ success: false, key, status: 413 }),
    log: ({ level, message }) => void left.push(`${level} ${message}`),
    flush: () => undefined,
    exit: async (code, info) => void left.push(`exit ${code} ${info}`),
    event: (name) => void left.push(name),
  };
  const gate = new ConsentGate(bridge, {
    platform: null,
    sessionData: new SessionData(),
    diagnostics,
    names: new UnseenNames(new KnownWords({ sessionId: "s1", platform: null, declared: [], source: async () => [] })),
    ask: async () => true,
  });
  return { gate, left };
}

describe("what the page says of its own", () => {
  it("does not grow with what a script does, and does not depend on when", async () => {
    const { gate, left } = opened();
    // One byte is spelled in eight refusals, of which each is of one kind or of the other.
    for (const byte of new TextEncoder().encode("A secret out of a file. ".repeat(50))) {
      for (let bit = 0; bit < 8; bit++) {
        if ((byte >> bit) & 1) gate.refused(`Command.${byte} must be a string`);
        else gate.refusedMessage(`a message of ${bit}`);
      }
    }
    expect(left).toEqual([]);
    await gate.exit(0, "End of script");
    expect(left).toEqual([
      "warn Commands of the script that do not fit the protocol were refused.",
      "warn Messages from Python that do not fit the protocol were refused.",
      "exit 0 End of script",
    ]);
  });

  it("says that a donation was too large, but not which and how large", async () => {
    const { gate, left } = opened();
    for (const key of ["secret", "more"]) {
      const content = await gate.admit({ __type__: "CommandSystemDonate", key, json_string: "x" });
      await gate.send(key, content as Blob);
    }
    await gate.exit(0, "");
    expect(left).toEqual(["error A donation was not sent, because it is larger than the study accepts.", "exit 0 "]);
  });

  it("says each once in a session, however often the flow is started again", async () => {
    const diagnostics = new Diagnostics();
    const { gate, left } = opened(diagnostics);
    for (let run = 0; run < 10; run++) {
      gate.refused("x");
      await gate.exit(0, "");
    }
    expect(left.filter((line) => line.startsWith("warn")).length).toBe(1);
  });

  it("calls an error by a name only where it is the page's own", () => {
    const named = (name: string) => Object.assign(new Error("a secret"), { name });
    expect(diagnosisOf(named("WorkerCrashed"))).toBe("WorkerCrashed");
    for (const name of ["a secret", "constructor", "__proto__", "toString"]) {
      expect(diagnosisOf(named(name))).toBe("failed");
    }
  });

  it("tells what ends a flow, and not in which order things happened", () => {
    const [one, other] = [new Diagnostics(), new Diagnostics()];
    const told = (diagnostics: Diagnostics) => {
      const lines: string[] = [];
      diagnostics.tell({ log: ({ message }) => void lines.push(message) });
      return lines;
    };
    one.note("WorkerCrashed");
    one.note("refusedCommand");
    other.note("refusedCommand");
    other.note("WorkerCrashed");
    expect(told(one)).toEqual(told(other));
    expect(told(one)).toEqual([]);
  });
});
