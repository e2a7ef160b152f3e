"""A portal served for the pictures of the user guide, and officers who walk through it in Chromium."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PICTURES = HERE / "hinh"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
WIDE, PHONE = 1366, 390
TALLEST = {WIDE: 900, PHONE: 844}
COLOURS = 160
PREPARATION = (
    ["compile_catalogue"],
    ["migrate", "--verbosity", "0"],
    ["sync_functions"],
    ["load_territory"],
    ["load_reference"],
    ["load_demo"],
    ["collectstatic", "--noinput", "--verbosity", "0"],
)

sys.path.insert(0, str(ROOT))
from movement_portal.demonstration.accounts import PASSWORD  # noqa: E402


@contextlib.contextmanager
def portal(folder: Path):
    """Serve a portal filled with demonstration data; yields its address and ends the server."""
    environment = {**os.environ, "DJANGO_DATA_DIR": str(folder), "WEB_WORKERS": "1", "PYTHONUNBUFFERED": "1"}
    environment.pop("DATABASE_URL", None)
    # What the .env of this machine says of its own portal is no matter of the pictures.
    environment["DJANGO_ENV_FILE"] = os.devnull
    for command in PREPARATION:
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, stdout=sys.stderr
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gunicorn = [sys.executable, "-m", "gunicorn", "movement_portal.wsgi:application"]
    options = ["--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*gunicorn, *options], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/healthz")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_for(address: str):
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise TimeoutError(address)


class Walk:
    """One officer at one width: pages opened, pictures taken."""

    def __init__(self, browser, address: str, username: str = "", *, width: int = WIDE, password: str = PASSWORD):
        self.address = address
        self.width = width
        self.context = browser.new_context(
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": width, "height": 768 if width == WIDE else 844},
            reduced_motion="reduce",
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        if username:
            self.open("/dang-nhap/")
            self.sign_in(username, password)

    def __enter__(self):
        return self

    def __exit__(self, *details):
        self.context.close()

    def open(self, path: str):
        answer = self.page.goto(self.address + path)
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{path}: {answer and answer.status}")

    def sign_in(self, username: str, password: str):
        self.page.locator("#id_username").fill(username)
        self.page.locator("#id_password").fill(password)
        self.press("Đăng nhập")

    def press(self, words: str, role: str = "button"):
        """Press the first button (or link) of these words and wait for the page that follows."""
        self.page.get_by_role(role, name=words).first.click()
        self.page.wait_for_load_state("networkidle")

    def shot(self, name: str, *, tallest: int = 0):
        """Take the picture of what stands on the page, from the top down to where it ends."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("document.fonts.ready")
        self.page.evaluate("window.scrollTo(0, 0)")
        bottom = self.page.evaluate(
            "Math.max(...[...document.querySelectorAll('main > *, #content > *, .search-panel > *, .navigation a')]"
            ".map((one) => one.getBoundingClientRect().bottom), 0)"
        )
        height = int(min(bottom + 24 if bottom else 768, tallest or TALLEST[self.width]))
        path = PICTURES / f"{name}.png"
        window = self.page.viewport_size
        self.page.set_viewport_size({"width": self.width, "height": max(height, 240)})
        self.page.screenshot(path=path)
        self.page.set_viewport_size(window)
        with Image.open(path) as picture:
            few = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        sys.stdout.write(f"{path.name} {path.stat().st_size // 1024} kB\n")
