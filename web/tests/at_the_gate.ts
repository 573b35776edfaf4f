/** A consent gate as the page has it, with what leaves by it, for tests that let a script donate. */
import type { Bridge } from "../src/outgoing/bridge.js";
import { ConsentGate, type Donation } from "../src/outgoing/consent_gate.js";
import { Diagnostics } from "../src/outgoing/diagnostics.js";
import { KnownWords } from "../src/outgoing/known_words.js";
import { SessionData } from "../src/outgoing/session_data.js";
import { UnseenNames } from "../src/outgoing/unseen_names.js";
import type { DonationResult, Page, Payload, PropsUIPromptConsentFormTable } from "../src/protocol/types.gen.js";

export const SESSION = "f45fc5de293ca4b8";
const CODE =
  "# Big App\n" + 'donate(f"{session}-chats", agreed); donate("people-of", days); donate("Zoë"); t1 t2 date text';

/** What was sent, by key; the keys that the participant was asked about; what the author was told. */
export let sent: string[] = [];
export let asked: string[] = [];
export let told: string[] = [];
export let gate: ConsentGate;
/** What the other side says to a donation, and whether the participant agrees to what is asked. */
export const replies: { answer: DonationResult | null; willing: boolean } = { answer: null, willing: false };

/** A gate of a session that has just begun. */
export function begin(): void {
  [sent, asked, told] = [[], [], []];
  Object.assign(replies, { answer: { success: true, key: "", status: 200 }, willing: false });
  reopen();
}

/** A gate of a page that was opened again; `names` are what was used of them before. */
export function reopen(names = newNames()): void {
  gate = open(names);
}

export const newNames = () => {
  const declared = ["status"];
  return new UnseenNames(
    new KnownWords({ sessionId: SESSION, platform: "Big App", declared, source: async () => [CODE] }),
  );
};

function open(names: UnseenNames): ConsentGate {
  const bridge: Bridge = {
    destination: { kind: "server", origin: "" },
    donate: async (key, content) => {
      sent.push(`${key} ${await content.text()}`);
      return replies.answer;
    },
    log: () => undefined,
    flush: () => undefined,
    exit: async () => undefined,
    event: () => undefined,
  };
  return new ConsentGate(bridge, {
    platform: "Big App",
    sessionData: new SessionData({ status: "How far" }),
    diagnostics: new Diagnostics(),
    names,
    ask: async (key) => {
      asked.push(key);
      return replies.willing;
    },
    tellAuthor: (sentence) => void told.push(sentence),
  });
}

export const tableOf = (
  id: string,
  texts: string | string[],
  title: string | Record<string, string> = id,
  headers = {},
) => ({
  __type__: "PropsUIPromptConsentFormTable" as const,
  id,
  number: 1,
  title: typeof title === "string" ? title : { __type__: "Translatable" as const, translations: title },
  description: "",
  data_frame: texts,
  headers,
});
export const pageOf = (...body: PropsUIPromptConsentFormTable[]): Page => ({
  __type__: "PropsUIPageDataSubmission",
  platform: "",
  header: { __type__: "PropsUIHeader", title: "" },
  body,
});
export const NO: Payload = { __type__: "PayloadFalse", value: false };
export const review = async (deleted: Record<string, number[]>, ...tables: PropsUIPromptConsentFormTable[]) => {
  const payload = await gate.answered(pageOf(...tables), { __type__: "PayloadReview", value: { deleted } });
  return payload.__type__ === "PayloadReview" ? (payload.value.agreement as number) : 0;
};
export const named = (key: string, form: "parts" | "part" | "rows", ...parts: [number, string][]): Donation => ({
  __type__: "CommandSystemDonateAgreed",
  key,
  parts: parts.map(([agreement, name]) => ({ agreement, name })),
  form,
});
export const text = (key: string, json: string): Donation => ({
  __type__: "CommandSystemDonate",
  key,
  json_string: json,
});

/** As the run cycle donates; returns the status that the script gets, 0 where nobody answers. */
export async function donate(donation: Donation): Promise<number> {
  const admitted = await gate.admit(donation);
  if (!(admitted instanceof Blob)) return admitted.status;
  return (await gate.send(donation.key, admitted))?.status ?? 0;
}
