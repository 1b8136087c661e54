"""A table of texts as `headroom flash` packs it (device/packing.py): all lie in one, of which one is made when it is asked for.

The source has a plain tuple, or a dictionary by whole numbers below 256. Each text ends with a line feed.
"""


class Texts:
    """``codes``: the dictionary's numbers, in the order of the texts."""

    def __init__(self, text, codes=b""):
        self.text = text
        self.codes = codes

    def __getitem__(self, place):
        text, at = self.text, 0
        for _ in range(place):
            at = text.find("\n", at) + 1 or len(text)
        end = text.find("\n", at)
        if end < 0:
            raise IndexError
        return text[at:end]

    def get(self, code, otherwise):
        """The text of a number, or ``otherwise``."""
        place = self.codes.find(bytes((code,)))
        return otherwise if place < 0 else self[place]
