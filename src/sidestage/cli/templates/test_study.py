"""Play the study through without a browser: run ``pytest`` in this folder."""

import zipfile

from study import process

from sidestage import flow
from sidestage.testing import play


def make_export(folder, text="date,title\n2026-03-01,Blue Train\n2026-03-01,So What\n2026-03-02,Naima\n"):
    """A zip file like the one that participants have."""
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("my_data/history.csv", text)
    return path


def test_what_is_left_of_the_tables_is_donated(tmp_path):
    with play(process) as p:
        p.expect(flow.ask_file)
        p.answer(file=make_export(tmp_path))
        p.expect(flow.review)
        p.answer(delete={"titles": [2]})
        p.expect(flow.show_text)
        p.answer()
    titles = p.donations["listening"]["titles"]
    assert [row["title"] for row in titles["data"]] == ["Blue Train", "So What"]
    assert titles["metadata"]["deletedRowCount"] == 1


def test_who_declines_donates_nothing(tmp_path):
    with play(process) as p:
        p.expect(flow.ask_file)
        p.answer(file=make_export(tmp_path))
        p.expect(flow.review)
        p.answer(agree=False)
    assert p.donations == {"declined": {"status": "declined"}}


def test_a_wrong_file_can_be_replaced(tmp_path):
    wrong = tmp_path / "holiday.jpg"
    wrong.write_bytes(b"not a zip file")
    with play(process) as p:
        p.expect(flow.ask_file)
        p.answer(file=wrong)
        p.expect(flow.confirm)
        p.answer(True)
        p.expect(flow.ask_file)
        p.answer(file=make_export(tmp_path))
        p.expect(flow.review)
