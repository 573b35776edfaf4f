"""Large texts between Python and the page: they travel once, as UTF-8 bytes."""

from __future__ import annotations

from playwright.sync_api import Page

from .in_page import in_page


def test_large_texts_arrive_as_they_are_wherever_they_stand(engine_page: Page) -> None:
    seen = in_page(
        engine_page,
        r"""
        const worker = make();
        await worker.init();
        const arabic = "\ufeffسلام ".repeat(400_000);
        const half = "a".repeat(70_000) + "\ud83d";
        const smileys = "🙃".repeat(40_000);
        const code = `long = {
            'list': [text], 'map': {1: text, text: 2}, 'set': {text}, '$type': text, 'short': 'x',
        }\nlong`.replaceAll("\n        ", "\n");
        const results = [];
        for (const text of [arabic, half, smileys]) {
          const found = await worker.runPython(code, { globals: { text } });
          results.push([
            found.list[0] === text, found.map.get(1) === text, found.map.get(text) === 2, found.set.has(text),
            found.$type === text, found.short, await worker.runPython("text") === text,
            await worker.runPython("len(text)", { globals: { text } }),
          ]);
        }
        const many = await worker.runPython("[f'سلام {n}' for n in range(20_000)]");
        const many_given = Array.from({ length: 20_000 }, (_, n) => `سلام ${n}`);
        results.push([many[19_999], await worker.runPython("given[-1]", { globals: { given: many_given } })]);
        return results;
        """,
    )
    assert seen == [
        [True] * 5 + ["x", True, 2_400_000],
        [True] * 5 + ["x", True, 70_001],
        [True] * 5 + ["x", True, 40_000],
        ["سلام 19999", "سلام 19999"],
    ]


def test_a_text_that_no_browser_can_hold_is_refused_with_a_sentence(engine_page: Page) -> None:
    told = in_page(
        engine_page,
        """
        const worker = make();
        await worker.init();
        const failure = await caught(worker.runPython("['x' * 540_000_000]"));
        return { ...failure, after: await worker.runPython("1 + 1") };
        """,
    )
    assert told["name"] == "ConversionError"
    assert told["message"].startswith("a text of 540,000,000 characters is too long to be sent")
    assert told["after"] == 2
