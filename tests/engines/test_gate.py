"""The gate in every engine: the last word counts, what was agreed to leaves once, and refusals spell nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.browser.participant import donations, log_lines
from tools.serving import Server

from .visitor import Visitor

STUDY = """
# /// script
# [tool.sidestage.session-data]
# result = "What the test wants to know"
# ///
from sidestage import flow
from sidestage.protocol import CommandSystemDonate, CommandSystemLog
from sidestage.tables import Table

def process(session):
    names = yield flow.review(Table("first", "Names", {"n": [1, 2]}))
    declined = yield flow.review(Table("second", "The names once more", {"n": [2.0, 1.0]}))
    answers = [declined, (yield flow.donate("first", names))]
    days = yield flow.review(Table("third", "Days", {"day": ["Mo", "Tu"]}))
    answers += [(yield flow.donate("third", days)), (yield flow.donate("third", days))]
    answers.append((yield flow.donate("".join(row["day"] for row in days["third"]["data"]), days)))
    for bit in "0110" * 4:
        try:
            yield CommandSystemDonate("third", {}) if bit == "1" else CommandSystemLog("info", 5, "{}")
        except flow.PromptError as error:
            pass
    yield flow.log("a line that is not declared")
    yield flow.donate("result", answers)
"""


def test_what_was_agreed_to_last_leaves_once(visitor: Visitor, serve: Callable[..., Server], tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study/study.py").write_text(STUDY)
    server = serve(tmp_path / "study/study.py", data=tmp_path / "data")
    visitor.open(server.url)
    visitor.wait_for("Names")
    visitor.click("Yes, donate")
    visitor.wait_for("The names once more")
    visitor.click("No, do not donate")
    # What was agreed to before is asked about, since the same rows were declined.
    visitor.wait_for("This study wants to send this too")
    visitor.click("Do not send")
    visitor.wait_for("Days")
    visitor.click("Yes, donate")
    visitor.wait_for("MoTu")
    visitor.click("Do not send")
    visitor.wait_for("Thank you")
    arrived = [(donation.key, donation.data) for donation in donations(server.data)]
    days = {"third": {"data": [{"day": "Mo"}, {"day": "Tu"}], "metadata": {"deletedRowCount": 0}}}
    assert arrived == [("third", days), ("result", [None, False, True, True, False])]
    session = donations(server.data)[0].session
    assert log_lines(server.data, session) == [
        ("warn", "Commands of the script that do not fit the protocol were refused."),
        ("info", "exit 0: End of script"),
    ]
