/** The files of a start: which are asked for when, and what becomes of one that fails. */
import { describe, expect, it } from "vitest";
import { OrderedFetch } from "../src/boot/fetch_order.js";

/** Files of 100 bytes that come when they are told to. */
function line() {
  const asked = new Map<string, { bytes(count: number): void; come(): void; fail(): void }>();
  const get = (address: string, onBytes: (bytes: number) => void) =>
    new Promise<Blob>((resolve, reject) => {
      asked.set(address, {
        bytes: onBytes,
        come: () => resolve(new Blob([address])),
        fail: () => reject(new Error(`${address} failed`)),
      });
    });
  const fetching = new OrderedFetch(get, () => 100);
  const given: string[] = [];
  const wanted = (address: string) => [address, () => given.push(address)] as [string, () => void];
  const at = (address: string) => asked.get(address) as NonNullable<ReturnType<typeof asked.get>>;
  return { fetching, given, wanted, at };
}

const soon = () => new Promise((resolve) => setTimeout(resolve));

describe("fetching", () => {
  it("tells when all is nearly here, and hands over each file when it is", async () => {
    const { fetching, given, wanted, at } = line();
    let nearly = false;
    const begun = fetching.begin([wanted("one"), wanted("two")]).then(() => {
      nearly = true;
    });
    at("one").bytes(95);
    at("two").bytes(89);
    await soon();
    expect([nearly, given]).toEqual([false, []]);
    at("two").bytes(1);
    await begun;
    expect(given).toEqual([]);
    at("two").come();
    await soon();
    expect(given).toEqual(["two"]);
    at("one").come();
    expect([...(await fetching.whole()).keys()].sort()).toEqual(["one", "two"]);
  });

  it("counts a file that was here already as here", async () => {
    const { fetching, given, wanted, at } = line();
    const begun = fetching.begin([wanted("one")]);
    at("one").come();
    await begun;
    expect(given).toEqual(["one"]);
  });

  it("fails with a file that fails, also after it was nearly here", async () => {
    const { fetching, wanted, at } = line();
    const begun = fetching.begin([wanted("one")]);
    at("one").bytes(95);
    await begun;
    at("one").fail();
    await expect(fetching.whole()).rejects.toThrow("one failed");
    const other = line();
    const failing = other.fetching.begin([other.wanted("two")]);
    other.at("two").fail();
    await expect(failing).rejects.toThrow("two failed");
  });
});
