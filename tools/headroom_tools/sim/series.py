"""The run as CSV for other people's tools: one row a second, as things stood at that second."""

from typing import IO

from headroom_tools.sim.stream import Record, Segment


class SeriesWriter:
    """Takes records in time order and writes a row for every whole second from 0 on."""

    def __init__(self, file: IO[str], phases: int) -> None:
        """Writes the header: phases, 1 or 3, decides how many columns of currents there are."""
        self.file = file
        self.phases = phases
        self.next_s = 0
        columns = [f"house_l{phase}_a,car_l{phase}_a" for phase in range(1, phases + 1)]
        file.write(",".join(["t_s", "state", "offered_a", "closed", *columns]) + "\n")

    def take(self, record: Record) -> None:
        """Adds the rows of the seconds that begin inside a segment."""
        if not isinstance(record, Segment) or record.to_ms <= self.next_s * 1000:
            return
        currents = ",".join(
            f"{house_ma / 1000:.3f},{car_ma / 1000:.3f}"
            for house_ma, car_ma in zip(record.house_ma[: self.phases], record.car_ma[: self.phases], strict=True)
        )
        rest = f",{record.state},{record.offered_ma / 1000:.3f},{record.closed:d},{currents}\n"
        while self.next_s * 1000 < record.to_ms:
            self.file.write(f"{self.next_s}{rest}")
            self.next_s += 1
