"""Wire types as JSON, and the generated TypeScript."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from sidestage.flow.requests import StartFlowRequest
from sidestage.protocol import CommandSystemExit, PayloadVoid, PropsUIPromptText, RadioItem, Translatable, to_wire, wire
from sidestage.protocol.messages import ErrorReply
from sidestage.protocol.wire import named, untagged, wire_type

ROOT = Path(__file__).parents[2]


def test_a_type_that_is_one_of_several_carries_its_name() -> None:
    assert to_wire(CommandSystemExit(0, "done")) == {"__type__": "CommandSystemExit", "code": 0, "info": "done"}
    assert PayloadVoid().__type__ == "PayloadVoid"  # type: ignore[attr-defined]


def test_a_type_that_only_one_place_holds_goes_without_its_name() -> None:
    assert to_wire([RadioItem(1, Translatable({"en": "One"}))]) == [{"id": 1, "value": {"translations": {"en": "One"}}}]


def test_what_is_none_is_left_out() -> None:
    assert to_wire(PayloadVoid()) == {"__type__": "PayloadVoid"}
    assert to_wire(PropsUIPromptText("Hello")) == {"__type__": "PropsUIPromptText", "text": "Hello"}


def test_a_field_may_have_another_name_on_the_wire() -> None:
    assert to_wire(StartFlowRequest("study.py", "1")) == {"script": "study.py", "sessionId": "1"}
    assert to_wire(ErrorReply("ValueError", "no", python_traceback="...")) == {
        "name": "ValueError",
        "message": "no",
        "pythonTraceback": "...",
    }


def test_the_generated_typescript_is_current() -> None:
    tool = [sys.executable, str(ROOT / "tools/generate_protocol.py"), "--check"]
    checked = subprocess.run(tool, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT / "src")})
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_type_that_could_not_be_completed_is_completed_later(monkeypatch: pytest.MonkeyPatch) -> None:
    @untagged
    @wire_type
    class Late:
        """Its fields are looked at when the first object is made."""

        first: int = named("firstOne")
        others: list[int] = named("others", default_factory=list)

    for module, name in [(dataclasses, "dataclass"), (wire, "_initializer")]:
        with monkeypatch.context() as broken:
            broken.setattr(module, name, lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                Late(1)
    assert to_wire(Late(1)) == {"firstOne": 1, "others": []}
    assert Late(2, [3]) == Late(2, [3])
