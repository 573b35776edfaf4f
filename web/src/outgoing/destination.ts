/** Where things go, as data and in a sentence. */
import type { Words } from "../words/texts.js";

/** Where it goes: to a server, to the page around this one, or to a file of the participant's own. */
export interface Destination {
  kind: "server" | "host" | "device";
  /** The origin of the server or of the page around this one; empty where it is not known. */
  origin: string;
}

/** Where one thing goes. */
export function destinationWords({ kind, origin }: Destination, words: Words): string {
  if (kind === "device") return words.goesToDevice;
  return kind === "host" ? words.goesToHost(origin) : words.goesToServer(origin);
}

/** Where everything goes. */
export function allGoes({ kind, origin }: Destination, words: Words): string {
  if (kind === "device") return words.allGoesToDevice;
  return kind === "host" ? words.allGoesToHost(origin) : words.allGoesToServer(origin);
}
