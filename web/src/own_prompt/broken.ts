/** What is wrong with a study's own prompt, in a sentence for the study's author. */
import type { Broken } from "./prompt_frame.js";

/** The sentence. Nothing in it comes from the participant. */
export function brokenSentence(name: string, element: string, { failure, line }: Broken): string {
  const file = `prompts/${name}.js`;
  const sentences: Record<Broken["failure"], string> = {
    missing: `there is no ${file} beside the script`,
    unreachable: `${file} could not be fetched`,
    import: `${file} imports something; all that it needs must be in the file itself`,
    threw: `${file} throws an error${line ? ` in line ${line}` : ""}`,
    element: `${file} defines no element of this name: end it with customElements.define("${element}", ...)`,
    silent: `${file} takes too long until its element is there`,
    hung: `${file} does not respond any more`,
    left: `${file} leaves its page for another one`,
    unfit: `${file} answers with something else than ${name} declares`,
    unanswered: `${file} has given no answer, and the participant went on`,
  };
  return sentences[failure];
}
