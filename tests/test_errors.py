"""Tracebacks as authors want to read them: their own lines, and no others."""

from __future__ import annotations

import linecache

from sidestage.errors import author_traceback


def told(source: str) -> str:
    """The traceback of a script that fails."""
    name = f"<script {hash(source)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        exec(compile(source, name, "exec"), {})
    except Exception as error:
        # This test is the first frame, as whatever runs a script is.
        return author_traceback(error.with_traceback(error.__traceback__.tb_next if error.__traceback__ else None))
    raise AssertionError("the script did not fail")


def test_an_error_of_sidestages_ends_with_the_authors_line() -> None:
    trace = told("from sidestage.tables import Table\nTable('t', 'T', {'a': [object()]})")
    assert "line 2" in trace
    assert "TableError: column 'a' of table 't'" in trace
    assert "sidestage/tables" not in trace


def test_what_went_wrong_before_within_sidestage_is_not_told() -> None:
    source = "from sidestage.protocol.reading import from_wire, WireError\nfrom_wire(int, 'x', 'n')"
    assert "line 2" in told(source)
    assert "reading.py" not in told(source)


def test_what_went_wrong_before_in_the_authors_code_is_told() -> None:
    trace = told("try:\n    1 / 0\nexcept ZeroDivisionError:\n    {}['key']")
    assert "ZeroDivisionError: division by zero" in trace
    assert "During handling" in trace
    assert "KeyError: 'key'" in trace
