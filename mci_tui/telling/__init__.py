"""What is said of a thing, section by section, for pages and for commands alike."""

from typing import NamedTuple


class Said(NamedTuple):
    """A line: its label, which may be empty, and its words; `lead` is how they begin where that is to stand out.

    Both may come from people or files. `faint` words matter less.
    """

    label: str
    words: str
    lead: str = ""
    faint: bool = False

    @property
    def plain(self) -> str:
        """The words as a whole."""
        return self.lead + self.words


Section = tuple[str, list[Said]]
"""A heading with its lines."""
