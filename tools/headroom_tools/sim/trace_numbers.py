"""What a cell of a trace says: a number in anybody's spelling, with or without its unit, or that there is none.

`1.234` may be one and a bit, or a thousand: other cells of the file decide (`88.2` and `0.912` have a decimal point,
`1234,5` a decimal comma), or the person does; where nobody does, it is refused.
"""

import math
import re
from contextlib import suppress

MISSING = frozenset(
    ("", "?", "-", "--", "---", ".", "nan", "null", "none", "nil", "na", "n/a", "#n/a", "#wert!", "#value!", "undefined",
     "unavailable", "unknown", "missing", "no data", "nodata", "keine daten")
)  # fmt: skip
#: to A, at one volt where it is power
UNITS = {
    "a": 1.0, "ma": 1e-3, "ka": 1e3, "amp": 1.0, "amps": 1.0, "ampere": 1.0,
    "w": 1.0, "kw": 1e3, "mw": 1e6, "va": 1.0, "kva": 1e3, "watt": 1.0, "watts": 1.0,
    "wh": 1.0, "kwh": 1e3, "mwh": 1e6,
}  # fmt: skip
CURRENTS = ("a", "ma", "ka", "amp", "amps", "ampere")
ENERGIES = ("wh", "kwh", "mwh")
WITH_UNIT = re.compile(r"([-+]?[\d.,]*\d[.,]?)\s*([A-Za-z]{1,6})", re.ASCII)
GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*", re.ASCII)
SPACES = str.maketrans(
    {" ": None, "\u00a0": None, "\u202f": None, "\u2009": None, "'": None, "\u2019": None, "\u2212": "-"}
)


class Numbers:
    """Reads the numbers of one file. decimal: "." or "," if a person told it, else what the cells show."""

    def __init__(self, decimal: str | None = None) -> None:
        """Nothing is known but what was told."""
        self.told = decimal is not None
        self.point = decimal == "."
        self.comma = decimal == ","
        self.whole = False  # a whole number was seen beside
        self.grouped = ""  # the first number whose point or comma was taken for thousands

    def look(self, text: str) -> None:
        """Learns from a cell which sign is the decimal one."""
        text = text.strip().translate(SPACES)
        found = WITH_UNIT.fullmatch(text)
        if found:
            text = found[1]
        if self.told or not text or text.strip("-+0123456789.,"):
            return
        points, commas = text.count("."), text.count(",")
        if not points and not commas:
            self.whole = self.whole or len(text.lstrip("-+0")) > 0
        elif points and commas:
            last_is_comma = text.rfind(",") > text.rfind(".")
            self.comma, self.point = self.comma or last_is_comma, self.point or not last_is_comma
        elif not GROUPED.fullmatch(text) and points + commas == 1:
            self.comma, self.point = self.comma or commas == 1, self.point or points == 1

    def read(self, text: str, most: float = math.inf) -> tuple[float, str] | None:
        """Returns the number and the unit behind it, in small letters, or None where a value is missing.

        most: what is above cannot be, and so tells thousands from decimals. ValueError in words for anything else.
        """
        try:
            number = float(text)
        except ValueError:
            if self.comma and not self.point and "." not in text:
                with suppress(ValueError):
                    return float(text.replace(",", ".")), ""
            return self._spelled(text, most)
        if not math.isfinite(number):
            if number != number:
                return None
            raise ValueError(f"{text.strip()[:40]!r} is not a number")
        if "." in text and not (self.point and not self.comma):
            return self._spelled(text, most)
        if "_" in text:
            raise ValueError(f"{text.strip()[:40]!r} is not a number")
        return number, ""

    def _spelled(self, text: str, most: float) -> tuple[float, str] | None:
        said = text.strip()
        if said.lower() in MISSING:
            return None
        bare, unit = said.translate(SPACES), ""
        found = WITH_UNIT.fullmatch(bare)
        if found and found[2].lower() in UNITS:
            bare, unit = found[1], found[2].lower()
        try:
            number = float(self._with_point(bare, most))
        except ValueError as error:
            what = str(error) if isinstance(error, Ambiguous) else f"{said[:40]!r} is not a number"
            raise ValueError(what) from None
        if not math.isfinite(number) or "_" in bare:
            raise ValueError(f"{said[:40]!r} is not a number")
        return number, unit

    def _with_point(self, bare: str, most: float) -> str:
        points, commas = bare.count("."), bare.count(",")
        if points and commas:
            decimal = "," if bare.rfind(",") > bare.rfind(".") else "."
            if self.told and decimal != ("," if self.comma else "."):
                raise ValueError
            return bare.replace("." if decimal == "," else ",", "").replace(",", ".")
        if not points and not commas:
            return bare
        sign = "," if commas else "."
        known, other = (self.comma, self.point) if commas else (self.point, self.comma)
        grouped = GROUPED.fullmatch(bare) is not None
        if points + commas > 1:
            if not grouped:
                raise ValueError
            self.grouped = self.grouped or bare
            return bare.replace(sign, "")
        if not grouped or (known and not other):
            if self.told and not known:
                raise ValueError
            return bare.replace(",", ".")
        if other and not known:
            self.grouped = self.grouped or bare
            return bare.replace(sign, "")
        if abs(float(bare.replace(sign, ""))) > most:
            return bare.replace(",", ".")
        if sign == "." and not other and not known and not self.whole:
            return bare
        raise Ambiguous(
            f"{bare!r} may be {bare.replace(sign, '')} or {bare.replace(',', '.')}: "
            f"say --columns decimal=comma or decimal=point"
        )


class Ambiguous(ValueError):
    """A number with two readings."""
