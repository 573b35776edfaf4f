/** The bridge to the participant's own device: for a page that has neither a server nor a host. */

import type { Bridge, LogEntry } from "../outgoing/bridge.js";
import type { Destination } from "../outgoing/destination.js";
import { fileName } from "../outgoing/file_name.js";
import type { SentRecord } from "../outgoing/sent_record.js";
import type { DonationResult } from "../protocol/types.gen.js";

/** Offers each donation as a file; ``offer`` resolves when the participant has saved it. */
export class DownloadBridge implements Bridge {
  readonly destination: Destination = { kind: "device", origin: "" };

  constructor(
    private readonly offer: (file: File) => Promise<void>,
    private readonly record: SentRecord,
  ) {}

  async donate(key: string, content: Blob): Promise<DonationResult> {
    await this.offer(new File([content], fileName(key), { type: "application/json" }));
    this.record.settle(this.record.add("donation", content, this.destination, key), "arrived");
    return { success: true, key, status: 200 };
  }

  log(_entry: LogEntry): void {
    // Nobody is there to read it.
  }

  flush(): void {}

  async exit(_code: number, _info: string): Promise<void> {}

  event(_name: string): void {}
}
