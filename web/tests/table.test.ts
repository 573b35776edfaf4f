import { describe, expect, it } from "vitest";
import type { PropsUIPromptConsentFormTable } from "../src/protocol/types.gen.js";
import { type Cell, JsonTextError } from "../src/table/json_text.js";
import { readTable } from "../src/table/read_table.js";
import { TableModel } from "../src/table/table_model.js";

function run<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const columnsOf = (...texts: string[]): Record<string, Cell[]> => Object.fromEntries(run(readTable(texts)));

function tableOf(data: string | string[], headers = {}): TableModel {
  const prompt: PropsUIPromptConsentFormTable = {
    __type__: "PropsUIPromptConsentFormTable",
    id: "chats",
    number: 1,
    title: "Chats",
    description: "",
    data_frame: data,
    headers,
  };
  const table = new TableModel(prompt);
  run(table.read());
  return table;
}

const searchFor = (table: TableModel, query: string) => run(table.search(query));

describe("reading a table's text", () => {
  it("keeps all digits of numbers within a list or an object too", () => {
    const nested = '[1234567890123456789, {"a b": "\\u00e9 \\" 1", "c": 1.5}]';
    expect(columnsOf(`{"a": [${nested}]}`)).toEqual({ a: ['[1234567890123456789,{"a b":"é \\" 1","c":1.5}]'] });
  });

  it("keeps all digits of a whole number of any length", () => {
    const digits = `1${"0".repeat(400)}`;
    expect(columnsOf(`{"a": [1234567890123456789, ${digits}]}`)).toEqual({ a: [1234567890123456789n, BigInt(digits)] });
  });

  it("takes both forms of columns", () => {
    expect(columnsOf('{"a": {"0": 1, "1": "x"}, "b": {"0": null, "1": true}}')).toEqual({
      a: [1, "x"],
      b: [null, true],
    });
    expect(columnsOf('{"a": [1, "x"], "b": [null, true]}')).toEqual({ a: [1, "x"], b: [null, true] });
  });

  it("keeps the order of rows whose keys are numbers out of order, as after a sort", () => {
    expect(columnsOf('{"a": {"9": "first", "2": "second", "5": "third"}}')).toEqual({
      a: ["first", "second", "third"],
    });
  });

  it("keeps every digit of a large whole number", () => {
    expect(columnsOf('{"id": [1234567890123456789, -5, 1.5, 2e3]}').id).toEqual([1234567890123456789n, -5, 1.5, 2000]);
  });

  it("puts chunks one after another, and fills a column that one of them lacks", () => {
    expect(columnsOf('{"a": [1, 2]}', '{"a": [3], "b": ["x"]}', '{"b": ["y"]}')).toEqual({
      a: [1, 2, 3, null],
      b: [null, null, "x", "y"],
    });
  });

  it("reads the same as JSON.parse, whatever stands in a text", () => {
    const cells = ['"', "\\", '\\"', "}{][,:", "tab\tline\nend", "é😀\u2028", "", " ", "null", "1"];
    expect(columnsOf(JSON.stringify({ 'a "name"': cells }))).toEqual({ 'a "name"': cells });
    expect(columnsOf(JSON.stringify({ a: cells }, null, 2))).toEqual({ a: cells });
  });

  it("shows a list or an object as its JSON, and what is not a number as missing", () => {
    expect(columnsOf('{"a": [{"x": [1, "]"]}, [], NaN]}').a).toEqual(['{"x":[1,"]"]}', "[]", null]);
  });

  it("makes an empty table of nothing", () => {
    expect(columnsOf("{}")).toEqual({});
    expect(columnsOf('{"a": []}')).toEqual({ a: [] });
  });

  it.each([
    "",
    "[1]",
    '{"a"',
    '{"a": [1',
    '{"a": [1,]}',
    '{"a": ["x]}',
    '{"a": [what]}',
    '{"a": [constructor]}',
    '{"a": [{"x": 1]}',
  ])("refuses %j with a place and none of its contents", (text) => {
    expect(() => columnsOf(text)).toThrow(Error);
    try {
      columnsOf(text);
    } catch (error) {
      if (error instanceof JsonTextError)
        expect((error as Error).message).toMatch(/^The text is not valid at character \d+\.$/);
    }
  });

  it("pauses often enough that no step takes long", () => {
    const text = JSON.stringify({ a: Array.from({ length: 100_000 }, (_, i) => `message number ${i}`) });
    let steps = 0;
    for (const _ of readTable([text])) steps += 1;
    expect(steps).toBeGreaterThanOrEqual(500);
  });
});

describe("a table under review", () => {
  const rows = JSON.stringify({ name: ["Ann", "Bob", "ann", "Zoë ((", null], count: [10, 2, 30, null, 5] });

  it("shows and counts every row", () => {
    const table = tableOf(rows);
    expect(table.state).toBe("ready");
    expect([...table.shown]).toEqual([0, 1, 2, 3, 4]);
    expect([table.rowCount, table.keptCount, table.deletedCount]).toEqual([5, 5, 0]);
  });

  it("says so when the text is no table, and keeps nothing of it", () => {
    const table = tableOf("not a table");
    expect(table.state).toBe("unreadable");
    expect(table.columns).toEqual([]);
  });

  it("tells columns of numbers from others", () => {
    expect(tableOf(rows).columns.map((column) => column.numeric)).toEqual([false, true]);
  });

  it("tells a column of numbers also when every fifth cell is missing", () => {
    const cells = Array.from({ length: 50_000 }, (_, i) => (i % 5 ? i : null));
    expect(tableOf(JSON.stringify({ a: cells })).columns[0]?.numeric).toBe(true);
  });

  it("begins where those begin to read who read its texts", () => {
    const hebrew = ["1. שלום", "תודה (thanks)", "ok", null];
    expect(tableOf(JSON.stringify({ words: hebrew, count: [1, 2, 3, 4] })).direction).toBe("rtl");
    expect(tableOf(JSON.stringify({ words: ["سلام", "tea", "jam"] })).direction).toBe("ltr");
    expect(tableOf(JSON.stringify({ words: hebrew, who: ["Ann", "Bob", "Zoë", "Ann"] })).direction).toBe("ltr");
    expect(tableOf("{}").direction).toBe("ltr");
  });

  it("counts the characters that are not seen, and those of a row", () => {
    const table = tableOf(JSON.stringify({ a: ["tea\u200b", "jam", "\u202eok\u202c"], b: [1, null, "x\u200b"] }));
    expect(table.unseenCount).toBe(0);
    run(table.countUnseen());
    expect(table.unseenCount).toBe(4);
    expect([0, 1, 2].map((row) => table.unseenInRow(row))).toEqual([1, 0, 3]);
  });

  it("takes headers in other words than the columns' names", () => {
    const table = tableOf(rows, { name: { translations: { en: "Who" } } });
    expect(table.columns.map((column) => table.header(column))).toEqual([{ translations: { en: "Who" } }, "count"]);
  });

  it("shows the name of a column that every object has something of the same name", () => {
    const table = tableOf('{"constructor": [1], "__proto__": [2]}', {});
    expect(table.columns.map((column) => table.header(column))).toEqual(["constructor", "__proto__"]);
  });

  it("searches for plain text in any column, upper or lower case alike", () => {
    const table = tableOf(rows);
    searchFor(table, "ANN");
    expect([...table.shown]).toEqual([0, 2]);
    searchFor(table, "((");
    expect([...table.shown]).toEqual([3]);
    searchFor(table, ".*");
    expect([...table.shown]).toEqual([]);
    searchFor(table, "30");
    expect([...table.shown]).toEqual([2]);
    searchFor(table, "  ");
    expect(table.shown.length).toBe(5);
  });

  it("searches for what people take for the same", () => {
    const table = tableOf(JSON.stringify({ a: ["at 10:05\u202fPM", "at 10:05 AM", "\u0130stanbul"] }));
    searchFor(table, " 10:05 pm ");
    expect([...table.shown]).toEqual([0]);
    searchFor(table, "istan\u00adbul");
    expect([...table.shown]).toEqual([2]);
  });

  it("leaves no trace of a search that is given up", () => {
    const table = tableOf(JSON.stringify({ a: Array.from({ length: 1000 }, (_, i) => i) }));
    table.search("7").next();
    expect(table.shown.length).toBe(1000);
    expect(table.query).toBe("");
  });

  it("deletes what is selected, and brings it back step by step", () => {
    const table = tableOf(rows);
    table.select(1, true);
    table.select(3, true);
    expect(table.deleteSelected()).toBe(2);
    table.select(0, true);
    table.deleteSelected();
    expect([...table.shown]).toEqual([2, 4]);
    expect(table.deletedPositions()).toEqual([0, 1, 3]);
    expect([table.keptCount, table.deletedCount, table.selectedCount]).toEqual([2, 3, 0]);
    expect(table.undo()).toBe(1);
    expect(table.deletedPositions()).toEqual([1, 3]);
    expect(table.undo()).toBe(2);
    expect(table.deletedPositions()).toEqual([]);
    expect(table.canUndo).toBe(false);
    expect(table.undo()).toBe(0);
  });

  it("selects all that the search shows, and nothing else", () => {
    const table = tableOf(rows);
    searchFor(table, "ann");
    table.selectShown(true);
    expect(table.selection).toBe("all");
    table.deleteSelected();
    searchFor(table, "");
    expect(table.deletedPositions()).toEqual([0, 2]);
    expect([...table.shown]).toEqual([1, 3, 4]);
  });

  it("never deletes a row that the search has hidden since it was selected", () => {
    const table = tableOf(rows);
    table.selectShown(true);
    searchFor(table, "bob");
    expect(table.selectedCount).toBe(1);
    table.deleteSelected();
    expect(table.deletedPositions()).toEqual([1]);
  });

  it("brings rows back into what the search shows only if they fit it", () => {
    const table = tableOf(rows);
    table.selectShown(true);
    table.deleteSelected();
    searchFor(table, "bob");
    expect(table.shown.length).toBe(0);
    table.undo();
    expect([...table.shown]).toEqual([1]);
    expect(table.keptCount).toBe(5);
  });

  it("selects the rows between two, in what is shown", () => {
    const table = tableOf(rows);
    searchFor(table, "n");
    table.selectBetween(1, 0, true);
    expect([table.isSelected(0), table.isSelected(1), table.isSelected(2)]).toEqual([true, false, true]);
    expect(table.selection).toBe("all");
    table.select(0, false);
    expect(table.selection).toBe("some");
  });

  it("deletes half a million rows, and brings them back, without a long step", () => {
    const table = tableOf(JSON.stringify({ a: Array.from({ length: 500_000 }, (_, i) => i) }));
    table.selectShown(true);
    expect(table.deleteSelected()).toBe(500_000);
    expect(table.keptCount).toBe(0);
    table.undo();
    expect(table.keptCount).toBe(500_000);
  });
});
