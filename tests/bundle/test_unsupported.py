"""Packages that need what a browser lacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sidestage.bundle.packages.unsupported import Unsupported, describe_unsupported, find_unsupported

MakeWheel = Callable[..., Path]


@pytest.mark.parametrize(
    ("code", "what", "line"),
    [
        ("import fcntl", "fcntl", 1),
        ("'''Text'''\nfrom termios import tcgetattr", "termios", 2),
        ("import os, curses.ascii", "curses", 1),
        ("from multiprocessing import shared_memory", "multiprocessing.shared_memory", 1),
        ("import subprocess\ndef f():\n    return subprocess.run(['ls'])", "subprocess.run", 3),
        ("from subprocess import Popen as P\nP('ls')", "subprocess.Popen", 2),
        ("import concurrent.futures as c\nc.ThreadPoolExecutor()", "concurrent.futures.ThreadPoolExecutor", 2),
        ("import threading\nclass T(threading.Thread): pass", "threading.Thread", 2),
        ("def f():\n    import socket\n    socket.create_connection(('h', 1))", "socket.create_connection", 3),
        ("import ctypes\nctypes.cdll.LoadLibrary('x.so')", "ctypes.cdll.LoadLibrary", 2),
        ("import sqlite3", "sqlite3", 1),
    ],
)
def test_what_fails_is_found_with_its_line(make_wheel: MakeWheel, code: str, what: str, line: int) -> None:
    (lack,) = find_unsupported(make_wheel("tool", files={"tool/__init__.py": code}), absent=frozenset({"sqlite3"}))
    assert (lack.what, lack.file, lack.line) == (what, "tool/__init__.py", line)


@pytest.mark.parametrize(
    "code",
    [
        "import threading, socket, subprocess, multiprocessing, ctypes",
        "try:\n    import fcntl\nexcept ImportError:\n    fcntl = None",
        "import sys\nif sys.platform == 'win32':\n    import winreg",
        "def f():\n    import pwd",
        "from .fcntl import lock",
        "class Thread: pass\nThread()",
        "import fcntl_like, tool.tty",
        "this is not Python, and mentions fcntl",
        "import sqlite3",
    ],
)
def test_what_may_do_no_harm_is_not_told(make_wheel: MakeWheel, code: str) -> None:
    wheel = make_wheel("tool", files={"tool/__init__.py": code, "tool/fcntl.py": "lock = 1", "tool/tty.py": ""})
    assert find_unsupported(wheel) == []


def test_only_modules_that_are_imported_count(make_wheel: MakeWheel) -> None:
    files = {
        "tool/__init__.py": "from tool import first\nfrom .deep import second",
        "tool/first.py": "",
        "tool/deep/__init__.py": "from ..third import x",
        "tool/deep/second.py": "from . import fourth",
        "tool/deep/fourth.py": "import tty",
        "tool/third.py": "import resource",
        "tool/command.py": "import curses",
    }
    wheel = make_wheel("tool", files=files)
    assert {lack.file for lack in find_unsupported(wheel)} == {"tool/third.py", "tool/deep/fourth.py"}
    assert "tool/command.py" in {lack.file for lack in find_unsupported(wheel, ["tool.command"])}


def test_of_each_kind_one_is_told() -> None:
    found = {
        "tool 1.0": [
            Unsupported("tool/a.py", 3, "pwd"),
            Unsupported("tool/b.py", 4, "threading.Thread", "starts threads"),
            Unsupported("tool/c.py", 5, "ssl"),
        ],
        "other 2.0": [Unsupported("other.py", 1, "ssl")],
        "fine 3.0": [],
    }
    assert describe_unsupported(found, {"ssl": "ssl"}) == [
        "tool 1.0 cannot be imported on a page: tool/a.py, line 3, imports pwd, which a browser does not have",
        "tool 1.0 does not work in full on a page; what fails there: it starts threads (threading.Thread in tool/b.py, "
        "line 4)",
        "Python's own ssl is imported by tool 1.0 (tool/c.py, line 5), other 2.0 (other.py, line 1): add 'ssl' to the "
        "dependencies",
    ]
