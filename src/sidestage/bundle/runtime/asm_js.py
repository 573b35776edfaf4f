"""Pyodide's own script, made quicker to start.

``pyodide.asm.js`` says thousands of things in a statement each: that a function is exported, which signature it has.
The browser has to read each one, and remembers of each how it went, though none is run twice. Here they become tables
that a few loops go through; and while it links, the script does not do again what it has done. What comes of it stays
the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from sidestage.cache import Cache
from sidestage.hashing import sha256_of

#: Counts up whenever the same script would become something else.
_FORMAT = 2

_EXPORT = re.compile(r'var (\w+)=Module\["\1"\]=wasmExports\["(\w+)"\];')
_EXPORTS = re.compile(r'(?:var (\w+)=Module\["\1"\]=wasmExports\["\w+"\];){3,}')
_MEMBER = re.compile(r'Module\["(\w+)"\]=(\w+);')
_MEMBERS = re.compile(r'(?<=[;}])(?:Module\["\w+"\]=\w+;){10,}')
_SIGNATURE = re.compile(r'(?<=[;}])(\w+)\.sig="(\w+)";')
_IMPORTS = re.compile(r"var wasmImports=\{([\w:,]+)\};")

#: Of the linker, each with what is done instead.
_LINKER = {
    # A module for each function that is given an address: the same one for all with the same signature.
    "var module=new WebAssembly.Module(new Uint8Array(bytes));": (
        "var module=convertJsFunctionToWasm[sig]??=new WebAssembly.Module(new Uint8Array(bytes));"
    ),
    # Only a function of JavaScript's has a signature; without one the table may refuse it, with an error that costs.
    "try{setWasmTableEntry(ret,func)}catch(err){": (
        "if(sig)setWasmTableEntry(ret,convertJsFunctionToWasm(func,sig));"
        "else try{setWasmTableEntry(ret,func)}catch(err){"
    ),
    # A function of its own for each symbol.
    "for(var[sym,exp]of Object.entries(exports)){const setImport=target=>{": (
        'for(var[sym,exp]of Object.entries(exports)){if(sym!="main"&&sym!="__main_argc_argv"){'
        "if(!isSymbolDefined(sym))wasmImports[sym]=exp;continue}const setImport=target=>{"
    ),
    # A copy of what was made a moment ago for nobody else.
    "function applySignatureConversions(wasmExports){wasmExports=Object.assign({},wasmExports);": (
        "function applySignatureConversions(wasmExports){"
    ),
}


def quick_script(script: Path, cache: Cache) -> Path | bytes:
    """The script of an interpreter, made quicker; as it is, where it is not written the way that is known here.

    Args:
        script: the ``pyodide.asm.js`` of a runtime.
        cache: where one that was made is kept.
    """
    key = f"{sha256_of(script)}-script-{_FORMAT}"
    if kept := cache.find(key):
        return kept.path
    quick = quicken(script.read_text(encoding="utf-8"))
    if quick is None:
        return script
    try:
        return cache.keep(key, quick.encode()).path
    except OSError:
        return quick.encode()


def quicken(source: str) -> str | None:
    """The same script with tables and loops; None where anything in it is not as expected."""
    for usual, quicker in _LINKER.items():
        if source.count(usual) != 1:
            return None
        source = source.replace(usual, quicker)
    words = Counter(re.findall(r"[\w$]+", source))
    signed: list[tuple[str, str]] = []

    def exports(match: re.Match[str]) -> str:
        looped, kept = [], []
        for each in _EXPORT.finditer(match[0]):
            name, symbol = each.groups()
            # Its own statement has it twice; where there is more, something uses the variable.
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
        # All functions are there by now.
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
            return None
    return source


def _table(step: str, words: Sequence[str], values: Sequence[str]) -> str:
    """A loop over words, and the values that belong to them. Its own names begin with a dollar, as no other does."""
    return (
        f'{{const $values=[{",".join(values)}];const $words="{" ".join(words)}".split(" ");'
        f"for(let $at=0;$at<$words.length;$at++){{const $word=$words[$at];const $value=$values[$at];{step}}}}}"
    )
