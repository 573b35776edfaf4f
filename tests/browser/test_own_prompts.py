"""A study's own prompts on a page: the colour wheel of the documentation, and modules with something wrong in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown_pages import ROOT, blocks
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tools.serving import Server, sidestage

from .participant import console, donations, open_study, press, wait_for_heading

Serve = Callable[..., Server]
PAGE = ROOT / "docs/own-prompts.md"
[SCRIPT] = blocks(PAGE, "python")
[MODULE] = blocks(PAGE, "js")
DECLARED = '# /// script\n# [tool.sidestage.session-data]\n# colour = "The colour that you chose"\n# ///\n'


def write(folder: Path, script: str = DECLARED + SCRIPT.text, module: str | None = MODULE.text) -> Path:
    """A study with the colour wheel, or with another module in its place."""
    (folder / "prompts").mkdir(exist_ok=True)
    if module is not None:
        (folder / "prompts/ColourWheel.js").write_text(module)
    (folder / "study.py").write_text(script)
    return folder / "study.py"


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("sidestage-own-prompt iframe")


def slider(page: Page, name: str = "Which colour is today?") -> Locator:
    return frame(page).get_by_role("slider", name=name)


def test_the_wheel_of_the_documentation_takes_thirty_lines() -> None:
    lines = [line for line in (SCRIPT.text + MODULE.text).splitlines() if line.strip()]
    assert len(lines) <= 30


def test_a_colour_is_chosen_by_mouse_and_donated(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path))
    session = open_study(page, server)
    wheel = frame(page).locator("div")
    width, height = wheel.evaluate("wheel => [wheel.clientWidth, wheel.clientHeight]")
    wheel.click(position={"x": width - 20, "y": height / 2})
    frame(page).get_by_role("button", name="OK").click()
    wait_for_heading(page, "Thank you")
    assert console(page) == []
    [donation] = donations(server.data, session)
    assert donation.data == "hsl(90 100% 50%)"


def test_a_colour_is_chosen_by_keyboard_into_the_frame_and_out_of_it(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path))
    session = open_study(page, server)
    expect(slider(page)).to_be_visible()
    page.get_by_role("heading", name="Study").focus()
    page.keyboard.press("Tab")
    expect(slider(page)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="What leaves this page")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait_for_heading(page, "Thank you")
    [donation] = donations(server.data, session)
    assert donation.data == "hsl(1 100% 50%)"


def test_its_texts_come_in_the_participants_language_and_name_the_frame(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    server = serve(write(tmp_path))
    open_study(page, server, "?locale=nl-BE")
    expect(slider(page, "Welke kleur heeft vandaag?")).to_be_visible()
    assert page.locator("iframe[srcdoc]:not([hidden])").get_attribute("title") == "Welke kleur heeft vandaag?"
    assert frame(page).locator("html").get_attribute("lang") == "nl-BE"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_looks_as_the_page_does_and_follows_it(page: Page, serve: Serve, tmp_path: Path, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    open_study(page, serve(write(tmp_path)))
    heading, button = frame(page).get_by_role("heading"), frame(page).get_by_role("button", name="OK")
    expect(heading).to_be_visible()

    def looks() -> list[str]:
        own = [heading.evaluate(f"e => getComputedStyle(e).{name}") for name in ("color", "fontFamily")]
        return [*own, button.evaluate("e => getComputedStyle(e).backgroundColor")]

    def expected() -> list[str]:
        looks: list[str] = page.locator("sidestage-app").evaluate(LOOKS)
        return looks

    assert looks() == expected()
    before = looks()
    page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    expect(heading).not_to_have_css("color", before[0])
    assert looks() == expected()


#: What the page's own heading and first button look like.
LOOKS = """app => {
  const probe = app.shadowRoot.querySelector("main").appendChild(document.createElement("button"));
  probe.className = "primary";
  const { color, fontFamily } = getComputedStyle(app);
  const looks = [color, fontFamily, getComputedStyle(probe).backgroundColor];
  probe.remove();
  return looks;
}"""


def module_of(body: str) -> str:
    """A module whose element does this."""
    return (
        'customElements.define("prompt-colour-wheel", class extends HTMLElement {\n'
        "  answer(detail) { this.dispatchEvent(new CustomEvent('answer', { detail })); }\n"
        f"  connectedCallback() {{ {body} }}\n}});\n"
    )


BUTTON = "this.innerHTML = '<button>Go</button>'; this.querySelector('button').onclick = () => "
SECRET = "new Error('secret of the participant')"
NO_ELEMENT = 'defines no element of this name: end it with customElements.define("prompt-colour-wheel", ...)'
IMPORTS = "imports something; all that it needs must be in the file itself"
UNFIT = "answers with something else than ColourWheel declares"
#: A module with something wrong in it, what to press in it, and what the script is told.
BROKEN = {
    "no JavaScript": ("class {\n  oops(\n", None, "throws an error in line 1"),
    "throws at once": (f"\nthrow {SECRET};", None, "throws an error in line 2"),
    "throws in its element": (module_of(f"throw {SECRET};"), None, "throws an error in line 3"),
    "throws later": (module_of(BUTTON + "nothing.is.there;"), "Go", "throws an error in line 3"),
    "rejects later": (module_of(BUTTON + f"Promise.reject({SECRET});"), "Go", "throws an error"),
    "defines another element": (
        'customElements.define("colour-wheel", class extends HTMLElement {});',
        None,
        NO_ELEMENT,
    ),
    "imports a file": ('import "./other.js";', None, IMPORTS),
    "imports from elsewhere": ('import "https://example.org/other.js";', None, IMPORTS),
    "answers with a number": (module_of("this.answer(3);"), None, UNFIT),
    "answers with nothing": (module_of("this.answer();"), None, UNFIT),
    "answers with too much": (module_of("this.answer('x'.repeat(2_000_000));"), None, UNFIT),
    "leaves": (module_of("location.href = 'about:blank';"), None, "leaves its page for another one"),
    "loops": (module_of("setTimeout(() => { for (;;); }, 500);"), None, "does not respond any more"),
    "waits": ("await new Promise(() => undefined);", None, "takes too long until its element is there"),
    "is missing": (None, None, "there is no prompts/ColourWheel.js beside the script"),
}
CATCHING = DECLARED + SCRIPT.text.replace("    colour = yield", "    try:\n        colour = yield").replace(
    "    yield flow.donate",
    "    except flow.PromptError as error:\n        colour = f'broken: {error}'\n    yield flow.donate",
)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_module_with_something_wrong_gets_a_sentence_and_a_way_on(
    page: Page, serve: Serve, tmp_path: Path, kind: str
) -> None:
    module, button, told = BROKEN[kind]
    server = serve(write(tmp_path, CATCHING, module))
    session = open_study(page, server)
    if button:
        frame(page).get_by_role("button", name=button).click()
    expect(page.get_by_role("alert")).to_contain_text("This part of the study does not work in your browser.")
    expect(page.get_by_role("region", name="Technical details")).to_contain_text(told)
    press(page, "Go on without it")
    wait_for_heading(page, "Thank you")
    [donation] = donations(server.data, session)
    assert donation.data.startswith("broken: ")
    assert donation.data.endswith(told)
    assert "secret" not in donation.data


def test_an_error_leaves_the_rest_of_it_to_be_used(page: Page, serve: Serve, tmp_path: Path) -> None:
    body = "this.innerHTML = '<button>Fail</button><button>Answer</button>'; const [fail, answer] = this.children;"
    body += "fail.onclick = () => { throw 1; }; answer.onclick = () => this.answer('red');"
    server = serve(write(tmp_path, module=module_of(body)))
    session = open_study(page, server)
    frame(page).get_by_role("button", name="Fail").click()
    expect(page.get_by_role("alert")).to_contain_text("does not work")
    frame(page).get_by_role("button", name="Answer").click()
    wait_for_heading(page, "Thank you")
    assert [donation.data for donation in donations(server.data, session)] == ["red"]


def test_a_module_that_cannot_be_fetched_is_fetched_when_the_participant_tries_again(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    server = serve(write(tmp_path))
    page.route("**/prompts/*.js", lambda route: route.abort())
    open_study(page, server)
    expect(page.get_by_role("region", name="Technical details")).to_have_text(
        "prompts/ColourWheel.js could not be fetched"
    )
    page.unroute_all()
    press(page, "Try again")
    expect(slider(page)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_frame_is_as_high_as_what_is_in_it_up_to_a_bound(page: Page, serve: Serve, tmp_path: Path) -> None:
    body = "this.innerHTML = '<button>Grow</button><div></div>'; const [button, div] = this.children;"
    body += "button.onclick = () => { div.style.height = `${(div.offsetHeight || 60) * 10}px`; };"
    open_study(page, serve(write(tmp_path, module=module_of(body))))
    grow = frame(page).get_by_role("button", name="Grow")
    expect(grow).to_be_visible()
    element = page.locator("sidestage-own-prompt iframe")

    def height() -> float:
        box = element.bounding_box()
        assert box is not None
        return box["height"]

    assert 40 < height() < 80
    grow.click()
    page.wait_for_function("element => element.clientHeight > 600", arg=element.element_handle())
    assert 600 < height() < 700
    grow.click()
    page.wait_for_function("element => element.clientHeight > 700", arg=element.element_handle())
    assert height() == 4_000


def test_the_page_loads_again_when_the_module_changes(page: Page, serve: Serve, tmp_path: Path) -> None:
    script = write(tmp_path, module=None)
    open_study(page, serve(script))
    expect(page.get_by_role("alert")).to_contain_text("does not work")
    (tmp_path / "prompts/ColourWheel.js").write_text(MODULE.text)
    expect(slider(page)).to_be_visible()
    (tmp_path / "prompts/ColourWheel.js").write_text(MODULE.text.replace(">OK<", ">Choose<"))
    expect(frame(page).get_by_role("button", name="Choose")).to_be_visible()


def test_an_author_is_told_of_a_module_that_is_no_text(page: Page, serve: Serve, tmp_path: Path) -> None:
    script = write(tmp_path)
    server = serve(script)
    (tmp_path / "prompts/ColourWheel.js").write_bytes(b"// one\n// \xff\n")
    page.goto(server.url)
    expect(page.get_by_text("prompts/ColourWheel.js, line 2: a byte there is not UTF-8")).to_be_visible()


@pytest.mark.parametrize("form", ["folder", "file"])
def test_a_built_site_has_it(page: Page, serve: Serve, tmp_path: Path, form: str) -> None:
    script = write(tmp_path)
    target = tmp_path / ("site" if form == "folder" else "site.html")
    done = sidestage("build", script, "-o", target, *(["--single"] if form == "file" else []))
    assert done.returncode == 0, done.stderr
    if form == "folder":
        [module] = (path.name for path in target.glob("prompts/*.js"))
        assert re.fullmatch(r"ColourWheel-[0-9a-f]{16}\.js", module)
        page.goto(serve(target, command="serve").url)
    else:
        page.goto(target.as_uri())
    frame(page).get_by_role("button", name="OK").click()
    expect(page.get_by_role("heading", name="Save your donation")).to_be_visible()
    assert console(page) == []
