"""The types of this room that go over the wire: those of the pages and of the prompts."""

from __future__ import annotations

from types import ModuleType

from sidestage.flow import pages
from sidestage.flow.prompts import prompt_modules, prompt_types
from sidestage.protocol import Page, Prompt
from sidestage.protocol.wire import is_wire_type


def wire_modules() -> list[ModuleType]:
    """The modules that define them."""
    return [*prompt_modules(), pages]


def types_in(module: ModuleType) -> list[type]:
    """The types that a module defines for the wire, in the order of the file."""
    return [item for item in vars(module).values() if is_wire_type(item) and item.__module__ == module.__name__]


def alternatives() -> dict[type, list[type]]:
    """What the protocol leaves open: each type that can stand in the place of a prompt, and of a page."""
    return {Prompt: list(prompt_types()), Page: [cls for cls in types_in(pages) if issubclass(cls, Page)]}
