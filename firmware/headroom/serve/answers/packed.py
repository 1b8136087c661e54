"""A table as `headroom flash` packs it (device/packing.py): its rows lie in a few texts, and a cell is made when it is asked for.

``form`` has a letter for each cell of a row: s a text, i a number, w a text or, behind bars, words to choose from. Each row
ends with a line feed.
"""

EACH = 8  # rows in a text


class Rows:
    """What the source has as a tuple of tuples: it is gone through, counted, and asked for the row of a place."""

    def __init__(self, form, texts):
        self.form = form
        self.texts = texts

    def __len__(self):
        return len(self.texts) * EACH - EACH + self.texts[-1].count("\n")

    def __getitem__(self, place):
        text, at = self.texts[place // EACH], 0
        for _ in range(place % EACH):
            at = text.find("\n", at) + 1
        return Row(self.form, text, at)

    def __iter__(self):
        for text in self.texts:
            at = 0
            while at < len(text):
                yield Row(self.form, text, at)
                at = text.find("\n", at) + 1


class Row:
    """One row: it is asked for the cell of a place, and unpacked."""

    def __init__(self, form, text, at):
        self.form = form
        self.text = text
        self.at = at

    def __getitem__(self, place):
        text, at = self.text, self.at
        for _ in range(place):
            at = text.find("\t", at) + 1
        end = text.find("\t" if place < len(self.form) - 1 else "\n", at)
        if self.form[place] == "i":
            return int(text[at:end])
        if self.form[place] == "w" and text[at] == "|":
            return tuple(text[at + 1 : end].split("|"))
        return text[at:end]

    def __iter__(self):
        for place in range(len(self.form)):
            yield self[place]
