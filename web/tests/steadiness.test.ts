import { describe, expect, it } from "vitest";
import { Steadiness } from "../src/elements/steadiness.js";

const at = (y: number, scrolledY = 0) => ({ x: 100, y, scrolledX: 0, scrolledY });

describe("a button that stands still", () => {
  it("is steady a second after it has appeared", () => {
    const steadiness = new Steadiness();
    expect(steadiness.isSteady(0)).toBe(false);
    steadiness.note(at(500), 5_000);
    steadiness.note(at(500), 5_999);
    expect(steadiness.isSteady(5_999)).toBe(false);
    expect(steadiness.isSteady(6_000)).toBe(true);
  });

  it("begins anew when the layout has moved it, also by a little each time", () => {
    const steadiness = new Steadiness();
    steadiness.note(at(500), 0);
    steadiness.note(at(440), 3_000);
    expect(steadiness.isSteady(3_999)).toBe(false);
    expect(steadiness.isSteady(4_000)).toBe(true);
    for (let step = 1; step <= 20; step++) steadiness.note(at(440 - 4 * step), 4_000 + 100 * step);
    expect(steadiness.isSteady(6_000)).toBe(false);
  });

  it("stays steady while the participant scrolls", () => {
    const steadiness = new Steadiness();
    steadiness.note(at(900), 0);
    steadiness.note(at(500, 400), 2_000);
    steadiness.note(at(100, 800), 2_100);
    expect(steadiness.isSteady(2_100)).toBe(true);
  });

  it("stays steady where the browser keeps it in its place while the page above grows", () => {
    const steadiness = new Steadiness();
    steadiness.note(at(500, 100), 0);
    steadiness.note(at(500, 700), 2_000);
    expect(steadiness.isSteady(2_000)).toBe(true);
  });

  it("stays steady while the participant scrolls after the page above has grown, and the other way round", () => {
    const steadiness = new Steadiness();
    steadiness.note(at(500, 100), 0);
    steadiness.note(at(500, 700), 2_000);
    steadiness.note(at(200, 1_000), 2_100);
    steadiness.note(at(200, 400), 2_200);
    steadiness.note(at(600, 0), 2_300);
    expect(steadiness.isSteady(2_300)).toBe(true);
    steadiness.note(at(650, 0), 2_400);
    expect(steadiness.isSteady(2_400)).toBe(false);
  });

  it("begins anew when it is moved slowly while the participant scrolls", () => {
    const steadiness = new Steadiness();
    steadiness.note(at(900), 0);
    for (let step = 1; step <= 10; step++) steadiness.note(at(900 - 50 * step - 4 * step, 50 * step), 2_000 + step);
    expect(steadiness.isSteady(2_500)).toBe(false);
  });

  it("begins anew when it was gone or out of sight", () => {
    const steadiness = new Steadiness();
    steadiness.note(at(500), 0);
    steadiness.note(null, 2_000);
    expect(steadiness.isSteady(4_000)).toBe(false);
    steadiness.note(at(500), 4_000);
    expect(steadiness.isSteady(4_500)).toBe(false);
    expect(steadiness.isSteady(5_000)).toBe(true);
  });
});
