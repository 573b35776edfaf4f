"""What leaves the page: nothing that was not reviewed, declared or asked about, and all of it can be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tools.serving import Server, sidestage, start_server

from .participant import choose, console, donations, log_lines, open_study, press, table, wait_for_heading

#: A study that keeps to what was agreed in one part, and in the others tries to send more than that.
STUDY = '''
# /// script
# [tool.sidestage.session-data]
# "*-progress" = { en = "How far you came", nl = "Hoe ver u kwam" }
# result = "What the test wants to know"
# ///
import json

from sidestage import flow
from sidestage.protocol import (
    AgreedPart, CommandSystemDonate, CommandSystemDonateAgreed, CommandSystemEvent, CommandSystemLog,
    CommandUIRender, PropsUIHeader, PropsUIPageDataSubmission, PropsUIPromptConsentForm,
    PropsUIPromptConsentFormTable,
)
from sidestage.tables import Table

NAMES = Table("names", "Names", {"name": ["Ann", "Bo", "Cy"], "share": [1.0, 1e16, None]})

def honest(session):
    yield flow.donate(f"{session}-progress", {"step": 1})
    agreed = yield flow.review(NAMES)
    return [(yield flow.donate("names", agreed))]

CELLS = [1.0, 1e16, 2**70, -0.5, True, None, "Zo\u00eb \\U0001f600", [1, {"\u00e9": [0.1, None]}], '"{\\n', 0]

def both(session):
    """What leaves by reference and what leaves as text are the same bytes."""
    ids = "all text_all one text_one rows text_rows".split()
    agreed = yield flow.review(Table(id, id, {"cell": CELLS, "n": range(10)}) for id in ids)
    forms = {"all": lambda id: {id: agreed[id]}, "one": agreed.get, "rows": lambda id: agreed[id]["data"]}
    answers = []
    for name, form in forms.items():
        step = flow.donate(name, form(name))
        answers.append([type(step.command).__name__, (yield step)])
        answer = yield CommandSystemDonate("text_" + name, json.dumps(form("text_" + name)))
        answers.append([len(step.command.parts), answer.value.success])
    agreed["one"]["data"].pop()
    answers.append([type(flow.donate("one", agreed["one"]).command).__name__, None])
    return answers

def forged(session):
    """Refer to what was not agreed to."""
    agreed = yield flow.review(NAMES)
    declined = yield flow.review(Table("others", "Others", {"n": [1]}))
    mine = agreed["names"].reference().agreement
    answers = [declined]
    names = [(number, "names") for number in (mine + 1, 0, -1, 10**15)]
    for number, name in [(mine, "others"), (mine + 1, "others"), *names]:
        answer = yield CommandSystemDonateAgreed("result", [AgreedPart(number, name)], "rows")
        answers.append(answer.value.status)
    answers.append((yield flow.donate("names", agreed)))
    withdrawn = yield flow.review(NAMES)
    answers += [withdrawn, (yield flow.donate("names", agreed))]
    try:
        yield CommandSystemDonateAgreed("names", [AgreedPart(1.5, "names")], "rows")
    except flow.PromptError as error:
        answers.append(str(error))
    return answers

def existing(session):
    """As scripts of the original family donate what they got: JSON text."""
    cells = json.dumps({"name": {"0": "Zo\\u00eb", "1": "Bo"}, "share": {"0": 1e16, "1": 0.5}})
    form = PropsUIPromptConsentForm([PropsUIPromptConsentFormTable("people", 1, "People", "", cells)], [])
    answer = yield CommandUIRender(PropsUIPageDataSubmission("P", PropsUIHeader("Look"), form))
    answer = yield CommandSystemDonate(f"{session}-p", answer.value)
    return [answer.value.success]

def deleted(session):
    """Send the rows that the participant has deleted, in all the ways that there are."""
    agreed = yield flow.review(NAMES)
    whole = {"names": {"data": NAMES.rows(), "metadata": {"deletedRowCount": 0}}}
    gone = json.dumps(NAMES.rows()[1:2])
    yield flow.log(gone)
    yield CommandSystemEvent(gone)
    answers = [(yield flow.donate("names", whole))]
    answers.append((yield CommandSystemDonate("names", json.dumps(agreed) + " " + gone)).value.status)
    answers.append((yield flow.donate("names", agreed)))
    answers.append((yield CommandSystemDonate("names", json.dumps(agreed).replace(": ", ":\\t"))).value.success)
    answers.append((yield flow.donate(gone, agreed)))
    try:
        yield CommandSystemDonate("names", {"not": "a text"})
    except flow.PromptError as error:
        answers.append(str(error))
    yield flow.donate("result", answers)
    yield flow.exit(0, gone)

def refused(session):
    agreed = yield flow.review(NAMES)
    rows = NAMES.rows()
    return [agreed, (yield flow.donate("names", {"names": {"data": rows, "metadata": {"deletedRowCount": 0}}}))]

def asked(session):
    rows = [{"number": number, "text": "<b>é" + "x" * 50} for number in range(1_000)]
    return [(yield flow.donate("rows", rows))]

PARTS = dict(honest=honest, both=both, forged=forged, existing=existing, deleted=deleted, refused=refused, asked=asked)

def process(session):
    part = yield flow.ask_choice("Part?", list(PARTS))
    yield flow.donate("result", (yield from PARTS[part](session)))
'''
ASKS = "This study wants to send this too"
LEFT = [{"name": "Ann", "share": 1.0}, {"name": "Cy", "share": None}]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("leaving")
    (folder / "study.py").write_text(STUDY)
    server = start_server("run", folder / "study.py", data=folder / "data")
    yield server
    server.stop()


def begin(page: Page, server: Server, part: str) -> str:
    session = open_study(page, server)
    choose(page, part)
    return session


def given(server: Server, session: str) -> dict[str, list[Any]]:
    """What arrived, by key, in order."""
    found: dict[str, list[Any]] = {}
    for donation in donations(server.data, session):
        found.setdefault(donation.key, []).append(donation.data)
    return found


def delete_second_row(page: Page) -> None:
    page.get_by_role("checkbox", name="Select row 2").check()
    press(page, "Delete selected")
    press(page, "Yes, donate")


def open_list(page: Page) -> Locator:
    press(page, "What leaves this page")
    panel = page.get_by_role("dialog", name="What leaves this page")
    expect(panel).to_be_visible()
    return panel


@pytest.fixture
def page(returning_page: Page) -> Page:
    """Of somebody who may have been here before."""
    return returning_page


def test_what_was_agreed_to_leaves_without_a_question_and_can_be_looked_at(
    page: Page, server: Server, tmp_path: Path
) -> None:
    session = begin(page, server, "honest")
    expect(page.get_by_role("table", name="Names")).to_be_visible()
    panel = open_list(page)
    expect(panel.get_by_text("How far you came *-progress")).to_be_visible()
    expect(panel.get_by_text(f"goes to {server.url.rstrip('/')} and nowhere else")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name="What leaves this page")).to_be_focused()

    delete_second_row(page)
    wait_for_heading(page, "Thank you")
    kept = {"data": LEFT, "metadata": {"deletedRowCount": 1}}
    assert given(server, session) == {
        f"{session}-progress": [{"step": 1}],
        "names": [{"names": kept}],
        "result": [[True]],
    }

    panel = open_list(page)
    items = panel.get_by_role("listitem").filter(has=page.get_by_role("group"))
    texts = ["Opening of a session", f"Donation “{session}-progress”", "Donation “names”", "Donation “result”", "Lines"]
    for item, text in zip(items.all(), texts, strict=True):
        expect(item).to_contain_text(text)
        expect(item).to_contain_text("arrived")
    names = items.nth(2)
    names.locator("summary").click()
    sidestage("donations", "export", "--data", server.data, "--to", tmp_path)
    [arrived] = [file.read_bytes() for file in tmp_path.glob(f"{session}-names-*.json")]
    expect(names.locator("summary")).to_contain_text(f"{len(arrived)} bytes")
    with page.expect_download() as download:
        names.get_by_role("link", name="Save as a file").click()
    assert download.value.path().read_bytes() == arrived
    shown = names.get_by_role("region", name="Contents").inner_text()
    assert shown.replace("\n", "").encode() == arrived, "lines are broken where a row begins, and nothing else is added"
    assert console(page) == []


def test_a_reference_and_the_text_give_the_same_bytes(page: Page, server: Server) -> None:
    session = begin(page, server, "both")
    for name in ("all", "text_all", "one", "text_one", "rows", "text_rows"):
        table(page, name).get_by_role("checkbox", name="Select row 10").check()
        table(page, name).get_by_role("button", name="Delete selected").click()
    press(page, "Yes, donate")
    wait_for_heading(page, "Thank you")
    # Whole numbers and floats in one column look alike on the page, so they leave alike.
    cells = [1, 10**16, 2**70, -0.5, True, None, "Zoë 😀", [1, {"é": [0.1, None]}], '"{\n']
    rows = [{"cell": cell, "n": number} for number, cell in enumerate(cells)]
    kept = {"data": rows, "metadata": {"deletedRowCount": 1}}
    named = [["CommandSystemDonateAgreed", True], [1, True]] * 3
    arrived = given(server, session)
    assert arrived.pop("result") == [[*named, ["CommandSystemDonate", None]]]
    expected = {"all": [{"all": kept}], "text_all": [{"text_all": kept}], "one": [kept], "text_one": [kept]}
    assert repr(arrived) == repr(expected | {"rows": [rows], "text_rows": [rows]}), "so that 1 is not 1.0"


def test_a_reference_to_anything_else_gets_nothing_out(page: Page, server: Server) -> None:
    session = begin(page, server, "forged")
    delete_second_row(page)
    expect(page.get_by_role("table", name="Others")).to_be_visible()
    press(page, "No, do not donate")
    expect(page.get_by_role("table", name="Names")).to_be_visible()
    press(page, "No, do not donate")
    wait_for_heading(page, "Thank you")
    refusal = "The page refused this command: Command.parts[0].agreement must be an integer."
    answers = [None, *[403] * 6, True, None, False, refusal]
    kept = {"names": {"data": LEFT, "metadata": {"deletedRowCount": 1}}}
    assert given(server, session) == {"names": [kept], "result": [answers]}
    page.get_by_text("Output of the script").click()
    told = page.get_by_text("was refused. The donation refers to something that the participant has not agreed to")
    expect(told.first).to_be_visible()


def test_the_json_text_that_existing_scripts_donate_needs_no_question(page: Page, server: Server) -> None:
    session = begin(page, server, "existing")
    press(page, "Yes, donate")
    wait_for_heading(page, "Thank you")
    rows = [{"name": "Zoë", "share": 1e16}, {"name": "Bo", "share": 0.5}]
    people = {"people": {"data": rows, "metadata": {"deletedRowCount": 0}}}
    assert given(server, session) == {f"{session}-p": [people], "result": [[True]]}


def test_deleted_rows_never_leave_unless_the_participant_sends_them(page: Page, server: Server) -> None:
    bodies: list[str] = []
    page.on("request", lambda request: bodies.append(request.url + (request.post_data or "")))
    session = begin(page, server, "deleted")
    delete_second_row(page)
    contents = page.get_by_role("region", name="Contents")
    for place, hidden in (
        (contents, '{"name": "Bo", "share": 1e+16}, '),
        (contents, '{"deletedRowCount": 1}}} [ {"name": "Bo"'),
        (page.get_by_text("Name:"), '[{"name": "Bo"'),
    ):
        wait_for_heading(page, ASKS)
        expect(place).to_contain_text(hidden)
        press(page, "Do not send")
    wait_for_heading(page, "Thank you")
    kept = {"names": {"data": LEFT, "metadata": {"deletedRowCount": 1}}}
    refusal = "The page refused this command: Command.json_string must be a string."
    assert given(server, session) == {"names": [kept], "result": [[False, 403, True, True, False, refusal]]}
    assert log_lines(server.data, session) == [
        ("warn", "Commands of the script that do not fit the protocol were refused."),
        ("info", "exit 0: "),
    ]
    assert not [body for body in bodies if "Bo" in body], "not in an address, a donation or a log line"
    page.get_by_text("Output of the script").click()
    expect(page.get_by_text("is not declared, so it stayed on the page.").first).to_be_visible()


def test_a_review_that_was_declined_authorises_nothing(page: Page, server: Server) -> None:
    session = begin(page, server, "refused")
    press(page, "No, do not donate")
    wait_for_heading(page, ASKS)
    press(page, "Do not send")
    wait_for_heading(page, "Thank you")
    assert given(server, session) == {"result": [[None, False]]}


def test_anything_else_is_shown_to_its_end_and_sent_when_the_participant_wants(page: Page, server: Server) -> None:
    session = begin(page, server, "asked")
    wait_for_heading(page, ASKS)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    contents = page.get_by_role("region", name="Contents")
    expect(contents).to_contain_text('[ {"number": 0, "text": "<b>é')
    for _ in range(30):
        if '"number": 999' in contents.inner_text():
            break
        contents.evaluate("box => box.scrollTo(0, box.scrollHeight)")
        page.wait_for_timeout(50)
    press(page, "Send")
    wait_for_heading(page, "Thank you")
    [rows] = given(server, session)["rows"]
    assert len(rows) == 1_000
    assert given(server, session)["result"] == [[True]]
    assert console(page) == []
