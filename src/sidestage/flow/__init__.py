"""What the author of a flow imports: ``from sidestage import flow``.

A flow is a generator. Each function here makes a step to ``yield``; the value of the ``yield`` is the answer, as a
plain Python value. Every text is one string, or one per language: ``{"en": "Hello", "nl": "Hallo"}``.
"""

from sidestage.flow import prompts
from sidestage.flow.cycle import ScriptWrapper
from sidestage.flow.prompts import *  # noqa: F403  # each prompt says itself what authors get of it
from sidestage.flow.script import load_process
from sidestage.flow.step import FlowError, PromptError, Step, Text
from sidestage.flow.system import donate, exit, log

__all__ = ["FlowError", "PromptError", "ScriptWrapper", "Step", "Text", "donate", "exit", "load_process", "log"]
__all__ += prompts.__all__
