"""The parts of a workbook's archive, none of which is unpacked further than a table needs."""

from collections.abc import Iterator
from io import BufferedReader
from typing import Any
from xml.etree.ElementTree import Element, XMLPullParser
from zipfile import BadZipFile, ZipFile

MAX_DIRECTORY = 128 * 1024
"""Bytes that the archive's list of its parts may have: a thousand parts."""

MAX_WHOLE, MAX_CHILD = 2 * 1024 * 1024, 1024 * 1024
"""Bytes of a part that is read at once (styles, names of sheets), and of what is read one by one (lines, texts)."""

_PIECE = 64 * 1024


class Large(Exception):
    """The archive, or a part of it, is larger than a table's is."""


class Sipped:
    """An open file of which nobody takes much at once: `ZipFile` reads the list of its parts, or raises `Large`."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int = -1) -> bytes:
        taken = self._file.read(MAX_DIRECTORY + 1 if size < 0 else min(size, MAX_DIRECTORY + 1))
        if len(taken) > MAX_DIRECTORY:
            raise Large
        return taken


class Package:
    """An open archive. What a part says of its size is weighed before it is unpacked, and no more than that is.

    Raises `Large`, and all sorts of errors where the archive, or the XML in it, is not as it should be.
    """

    def __init__(self, archive: ZipFile) -> None:
        self._zip = archive

    def read(self, part: str) -> bytes:
        """A small part as a whole."""
        return b"".join(self._pieces(part, MAX_WHOLE))

    def children(self, part: str, parent: str, child: str, limit: int) -> Iterator[Element]:
        """What stands in the element `parent` of a part of at most `limit` bytes, each forgotten when the next comes.

        What stands behind that element is not read.
        """
        parser: Any = XMLPullParser(("start", "end"))
        path, weight = list[Element](), 0
        for piece in self._pieces(part, limit):
            weight += len(piece)
            parser.feed(piece)
            for event, element in parser.read_events():
                if event == "start":
                    path.append(element)
                elif path.pop().tag == parent:
                    return
                elif path and path[-1].tag == parent:
                    if element.tag == child:
                        yield element
                    path[-1].clear()
                    weight = 0
            if weight > MAX_CHILD:
                raise Large
        parser.close()

    def _pieces(self, part: str, limit: int) -> Iterator[bytes]:
        info, before = self._zip.getinfo(part), b""
        if info.file_size > limit:
            raise Large
        with self._zip.open(info) as xml:
            while piece := xml.read(_PIECE):
                # No workbook declares a document type: one that does wants to have entities expanded.
                if b"<!DOCTYPE" in (before + piece).replace(b"\0", b""):  # the zeros are those of UTF-16
                    raise BadZipFile
                before = piece[-32:]
                yield piece
