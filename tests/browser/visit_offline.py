"""Run in a network of its own: cut off, start ``sidestage demo`` by the Python given, and go through an example.

Prints what it saw; any failure is an exception.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import socket
import struct
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SET_FLAGS, UP_AND_RUNNING = 0x8914, 0x1 | 0x40


def bring_up_loopback() -> None:
    """A new network has a loopback that is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SET_FLAGS, struct.pack("16sh", b"lo", UP_AND_RUNNING))


def prove_that_the_network_is_cut() -> None:
    """There must be no way out: an address of the documentation range has no route."""
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=2)
    except OSError as error:
        if error.errno not in (errno.ENETUNREACH, errno.EHOSTUNREACH):
            raise
        print("the network is cut")


def visit(url: str) -> None:
    """Open the gallery, take the smallest example, and donate."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=flags)
        page = browser.new_page(locale="en-GB")
        page.set_default_timeout(60_000)
        page.goto(url)
        page.get_by_role("link", name=re.compile("hello", re.IGNORECASE)).click()
        for _ in range(10):
            page.get_by_role("heading", level=1).wait_for()
            radio, button = page.get_by_role("radio"), page.get_by_role("button", name=re.compile("Continue|Yes"))
            button.or_(page.get_by_text("You can close")).first.wait_for()
            if button.count() == 0:
                break
            if radio.count():
                radio.first.check()
            button.first.click()
            page.wait_for_timeout(300)
        browser.close()


def main(python: str) -> None:
    """Start the demo, visit it, and see that the donation is on the disk."""
    bring_up_loopback()
    prove_that_the_network_is_cut()
    data = Path.cwd() / "data"
    command = [python, "-u", "-m", "sidestage", "demo", "--port", "0", "--data", str(data)]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert demo.stdout is not None
        address = next(found[0] for line in demo.stdout if (found := re.search(r"http://\S+", line)))
        visit(address)
    finally:
        demo.terminate()
        demo.wait(10)
    listing = subprocess.run(
        [python, "-m", "sidestage", "donations", "list", "--data", str(data)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "hello" in listing.stdout, listing.stdout + listing.stderr
    print("donated: hello")


if __name__ == "__main__":
    main(sys.argv[1])
