"""The steps that show nothing: giving data away, the researcher's log, and the end."""

from __future__ import annotations

import builtins
import json
from typing import Any, get_args

from sidestage.flow.agreed import reference_to
from sidestage.flow.step import FlowError, Step
from sidestage.protocol import (
    CommandSystemDonate,
    CommandSystemDonateAgreed,
    CommandSystemExit,
    CommandSystemLog,
    LogLevel,
    PayloadResponse,
)
from sidestage.protocol.limits import LONGEST_KEY
from sidestage.tables import TableError, plain_cell
from sidestage.tables.cells import has_plain_keys

_LEVELS = get_args(LogLevel)


def donate(key: str, data: Any) -> Step:
    """Send data to the researcher.

    What is no reviewed table, and not declared as data about the session, the page shows to the participant and asks.
    Reviewed tables as ``review`` returned them are only named to the page, which has them and writes what leaves. Each
    leaves once, under one key.

    Args:
        key: names the donation within the session; 1 to 200 characters. The page asks about one that has words in it
            beside the session's id, the platform, and what stands in the study's Python files or is declared.
        data: anything with a JSON form: dicts, lists, texts, numbers, dates, what ``review`` returned.

    The ``yield`` returns True once the data is on the researcher's disk; False if the participant did not want to send
    it, it was refused, or it could not be sent (the participant knows, and could try again); None where the host does
    not acknowledge donations.

    Raises:
        FlowError: if the key is empty or too long, or something in the data has no JSON form.
    """
    if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise FlowError(f"donate: the key must be a text of 1 to {LONGEST_KEY} printable characters; got {key!r}")
    reference = reference_to(data)
    if reference is not None:
        return Step("donate", CommandSystemDonateAgreed(key, *reference), _arrived, {"data": data})
    return Step("donate", CommandSystemDonate(key, to_json(data, f"donate({key!r})")), _arrived, {"data": data})


def log(message: str, level: LogLevel = "info") -> Step:
    """Send a line to the researcher's log; put nothing of the participant's data into it.

    It leaves the page only if the script declares ``log`` as data about the session.

    Args:
        message: the line.
        level: "debug", "info", "warn" or "error".

    The ``yield`` returns None.

    Raises:
        FlowError: if the level is none of these.
    """
    if level not in _LEVELS:
        raise FlowError(f"log: the level must be one of {', '.join(_LEVELS)}; got {level!r}")
    line = json.dumps({"level": level, "message": str(message)})
    return Step("log", CommandSystemLog(level, str(message), line), _nothing)


def exit(code: int = 0, info: str = "") -> Step:
    """End the flow here: 0 means that the participant completed it, any other code that not.

    The ``yield`` does not return.

    Raises:
        FlowError: if the code is no whole number.
    """
    if not isinstance(code, int):
        raise FlowError(f"exit: the code must be a whole number, 0 for completed; got {code!r}")
    return Step("exit", CommandSystemExit(int(code), str(info)), _nothing)


def to_json(data: Any, what: str) -> str:
    """Data as JSON text: dates as ISO 8601, numpy and pandas values as the plain ones they stand for, NaN as null.

    Keys have the same text whatever else is in the data; two that would become one are refused.

    Raises:
        FlowError: if something in it has no JSON form.
    """
    try:
        text = _plain_json(data)
        if text is None:
            text = json.dumps(plain_cell(data), allow_nan=False, ensure_ascii=False)
    except TableError as error:
        raise FlowError(f"{what}: the data has no JSON form: {_placed(error)}") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise FlowError(f"{what}: the data has no JSON form: {error}") from None
    return text if _is_unicode(text) else json.dumps(json.loads(text))


def _plain_json(data: Any) -> str | None:
    """The text as ``json`` writes it; None where it would write something else than ``plain_cell`` has it."""
    try:
        text = json.dumps(data, default=plain_cell, allow_nan=False, ensure_ascii=False)
    except (TableError, TypeError, ValueError):
        return None
    return text if has_plain_keys(data) else None


def _placed(error: TableError) -> str:
    return f"{error.reason} (at data{error.path})" if error.path else error.reason


def strict_json(text: str) -> str:
    """JSON text as every reader of it takes it: ``json.dumps`` also writes NaN and Infinity, which become null.

    A text that is no JSON stays as it is; the researcher's server says what is wrong with it.
    """
    if "NaN" not in text and "Infinity" not in text:
        return text
    try:
        return to_json(json.loads(text), "donate")
    except ValueError:
        return text


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _arrived(payload: Any) -> bool | None:
    return builtins.bool(payload.value.success) if isinstance(payload, PayloadResponse) else None


def _nothing(_payload: Any) -> None:
    return None
