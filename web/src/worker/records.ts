/** Many objects with the same fields, which came from Python by columns; `sidestage.worker.records` tells their form. */

import { type NDArray, readArray } from "./arrays.js";

/** Arrays of one type and shape: their elements, one array after another. */
interface ArraysColumn {
  dtype: string;
  shape: number[];
  buffer: number;
}

/** A column: the values' forms, the value that all are, or arrays. */
type Column = unknown[] | { each: unknown } | ArraysColumn;

export interface RecordsForm {
  groups: { keys: string[]; count: number; columns: Column[] }[];
}

/** The objects. The arrays of a column are views of one buffer. */
export function readRecords(
  { groups }: RecordsForm,
  buffers: Uint8Array[],
  revive: (value: unknown) => unknown,
): object[] {
  const records: object[] = [];
  for (const { keys, count, columns } of groups) {
    const read = columns.map((column) => readColumn(column, count, buffers, revive));
    for (let row = 0; row < count; row += 1) {
      records.push(Object.fromEntries(keys.map((key, column) => [key, read[column]?.(row)])));
    }
  }
  return records;
}

function readColumn(
  column: Column,
  count: number,
  buffers: Uint8Array[],
  revive: (value: unknown) => unknown,
): (row: number) => unknown {
  if (Array.isArray(column)) return (row) => revive(column[row]);
  if ("each" in column) return () => structuredClone(column.each);
  const { dtype, shape, buffer } = column;
  const { data } = readArray({ dtype, shape, bytes: buffers[buffer] as Uint8Array });
  const all = data as Float64Array;
  const length = all.length / count;
  return (row): NDArray => ({ dtype, shape, data: all.subarray(row * length, (row + 1) * length) });
}
