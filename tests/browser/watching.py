"""What no page may do, watched while Chromium has it open and measured when it stands still."""

import contextlib
import gzip
import time
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Error

WIDE = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}

#: Bytes that may travel before a page is first seen, compressed as the portal sends them.
FIRST_VIEW_LIMIT = 300_000

AXE = Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js"
#: A rule that says itself how much it weighs finds nothing heavier: the light ones, a third of the work, are not asked.
FAULTS_OF_AXE = """async () => {
  const light = axe._audit.rules.filter(({ impact }) => ["minor", "moderate"].includes(impact));
  const rules = Object.fromEntries(light.map(({ id }) => [id, { enabled: false }]));
  const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false, rules });
  return violations
    .filter((violation) => ["serious", "critical"].includes(violation.impact))
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}"""
#: The element that reaches furthest out of the screen, when the page is wider than it.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return null;
  const reach = (element) => element.getBoundingClientRect().right;
  const furthest = [...document.body.querySelectorAll("*")].reduce((a, b) => (reach(b) > reach(a) ? b : a));
  return `${document.documentElement.scrollWidth} px of ${width}: ${furthest.outerHTML.slice(0, 160)}`;
}"""
#: Whether nothing of the page moves any more, asked after what a frame and its scripts may still begin.
STILL = """async () => {
  const next = (begin) => new Promise((done) => begin(done));
  await next(requestAnimationFrame);
  await next(requestAnimationFrame);
  await next(setTimeout);
  return document.readyState === "complete" && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling");
}"""
#: Seconds after which a page that still asks for something is at fault.
PATIENCE = 15
RESOURCES = "() => performance.getEntriesByType('resource').map((entry) => entry.name)"


@cache
def weight_of_static_file(path):
    """Bytes of a static file as whitenoise sends it: text compressed, pictures and typefaces as they are."""
    found = finders.find(path)
    content = Path(found).read_bytes() if found else b""
    return min(len(content), len(gzip.compress(content)))


class Watch:
    """Collects the faults of one page; ``check`` measures the rest and fails with all of them."""

    def __init__(self, page, origin):
        self.page = page
        self.origin = origin
        self.faults = []
        self.awaited = set()
        page.on("request", self.on_request)
        page.on("requestfinished", self.on_end)
        page.on("requestfailed", self.on_end)
        page.on("response", self.on_response)
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))

    def on_request(self, request):
        self.awaited.add(request)
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.faults.append(f"asked another host: {request.url}")

    def on_end(self, request):
        self.awaited.discard(request)

    def on_response(self, response):
        if response.headers.get("content-disposition", "").startswith("attachment"):
            # A file to keep ends outside the page.
            self.awaited.discard(response.request)
        static = urlsplit(response.url).path.startswith(settings.STATIC_URL)
        if response.status >= 500 or (static and response.status >= 400):
            self.faults.append(f"{response.status}: {response.url}")

    def on_console(self, message):
        # A refusal of the Content-Security-Policy is an error in the console; so is a form sent back, which is none.
        if message.type in ("error", "warning") and "status of 422" not in message.text:
            self.faults.append(f"console: {message.text}")

    def settle(self):
        """Waits until all that the page asked for has come and been shown.

        Playwright's own “networkidle” is half a second of silence on every page: half of what a page costs here.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.page.wait_for_load_state("load")
            # A page that is left while it is asked has no answer.
            with contextlib.suppress(Error):
                if self.page.evaluate(STILL) and not self.awaited:
                    return
        self.faults.append(f"never still, waits for {sorted(request.url for request in self.awaited)}")
        self.awaited.clear()

    def check(self):
        """Fails with every fault since the last check, at both widths."""
        faults = self.collect()
        assert not faults, "\n".join([self.page.url, *faults])

    def collect(self):
        """Every fault since the last time, those of the page as it stands measured at both widths."""
        page = self.page
        self.settle()
        if not page.evaluate("() => Boolean(window.axe)"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        weight = self.weight()
        if weight > FIRST_VIEW_LIMIT:
            self.faults.append(f"first view of {weight} bytes")
        for size in (PHONE, WIDE):
            page.set_viewport_size(size)
            self.faults += [f"axe at {size['width']}: {fault}" for fault in page.evaluate(FAULTS_OF_AXE)]
            too_wide = page.evaluate(TOO_WIDE)
            if too_wide:
                self.faults.append(f"wider than the screen: {too_wide}")
        faults, self.faults = self.faults, []
        return faults

    def weight(self):
        """Bytes that travel for this page when nothing is in the browser's memory."""
        paths = {urlsplit(address).path for address in self.page.evaluate(RESOURCES)}
        document = len(gzip.compress(self.page.content().encode()))
        return document + sum(
            weight_of_static_file(path.removeprefix(settings.STATIC_URL))
            for path in paths
            if path.startswith(settings.STATIC_URL)
        )
