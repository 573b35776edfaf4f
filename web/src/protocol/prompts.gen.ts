// Generated from Sidestage's Python by tools/generate_protocol.py. Do not edit.

import type { Prompt } from "./types.gen.js";

/** What the page must know of a prompt. */
export interface PromptFacts {
  /** Who answers it: the participant; the prompt itself, at once; or nobody, since it is only there to be read. */
  answeredBy: "participant" | "itself" | "nobody";
  /** Whether it has the buttons that answer it; the page adds them to the others. */
  ownButtons: boolean;
  /** Whether it wants more width than text. */
  wide: boolean;
}

/** Each prompt, by its name. */
export const PROMPTS: Record<Prompt["__type__"], PromptFacts> = {
  PropsUIPromptRadioInput: { answeredBy: "participant", ownButtons: true, wide: false },
  PropsUIPromptConfirm: { answeredBy: "participant", ownButtons: true, wide: false },
  PropsUIPromptFileInput: { answeredBy: "participant", ownButtons: true, wide: false },
  PropsUIPromptFileInputMultiple: { answeredBy: "participant", ownButtons: true, wide: false },
  PropsUIPromptCustom: { answeredBy: "participant", ownButtons: true, wide: false },
  PropsUIPromptProgress: { answeredBy: "itself", ownButtons: false, wide: false },
  PropsUIPromptRetry: { answeredBy: "participant", ownButtons: true, wide: false },
  PropsUIPromptConsentFormTable: { answeredBy: "participant", ownButtons: false, wide: true },
  PropsUIDataSubmissionButtons: { answeredBy: "participant", ownButtons: true, wide: false },
  PropsUIPromptConsentForm: { answeredBy: "participant", ownButtons: true, wide: true },
  PropsUIPromptText: { answeredBy: "nobody", ownButtons: false, wide: false },
  PropsUIPromptHelloWorld: { answeredBy: "nobody", ownButtons: false, wide: false },
};
