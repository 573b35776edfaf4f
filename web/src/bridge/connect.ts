/** Which bridge a page takes: a host's where there is one, else what the study is configured for. */
import { type AppConfig, openSession } from "../loading.js";
import type { Bridge } from "./bridge.js";
import { DownloadBridge } from "./download.js";
import { HostBridge, type HostStart } from "./host.js";
import { ServerBridge, type Session } from "./server.js";

/** A bridge, and the session that the script is told of. */
export interface Connection {
  bridge: Bridge;
  sessionId: string;
  /** The locale that the host asks for. */
  locale?: string;
}

/** A page in a frame whose parent does not speak is taken for one without a host after this time, in milliseconds. */
const HOST_PATIENCE = 5_000;

/**
 * Connect the page.
 *
 * @param host what the parent says, where the page is in a frame; null where it is not.
 * @param offer shows a file for the participant to save.
 */
export async function connect(
  config: AppConfig,
  base: string,
  host: Promise<HostStart> | null,
  offer: (file: File) => Promise<void>,
): Promise<Connection> {
  const start = host && (await (config.bridge.kind === "host" ? host : within(HOST_PATIENCE, host)));
  if (start) {
    return {
      bridge: new HostBridge(start),
      sessionId: String(Date.now()),
      ...(start.locale && { locale: start.locale }),
    };
  }
  if (config.bridge.kind === "server") {
    const session: Session = await openSession(base);
    return { bridge: new ServerBridge(base, session), sessionId: session.sessionId };
  }
  return { bridge: new DownloadBridge(offer), sessionId: crypto.randomUUID() };
}

async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
