"""A page as a browser's parser sees it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_ALONE = frozenset({"meta", "link", "input", "br"})
"""Elements that are never closed."""


@dataclass
class Element:
    """An element with its attributes, and all the text in it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """What stands on a page. Raises `AssertionError` where its elements are not closed one after the other."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []
        self.feed(self.html)
        self.close()
        assert not self._open

    __hash__ = object.__hash__

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _ALONE:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def every(self, tag: str, **attributes: str) -> Iterator[Element]:
        """The elements of this tag whose attributes have these values."""
        wanted = attributes.items()
        return (each for each in self.elements if each.tag == tag and wanted <= each.attributes.items())

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        (found,) = self.every(tag, **attributes)
        return found

    @property
    def text(self) -> str:
        """What there is to read, on one line."""
        return " ".join(self.one("body").text.split())

    @property
    def shape(self) -> list[tuple[str, ...]]:
        """The elements with the names of their attributes: what no value may change."""
        return [(each.tag, *each.attributes) for each in self.elements]
