"""Reading what comes off the wire: the object that was written, or a sentence with the place of what does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import pytest

from sidestage.protocol import FileReference, Payload, PayloadReview, PayloadTrue, Review, Text, Translatable, to_wire
from sidestage.protocol.reading import STRICT, Rules, WireError, from_wire
from sidestage.protocol.wire import WireForm, named, untagged, value_type, wire_type


@wire_type
class Circle:
    """A shape."""

    radius: float


@wire_type
class Square:
    """Another."""

    side: int


@value_type("point")
@wire_type
class Point:
    """A value with a form of its own."""

    x: int


@untagged
@wire_type
class Drawing:
    """Every kind of field."""

    title: Text
    shapes: Sequence[Circle | Square]
    sizes: Mapping[str, Sequence[int]] = named("allSizes", default_factory=dict)
    colour: Literal["red", "blue"] = "red"
    filled: bool = False
    note: str | None = None
    anything: Any = None
    origin: Point | None = None
    inner: Drawing | None = None
    raw: Annotated[Any, WireForm(Circle)] = named("rawCircle", default=None)


FULL = Drawing(
    title=Translatable({"en": "Two", "nl": "Twee"}),
    shapes=[Circle(2.5), Square(3)],
    sizes={"a": [1, 2]},
    colour="blue",
    filled=True,
    note="n",
    anything={"x": [1, None]},
    origin=Point(4),
    inner=Drawing("inside", []),
    raw={"__type__": "Circle", "radius": "unread"},
)


def test_what_was_written_is_read_as_it_was() -> None:
    assert from_wire(Drawing, to_wire(FULL)) == FULL
    assert to_wire(FULL)["origin"] == {"$type": "point", "x": 4}


def test_what_is_absent_or_null_has_its_default() -> None:
    plain: dict[str, Any] = {"title": "One", "shapes": [], "colour": None, "note": None}
    assert from_wire(Drawing, plain) == Drawing("One", [])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": 5}, "Drawing.title must be a string or a Translatable"),
        ({"title": {"translations": {"en": 5}}}, 'Drawing.title.translations["en"] must be a string'),
        ({"shapes": {}}, "Drawing.shapes must be a list"),
        ({"shapes": [{"__type__": "Circle"}]}, "Drawing.shapes[0].radius is missing"),
        ({"shapes": [{"__type__": "Circle", "radius": "1"}]}, "Drawing.shapes[0].radius must be a number"),
        ({"shapes": [{"__type__": "Star"}]}, "Drawing.shapes[0] must be a Circle or a Square"),
        ({"shapes": [5]}, "Drawing.shapes[0] must be a Circle or a Square"),
        ({"allSizes": {"a": [1, True]}}, 'Drawing.allSizes["a"][1] must be an integer'),
        ({"allSizes": {"a": [1.5]}}, 'Drawing.allSizes["a"][0] must be an integer'),
        ({"allSizes": []}, "Drawing.allSizes must be an object"),
        ({"colour": "green"}, 'Drawing.colour must be "red" or "blue"'),
        ({"filled": 1}, "Drawing.filled must be a boolean"),
        ({"origin": {"x": 4}}, 'Drawing.origin.$type must be "point"'),
        ({"inner": {"title": "x"}}, "Drawing.inner.shapes is missing"),
        ({"rawCircle": 5}, "Drawing.rawCircle must be an object"),
        ({"sizes": {}}, "Drawing.sizes is not a field of Drawing, which has title, shapes, allSizes, colour"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        from_wire(Drawing, {"title": "One", "shapes": []} | change)
    assert str(caught.value).startswith(sentence)


def test_a_value_that_is_no_object_is_told_by_the_name_that_it_was_given() -> None:
    with pytest.raises(WireError, match=r"^the answer must be a PayloadVoid or a PayloadTrue"):
        from_wire(Payload, 5, "the answer")
    with pytest.raises(WireError, match=r"^Drawing must be a Drawing"):
        from_wire(Drawing, [])


def test_a_field_too_many_is_passed_by_where_that_is_allowed() -> None:
    given = {"__type__": "PayloadTrue", "value": True, "since": "next version"}
    assert from_wire(Payload, given, rules=Rules(strict=False)) == PayloadTrue()
    with pytest.raises(WireError, match="since"):
        from_wire(Payload, given, rules=STRICT)


def test_objects_stay_what_they_are() -> None:
    review = PayloadReview(Review({"a": [1]}))
    assert from_wire(Payload, review) is review


def test_another_object_can_take_the_place_of_a_type() -> None:
    rules = Rules(instead={FileReference: lambda value: value["path"].upper()})
    given = {"__type__": "PayloadFile", "value": {"$type": "file", "path": "a/b", "name": "b", "size": 1}}
    assert from_wire(Payload, given, rules=rules).value == "A/B"


def test_a_kind_that_cannot_be_read_is_told_to_whoever_defines_it() -> None:
    with pytest.raises(TypeError, match="no reading <class 'complex'> off the wire"):
        from_wire(complex, 1)
