/** Files of packages in Python's file system: nothing is unpacked, and a file is read when Python opens it. */
import { type PackageArchive, readNow } from "../../boot/package_archive.js";
import { type FileNode, type FileSystem, isUsable, present, type Say } from "./internals.js";

/** What is used of an archive. */
type Archive = Pick<PackageArchive, "names" | "sizeOf" | "readNow" | "readWhole">;

const FILE_MODE = 0o100644;
/** A folder for the trial; it is removed again. */
const TRIAL = "/sidestage-trial";

export class PackageFiles {
  readonly #fs: FileSystem;
  /** Whether a file can be read when it is opened. If not, `layOut` writes all files into Python's memory. */
  readonly #areLazy: boolean;

  constructor(fs: FileSystem, say: Say) {
    this.#fs = fs;
    const without = "packages are written into Python's memory, which takes longer";
    this.#areLazy = isUsable(say, "lazy files", without, () => tryLazyFiles(fs));
  }

  /** Have the files of an archive appear below a folder. They replace files of the same names. */
  async layOut(folder: string, archive: Archive): Promise<void> {
    if (this.#areLazy) {
      layOutLazily(this.#fs, folder, archive);
      return;
    }
    await archive.readWhole();
    for (const name of archive.names) {
      const path = `${folder}/${name}`;
      this.#fs.mkdirTree(path.slice(0, path.lastIndexOf("/")));
      this.#fs.writeFile(path, archive.readNow(name));
    }
  }

  /** Replace the content of a file that exists. */
  async replace(path: string, content: Blob): Promise<void> {
    if (this.#areLazy) giveLazily(nodeOf(this.#fs, path), content.size, () => readNow(content));
    else this.#fs.writeFile(path, new Uint8Array(await content.arrayBuffer()));
  }
}

/** Lay out a file, and read it as Python would. Throws where that does not work. */
function tryLazyFiles(fs: FileSystem): void {
  fs.mkdirTree(TRIAL);
  try {
    fs.mount(fs.filesystems.MEMFS, {}, TRIAL);
    fs.writeFile(`${TRIAL}/usual`, new Uint8Array(2));
    present(nodeOf(fs, `${TRIAL}/usual`), "contents", "object");
    present(nodeOf(fs, `${TRIAL}/usual`), "usedBytes", "number");
    present(nodeOf(fs, TRIAL).node_ops, "mknod", "function");
    present(fs, "lookupNode", "function");
    const content = new Uint8Array([1, 2, 3]);
    const archive = { names: ["folder/file", "usual"], sizeOf: () => content.length, readNow: () => content };
    layOutLazily(fs, TRIAL, archive);
    for (const name of archive.names) {
      const path = `${TRIAL}/${name}`;
      if (fs.stat(path).size !== content.length || String(fs.readFile(path)) !== String(content)) {
        throw new Error("a file that was laid out does not have its content");
      }
    }
  } finally {
    fs.unmount(TRIAL);
    fs.rmdir(TRIAL);
  }
}

/**
 * Of each package only the top folder is created; its files are entered when something first looks into it. Entering
 * the thousands of files of pandas takes a tenth of a second.
 */
function layOutLazily(fs: FileSystem, folder: string, archive: Omit<Archive, "readWhole">): void {
  fs.mkdirTree(folder);
  const { contents } = nodeOf(fs, folder);
  for (const [top, names] of byFirstStep(archive.names)) {
    const path = `${folder}/${top}`;
    const fill = () => addFiles(fs, folder, archive, names);
    if (names[0] === top || top in (contents as object)) {
      fill();
    } else {
      fs.mkdir(path);
      fillLazily(fs, nodeOf(fs, path), fill);
    }
  }
}

function nodeOf(fs: FileSystem, path: string): FileNode {
  return fs.lookupPath(path, {}).node as FileNode;
}

function byFirstStep(names: string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of names) {
    const top = name.split("/", 1)[0] as string;
    const others = found.get(top);
    if (others) others.push(name);
    else found.set(top, [name]);
  }
  return found;
}

/** Call `fill` when the folder is first used. */
function fillLazily(fs: FileSystem, node: FileNode, fill: () => void): void {
  const { node_ops: operations } = node;
  whenAsked(node, "node_ops", (settle) => {
    settle(operations);
    fill();
    // The file system looks among the entries that it knows before it asks the folder: so it has to look once more.
    return { ...operations, lookup: (parent: FileNode, name: string) => fs.lookupNode(parent, name) };
  });
}

/**
 * Compute a property of a node when it is first read. `find` may store the value by `settle`; so does an assignment.
 */
function whenAsked(node: FileNode, name: keyof FileNode, find: (settle: (value: unknown) => void) => unknown): void {
  const shared = { configurable: true, enumerable: true };
  const set = (value: unknown) => {
    Object.defineProperty(node, name, { ...shared, value, writable: true });
  };
  Object.defineProperty(node, name, { ...shared, get: () => find(set), set });
}

/** Enter files of an archive into the file system. */
function addFiles(fs: FileSystem, below: string, archive: Omit<Archive, "readWhole">, names: string[]): void {
  const folders = new Map<string, FileNode>();
  for (const name of names) {
    const cut = name.lastIndexOf("/");
    const folder = cut < 0 ? below : `${below}/${name.slice(0, cut)}`;
    let parent = folders.get(folder);
    if (!parent) {
      fs.mkdirTree(folder);
      parent = nodeOf(fs, folder);
      folders.set(folder, parent);
    }
    const file = name.slice(cut + 1);
    // Reading `node_ops` fills a folder that is still to be filled; so this comes first.
    const { mknod } = parent.node_ops;
    if (file in (parent.contents as object)) fs.unlink(`${folder}/${file}`);
    giveLazily(mknod(parent, file, FILE_MODE, 0), archive.sizeOf(name), () => archive.readNow(name));
  }
}

/** Give a file a content that is read when the file is first used. */
function giveLazily(node: FileNode, size: number, read: () => Uint8Array): void {
  whenAsked(node, "contents", (settle) => {
    const contents = read();
    settle(contents);
    return contents;
  });
  node.usedBytes = size;
}
