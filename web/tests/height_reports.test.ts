/** A host is told how high the page is, and Python cannot spell anything with it. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HeightReports } from "../src/bridge/height_reports.js";

let reports: HeightReports;
let heard: number[];

beforeEach(() => {
  vi.useFakeTimers();
  reports = new HeightReports();
  heard = [];
});

afterEach(() => vi.useRealTimers());

const start = () => reports.start((height) => heard.push(height));

describe("the height of the page", () => {
  it("is told once the host has started the page, and not before", () => {
    reports.measured(210);
    vi.advanceTimersByTime(10_000);
    expect(heard).toEqual([]);
    start();
    expect(heard).toEqual([250]);
  });

  it("is rounded up, and has an end", () => {
    start();
    for (const [height, told] of [
      [1, 50],
      [50, 50],
      [51, 100],
      [1e9, 20_000],
    ] as const) {
      reports.renew();
      reports.measured(height);
      vi.advanceTimersByTime(500);
      expect(heard.at(-1)).toBe(told);
    }
    expect(heard.length).toBe(3);
  });

  it("is told at most twice in a second, and then as it is by then", () => {
    start();
    for (let height = 100; height <= 1_000; height += 100) {
      reports.renew();
      reports.measured(height);
    }
    expect(heard).toEqual([100]);
    vi.advanceTimersByTime(499);
    expect(heard).toEqual([100]);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual([100, 1_000]);
  });

  it("follows what the participant does, however long that goes on", () => {
    start();
    for (let act = 1; act <= 20; act++) {
      reports.renew();
      reports.measured(100 * act);
      vi.advanceTimersByTime(1_000);
    }
    expect(heard.length).toBe(20);
  });

  it("spells no secret of a script that nobody answers: three heights are all that gets out", () => {
    start();
    for (const byte of new TextEncoder().encode("A secret of forty bytes, out of a file.".repeat(10))) {
      reports.measured(1_000 + 100 * byte);
      vi.advanceTimersByTime(10_000);
    }
    expect(heard.length).toBe(3);
    reports.measured(300);
    vi.advanceTimersByTime(10_000);
    reports.renew();
    expect(heard.slice(3)).toEqual([300]);
  });

  it("is told no more when the page has gone", () => {
    start();
    reports.measured(100);
    reports.measured(200);
    reports.stop();
    vi.advanceTimersByTime(10_000);
    expect(heard).toEqual([100]);
  });
});
