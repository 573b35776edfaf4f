/** Which bridge a page takes: a host's where there is one, else what the study is configured for. */

import type { Bridge } from "../outgoing/bridge.js";
import type { SentRecord } from "../outgoing/sent_record.js";
import { type AppConfig, openSession, type ServerSession } from "../study/loading.js";
import { DownloadBridge } from "./download.js";
import type { HeightReports } from "./height_reports.js";
import { ForeignHost, HostBridge, type HostStart, waitForHost } from "./host.js";
import { ServerBridge } from "./server.js";

/** A bridge, and the session that the script is told of. */
export interface Connection {
  bridge: Bridge;
  /** What it takes to connect to the same session again after a reload of the page. */
  session: KeptSession;
  /** The locale that the host asks for. */
  locale?: string;
}

/** A session, however it was made; with the server's word where there is a server. */
export interface KeptSession {
  sessionId: string;
  server?: ServerSession;
}

/** What the page has for a connection. */
export interface ConnectOptions {
  base: string;
  /** What the parent says, where the page is in a frame; null where it is not. */
  host: Promise<HostStart> | null;
  /** Shows a file for the participant to save. */
  offer: (file: File) => Promise<void>;
  /** Takes down what is sent. */
  record: SentRecord;
  /** The session to connect to; a new one unless given. */
  kept: KeptSession | null;
}

/** A page in a frame whose parent does not speak is taken for one without a host after this time, in milliseconds. */
const HOST_PATIENCE = 5_000;

/**
 * Wait for the page around this one to start it, and tell it how high this one is from then on.
 *
 * @throws ForeignHost where the study was not built for a host: that page is not spoken to.
 */
export function meetHost({ bridge, dev }: AppConfig, heights: HeightReports): Promise<HostStart> {
  if (bridge.kind !== "host" && !dev) throw new ForeignHost();
  const { parent } = window;
  const host = waitForHost({ self: window, parent }, bridge.origin);
  void host.then(({ origin }) => {
    heights.start((height) => parent.postMessage({ action: "resize", height }, origin || "*"));
  });
  return host;
}

/** Connect the page. */
export async function connect(
  config: AppConfig,
  { base, host, offer, record, kept }: ConnectOptions,
): Promise<Connection> {
  const start = host && (await (config.bridge.kind === "host" ? host : within(HOST_PATIENCE, host)));
  if (start) {
    const session = { sessionId: kept?.sessionId ?? String(Date.now()) };
    return { bridge: new HostBridge(start, record), session, ...(start.locale && { locale: start.locale }) };
  }
  if (config.bridge.kind === "server") {
    const address = config.bridge.url ?? base;
    const server = kept?.server ?? (await newSession(address, record));
    return { bridge: new ServerBridge(address, server, record), session: { sessionId: server.sessionId, server } };
  }
  const session = { sessionId: kept?.sessionId ?? crypto.randomUUID() };
  return { bridge: new DownloadBridge(offer, record), session };
}

/** Have the server open a session; nothing but the request itself is sent. */
async function newSession(base: string, record: SentRecord): Promise<ServerSession> {
  const item = record.add("session", "", { kind: "server", origin: new URL(base).origin });
  try {
    const session = await openSession(base);
    record.settle(item, "arrived");
    return session;
  } catch (error) {
    record.settle(item, "failed");
    throw error;
  }
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
