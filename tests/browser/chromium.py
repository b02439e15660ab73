"""A headless Chromium driven over its debugging pipe: one page, a few verbs, no package needed."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from app.accounts.sessions import PLAIN_COOKIE

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
LOAD_SECONDS = 30.0
# The browser reads its commands from descriptor 3 and answers on 4.
STARTER = """
import fcntl, os, sys
read, write = (fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3])
os.dup2(read, 3)
os.dup2(write, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class BrowserError(Exception):
    """The browser is missing, or did not do what it was told."""


class Chromium:
    """One browser with one page, ended when the block ends."""

    def __init__(self) -> None:
        found = next((path for path in map(shutil.which, BROWSERS) if path), None)
        if found is None:
            raise BrowserError("No Chromium was found. Install it (Debian: apt-get install chromium), then try again.")
        self._profile = tempfile.TemporaryDirectory(prefix="gatepost-chromium-", ignore_cleanup_errors=True)
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        profile = f"--user-data-dir={self._profile.name}"
        self._process = subprocess.Popen(
            [sys.executable, "-c", STARTER, str(theirs_in), str(theirs_out), found, *FLAGS, profile, "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._out, self._in = ours_out, os.fdopen(ours_in, "rb")
        self._number = 0
        self._held = b""
        self._size = (1280, 900)
        self.complaints: list[str] = []  # what the page's console said, refusals of the content policy included
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session: str | None = None
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "DOM"):
            self._call(f"{domain}.enable")

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._in.close()
        os.close(self._out)
        self._profile.cleanup()

    # -- verbs ---------------------------------------------------------------------------------------------------

    def look(self, width: int, height: int = 900, *, dark: bool = False) -> None:
        """Set the width of the page and the colours that are asked for."""
        self._size = (width, height)
        self._window(width, height)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])

    def _window(self, width: int, height: int) -> None:
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def scripts(self, on: bool) -> None:
        self._call("Emulation.setScriptExecutionDisabled", value=not on)

    def before_each_page(self, script: str) -> None:
        """Run a script in every page from now on, before anything of its own."""
        self._call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def sign_in(self, url: str, token: str) -> None:
        """Go on as whoever this session's cookie belongs to."""
        cookie = {"url": url, "name": PLAIN_COOKIE, "value": token, "httpOnly": True, "sameSite": "Lax"}
        self._call("Network.setCookie", **cookie)

    @contextmanager
    def nobody(self, url: str) -> Iterator[None]:
        """Not signed in within the block; whoever was signed in before is so again afterwards."""
        kept = self._call("Network.getCookies", urls=[url])["cookies"]
        self._call("Network.clearBrowserCookies")
        yield
        self._call("Network.clearBrowserCookies")
        for cookie in kept:
            self._call("Network.setCookie", url=url, **{name: cookie[name] for name in ("name", "value", "httpOnly")})

    def open(self, url: str) -> None:
        self.complaints.clear()
        self._call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def wait(self, expression: str, seconds: float = LOAD_SECONDS) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if self.evaluate(expression):
                    return
            except BrowserError:
                pass  # the page is being replaced by the next
            time.sleep(0.05)
        raise BrowserError(f"This did not come true within {seconds:.0f} s: {expression}")

    def choose_files(self, selector: str, *paths: Path) -> None:
        root = self._call("DOM.getDocument")["root"]["nodeId"]
        node = self._call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self._call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def press(self, key: str, code: int) -> None:
        for kind in ("keyDown", "keyUp"):
            self._call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """With the mouse, in pixels of the window."""
        for kind, (x, y) in (("mousePressed", start), ("mouseMoved", end), ("mouseReleased", end)):
            held = {} if kind == "mouseMoved" else {"clickCount": 1}
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, **held)

    def screenshot(self, target: Path, *, whole: bool = True) -> None:
        """A PNG of the page, from its top to its end unless `whole` is False."""
        width, height = self._size
        if whole:  # the window itself grows, so that what sticks to its edge stands where it ends
            self._window(width, max(height, int(self.evaluate("document.documentElement.scrollHeight"))))
        self.evaluate("document.querySelectorAll('img').forEach(each => each.loading = 'eager')")
        self.wait("[...document.images].every(i => i.complete && (i.naturalWidth || !i.offsetParent))")
        shot = self._call("Page.captureScreenshot", format="png")
        target.write_bytes(base64.b64decode(shot["data"]))
        self._window(width, height)

    # -- the pipe ------------------------------------------------------------------------------------------------

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if getattr(self, "_session", None):
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                return dict(answer["result"])
            self._note(answer)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._held:
            got = os.read(self._in.fileno(), 1 << 20)
            if not got:
                raise BrowserError("The browser ended.")
            self._held += got
        message, _, self._held = self._held.partition(b"\0")
        return dict(json.loads(message))

    def _note(self, event: dict[str, Any]) -> None:
        parameters = event.get("params", {})
        if event.get("method") == "Log.entryAdded":
            entry = parameters["entry"]
            if entry["level"] in ("warning", "error"):
                self.complaints.append(f"{entry['level']}: {entry['text']} {entry.get('url', '')}")
        elif event.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(parameters["exceptionDetails"])[:500])
