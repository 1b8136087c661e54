"""From a file's bytes to rows of fields: encoding, line ends, comments, quotes. Nothing is kept but the line being read.

UTF-8 with or without a mark, UTF-16, and what is neither as Windows-1252, as spreadsheets of western Europe write it.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from headroom_tools.common.errors import BadInput

MAX_LINE = 65536
PEEK = 4096
#: the first bytes of files that are no text, and what to do
NO_TEXT = (
    (b"PK\x03\x04", "a workbook or an archive: unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook: save the sheet as CSV"),
    (b"\x1f\x8b", "compressed: unpack it with gunzip"),
    (b"BZh", "compressed: unpack it with bunzip2"),
    (b"SQLite format 3", "a database: export the table as CSV"),
    (b"PAR1", "a Parquet file: export it as CSV"),
    (b"\x89HDF", "an HDF5 file: export the meter's table as CSV"),
    (b"%PDF", "a PDF: get the figures as CSV"),
)


class BadTrace(BadInput):
    """A trace that cannot be read: who shows it shows a file that would do, too."""

    would_do = (
        "A file that will do (or tell what is in yours: --columns time=NAME,l1=NAME,unit=W):",
        "time,l1_w,l2_w,l3_w",
        "2026-01-15T18:30:00,1240,200,88",
    )


class Line(NamedTuple):
    """A row of the file. number: its last line's; cut_off: the file ends in it, without a line end."""

    number: int
    fields: list[str]
    cut_off: bool


class TextFile:
    """A file open for one pass. line: the number of the line that was read last."""

    def __init__(self, path: Path) -> None:
        """Opens path; BadTrace if there is no text in it."""
        self.path = path
        self.line = 0
        self.lines_used = 0
        self.cut_off = False
        self.wide: io.TextIOWrapper | None = None
        self.file = self._open()
        try:
            self.encoding = self._encoding()
        except BaseException:
            self.file.close()
            raise

    def close(self) -> None:
        """Closes the file."""
        if self.wide is not None:
            self.wide.close()
        self.file.close()

    def bad(self, what: str, line: int | None = None) -> BadTrace:
        """Returns the error for a line, else for the one that was read last."""
        return BadTrace(f"{self.path}, line {line or self.line}: {what}")

    def _open(self) -> BinaryIO:
        try:
            if self.path.is_dir():
                raise BadTrace(f"{self.path} is a directory: name a trace file in it")
            return io.BufferedReader(self.path.open("rb", buffering=0), MAX_LINE)
        except FileNotFoundError:
            raise BadTrace(f"{self.path}: no such file: check the name given to --trace") from None
        except OSError as error:
            raise BadTrace(f"{self.path}: cannot be read: {error.strerror}") from None
        except ValueError as error:
            raise BadTrace(f"{str(self.path)!r} is no file name: {error}") from None

    def _encoding(self) -> str:
        try:
            head = self.file.peek(PEEK)[:PEEK]  # type: ignore[attr-defined]
        except OSError as error:
            raise BadTrace(f"{self.path}: cannot be read: {error.strerror}") from None
        for mark, what in NO_TEXT:
            if head.startswith(mark):
                raise BadTrace(f"{self.path}: {what}")
        for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
            if head.startswith(mark):
                return encoding
        pairs = len(head) // 2
        if pairs >= 4 and head[1::2].count(0) > 0.8 * pairs and not head[0::2].count(0):
            return "utf-16-le"
        if pairs >= 4 and head[0::2].count(0) > 0.8 * pairs and not head[1::2].count(0):
            return "utf-16-be"
        return "utf-8"

    def _raw_lines(self) -> Iterator[bytes]:
        if self.encoding == "utf-8":
            while raw := self.file.readline(MAX_LINE):
                yield raw
        else:
            self.wide = io.TextIOWrapper(self.file, self.encoding, errors="replace", newline="\n")
            while text := self.wide.readline(MAX_LINE):
                yield text.encode("utf-8", "replace")

    def texts(self) -> Iterator[str]:
        """Yields the lines that are neither blank nor a comment."""
        raws = self._raw_lines()
        while True:
            try:
                raw = next(raws, None)
            except OSError as error:
                raise BadTrace(f"{self.path}: cannot be read: {error.strerror}") from None
            if raw is None:
                return
            self.line += 1
            if len(raw) >= MAX_LINE and b"\r" not in raw:
                raise self.bad(f"longer than {MAX_LINE} bytes: this is not a CSV file")
            self.cut_off = not raw.endswith(b"\n")
            try:
                text = raw.decode("utf-8-sig" if self.line == 1 else "utf-8")
            except UnicodeDecodeError:
                text = raw.decode("cp1252", "replace")
            if "\0" in text:
                raise self.bad("not text: save the trace as plain CSV in UTF-8")
            text = text.rstrip("\r\n")
            if "\r" in text:
                raise self.bad("lines end in CR alone, as on an old Mac: save the trace with LF or CRLF")
            if text.strip() and not text.startswith("#"):
                self.lines_used += 1
                yield text

    def rows(self, texts: Iterator[str], delimiter: str) -> Iterator[Line]:
        """Yields what the lines in texts hold, which come from texts() while this reads."""
        reader = csv.reader(texts, delimiter=delimiter, skipinitialspace=delimiter == " ")
        while True:
            used = self.lines_used
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self.bad(f"not CSV: {error}") from None
            if self.lines_used > used + 1:
                raise self.bad("a quote that was opened further up is not closed in its row")
            yield Line(self.line, fields, self.cut_off)


def split(text: str, delimiter: str) -> list[str]:
    """Returns one line's fields; what is no CSV is cut at every delimiter."""
    try:
        return next(csv.reader([text], delimiter=delimiter, skipinitialspace=delimiter == " "), [])
    except csv.Error:
        return text.split(delimiter)
