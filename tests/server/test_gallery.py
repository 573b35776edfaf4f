"""The gallery: its cards, pages of their own, and files that are made when somebody asks for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from sidestage.errors import SidestageError
from sidestage.protocol import Translatable
from sidestage.server.app import create_app
from sidestage.server.assets import Assets
from sidestage.server.errors import ServerError
from sidestage.server.gallery import Card, Download, ExamplePage, Gallery
from sidestage.server.store import Store


class Study:
    """A study that is only listed."""

    name = "chats"
    title = "Chats"
    description = ""

    def config(self) -> dict[str, object]:
        return {}

    def archive(self) -> bytes:
        return b""

    def prompt_module(self, name: str) -> bytes | None:
        return None


class Made:
    """Makes a file, slowly, and counts how often."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> bytes:
        self.count += 1
        time.sleep(0.2)
        return b"PK" + bytes([self.count])


def fail() -> bytes:
    raise SidestageError("a.zip could not be made by <make.py>.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.at(tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a page, and what lies beside them."""
    folder = tmp_path / "page"
    for name in ("index.html", "deep/a.mjs", "example.toml", ".secret", "__pycache__/a.pyc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"the content of {name}")
    return folder


@pytest.fixture
def made() -> Made:
    return Made()


@pytest.fixture
async def client(store: Store, folder: Path, made: Made) -> AsyncIterator[httpx.AsyncClient]:
    title = Translatable({"en": "A page & more", "nl": "Een pagina & meer"})
    downloads = [Download("a.zip", "An <export>", made), Download("b.zip", "Another", fail)]
    cards = [
        Card("page", title, "What it shows", folder="examples/page"),
        Card("chats", "Chats", "", command="sidestage run 'my study.py'", downloads=downloads),
    ]
    pages = [ExamplePage("page", folder)]
    app = create_app([Study()], Assets(), store, gallery=Gallery(cards=cards), pages=pages, cache_folder=folder.parent)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        yield client


async def test_cards_stand_in_their_order_with_all_they_lead_to(client: httpx.AsyncClient) -> None:
    html = (await client.get("/")).text.replace("<wbr>", "")
    assert html.index("A page &amp; more") < html.index("Chats")
    assert "<code>examples/page</code>" in html
    assert "<code>sidestage run &#x27;my study.py&#x27;</code>" in html
    assert '<a href="chats/sample/a.zip">An &lt;export&gt;</a>' in html
    assert html.count('<a href="chats/">') == 1
    dutch = (await client.get("/", headers={"Accept-Language": "nl"})).text
    assert '<html lang="nl">' in dutch
    assert 'Openen <span class="unseen">Een pagina &amp; meer</span>' in dutch


async def test_a_page_needs_no_study_and_shows_nothing_that_is_not_for_visitors(client: httpx.AsyncClient) -> None:
    assert (await client.get("/page/")).text == "the content of index.html"
    script = await client.get("/page/deep/a.mjs")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cross-origin-embedder-policy"] == "credentialless"
    for path in ("example.toml", ".secret", "__pycache__/a.pyc", "deep/", "deep", "../data/sidestage.db"):
        assert (await client.get(f"/page/{path}")).status_code == 404


async def test_a_download_is_made_once_however_many_ask(client: httpx.AsyncClient, made: Made) -> None:
    answers = await asyncio.gather(*(client.get("/chats/sample/a.zip") for _ in range(4)))
    assert {answer.content for answer in answers} == {b"PK\x01"}
    assert made.count == 1
    assert answers[0].headers["content-disposition"] == 'attachment; filename="a.zip"'


async def test_a_download_that_cannot_be_made_is_a_page_that_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/chats/sample/b.zip")
    assert answer.status_code == 500
    assert "a.zip could not be made by &lt;make.py&gt;." in answer.text
    assert "content-disposition" not in answer.headers


def test_pages_that_cannot_be_served_are_a_sentence(store: Store, folder: Path) -> None:
    for pages, gallery, sentence in (
        ([ExamplePage("page", folder)], None, "without a gallery there must be exactly one app"),
        ([ExamplePage("chats", folder)], Gallery(), "Two apps are called 'chats'"),
        ([ExamplePage("page", folder, "main.html")], Gallery(), "There is no main.html in"),
    ):
        with pytest.raises(ServerError, match=sentence):
            create_app([Study()], Assets(), store, gallery=gallery, pages=pages)
