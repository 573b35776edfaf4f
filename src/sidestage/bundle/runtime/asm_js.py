"""Changes the script of Pyodide's interpreter, ``pyodide.asm.js``, so that browsers start it sooner.

The script has thousands of similar statements: each exports one function, or gives one its signature. A browser
compiles each of them and keeps notes about it, although it runs only once. Here they become tables with a few loops;
and some work that the linker does twice is done once. The result of running the script is the same, which a test
compares.

Only scripts that are known by their hash are changed. Every other one is served as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sidestage.cache import Cache
from sidestage.hashing import sha256_of


@dataclass(frozen=True)
class KnownScript:
    """A script that is changed.

    Attributes:
        pyodide: the version that it belongs to.
        original: its SHA-256, in hexadecimal.
        changed: that of what it becomes.
    """

    pyodide: str
    original: str
    changed: str


KNOWN_SCRIPTS = (
    KnownScript(
        "0.29.5",
        "356c42f69e1695397e9d8670bd3c2e678248cde76e18bdae1731e848537b47d7",
        "2e1eb5568dc3050f286c9e9ebe50a9cb3f3461c9ed70e541c36c152a9d7db0d9",
    ),
)

_EXPORT = re.compile(r'var (\w+)=Module\["\1"\]=wasmExports\["(\w+)"\];')
_EXPORTS = re.compile(r'(?:var (\w+)=Module\["\1"\]=wasmExports\["\w+"\];){3,}')
_MEMBER = re.compile(r'Module\["(\w+)"\]=(\w+);')
_MEMBERS = re.compile(r'(?<=[;}])(?:Module\["\w+"\]=\w+;){10,}')
_SIGNATURE = re.compile(r'(?<=[;}])(\w+)\.sig="(\w+)";')
_IMPORTS = re.compile(r"var wasmImports=\{([\w:,]+)\};")

#: Pieces of the linker, each with what replaces it.
_LINKER = {
    # It compiles a module for each function that gets an address; functions with the same signature can share one.
    "var module=new WebAssembly.Module(new Uint8Array(bytes));": (
        "var module=convertJsFunctionToWasm[sig]??=new WebAssembly.Module(new Uint8Array(bytes));"
    ),
    # It tries to put a function into the table, and catches the error, which is slow. Only a function of JavaScript
    # has a signature, and always needs to be converted.
    "try{setWasmTableEntry(ret,func)}catch(err){": (
        "if(sig)setWasmTableEntry(ret,convertJsFunctionToWasm(func,sig));"
        "else try{setWasmTableEntry(ret,func)}catch(err){"
    ),
    # It creates a function for each symbol, which only the symbol of the main function needs.
    "for(var[sym,exp]of Object.entries(exports)){const setImport=target=>{": (
        'for(var[sym,exp]of Object.entries(exports)){if(sym!="main"&&sym!="__main_argc_argv"){'
        "if(!isSymbolDefined(sym))wasmImports[sym]=exp;continue}const setImport=target=>{"
    ),
    # It copies an object that nothing else uses.
    "function applySignatureConversions(wasmExports){wasmExports=Object.assign({},wasmExports);": (
        "function applySignatureConversions(wasmExports){"
    ),
}


#: The first line of a changed script.
_NOTICE = (
    "// Changed by Sidestage (sidestage.bundle.runtime.asm_js). The original is pyodide.asm.js in the npm package "
    "pyodide {pyodide}; both are under the Mozilla Public License 2.0: https://mozilla.org/MPL/2.0/\n"
)


def quick_script(script: Path, cache: Cache) -> Path | bytes:
    """What to serve as the script of an interpreter: a known one is changed, every other one is served as it is.

    Args:
        script: the script of a runtime.
        cache: where a script that was changed is kept.
    """
    original = sha256_of(script)
    known = next((each for each in KNOWN_SCRIPTS if each.original == original), None)
    if known is None:
        return script
    key = f"{known.original}-script-{known.changed[:16]}"
    if kept := cache.find(key):
        return kept.path
    changed = change_script(script.read_text(encoding="utf-8"), known.pyodide).encode()
    try:
        return cache.keep(key, changed).path
    except OSError:
        return changed


def is_changed(sha256: str) -> bool:
    """Whether a script with this hash, in hexadecimal, is one that was changed here."""
    return any(each.changed == sha256 for each in KNOWN_SCRIPTS)


def change_script(source: str, pyodide: str) -> str:
    """The script with tables and loops, and a first line that says that it was changed.

    Args:
        source: the script as it was published.
        pyodide: the version that it belongs to.

    Raises:
        ValueError: if the script is written in another way than the one that is known.
    """
    for usual, quicker in _LINKER.items():
        if source.count(usual) != 1:
            raise ValueError(f"the script does not have once: {usual}")
        source = source.replace(usual, quicker)
    words = Counter(re.findall(r"[\w$]+", source))
    signed: list[tuple[str, str]] = []

    def exports(match: re.Match[str]) -> str:
        looped, kept = [], []
        for each in _EXPORT.finditer(match[0]):
            name, symbol = each.groups()
            # The statement itself has the name twice. If there are more, something else uses the variable.
            if words[name] == 2 and name == f"_{symbol}":
                looped.append(symbol)
            else:
                kept.append(each[0])
        loop = (
            f'for(const $word of"{" ".join(looped)}".split(" "))Module["_"+$word]=wasmExports[$word];' if looped else ""
        )
        return "".join(kept) + loop

    def members(match: re.Match[str]) -> str:
        names, values = zip(*_MEMBER.findall(match[0]), strict=True)
        return _table("Module[$word]=$value", names, values)

    def signature(match: re.Match[str]) -> str:
        signed.append((match[1], match[2]))
        return ""

    def imports(match: re.Match[str]) -> str:
        # This is the first place where all the functions exist.
        values, signatures = zip(*signed, strict=True)
        names = [entry.partition(":")[0] for entry in match[1].split(",")]
        imported = [entry.rpartition(":")[2] for entry in match[1].split(",")]
        return (
            _table("$value.sig=$word", signatures, values)
            + "var wasmImports={};"
            + _table("wasmImports[$word]=$value", names, imported)
        )

    steps: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
        (_EXPORTS, exports),
        (_MEMBERS, members),
        (_SIGNATURE, signature),
        (_IMPORTS, imports),
    ]
    for pattern, instead in steps:
        source, count = pattern.subn(instead, source)
        if count == 0 or (pattern is _IMPORTS and count != 1):
            raise ValueError(f"the script does not have the statements that match {pattern.pattern}")
    return _NOTICE.format(pyodide=pyodide) + source


def _table(step: str, words: Sequence[str], values: Sequence[str]) -> str:
    """A loop over words, and the values that belong to them. Its own names begin with a dollar, as no other does."""
    return (
        f'{{const $values=[{",".join(values)}];const $words="{" ".join(words)}".split(" ");'
        f"for(let $at=0;$at<$words.length;$at++){{const $word=$words[$at];const $value=$values[$at];{step}}}}}"
    )
