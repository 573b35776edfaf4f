/** Where things go, in a sentence. */
import type { Words } from "../texts.js";
import type { Destination } from "./sent_record.js";

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
