"""A server that is gone, answers that are lost, a page left in the middle: nothing is lost, nothing comes twice."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from tools.lines import breaking_line
from tools.serving import Server, start_server

from .participant import console, donations, log_lines, open_study, press, wait_for_heading

Serve = Callable[..., Server]
STUDY = """
from sidestage import flow
from sidestage.tables import Table

def process(session):
    agreed = yield flow.review(Table("names", "Names", {"name": ["Ann", "Bo", "Cy"], "number": [1, 2, 3]}))
    arrived = yield flow.donate("names", agreed)
    yield flow.show_text(f"Arrived: {arrived}")
"""
DECLARED = """
# /// script
# [tool.sidestage.session-data]
# names = "Names"
# ///
"""
GIVEN = {
    "names": {
        "data": [{"name": "Ann", "number": 1}, {"name": "Bo", "number": 2}, {"name": "Cy", "number": 3}],
        "metadata": {"deletedRowCount": 0},
    }
}


def write(folder: Path, code: str = STUDY) -> Path:
    script = folder / "study.py"
    script.write_text(code)
    return script


def test_a_donation_outlives_the_server(page: Page, serve: Serve, tmp_path: Path) -> None:
    script = write(tmp_path)
    server = serve(script)
    session = open_study(page, server)
    expect(page.get_by_role("table", name="Names")).to_be_visible()
    server.stop(signal.SIGKILL)
    press(page, "Yes, donate")
    expect(page.get_by_role("status")).to_have_text("Sending…")
    wait_for_heading(page, "Your donation could not be sent")
    expect(page.get_by_text("It is still here, in your browser.")).to_be_visible()
    assert donations(server.data) == []
    # The development server says that it is another one; that must not cost the participant the donation.
    with page.expect_response("**/api/changes"):
        again = start_server("run", script, data=server.data, port=server.port)
    try:
        press(page, "Try again")
        expect(page.get_by_text("Arrived: True")).to_be_visible()
    finally:
        again.stop()
    [donation] = donations(server.data)
    assert (donation.session, donation.data) == (session, GIVEN)


def test_who_goes_on_without_sending_is_told_the_truth(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path))
    open_study(page, server)
    page.route("**/api/donations*", lambda route: route.abort())
    press(page, "Yes, donate")
    press(page, "Continue without sending")
    expect(page.get_by_text("Arrived: False")).to_be_visible()
    assert donations(server.data) == []


def test_a_donation_of_which_the_answer_was_lost_is_kept_once(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path))
    session = open_study(page, server)
    sent: list[int] = []

    def lose_the_first_two_answers(route: Route) -> None:
        response = route.fetch()
        sent.append(response.status)
        if len(sent) <= 2:
            route.abort()
        else:
            route.fulfill(response=response)

    page.route("**/api/donations*", lose_the_first_two_answers)
    press(page, "Yes, donate")
    expect(page.get_by_text("Arrived: True")).to_be_visible()
    assert sent == [200, 200, 200]
    [donation] = donations(server.data, session)
    assert donation.data == GIVEN


def test_a_donation_over_the_limit_is_refused_with_a_sentence(page: Page, serve: Serve, tmp_path: Path) -> None:
    code = """
# /// script
# [tool.sidestage.session-data]
# "*" = "A long text"
# ///
from sidestage import flow

def process(session):
    yield flow.show_text("Ready")
    large = yield flow.donate("large", "x" * 300_000)
    small = yield flow.donate("small", "x" * 100_000)
    yield flow.show_text(f"{large} {small}")
"""
    server = serve(write(tmp_path, code), "--max-donation", "0.2")
    session = open_study(page, server)
    press(page, "Continue")
    expect(page.get_by_text("False True")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text(
        "Your donation was not accepted. It takes 300 kB; the study accepts at most 200 kB."
    )
    press(page, "Close this message")
    expect(page.get_by_role("alert")).to_have_count(0)
    press(page, "Continue")
    wait_for_heading(page, "Thank you")
    assert [donation.key for donation in donations(server.data, session)] == ["small"]
    assert log_lines(server.data, session)[0] == (
        "error",
        "A donation was not sent, because it is larger than the study accepts.",
    )
    assert console(page) == []


def test_the_server_itself_refuses_what_is_over_the_limit(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path), "--max-donation", "0.001")

    def say_nothing_of_a_limit(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json=response.json() | {"maxBytes": 0})

    page.route("**/api/session", say_nothing_of_a_limit)
    code = STUDY.replace("agreed)\n    yield", '"x" * 5_000)\n    yield')
    write(tmp_path, DECLARED + code)
    open_study(page, server)
    press(page, "Yes, donate")
    expect(page.get_by_text("Arrived: False")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Your donation was not accepted.")
    assert donations(server.data) == []


def test_a_runtime_that_cannot_be_fetched_is_told_and_can_be_tried_again(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    server = serve(write(tmp_path))
    page.route("**/pyodide.asm.wasm", lambda route: route.fulfill(status=404, body=""))
    page.goto(server.url)
    wait_for_heading(page, "This page could not be loaded")
    expect(page.get_by_text("Python could not be started in your browser.")).to_be_visible()
    page.unroute_all()
    press(page, "Try again")
    expect(page.get_by_role("table", name="Names")).to_be_visible()


def test_a_line_that_breaks_in_the_middle_of_a_file_is_tried_again(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path))
    with breaking_line(server.url, breaks=2, after=300_000) as (address, broken):
        page.goto(address)
        expect(page.get_by_role("table", name="Names")).to_be_visible()
        assert len(broken) == 2


def test_a_script_that_does_not_come_at_first_is_asked_for_again(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path))
    aborted: list[Route] = []

    def abort_twice(route: Route) -> None:
        if len(aborted) == 2:
            route.continue_()
            return
        aborted.append(route)
        route.abort("connectionreset")

    page.route("**/script.zip", abort_twice)
    page.goto(server.url)
    expect(page.get_by_role("table", name="Names")).to_be_visible()
    assert len(aborted) == 2


def test_a_session_that_cannot_be_had_is_told_and_can_be_tried_again(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path))
    page.route("**/api/session", lambda route: route.abort())
    page.goto(server.url)
    wait_for_heading(page, "This page could not be loaded")
    expect(page.get_by_text("A session could not be fetched: the server did not answer.")).to_be_visible()
    page.unroute_all()
    press(page, "Try again")
    press(page, "Yes, donate")
    expect(page.get_by_text("Arrived: True")).to_be_visible()


def test_the_page_says_that_it_starts_before_any_script_has_come(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path))
    held: list[Route] = []
    page.route("**/page-*.js", lambda route: held.append(route))
    page.goto(server.url, wait_until="commit")
    expect(page.get_by_role("status")).to_have_text("Starting…")
    wait_for_heading(page, "Study")
    assert page.evaluate("customElements.get('sidestage-app')") is None
    for route in held:
        route.abort()
    expect(page.get_by_role("alert")).to_contain_text("This page could not be loaded. Check your internet connection")
    page.unroute_all()
    press(page, "Try again")
    expect(page.get_by_role("table", name="Names")).to_be_visible()


def test_leaving_in_the_middle_asks_first(page: Page, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path))
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    open_study(page, server)
    page.get_by_role("checkbox", name="Select row 1").check()
    with page.expect_event("dialog"):
        page.evaluate("location.reload()")
    expect(page.get_by_role("checkbox", name="Select row 1")).to_be_checked()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    press(page, "Yes, donate")
    press(page, "Continue")
    wait_for_heading(page, "Thank you")
    page.reload()
    expect(page.get_by_role("table", name="Names")).to_be_visible()
    assert asked == ["beforeunload"], "once all is done, nothing keeps anybody"


def test_each_tab_has_a_session_of_its_own(context: BrowserContext, serve: Serve, tmp_path: Path) -> None:
    server = serve(write(tmp_path))
    pages = [context.new_page() for _ in range(2)]
    sessions = [open_study(page, server) for page in pages]
    pages[1].get_by_role("checkbox", name="Select row 2").check()
    press(pages[1], "Delete selected")
    for page in pages:
        press(page, "Yes, donate")
        expect(page.get_by_text("Arrived: True")).to_be_visible()
    kept = [[row["name"] for row in donations(server.data, session)[0].data["names"]["data"]] for session in sessions]
    assert kept == [["Ann", "Bo", "Cy"], ["Ann", "Cy"]]


def test_a_part_of_the_page_that_cannot_be_fetched_is_fetched_when_the_participant_tries_again(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    server = serve(write(tmp_path))
    page.route("**/assets/table_review-*.js", lambda route: route.abort())
    session = open_study(page, server)
    wait_for_heading(page, "This page could not be loaded")
    press(page, "Try again")
    wait_for_heading(page, "This page could not be loaded")
    page.unroute_all()
    press(page, "Try again")
    press(page, "Yes, donate")
    expect(page.get_by_text("Arrived: True")).to_be_visible()
    [donation] = donations(server.data)
    assert (donation.session, donation.data) == (session, GIVEN)
