"""What numpy's arrays and scalars stand for. numpy itself hands out many a time as a whole number of some unit."""

from __future__ import annotations

from typing import Any

#: How the types of durations end that have no fixed length in seconds, and of those that say no unit.
_NO_SECONDS = ("Y]", "M]", "timedelta64")
#: How the types of times end that are finer than Python's own.
_FINER = ("ns]", "ps]", "fs]", "as]")
_LONGEST_FLOATS = ("longdouble", "float128", "float96")


def numpy_value(value: Any) -> Any:
    """What an array or a scalar of numpy's stands for; None for what is masked or no time.

    Lists of an array's elements; ISO 8601 text of a time, in any unit; seconds of a duration; a dict of a record.

    Raises:
        ValueError: if it has no such form, with a sentence.
    """
    kind = value.dtype.kind
    if value.ndim:
        # What stands in such an array is known as what it is only one by one.
        return list(value) if kind in "mMV" else value.tolist()
    if value.dtype.names is not None:
        record = value[()]
        return {name: record[name] for name in value.dtype.names}
    if getattr(value, "mask", False):
        return None
    if kind in "mM":
        return _time(value[()]) if kind == "M" else _seconds(value[()])
    return float(value) if value.dtype.name in _LONGEST_FLOATS else value.item()


def _time(value: Any) -> str | None:
    """ISO 8601 text, as Python's own times have it: with six digits of a second's fraction, or none."""
    text = str(value)
    if text == "NaT":
        return None
    rounded = value.astype("datetime64[us]") if value.dtype.name.endswith(_FINER) else value
    item: Any = rounded.item() if rounded == value else None
    return item.isoformat() if hasattr(item, "isoformat") else text


def _seconds(value: Any) -> float | None:
    if str(value) == "NaT":
        return None
    if value.dtype.name.endswith(_NO_SECONDS):
        raise ValueError(
            f"a cell holds a numpy {value.dtype.name}, which is no certain number of seconds; give a number or a text"
        )
    try:
        return float(value / type(value)(1, "s"))
    except OverflowError:
        # The finest units and seconds have no common one in 64 bits.
        return float(value / type(value)(1, "ps")) / 1e12
