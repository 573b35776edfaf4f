# /// script
# requires-python = ">=3.11"
# dependencies = []
#
# [tool.sidestage]
# title = "My study"
#
# [tool.sidestage.session-data]
# declined = "That you chose not to donate"
# ///
"""Which titles did you listen to, and on which days?

This script runs in the participant's browser. Each ``yield`` shows one step and returns what the participant answered.
The block at the top is for packages (such as ``dependencies = ["numpy"]``), for the title above the page, and for what
may be sent without asking. Whatever else is no reviewed table, the page first shows to the participant and asks.
"""

import csv
import io
import zipfile
from collections import Counter

from sidestage import flow
from sidestage.tables import Table


class ExportError(Exception):
    """The file is not the export that we asked for; the message tells the participant why."""


def process(session):
    """The flow: from asking for a file to thanking the participant. ``session`` is a text that identifies the visit."""
    rows = None
    while rows is None:
        # A file of any size: it is read piece by piece, and never leaves the browser.
        export = yield flow.ask_file("Choose the zip file that you downloaded.", accept=[".zip"])
        if export is None:
            return  # The participant skipped this.
        yield flow.show_progress("Reading your file")
        try:
            rows = read_listening_history(export)
        except ExportError as problem:
            again = yield flow.confirm(str(problem), yes="Choose another file", no="Stop")
            if not again:
                return

    # The participant sees these tables, can search them, and can delete rows.
    agreed = yield flow.review(make_tables(rows), question="Do you want to donate these tables?")
    if agreed is None:
        yield flow.donate("declined", {"status": "declined"})
        return

    # What is left of the tables goes to you; nothing else does.
    arrived = yield flow.donate("listening", agreed)
    if arrived is False:
        yield flow.show_text("Your tables could not be sent. Nothing was donated.")
        return
    yield flow.show_text("Thank you. Your tables were donated.")


def read_listening_history(export):
    """The rows of ``history.csv``, wherever it is in the zip: dicts with a ``date`` and a ``title``."""
    try:
        with zipfile.ZipFile(export) as archive:
            name = next((name for name in archive.namelist() if name.endswith("history.csv")), None)
            if name is None:
                raise ExportError("There is no listening history in this zip file. Is it the right one?")
            with archive.open(name) as member:
                rows = list(csv.DictReader(io.TextIOWrapper(member, encoding="utf-8-sig", newline="")))
    except (zipfile.BadZipFile, EOFError):
        raise ExportError("This file is no zip file, or it is damaged. Try to download it again.") from None
    except (RuntimeError, NotImplementedError):
        raise ExportError("This zip file is locked with a password, or packed in an unusual way.") from None
    except (UnicodeDecodeError, csv.Error):
        raise ExportError("The listening history in this zip file cannot be read.") from None
    if not rows or not {"date", "title"} <= rows[0].keys():
        raise ExportError("The listening history in this zip file is empty, or looks different than expected.")
    return rows


def make_tables(rows):
    """One table with every title, one with the number of titles per day."""
    per_day = Counter((row["date"] or "")[:10] for row in rows)
    return [
        Table(
            "titles",
            "What you listened to",
            {"date": [row["date"] for row in rows], "title": [row["title"] for row in rows]},
            description="Delete the rows that you do not want to share.",
        ),
        Table("days", "Titles per day", {"day": list(per_day), "titles": list(per_day.values())}),
    ]
