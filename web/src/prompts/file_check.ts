/** Whether a chosen file can be what was asked for. */

/** What can be wrong with a file before Python has seen it. */
export type FileProblem = "wrongKind" | "emptyFile" | "unreadableFile";

/** The list of what is accepted, from ``.zip, application/json``; empty when everything is. */
export function acceptedKinds(extensions: string | null | undefined): string[] {
  const kinds = (extensions ?? "")
    .split(",")
    .map((kind) => kind.trim().toLowerCase())
    .filter((kind) => kind !== "");
  return kinds.some((kind) => kind === "*" || kind === "*/*" || kind === ".*") ? [] : kinds;
}

/** What is accepted, as people read it: endings as they are, media types by their last part. */
export function readableKinds(kinds: readonly string[]): string {
  const endings = kinds.map((kind) => {
    if (!kind.includes("/")) return kind;
    const [family, part] = kind.split("/") as [string, string];
    return part === "*" ? family : `.${part.replace(/^(vnd\.|x-)/, "").replace(/-compressed$/, "")}`;
  });
  return [...new Set(endings)].join(", ");
}

/** Whether the file's name or media type is on the list. */
export function isAccepted(file: Pick<File, "name" | "type">, kinds: readonly string[]): boolean {
  const name = file.name.toLowerCase();
  const type = file.type.toLowerCase();
  return (
    kinds.length === 0 ||
    kinds.some((kind) => {
      if (!kind.includes("/")) return name.endsWith(kind.startsWith(".") ? kind : `.${kind}`);
      if (kind.endsWith("/*")) return type.startsWith(kind.slice(0, -1));
      return type === kind || name.endsWith(`.${kind.split("/")[1]}`);
    })
  );
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
