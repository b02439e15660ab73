"""What can be told about a page from its HTML alone: labels, headings, what the content policy forbids."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"})
TYPED = frozenset({"input", "textarea", "select"})
NEEDS_NO_LABEL = frozenset({"hidden", "submit", "button"})


class Page(HTMLParser):
    """A page read into what its checks need; `faults` are sentences, and a sound page has none."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self.headings: list[tuple[int, str]] = []
        self.links: list[str] = []
        self.images: list[dict[str, str]] = []
        self.fields: list[dict[str, str]] = []
        self.scripts: list[str] = []
        self.title = ""
        self.words = ""  # everything a reader sees or hears, white space folded
        self._open: list[tuple[str, dict[str, str]]] = []
        self._labels: set[str] = set()
        self._unlabelled: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()
        self._conclude()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._forbidden(tag, given)
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "label" and "for" in given:
            self._labels.add(given["for"])
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "img":
            self.images.append(given)
            if "alt" not in given:
                self.faults.append(f"an image without alt: {given.get('src')}")
        if tag in TYPED and given.get("type") not in NEEDS_NO_LABEL:
            self.fields.append({"tag": tag, **given})
            if not any(name == "label" for name, _ in self._open) and "aria-label" not in given:
                self._unlabelled.append((given.get("id", ""), given))
        if tag == "script":
            self.scripts.append(given.get("src", ""))
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1][0] if self._open else 'nothing'}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        inside = [name for name, _ in self._open]
        if "title" in inside and "svg" not in inside:
            self.title += data
        elif "script" in inside or "style" in inside:
            self.faults.append("a script or style stands in the page itself")
        elif "head" not in inside:
            self.words += data
            if self.headings and inside and inside[-1].startswith("h") and inside[-1][1:].isdigit():
                level, text = self.headings[-1]
                self.headings[-1] = (level, text + data)

    def _forbidden(self, tag: str, given: dict[str, str]) -> None:
        if tag in ("style", "iframe", "object", "embed", "base"):
            self.faults.append(f"<{tag}> is forbidden by the content policy")
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.faults.append(f"a script from {given.get('src') or 'the page itself'}")
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.faults.append(f"<{tag} {name}> is forbidden by the content policy")
            if name in ("src", "href", "action") and value and not value.startswith(("/", "#")):
                self.faults.append(f"<{tag} {name}={value}> leads away from this site")

    def _conclude(self) -> None:
        self.words = " ".join(self.words.split())
        self.faults += [f"the id {name} is given {times} times" for name, times in self.ids.items() if times > 1]
        self.faults += [
            f"a field without a label: {given}" for name, given in self._unlabelled if name not in self._labels
        ]
        self.faults += [f"{name} is left open" for name, _ in self._open if name != "p"]
        levels = [level for level, _ in self.headings]
        if levels.count(1) != 1:
            self.faults.append(f"{levels.count(1)} headings of the first level")
        steps = pairwise(levels)
        self.faults += [
            f"a heading of level {deep} follows one of level {high}" for high, deep in steps if deep > high + 1
        ]
        here = {f"#{name}" for name in self.ids}
        self.faults += [f"{link} leads nowhere" for link in self.links if link.startswith("#") and link not in here]
        if not self.title.strip():
            self.faults.append("a page without a title")

    @property
    def heading(self) -> str:
        return next((" ".join(text.split()) for level, text in self.headings if level == 1), "")
