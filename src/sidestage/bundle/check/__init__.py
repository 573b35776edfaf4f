"""What can be found out about a script at its author's desk, before any participant comes.

Each module looks at one thing and answers with findings. Playing a script through is the work of the room ``testing``;
``headless`` has it done in the browser's own Python.
"""

from sidestage.bundle.check.finding import Finding
from sidestage.bundle.check.headless import HeadlessPlayer, NotRun, TooLong, rehearsal_findings
from sidestage.bundle.check.imports import check_imports
from sidestage.bundle.check.prompt_modules import check_prompt_modules
from sidestage.bundle.check.translations import check_texts
from sidestage.bundle.check.yields import check_donations, check_yields

__all__ = [
    "Finding",
    "HeadlessPlayer",
    "NotRun",
    "TooLong",
    "check_donations",
    "check_imports",
    "check_prompt_modules",
    "check_texts",
    "check_yields",
    "rehearsal_findings",
]
