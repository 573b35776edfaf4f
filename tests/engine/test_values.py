"""What leaves Python: in one walk, and large data without a copy of it."""

from __future__ import annotations

import json
from typing import Any

import numpy
import pytest

from sidestage.protocol import CommandSystemExit, PayloadTrue, PropsUIPromptText
from sidestage.worker.conversion_error import ConversionError
from sidestage.worker.reading_values import decode
from sidestage.worker.requests import ResultReply
from sidestage.worker.values import encode, encode_message


def test_an_array_and_bytes_are_handed_on_where_they_lie() -> None:
    array, raw = numpy.arange(6, dtype="float32").reshape(2, 3), bytearray(b"abcd")
    encoded = encode_message("result", 1, ResultReply({"array": array, "raw": raw, "part": memoryview(raw)[1:3]}))
    numbers, all_of_it, part = encoded.buffers
    array[0, 0], raw[1] = 7, ord("x")
    assert numpy.frombuffer(numbers, "float32")[0] == 7
    assert (bytes(all_of_it), bytes(part)) == (b"axcd", b"xc")


def test_views_of_any_form_become_their_bytes() -> None:
    numbers = numpy.arange(4, dtype="int16").data
    encoded = encode([numbers, numbers[::2], memoryview(b""), numpy.zeros((2, 2), "uint8").data])
    assert [bytes(buffer).hex() for buffer in encoded.buffers] == ["0000010002000300", "00000200", "", "00000000"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (PropsUIPromptText({"$type": "no form"}), {"$type": "object", "entries": [["$type", "no form"]]}),
        (PropsUIPromptText("plain"), "plain"),
    ],
)
def test_a_text_that_looks_like_a_form_of_the_wire_is_none(value: Any, written: Any) -> None:
    assert json.loads(encode(value).text)["text"] == written


def test_a_large_text_goes_beside_the_message_in_pieces_that_join_to_it() -> None:
    text = "سلام" * 600_000 + "\ud83d"
    encoded = encode({"text": [text], "key": {1: text, text: 1}, "set": {text}, "short": "é"})
    first, second = encoded.buffers
    assert json.loads(encoded.text)["text"] == [{"$type": "text", "buffer": 0}]
    assert bytes(second).decode(errors="surrogatepass") == text
    pieces = list(first.pieces())
    assert [type(piece) for piece, _ in pieces] == [bytes, bytes, str]
    assert [is_last for _, is_last in pieces] == [False, False, True]
    assert "".join(piece if isinstance(piece, str) else piece.decode() for piece, _ in pieces) == text
    assert decode(encoded.utf8().decode(), encoded.whole_buffers())["key"][text] == 1


def test_text_is_written_as_it_is_and_half_a_character_as_json_escapes_it() -> None:
    assert encode("é").text == '"é"'
    assert encode("é\ud83d").utf8() == '"é\\ud83d"'.encode()


def test_a_whole_number_of_the_protocols_own_is_an_ordinary_one_and_one_of_the_codes_is_exact() -> None:
    assert json.loads(encode(CommandSystemExit(2**60, "")).text)["code"] == 2**60
    assert json.loads(encode({"code": 2**60}).text)["code"] == {"$type": "int", "value": str(2**60)}
    assert json.loads(encode([PayloadTrue()]).text) == [{"__type__": "PayloadTrue", "value": True}]


def test_what_has_no_form_is_named_by_the_callers_own_names() -> None:
    with pytest.raises(ConversionError, match=r"\(at result\['a'\]\[1\]\)"):
        encode_message("result", 1, ResultReply({"a": [1, object()]}), "value")
    with pytest.raises(ConversionError, match=r"\(at result\.value\['a'\]\)"):
        encode_message("result", 1, ResultReply({"a": object()}))
