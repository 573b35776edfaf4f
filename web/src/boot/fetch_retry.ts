/** Lines that break: a phone that changes networks loses what is under way, and has a connection again a moment later. */

/** How long to wait before each further attempt, in milliseconds. */
const PAUSES = [300, 1_500];
/** What browsers call it when a line breaks, before an answer has come or in the middle of it. */
const BROKEN = ["TypeError", "NetworkError"];
const TOO_LATE = "TimeoutError";

/** No connection could be made, or it broke, or nothing came in time. */
export class ConnectionLost extends Error {}

/**
 * Fetch something and read it, by `read`; begun anew, twice, where the line breaks. What the server has answered is not
 * asked again, nor what took too long.
 *
 * @param timeout for each attempt, in milliseconds; none unless given.
 * @throws LineBroken; and what `read` throws of its own.
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
