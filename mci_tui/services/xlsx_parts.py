"""The parts of a workbook's archive, each read piece by piece and no further than it may grow."""

import os
import zlib
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import PurePosixPath
from typing import IO, Protocol
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

MAX_DIRECTORY = 64 * 1024
"""Bytes that the archive's list of its parts may have: several hundred parts."""

MAX_RATIO, FREE = 100, 1024 * 1024
"""How many times larger than the whole file a part may be when unpacked, and up to what size that does not matter."""

BROKEN = (BadZipFile, expat.ExpatError, zlib.error, EOFError, LookupError, NotImplementedError, ValueError)
"""What reading raises where the archive, or the XML in it, is not as it should be."""

_PIECE = 64 * 1024
_LONGEST = 1024 * 1024
_TAIL, _END, _END_SIZE = (1 << 16) + 22, b"PK\x05\x06", 22
_GIANT, _GIANT_SIZE = b"PK\x06\x07", 20


class Large(Exception):
    """The archive, or a part of it, is larger than a table's is."""


class Handler(Protocol):
    """Is told of the elements of a part as they begin, by names without prefix."""

    def start(self, name: str, attributes: dict[str, str], /) -> None: ...


class Package:
    """An open archive. What it says of its own size is weighed before anything is unpacked.

    Raises `Large`, and one of `BROKEN`.
    """

    def __init__(self, file: BufferedReader) -> None:
        size = os.fstat(file.fileno()).st_size
        if _directory_size(file, size) > MAX_DIRECTORY:
            raise Large
        self._zip = ZipFile(file)
        self._room = max(FREE, size * MAX_RATIO)

    def related(self, part: str) -> dict[str, dict[str, str]]:
        """What a part, or with "" the archive, refers to inside it: names of parts by kind, then by id."""
        at = PurePosixPath("/", part)
        found: dict[str, dict[str, str]] = {}

        class Relations:
            def start(self, name: str, attributes: dict[str, str]) -> None:
                if name == "Relationship" and attributes.get("TargetMode") != "External":
                    kind = attributes["Type"].rpartition("/")[2]
                    target = os.path.normpath(at.parent / attributes["Target"]).lstrip("/")
                    found.setdefault(kind, {})[attributes["Id"]] = target

        self.read(str(at.parent / "_rels" / f"{at.name}.rels").lstrip("/"), Relations(), FREE)
        return found

    def read(self, part: str, handler: Handler, limit: int) -> None:
        """Reads a part of at most `limit` bytes."""
        for _piece in self.pieces(part, handler, limit):
            pass

    def pieces(self, part: str, handler: Handler, limit: int) -> Iterator[None]:
        """Reads a part of at most `limit` bytes, and pauses after each piece of it."""
        info = self._zip.getinfo(part)
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or info.flag_bits & 1:
            raise BadZipFile
        if info.file_size > min(limit, self._room):
            raise Large
        with self._zip.open(info) as xml:
            yield from _fed(xml, _parser(handler))


def _directory_size(file: BufferedReader, size: int) -> int:
    """How large the archive's list of parts is, found as `ZipFile` finds it."""
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = len(tail) - _END_SIZE
    if not (tail[at:].startswith(_END) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END)
    if at < 0:
        raise BadZipFile
    if tail[max(0, at - _GIANT_SIZE) : at].startswith(_GIANT):
        raise Large
    return int.from_bytes(tail[at + 12 : at + 16], "little")


def _parser(handler: Handler) -> expat.XMLParserType:
    """A parser that tells `handler` of an XML part; its `end` and `take` (of text) are told as well, if it has them."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = _by_bare_name(handler.start)
    if end := getattr(handler, "end", None):
        parser.EndElementHandler = _by_bare_name(end)
    parser.CharacterDataHandler = getattr(handler, "take", None)
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _by_bare_name(told: Callable[..., None]) -> Callable[..., None]:
    def tell(name: str, *attributes: dict[str, str]) -> None:
        told(name.rpartition(":")[2] if ":" in name else name, *attributes)

    return tell


def _refuse(*_declared: object) -> None:
    """No workbook declares a document type: one that does wants to have entities expanded."""
    raise ValueError


def _fed(xml: IO[bytes], parser: expat.XMLParserType) -> Iterator[None]:
    fed = 0
    while piece := xml.read(_PIECE):
        parser.Parse(piece, False)
        fed += len(piece)
        if fed - parser.CurrentByteIndex > _LONGEST:
            raise ValueError
        yield
    parser.Parse(b"", True)
    yield
