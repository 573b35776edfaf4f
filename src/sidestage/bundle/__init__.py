"""From a script to what a browser needs: the script's archive, the wheels it depends on, the Python runtime.

This room reads the author's files and answers in plain values; it neither serves nor prints. What goes to a browser is
put under its address in ``page_assets.fill_page_assets``, and only there.
"""

from sidestage.bundle.errors import MetadataError, ScriptError
from sidestage.bundle.examples import Example, ExamplesMissing, find_examples
from sidestage.bundle.packages import Catalogue, PackageNotFound
from sidestage.bundle.runtime.find_runtime import Runtime, RuntimeMissing, find_runtime, own_runtime
from sidestage.bundle.samples import Sample, SampleError
from sidestage.bundle.script import Script, read_script
from sidestage.bundle.study import Study

__all__ = [
    "Catalogue",
    "Example",
    "ExamplesMissing",
    "MetadataError",
    "PackageNotFound",
    "Runtime",
    "RuntimeMissing",
    "Sample",
    "SampleError",
    "Script",
    "ScriptError",
    "Study",
    "find_examples",
    "find_runtime",
    "own_runtime",
    "read_script",
]
