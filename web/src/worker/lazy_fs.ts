/** Files of images in Python's file system: nothing is unpacked, and a file is read when Python opens it. */
import type { PackageArchive } from "../boot/package_archive.js";
import type { FileNode, FileSystem } from "./internals.js";

const FILE_MODE = 0o100644;

/**
 * Have an image's files appear below a folder. Files that are there already give way.
 *
 * Of a package that nobody looks into there is only its folder: pandas has thousands of files, which take a tenth of a
 * second to name.
 */
export function layOut(fs: FileSystem, folder: string, image: PackageArchive): void {
  fs.mkdirTree(folder);
  const { contents } = nodeOf(fs, folder);
  for (const [top, names] of byFirstStep(image.names)) {
    const path = `${folder}/${top}`;
    const fill = () => addFiles(fs, folder, image, names);
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

/** Fill a folder when anything is first asked of it. */
function fillLazily(fs: FileSystem, node: FileNode, fill: () => void): void {
  const { node_ops: operations } = node;
  whenAsked(node, "node_ops", (settle) => {
    settle(operations);
    fill();
    // Who looks for a file here has looked among those that are named already: so, once more.
    return { ...operations, lookup: (parent: FileNode, name: string) => fs.lookupNode(parent, name) };
  });
}

/** Have a property of a node found when it is first asked for, and no more once it was settled or set. */
function whenAsked(node: FileNode, name: keyof FileNode, find: (settle: (value: unknown) => void) => unknown): void {
  const shared = { configurable: true, enumerable: true };
  const set = (value: unknown) => {
    Object.defineProperty(node, name, { ...shared, value, writable: true });
  };
  Object.defineProperty(node, name, { ...shared, get: () => find(set), set });
}

/** Name files of an image. */
function addFiles(fs: FileSystem, below: string, image: PackageArchive, names: string[]): void {
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
    // A folder that was not looked into yet is filled by this.
    const { mknod } = parent.node_ops;
    if (file in (parent.contents as object)) fs.unlink(`${folder}/${file}`);
    giveLazily(mknod(parent, file, FILE_MODE, 0), image.sizeOf(name), () => image.readNow(name));
  }
}

/** Give a file a content that is read when it is first asked for. */
export function giveLazily(node: FileNode, size: number, read: () => Uint8Array): void {
  whenAsked(node, "contents", (settle) => {
    const contents = read();
    settle(contents);
    return contents;
  });
  node.usedBytes = size;
}
