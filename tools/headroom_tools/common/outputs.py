"""Files that appear whole or not at all: written beside their place, moved there when the run is good."""

import io
import os
import stat
import tempfile
from pathlib import Path
from typing import Any, TextIO

from headroom_tools.common.errors import BadInput


class Named(io.FileIO):
    """A file whose errors name it."""

    told = ""

    def write(self, data: Any, /) -> int:
        """As any file's."""
        try:
            return super().write(data)
        except OSError as error:
            raise OSError(error.errno, error.strerror, self.told) from None


class Output:
    """One file to write. Opening tells at once whether it can be written; what was there stays until keep()."""

    def __init__(self, path: Path, option: str) -> None:
        """Opens path for UTF-8 text; BadInput, naming the option, if that cannot work."""
        self.path = path
        self.option = option
        self.beside: Path | None = None
        self.file: TextIO
        if str(path) == "-":
            raise BadInput(f"{option} -: only --json can go to standard output; name a file")
        try:
            if path.is_dir():
                raise BadInput(f"{option} {path} is a directory: name a file in it")
            if path.exists() and not stat.S_ISREG(path.stat().st_mode):
                self.file = self._text(os.open(path, os.O_WRONLY))
                return
            if path.exists() and not os.access(path, os.W_OK):
                raise BadInput(f"{option} {path} cannot be written: it is read-only")
            self._open_beside(path.resolve())
        except FileNotFoundError:
            raise BadInput(f"{option} {path} cannot be written: no such directory, make it first") from None
        except OSError as error:
            raise BadInput(f"{option} {path} cannot be written: {error.strerror}") from None
        except ValueError as error:
            raise BadInput(f"{option} {str(path)!r} is no file name: {error}") from None

    def _open_beside(self, place: Path) -> None:
        handle, name = tempfile.mkstemp(prefix=f".{place.name[:80]}.", suffix=".part", dir=place.parent)
        self.beside = Path(name)
        umask = os.umask(0)
        os.umask(umask)
        os.fchmod(handle, stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o666 & ~umask)
        self.file = self._text(handle)

    def _text(self, handle: int) -> TextIO:
        named = Named(handle, "w")
        named.told = f"{self.option} {self.path}"
        return io.TextIOWrapper(io.BufferedWriter(named), encoding="utf-8", newline="\n")

    def finish(self) -> None:
        """Writes out what is still in memory: where several files belong together, finish all before keeping one."""
        self.file.close()

    def keep(self) -> None:
        """Puts the file in its place."""
        self.finish()
        if self.beside is not None:
            self.beside.replace(self.path.resolve())
            self.beside = None

    def __enter__(self) -> "Output":
        """Nothing more to do than opening did."""
        return self

    def __exit__(self, *_: object) -> None:
        """Takes away what keep() did not put in its place."""
        try:
            self.finish()
        finally:
            if self.beside is not None:
                self.beside.unlink(missing_ok=True)
