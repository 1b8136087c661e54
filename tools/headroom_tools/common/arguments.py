"""Arguments of the campaigns that `make` runs as modules: whole numbers, refused in one line."""

import argparse
from collections.abc import Callable
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """One that says what is wrong without the usage above it; status 2."""

    def print_help(self, file: Any = None) -> None:
        """As argparse does, but where it cannot be written, that is an error."""
        print(self.format_help(), end="", file=file)

    def error(self, message: str) -> NoReturn:
        """One line."""
        self.exit(2, f"headroom: {message}: see --help\n")


def parser(doc: str | None) -> Parser:
    """One whose help is a module's docstring."""
    return Parser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)


def whole(least: int, most: int) -> Callable[[str], int]:
    """The type of an argument: a whole number in this range."""

    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text[:12]) <= most:
            raise argparse.ArgumentTypeError(f"'{text[:40]}' is no whole number from {least} to {most:,}")
        return int(text)

    return number
