/** What became of something that was sent. */
import type { DonationResult } from "../protocol/types.gen.js";

/** What became of it. ``unanswered``: it was sent, and nobody said whether it arrived. */
export type Outcome = "sending" | "arrived" | "refused" | "failed" | "unanswered";

/** What became of something, by what the other side said; null when it said nothing. */
export function outcomeOf(result: Pick<DonationResult, "success" | "status"> | null): Outcome {
  if (result === null) return "unanswered";
  if (result.success) return "arrived";
  return mayStillArrive(result) ? "failed" : "refused";
}

/** Whether sending the same once more may help: the network or the server failed, rather than refused. */
export function mayStillArrive({ status }: Pick<DonationResult, "status">): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
