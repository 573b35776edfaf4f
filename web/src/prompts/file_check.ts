/** Whether a chosen file can be what was asked for. */
import { endingsOf, namesOf } from "./media_types.js";

/** What can be wrong with a file before Python has seen it. */
export type FileProblem = "wrongKind" | "emptyFile" | "unreadableFile";

/** The ways to say that a file is of no particular kind, as a list and a browser may. */
const ANYTHING = ["*", "*/*", ".*", "*.*"];
const UNKNOWN = "application/octet-stream";

/**
 * The list of what is accepted, from ``.zip, *.csv, application/json``: endings with a dot, and media types without their
 * parameters; empty when everything is. That something is of no known kind says nothing about it, beside others.
 */
export function acceptedKinds(extensions: string | null | undefined): string[] {
  const kinds = (extensions ?? "").split(",").map(kindOf).filter(Boolean);
  if (kinds.some((kind) => ANYTHING.includes(kind))) return [];
  return [...new Set(kinds.filter((kind) => kind !== UNKNOWN))];
}

function kindOf(written: string): string {
  const kind = written.split(";")[0]?.trim().toLowerCase() ?? "";
  if (kind === "" || kind.includes("/") || ANYTHING.includes(kind)) return kind;
  return `.${kind.replace(/^\*?\.+/, "")}`;
}

/** The endings of what is accepted, as people read them; a media type of which none is known stays what it is. */
export function readableKinds(kinds: readonly string[]): string {
  return [...new Set(kinds.flatMap((kind) => (endings(kind).length ? endings(kind) : [kind])))].join(", ");
}

/** What the browser's own dialog is asked to offer: it may know an ending and not the type, or the other way round. */
export function offeredKinds(kinds: readonly string[]): string {
  return [...new Set(kinds.flatMap((kind) => [kind, ...endings(kind)]))].join(",");
}

/**
 * Whether the file's name or media type is on the list. What the browser does not know is judged by its ending alone; of
 * a type without known endings it cannot be judged, and Python will see.
 */
export function isAccepted(file: Pick<File, "name" | "type">, kinds: readonly string[]): boolean {
  const name = file.name.toLowerCase();
  const type = file.type.split(";")[0]?.trim().toLowerCase() ?? "";
  const isUnknown = type === "" || type === UNKNOWN;
  return (
    kinds.length === 0 ||
    kinds.some((kind) => {
      const known = endings(kind);
      if (known.some((ending) => name.endsWith(ending))) return true;
      return isUnknown ? known.length === 0 : isOfType(type, kind);
    })
  );
}

function isOfType(type: string, kind: string): boolean {
  return kind.endsWith("/*") ? type.startsWith(kind.slice(0, -1)) : namesOf(kind).includes(type);
}

/** The endings by which files of a kind are known. */
function endings(kind: string): readonly string[] {
  return kind.includes("/") ? endingsOf(kind) : [kind];
}

/** What is wrong with a file, or null. Reads one byte of it, since a file of a cloud folder may not really be there. */
export async function checkFile(file: File, kinds: readonly string[]): Promise<FileProblem | null> {
  if (!isAccepted(file, kinds)) return "wrongKind";
  if (file.size === 0) return "emptyFile";
  try {
    await file.slice(0, 1).arrayBuffer();
    return null;
  } catch {
    return "unreadableFile";
  }
}
