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
from datetime import UTC, date, datetime
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
    """One picture: where it is, in which home, and what is done there.

    Homes: `starter` and `lists` ask nobody to sign in; `demo` is the example workbench, with people, cases and a
    month of history (`act=signed_in("erika")`, or `"sam"`, who is a supervisor).
    """

    name: str
    path: str
    lists: str = "starter"
    act: Callable[[Any], None] = lambda _page: None


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    arguments.add_argument(
        "--only", default="", help="Screens and looks whose name holds one of these words (a,b)."
    )
    given = arguments.parse_args()
    from playwright.sync_api import sync_playwright
    from tests.journeys.web.conftest import FLAGS, served

    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "lists")
        people(Path(folder) / "demo")
        with (
            served(Path(folder) / "starter", open_to_all=True, now=lambda: NOW) as starter,
            served(Path(folder) / "lists", open_to_all=True, now=lambda: NOW) as lists,
            served(Path(folder) / "demo", open_to_all=False, now=lambda: NOW) as demo,
            sync_playwright() as playwright,
        ):
            addresses = {"starter": starter, "lists": lists, "demo": demo}
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            reader = browser.new_page()
            for look, options in LOOKS.items():
                page = browser.new_context(locale="en-GB", reduced_motion="reduce", **options).new_page()
                for screen in SCREENS:
                    name = f"{screen.name}-{look}"
                    if any(word in name for word in given.only.split(",")):
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
    """The example workbench of `stopship demo --serve`, whose people have one password here."""
    from contextlib import closing

    from stopship.access import Role
    from stopship.access.accounts import Accounts
    from stopship.access.passwords import Passwords
    from stopship.app.demo_home.people import PEOPLE
    from stopship.app.demo_home.seed import seed
    from stopship.app.workspace import Workspace

    seed(home, now=NOW)
    with closing(Workspace(home, today=NOW.date()).database()) as database:
        for name, _full_name, _role in PEOPLE:
            Accounts(database, Passwords()).set_password(name, PASSWORD, actor="cli:example", now=NOW)
        Accounts(database, Passwords()).create(
            "ada", Role.ADMIN, PASSWORD, actor="cli:example", now=NOW, full_name="Ada Example"
        )


def signed_in(name: str, then: Callable[[Any], None] = lambda _page: None) -> Callable[[Any], None]:
    """Sign in where a page asks for it, as somebody else if need be, then do something on the page."""

    def act(page: Any) -> None:
        wanted = page.url
        if "/sign-in" not in wanted and not page.locator(f".tools:has-text('{name.title()} ')").count():
            page.context.clear_cookies()
            page.goto(wanted)
        if "/sign-in" in page.url:
            page.fill("#name", name)
            page.fill("#password", PASSWORD)
            page.locator("main form button").click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
        then(page)

    return act


def first_case(page: Any) -> None:
    """Open the first case of the queue that is shown."""
    page.locator("[data-row] a[data-open]").first.click()
    page.wait_for_selector(".timeline")


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
    Screen("sign-in", "/sign-in", "demo"),
    Screen("queue", "/cases?state=open", "demo", act=signed_in("erika")),
    Screen("case", "/cases?q=예시전자", "demo", act=signed_in("erika", first_case)),
    Screen("case-han", "/cases?q=乌鲁木齐", "demo", act=signed_in("erika", first_case)),
    Screen("case-arabic", "/cases?q=النموذج", "demo", act=signed_in("erika", first_case)),
    Screen("case-proposed", "/cases?state=proposed", "demo", act=signed_in("sam", first_case)),
    Screen("overview", "/dashboard", "demo", act=signed_in("erika")),
    Screen("evidence-list", "/evidence", "demo", act=signed_in("erika")),
    Screen("jobs", "/jobs", "demo", act=signed_in("erika")),
    Screen("job", "/jobs/1", "demo", act=signed_in("erika")),
    Screen("bulk", "/bulk", "demo", act=signed_in("sam")),
    Screen("admin-keys", "/admin/keys", "demo", act=signed_in("ada")),
    Screen("bulk-new", "/bulk/new?all=1", "demo", act=signed_in("sam")),
    Screen("suppressions", "/suppressions", "demo", act=signed_in("sam")),
    Screen("admin-users", "/admin/users", "demo", act=signed_in("ada")),
    Screen("admin-settings", "/admin/settings", "demo", act=signed_in("ada")),
    Screen("admin-record", "/admin/record", "demo", act=signed_in("ada")),
    Screen("admin-system", "/admin/system", "demo", act=signed_in("ada")),
    Screen("account", "/account", "demo", act=signed_in("ada")),
)

if __name__ == "__main__":
    main()
