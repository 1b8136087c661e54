"""A ring of records of fixed width, in one list made once."""

SIZE = 32  # records


class Ring:
    """``total`` counts all records there ever were; the last SIZE can be read with ``at``."""

    def __init__(self, width):
        self.width = width
        self.total = 0
        self.ring = [0] * (SIZE * width)

    def place(self):
        """Where in ``ring`` the next record begins: over the oldest. It is counted as written."""
        first = self.total % SIZE * self.width
        self.total += 1
        return first

    def at(self, number):
        """Record ``number`` (0 = the first ever), or None when it was overwritten or is yet to come."""
        if self.total - SIZE <= number < self.total and number >= 0:
            first = number % SIZE * self.width
            return self.ring[first : first + self.width]
        return None
