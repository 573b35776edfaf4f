"""The prompts: one module each, with all that Python knows of it.

A module holds the types by which the prompt goes over the wire, the function that authors call, what its ``yield``
returns, what the page must know, and how a test answers it. This is the one list of them; whatever is made of all
prompts (the page's types, the player, the documentation) asks ``prompt_types``.
"""

from __future__ import annotations

import sys
from types import ModuleType

import sidestage.flow.prompts.retry  # noqa: F401  # a prompt that no function shows
from sidestage.flow.prompts.choice import ask_choice
from sidestage.flow.prompts.confirm import confirm
from sidestage.flow.prompts.file import ask_file
from sidestage.flow.prompts.own import Prompt, ask
from sidestage.flow.prompts.progress import show_progress
from sidestage.flow.prompts.review import review
from sidestage.flow.prompts.text import show_text
from sidestage.flow.shown import ShownPrompt

#: What authors get of them, from ``sidestage.flow``.
__all__ = ["Prompt", "ask", "ask_choice", "ask_file", "confirm", "review", "show_progress", "show_text"]


def prompt_types() -> list[type[ShownPrompt]]:
    """The type of each prompt on the wire, module by module."""
    waiting: list[type[ShownPrompt]] = [ShownPrompt]
    found = []
    while waiting:
        cls = waiting.pop(0)
        waiting += cls.__subclasses__()
        if "__type__" in vars(cls) and cls.__module__.startswith(f"{__name__}."):
            found.append(cls)
    return sorted(found, key=lambda cls: cls.__module__)


def prompt_modules() -> list[ModuleType]:
    """The module of each prompt."""
    return [sys.modules[name] for name in dict.fromkeys(cls.__module__ for cls in prompt_types())]
