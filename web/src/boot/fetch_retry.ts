/** Fetches again when a connection breaks: a phone that changes networks has a connection again a moment later. */

/** How long to wait before each further attempt, in milliseconds. */
const PAUSES = [300, 1_500];
/** The messages of browsers when a connection breaks, before a response or within it. */
const BROKEN = ["TypeError", "NetworkError"];
const TOO_LATE = "TimeoutError";

/** No connection could be made, or it broke, or nothing came in time. */
export class ConnectionLost extends Error {}

/**
 * Fetch something and have `read` read it. If the connection breaks, it is tried again, twice; not if the server
 * answers with an error, or the time is up.
 *
 * @param timeout for each attempt, in milliseconds; none unless given.
 * @throws ConnectionLost; and what `read` throws.
 */
export async function fetchWhole<Value>(
  address: string | URL,
  read: (response: Response) => Promise<Value>,
  timeout?: number,
): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const signal = timeout === undefined ? null : AbortSignal.timeout(timeout);
      return await read(await fetch(address, { signal }));
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== TOO_LATE && !BROKEN.includes(name)) throw error;
      const pause = name === TOO_LATE ? undefined : PAUSES[attempt];
      if (pause === undefined) throw new ConnectionLost(message);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
