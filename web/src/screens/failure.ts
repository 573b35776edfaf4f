/** What the page says when a study cannot go on: what failed, what to do, and a way to start again. */
import { ForeignHost } from "../bridge/host.js";
import { LoadError, StudyError } from "../study/loading.js";
import type { Words } from "../words/texts.js";
import type { FlowScreen } from "./flow_screen.js";

/** What is known of a failure. */
export interface Failure {
  error: Error;
  /** Of the script; empty where it was not the script's. */
  traceback: string;
  /** Whether the flow was under way. */
  started: boolean;
  /** Whether the study's author is at work. */
  isAuthor: boolean;
}

/** Say what failed and what to do, and offer to start again. */
export function tellFailure(screen: FlowScreen, words: Words, failure: Failure, again: () => void): void {
  const { error, traceback, started, isAuthor } = failure;
  if (error instanceof ForeignHost) {
    const open = () => void window.open(location.href, "_blank", "noopener");
    screen.tell(words.notInside, [words.notInsideHelp], [[words.openAlone, open]]);
  } else if (error instanceof StudyError) {
    // Its author reads it at once; a participant can do nothing about it, but can pass it on.
    const sentences = isAuthor ? [error.message, words.cannotStartAuthor] : [words.cannotStartHelp];
    screen.tell(words.cannotStart, sentences, [[words.tryAgain, again]], isAuthor ? "" : error.message);
  } else if (!started) {
    const known = error instanceof LoadError;
    const sentence = known ? error.sentence(words) : words.pythonFailed;
    const details = known ? "" : traceback || error.message;
    const help = known && error.isAnswered ? words.loadAnsweredHelp : words.loadFailedHelp;
    screen.tell(words.loadFailed, [sentence, help], [[words.tryAgain, again]], details);
  } else if (traceback) {
    screen.tell(words.scriptFailed, [words.scriptFailedHelp], [[words.startAgain, again]], traceback);
  } else {
    const details = isAuthor ? error.message : "";
    screen.tell(words.stopped, [words.stoppedHelp], [[words.startAgain, again]], details);
  }
}
