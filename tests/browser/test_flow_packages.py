"""Scripts that need more than the standard library, and starts that cannot succeed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import WHEELS
from tools.serving import Server, sidestage

from .participant import console, count_text, donations, open_study, press, shown_rows, table, wait_for_heading

Serve = Callable[..., Server]
WITH_PANDAS = """
# /// script
# dependencies = ["pandas"]
#
# [tool.sidestage]
# title = "With pandas"
# files = ["words.txt"]
#
# [tool.sidestage.session-data]
# numbers = "A mean and a few words"
# ///
import numpy as np
import pandas as pd
from sidestage import flow
from sidestage.tables import Table
import counting

def process(session):
    frame = pd.DataFrame({"who": ["a", "b", "a"], "n": np.array([1, 2, 3]), "share": [0.5, np.nan, 1.5]})
    frame["when"] = pd.to_datetime(["2024-01-01", "2024-01-02", None])
    agreed = yield flow.review([
        Table.from_dataframe("all", "Everything", frame),
        Table.from_dataframe("sums", "Sums", counting.sums(frame)),
    ])
    yield flow.donate("frames", agreed)
    yield flow.donate("numbers", {"mean": frame.n.mean(), "most": frame.n.max(), "words": counting.words()})
"""
COUNTING = """
from pathlib import Path

def sums(frame):
    return frame.groupby("who").n.sum().reset_index()

def words():
    return Path(__file__).with_name("words.txt").read_text().split()
"""


def test_pandas_a_module_and_a_file_beside_the_script(page: Page, serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "study.py").write_text(WITH_PANDAS)
    (tmp_path / "counting.py").write_text(COUNTING)
    (tmp_path / "words.txt").write_text("tea coffee")
    server = serve(tmp_path / "study.py", "--find-links", WHEELS)
    session = open_study(page, server)
    expect(table(page, "Everything").get_by_text(count_text(3, 0))).to_be_visible()
    wait_for_heading(page, "With pandas")
    assert [row[:2] for row in shown_rows(page, "Everything")] == [["a", "1"], ["b", "2"], ["a", "3"]]
    assert shown_rows(page, "Sums") == [["a", "4"], ["b", "2"]]
    press(page, "Yes, donate")
    wait_for_heading(page, "Thank you")
    given = {donation.key: donation.data for donation in donations(server.data, session)}
    rows = given["frames"]["all"]["data"]
    assert [row["share"] for row in rows] == [0.5, None, 1.5]
    assert rows[0]["when"].startswith("2024-01-01")
    assert rows[2]["when"] is None
    assert given["frames"]["sums"]["data"] == [{"who": "a", "n": 4}, {"who": "b", "n": 2}]
    assert given["numbers"] == {"mean": 2.0, "most": 3, "words": ["tea", "coffee"]}
    assert console(page) == []


def test_a_package_that_is_nowhere_is_named_in_the_terminal_and_on_the_page(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    (tmp_path / "study.py").write_text(WITH_PANDAS.replace('["pandas"]', '["pandas", "unheard-of"]'))
    server = serve(tmp_path / "study.py", "--find-links", WHEELS)
    server.wait_for("unheard-of.*--find-links")
    page.goto(server.url)
    wait_for_heading(page, "This study cannot start yet")
    expect(page.get_by_text("unheard-of")).to_be_visible()


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    path = tmp_path / "study.py"
    path.write_text("from sidestage import flow\n\ndef process(session):\n    yield flow.show_text('Hello')\n")
    return path


def test_a_port_in_use_is_said_in_a_sentence(serve: Serve, hello: Path) -> None:
    port = serve(hello).port
    second = sidestage("run", hello, "--port", str(port), "--no-open")
    assert second.returncode == 1
    assert re.search(rf"port {port} o[fn] 127.0.0.1 is in use.*--port", second.stderr, re.I | re.S)
    assert "Traceback" not in second.stderr


def test_a_data_folder_that_may_not_be_written_is_said_in_a_sentence(hello: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    command = [sys.executable, "-m", "sidestage", "run", hello, "--port", "0", "--no-open", "--data", locked / "data"]
    done = subprocess.run([*ORDINARY, *map(str, command)], capture_output=True, text=True, timeout=60, check=False)
    said = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert f"{locked / 'data'} cannot be" in said
    assert "Check who may write" in said
    assert "--data DIR" in said
    assert "Traceback" not in done.stderr


#: Even root has to keep to a folder's permissions then.
ORDINARY = ["setpriv", "--bounding-set", "-dac_override"] if os.geteuid() == 0 else []
