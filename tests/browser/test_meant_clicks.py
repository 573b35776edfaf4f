"""A click that agrees is meant, and nothing is agreed to that was not shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tools.serving import Server

from .participant import console, donations, open_study, press, table, wait_for_heading

STUDY = """
# /// script
# [tool.sidestage.session-data]
# declined = "Whether you declined"
# ///
from sidestage import flow
from sidestage.tables import Table

def process(session):
    yield flow.confirm("Shall we?")
    agreed = yield flow.review(Table("drinks", "Drinks", {"drink": ["tea", "jam", "coffee"]}))
    if agreed is None:
        yield flow.donate("declined", True)
    else:
        yield flow.donate("drinks", agreed)
    yield flow.donate("more", {"drinks": "milk"})
"""


@pytest.fixture
def study(serve: Callable[..., Server], tmp_path: Path) -> Server:
    script = tmp_path / "study.py"
    script.write_text(STUDY)
    return serve(script)


@pytest.fixture
def review(returning_page: Page, study: Server) -> Page:
    """The page of the table, when its button takes a click."""
    open_study(returning_page, study)
    press(returning_page, "Yes")
    expect(agree(returning_page)).to_be_enabled()
    return returning_page


def agree(page: Page, name: str = "Yes, donate") -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def is_still_asked(page: Page) -> bool:
    """Whether the question about the table is still there, after more time than an answer takes."""
    page.wait_for_timeout(600)
    return agree(page).is_visible() and page.locator(".view[inert]").count() == 0


def click_where(page: Page, button: Locator, **how: float) -> None:
    """Click where a button is, and wait for nothing."""
    box = button.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, **how)  # type: ignore[arg-type]


#: Clicks the first button that agrees as soon as it is there, and keeps how it looked then.
CLICK_AT_ONCE = """() => {
  const find = (root) => {
    const found = root.querySelector("[data-agrees]");
    if (found) return found;
    for (const { shadowRoot } of root.querySelectorAll("*")) {
      const inside = shadowRoot && find(shadowRoot);
      if (inside) return inside;
    }
  };
  const timer = setInterval(() => {
    const button = find(document);
    // The colour comes in a transition, from that of a table that is being read.
    if (button?.dataset.settling === undefined || button.getAnimations().length) return;
    clearInterval(timer);
    button.click();
    window.early = [getComputedStyle(button).backgroundColor, button.getAttribute("aria-disabled")];
  }, 10);
}"""


def test_a_button_agrees_to_nothing_in_its_first_second_and_looks_as_it_will(
    returning_page: Page, study: Server
) -> None:
    page = returning_page
    session = open_study(page, study)
    expect(agree(page, "Yes")).to_be_visible()
    page.evaluate(CLICK_AT_ONCE)
    press(page, "Yes")
    page.mouse.move(0, 0)
    page.wait_for_function("window.early")
    assert is_still_asked(page)
    button = agree(page)
    expect(button).to_be_enabled()
    colour = button.evaluate("(button) => getComputedStyle(button).backgroundColor")
    assert page.evaluate("window.early") == [colour, "true"]
    button.click()
    wait_for_heading(page, "This study wants to send this too")
    assert [donation.key for donation in donations(study.data, session)] == ["drinks"]
    assert console(page) == []


def test_a_button_that_the_layout_moves_begins_anew_and_scrolling_is_no_move(review: Page) -> None:
    review.set_viewport_size({"width": 800, "height": 420})
    review.wait_for_timeout(250)
    expect(agree(review)).to_be_enabled()
    review.mouse.move(400, 30)
    review.mouse.wheel(0, 90)
    review.wait_for_timeout(250)
    expect(agree(review)).to_be_enabled(timeout=1)
    # So high that the button is in sight also where it is moved to.
    review.set_viewport_size({"width": 800, "height": 1200})
    review.wait_for_timeout(250)
    expect(agree(review)).to_be_enabled()
    review.evaluate("document.querySelector('sidestage-app').style.paddingTop = '150px'")
    click_where(review, agree(review))
    assert is_still_asked(review)
    # Who clicked then is told why nothing came of it.
    expect(review.get_by_text("Click once more if you mean it.")).to_be_visible()
    press(review, "Yes, donate")
    wait_for_heading(review, "This study wants to send this too")


def test_a_double_click_agrees_to_nothing_and_says_so(review: Page) -> None:
    click_where(review, agree(review), click_count=2, delay=20)
    assert is_still_asked(review)
    expect(review.get_by_text("One click is enough.")).to_be_visible()
    press(review, "Yes, donate")
    wait_for_heading(review, "This study wants to send this too")


def test_a_key_that_is_held_down_agrees_to_nothing_and_one_press_does(review: Page) -> None:
    agree(review).focus()
    for key in ("Enter", "Space"):
        for _ in range(4):
            review.keyboard.down(key)
        review.keyboard.up(key)
        assert is_still_asked(review)
    review.keyboard.press("Space")
    wait_for_heading(review, "This study wants to send this too")


def test_a_screen_reader_can_press_the_button(review: Page) -> None:
    agree(review).evaluate("(button) => button.click()")
    wait_for_heading(review, "This study wants to send this too")


def test_no_button_agrees_where_another_was_just_clicked(returning_page: Page, study: Server) -> None:
    page = returning_page
    open_study(page, study)
    expect(agree(page, "Yes")).to_be_visible()
    # On the page of the table, the button that agrees would stand here.
    press(page, "Yes")
    place = agree(page).bounding_box()
    assert place
    page.reload()
    expect(agree(page)).to_be_visible()
    press(page, "Start again")
    expect(agree(page, "Yes")).to_be_visible()
    move = "(button, [x, y]) => { Object.assign(button.style, { position: 'fixed', left: `${x}px`, top: `${y}px` }); }"
    agree(page, "Yes").evaluate(move, [place["x"], place["y"]])
    click_where(page, agree(page, "Yes"))
    expect(agree(page)).to_be_enabled()
    now = agree(page).bounding_box()
    assert now
    assert now["y"] > place["y"] + 20


def test_a_table_that_is_hidden_cannot_be_agreed_to(review: Page, study: Server) -> None:
    hide = "(element, style) => { element.style.cssText = style; }"
    drawn = review.locator("sidestage-table-review")
    for style in ("display: none", "visibility: hidden", "opacity: 0"):
        drawn.evaluate(hide, style)
        press(review, "Yes, donate")
        expect(review.get_by_text("A table is not shown here, so it cannot be donated.")).to_be_visible()
        assert is_still_asked(review)
    drawn.evaluate(hide, "")
    expect(table(review, "Drinks")).to_be_visible()
    press(review, "Yes, donate")
    wait_for_heading(review, "This study wants to send this too")


def test_what_the_page_asks_to_send_must_be_shown(review: Page, study: Server) -> None:
    press(review, "No, do not donate")
    wait_for_heading(review, "This study wants to send this too")
    content = review.locator("sidestage-content-view")
    content.evaluate("(element) => { element.style.visibility = 'hidden'; }")
    press(review, "Send")
    review.wait_for_timeout(600)
    wait_for_heading(review, "This study wants to send this too")
    content.evaluate("(element) => { element.style.visibility = ''; }")
    press(review, "Send")
    wait_for_heading(review, "Thank you")
    assert sorted(donation.key for donation in donations(study.data)) == ["declined", "more"]


@pytest.mark.parametrize("locale", ["constructor", "__proto__"])
def test_a_locale_called_as_what_every_object_has_leaves_the_page_its_words(
    returning_page: Page, study: Server, locale: str
) -> None:
    page = returning_page
    session = open_study(page, study, f"?locale={locale}")
    press(page, "Yes")
    expect(table(page, "Drinks").get_by_text("3 rows kept, 0 deleted")).to_be_visible()
    press(page, "Yes, donate")
    wait_for_heading(page, "This study wants to send this too")
    press(page, "Do not send")
    wait_for_heading(page, "Thank you")
    assert [donation.key for donation in donations(study.data, session)] == ["drinks"]
    assert console(page) == []
