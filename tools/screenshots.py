"""Take the pictures of the workbench for `docs/images`: every screen, light, dark and narrow.

    PYTHONPATH=src:. .venv/bin/python tools/screenshots.py [--out FOLDER] [--only WORD]

Needs Debian's chromium with fonts-noto-core and fonts-noto-cjk, and the package playwright. The lists are the
bundled starter list and the small files that the tests read; nothing is fetched. The day is fixed, so that the
same code gives the same pictures.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

NOW = datetime(2026, 11, 20, 16, 55, tzinfo=UTC)
TALLEST = 1500
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 860}},
    "dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 390, "height": 844}},
}
HAN = "新疆维吾尔自治区公安厅"
UYGHUR = "شىنجاڭ ئۇيغۇر ئاپتونوم رايونلۇق جامائەت خەۋپسىزلىك نازارىتى"
ARABIC = "كتيبة المثال"
PASSWORD = "three invented otters"
PARTIES: tuple[dict[str, str], ...] = (
    {"name": HAN, "country": "CN", "schema": "PublicBody"},
    {"name": UYGHUR, "country": "CN"},
    {"name": "Хиквижн", "country": "RU", "schema": "Company"},
    {"name": "海康威視", "country": "TW", "schema": "Company"},
    {"name": "Megvi Technology Limited", "country": "CN", "schema": "Company"},
    {"name": "Urumqi Municipality Public Security Bureau", "country": "CN"},
)
OWNED = """\
destination: CN
parties:
  - role: end_user
    name: Example Vision Integrators (Shenzhen) Co., Ltd.
    country: CN
    owners:
      - name: Example Holdings Ltd
        country: HK
        share: 60
        owners:
          - {name: "Hangzhou Hikvision Digital Technology Co., Ltd.", country: CN, share: 70}
          - {name: Sample Family Office, country: HK, share: 30}
      - {name: Megvii Technology, country: CN, share: 10-20}
items:
  - {description: thermal camera, eccn: 6A993, origin: US}
"""


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: where it is, on which lists (`starter` or `lists`), and what is done there."""

    name: str
    path: str
    lists: str = "starter"
    act: Callable[[Any], None] = lambda _page: None


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    arguments.add_argument("--only", default="", help="Screens and looks whose name holds this word.")
    given = arguments.parse_args()
    from playwright.sync_api import sync_playwright
    from tests.journeys.web.conftest import FLAGS, served

    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "lists")
        people(Path(folder) / "closed")
        with (
            served(Path(folder) / "starter", open_to_all=True, now=lambda: NOW) as starter,
            served(Path(folder) / "lists", open_to_all=True, now=lambda: NOW) as lists,
            served(Path(folder) / "closed", open_to_all=False, now=lambda: NOW) as closed,
            sync_playwright() as playwright,
        ):
            addresses = {"starter": starter, "lists": lists, "closed": closed}
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            reader = browser.new_page()
            for look, options in LOOKS.items():
                page = browser.new_context(locale="en-GB", reduced_motion="reduce", **options).new_page()
                for screen in SCREENS:
                    name = f"{screen.name}-{look}"
                    if given.only in name:
                        take(page, reader, screen, addresses[screen.lists], given.out / f"{name}.png")
                        print(name)


def take(page: Any, reader: Any, screen: Screen, address: str, out: Path) -> None:
    page.goto(address + screen.path)
    screen.act(page)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    size = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": 0, "width": size[0], "height": min(size[1], TALLEST)}
    data = page.screenshot(full_page=True, clip=clip)
    out.write_bytes(smaller(reader, data))


PIXELS = """async data => {
  const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,' + data)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const bytes = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return [bitmap.width, bitmap.height, btoa(text)];
}"""


def smaller(reader: Any, data: bytes) -> bytes:
    """The same picture as PNG with a palette of at most 256 colours, a third of the size. The browser reads it."""
    import base64
    import struct
    import zlib

    import numpy as np

    width, height, text = reader.evaluate(PIXELS, base64.b64encode(data).decode())
    pixels = np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, 4)[:, :3].astype(np.int32)
    packed = pixels[:, 0] << 16 | pixels[:, 1] << 8 | pixels[:, 2]
    colours, where, counts = np.unique(packed, return_inverse=True, return_counts=True)
    kept = colours[np.argsort(-counts, kind="stable")[:256]]

    def parts(values: Any) -> Any:
        return np.stack([values >> 16, values >> 8 & 255, values & 255], axis=1)

    nearest = np.empty(len(colours), np.uint8)
    for at in range(0, len(colours), 4096):
        far = np.abs(parts(colours[at : at + 4096])[:, None, :] - parts(kept)[None, :, :]).sum(axis=2)
        nearest[at : at + 4096] = far.argmin(axis=1)
    rows = np.zeros((height, width + 1), np.uint8)
    rows[:, 1:] = nearest[where].reshape(height, width)

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            chunk(b"PLTE", parts(kept).astype(np.uint8).tobytes()),
            chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            chunk(b"IEND", b""),
        )
    )


def fill(home: Path) -> None:
    """A home with two snapshots of a small US list, the later one stale, and a small list of the UN."""
    from stopship.app.workspace import Workspace

    space = Workspace(home, today=NOW.date())
    held = ROOT / "tests" / "sources"
    whole = (held / "us_csl" / "consolidated.csv").read_text("utf-8")
    earlier = home.parent / "consolidated.csv"
    rows = whole.splitlines(keepends=True)
    earlier.write_text(
        "".join(row for row in rows if "Sampletown" not in row).replace("1 Musterweg", "9 Musterweg"), "utf-8"
    )
    csl = held / "us_csl" / "consolidated.csv"
    for path, day in ((earlier, date(2026, 10, 1)), (csl, date(2026, 11, 2))):
        space.import_list("us_csl", path, published=day, now=NOW, accept=True)
    space.import_list(
        "un_sc", held / "un_sc" / "consolidated.xml", published=date(2026, 11, 18), now=NOW, accept=True
    )


def check(**fields: str) -> Callable[[Any], None]:
    """Fill in the quick check and wait for the answer."""

    def act(page: Any) -> None:
        for name, value in fields.items():
            field = page.locator(f"#{name}")
            field.select_option(value) if name in ("country", "destination", "schema") else field.fill(value)
        page.locator(".ask-form button[type=submit]").first.click()
        page.wait_for_selector("#outcome")

    return act


def people(home: Path) -> None:
    """A home in which an analyst and a supervisor sign in, with cases of example parties in four scripts."""
    from contextlib import closing

    from stopship.access import Principal, Role
    from stopship.access.accounts import Accounts
    from stopship.access.passwords import Passwords
    from stopship.app.service.casework import Working
    from stopship.app.service.edition import open_edition
    from stopship.app.workspace import Workspace
    from stopship.cases import Actor, Verdict
    from stopship.cases import Role as CaseRole
    from stopship.model.order import read_order

    edition = open_edition(home, lambda: NOW)
    with closing(Workspace(home, today=NOW.date()).database()) as database:
        accounts = Accounts(database, Passwords())
        for name, role in (("erika", Role.ANALYST), ("vera", Role.SUPERVISOR), ("ada", Role.ADMIN)):
            accounts.create(
                name, role, PASSWORD, actor="cli:example", now=NOW, full_name=f"{name.title()} Example"
            )
        moments = iter(NOW - timedelta(days=days, hours=3) for days in (9, 6, 3, 2, 1, 0))
        working = Working(lambda: edition, database, now=lambda: moment)
        for party in PARTIES:
            moment = next(moments)
            order = {"destination": "CN", "items": [{"eccn": "EAR99"}], "parties": [{"role": "end_user", **party}]}
            working.keep(edition.decider.decide(read_order(order)), Principal("user", "1", "Erika", Role.ANALYST))
        moment = NOW
        erika = Actor("user:1", CaseRole.ANALYST)
        desk = working.work().desk
        desk.take(1, erika, now=moment)
        desk.note(1, "Asked the sales office for the end user's registration.", erika, now=moment)
        reason = {"reason": "known_partner", "comment": "Customer since 2011, another address."}
        desk.decide(1, Verdict.FALSE_MATCH, erika, now=moment, **reason)
        desk.take(2, erika, now=moment)


def signed_in(name: str) -> Callable[[Any], None]:
    def act(page: Any) -> None:
        if "/sign-in" in page.url:
            page.fill("#name", name)
            page.fill("#password", PASSWORD)
            page.locator("main form button").click()
            page.wait_for_url(lambda url: "/sign-in" not in url)

    return act


def as_admin(page: Any) -> None:
    if not page.locator("header summary", has_text="Ada").count():
        address = page.url
        page.context.clear_cookies()
        page.goto(address)
        signed_in("ada")(page)


def owners(page: Any) -> None:
    page.get_by_text("Check a whole order").click()
    page.fill("#order_text", OWNED)
    page.locator("details.more[open] .go button").click()
    page.wait_for_selector(".owners svg")


def keep(page: Any) -> None:
    check(name="見本電機株式会社", country="JP", destination="JP")(page)
    page.locator(".actions button").click()
    page.locator(".kept a").click()
    page.wait_for_selector("h1 >> text=Evidence")


def compare(page: Any) -> None:
    page.fill("#left", "杭州海康威视数字技术股份有限公司")
    page.fill("#right", "Hangzhou Hikvision Digital Technology Co., Ltd.")
    page.locator(".compare-form button").click()
    page.wait_for_selector("#verdict")


def changes(page: Any) -> None:
    page.locator("a[data-open]").first.click()
    page.wait_for_selector("tr.change")


def batch(page: Any) -> None:
    """Hand a file in and try its first rows."""
    rows = [f"{n};Musterfirma {n} GmbH;DE;Musterweg {n}, Musterstadt;Kontakt {n}" for n in range(1, 601)]
    rows[3:6] = [f"4;{HAN};CN;;Kontakt", "5;;DE;;Kontakt", "6;Megvi Technology;Nirgendwo;;=1+1"]
    text = "\n".join(["Nr.;Firma;Land;Anschrift;Ansprechpartner", *rows])
    page.locator("input[value=screen]").check()
    file = {"name": "Geschäftspartner.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("#file").set_input_files(file)
    page.locator("form.upload button[type=submit]").click()
    page.locator("button[name=try]").click()
    page.wait_for_selector("#trial")


SCREENS = (
    Screen("check", "/", "lists"),
    Screen(
        "check-han", "/", act=check(name=HAN, country="CN", eccn="EAR99", destination="CN", schema="PublicBody")
    ),
    Screen("check-uyghur", "/", act=check(name=UYGHUR, country="CN")),
    Screen("check-arabic", "/", "lists", act=check(name=ARABIC)),
    Screen(
        "check-possible", "/", act=check(name="Hangzhou Hikvision Digital Tech Co", country="CN", eccn="6A993")
    ),
    Screen("check-none", "/", act=check(name="Yitu Trading", country="CN", destination="CN")),
    Screen("owners", "/", act=owners),
    Screen("evidence", "/", act=keep),
    Screen("compare", "/compare", act=compare),
    Screen("batch", "/batch", "lists"),
    Screen("batch-trial", "/batch", act=batch),
    Screen("lists", "/lists", "lists"),
    Screen("list", "/lists/us_csl", "lists"),
    Screen("changes", "/lists/us_csl", "lists", act=changes),
    Screen("rules", "/rules?q=entity", "starter"),
    Screen("rule", "/rules/us.ear.744.entity-list", "starter"),
    Screen("help", "/help", "lists"),
    Screen("problem", "/lists/nowhere", "lists"),
    Screen("sign-in", "/sign-in", "closed"),
    Screen("overview", "/dashboard", "closed", act=signed_in("erika")),
    Screen("evidence-list", "/evidence", "closed", act=signed_in("erika")),
    Screen("queue", "/cases", "closed", act=signed_in("erika")),
    Screen("bulk-new", "/bulk/new?all=1", "closed", act=signed_in("vera")),
    Screen("suppressions", "/suppressions", "closed", act=signed_in("vera")),
    Screen("case", "/cases/2", "closed", act=signed_in("erika")),
    Screen("case-proposed", "/cases/1", "closed", act=signed_in("erika")),
    Screen("admin-users", "/admin/users", "closed", act=as_admin),
    Screen("admin-settings", "/admin/settings", "closed", act=as_admin),
    Screen("admin-record", "/admin/record", "closed", act=as_admin),
    Screen("admin-system", "/admin/system", "closed", act=as_admin),
    Screen("account", "/account", "closed", act=as_admin),
)

if __name__ == "__main__":
    main()
