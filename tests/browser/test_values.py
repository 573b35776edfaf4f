"""Values of JavaScript in Python, and what cannot go there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from .in_page import in_page


def test_numbers_and_typed_arrays_of_javascript_are_in_python_what_they_are(engine_page: Page) -> None:
    seen = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        const kind = `
        def told(value):
            if isinstance(value, memoryview):
                return f"{value.format}{list(value.shape)} {value.tolist()}"
            if type(value).__name__ == "ndarray":
                return f"{value.dtype.name}{list(value.shape)} {value.tolist()}"
            return repr(value)
        [told(value) for value in values]
        `.replaceAll("\\n        ", "\\n");
        const values = [
          2 ** 60, -(2 ** 60), 2 ** 64, 2 ** 65, 1.5, -0, [{ a: 2 ** 60 }],
          new Uint8ClampedArray([300, 1]), new Float16Array([0.5, 2]), new BigUint64Array([2n ** 63n]),
          new Int16Array(new Int16Array([1, 2, 3]).buffer, 2, 2), new DataView(new ArrayBuffer(2), 1),
          new Uint8Array(2),
          { dtype: "bool", shape: [2, 1], data: new Uint8Array([1, 0]) },
          { dtype: "bool", shape: [2, 1], data: new Uint8Array([1, 0]), more: 1 },
        ];
        const without = await worker.runPython(kind, { globals: { values } });
        await worker.installPackages(["numpy"]);
        return { without, with: await worker.runPython(kind, { globals: { values } }) };
        """,
    )
    plain = [
        *(
            "1152921504606846976",
            "-1152921504606846976",
            "18446744073709551616",
            "3.6893488147419103e+19",
            "1.5",
            "-0.0",
        ),
        "[{'a': 1152921504606846976}]",
    ]
    raw = [r"b'\x00'", r"b'\x00\x00'"]
    mixed = "{'dtype': 'bool', 'shape': [2, 1], 'data': b'\\x01\\x00', 'more': 1}"
    views = ["B[2] [255, 1]", "f[2] [0.5, 2.0]", "Q[1] [9223372036854775808]", "h[2] [2, 3]"]
    arrays = ["uint8[2] [255, 1]", "float16[2] [0.5, 2.0]", "uint64[1] [9223372036854775808]", "int16[2] [2, 3]"]
    assert seen["without"] == [*plain, *views, *raw, "?[2, 1] [[True], [False]]", mixed]
    assert seen["with"] == [*plain, *arrays, *raw, "bool[2, 1] [[True], [False]]", mixed]


def test_what_python_has_no_form_for_is_told_with_its_place_and_without_our_own_files(engine_page: Page) -> None:
    told = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        const failures = [];
        for (const x of [[new Set([{}])], new Map([[{}, 1]]), new Map([[1, "a"], [true, "b"]])]) {
          failures.push(await caught(worker.runPython("x", { globals: { x } })));
        }
        failures.push(await caught(worker.runPython(5)));
        return failures.map(({ name, message, pythonTraceback }) => ({ name, message, pythonTraceback }));
        """,
    )
    assert [failure["name"] for failure in told] == ["ConversionError"] * 3 + ["RequestError"]
    assert [failure["message"] for failure in told] == [
        "a set that holds an object has no form in Python (at payload.globals.x[0])",
        "a key that is an object has no form in Python (at payload.globals.x)",
        "the keys 1 and True are one in a dict of Python's (at payload.globals.x)",
        "the request does not fit: runPython.code must be a string",
    ]
    assert not any("File " in (failure["pythonTraceback"] or "") for failure in told)


CANNOT_CROSS = {
    "a function": ("() => 1", "payload.globals.x[0] is a Function, which cannot be sent to Python"),
    "shared memory": ("new SharedArrayBuffer(2)", "payload.globals.x[0] is a SharedArrayBuffer, which cannot be sent"),
    "a view of shared memory": (
        "new Uint8Array(new SharedArrayBuffer(2))",
        "payload.globals.x[0] lies in a SharedArrayBuffer, which cannot be sent to Python",
    ),
    "a module": (
        "new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))",
        "payload.globals.x[0] is a WebAssembly.Module, which cannot be sent to Python",
    ),
    "a handle of a file": (
        "await (await navigator.storage.getDirectory()).getFileHandle('x', { create: true })",
        "payload.globals.x[0] is a FileSystemFileHandle, which cannot be sent to Python",
    ),
    "a key": (
        "await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, false, ['encrypt'])",
        "payload.globals.x[0] is a CryptoKey, which cannot be sent to Python",
    ),
}


@pytest.mark.parametrize("sealed", ["true", "false"])
def test_what_cannot_cross_is_told_with_its_place_at_once(engine_page: Page, sealed: str) -> None:
    values = ", ".join(
        f"() => {code}" if "await" not in code else f"async () => {code}" for code, _ in CANNOT_CROSS.values()
    )
    told = in_page(
        engine_page,
        f"""
        const makers = [{values}];
        const worker = make({{ sealed: {sealed} }});
        await worker.init();
        await worker.runPython("kept = 1");
        const failures = [];
        for (const maker of makers) {{
          const x = [await maker(), 1];
          const began = performance.now();
          const {{ name, message }} = await caught(worker.runPython("x", {{ globals: {{ x }}, timeout: 20_000 }}));
          failures.push({{ name, message, quick: performance.now() - began < 5_000 }});
        }}
        const other = make({{ sealed: {sealed}, snapshot: false }});
        const start = await caught(other.init({{ globals: {{ x: [makers[1]()] }}, timeout: 20_000 }}));
        return {{ failures, start, kept: await worker.runPython("kept") }};
        """,
    )
    for (_, sentence), failure in zip(CANNOT_CROSS.values(), told["failures"], strict=True):
        assert (failure["name"], failure["quick"]) == ("ConversionError", True)
        assert failure["message"].startswith(sentence)
    assert told["start"]["name"] == "InitError"
    assert told["start"]["message"].startswith("payload.globals.x[0] is a SharedArrayBuffer")
    assert told["kept"] == 1
