"""A pty whose other end is a tap on the bench's line: real programs speak with the firmware, which ticks as fast as it can."""

import os
import pty
import select
import threading
import tty


class Bridge:
    """``with Bridge(table, line) as port``: ``port.run(task)`` runs ``task`` in a thread, and the charger until it is done."""

    def __init__(self, table, line, baud, parity=0):
        self.table = table
        self.tap = line.join("program")
        self.tap.strict = True
        self.tap.taken_us = table.chip.us  # it was not there before
        self.baud, self.parity = baud, parity

    def __enter__(self):
        self.master, self.slave = pty.openpty()
        tty.setraw(self.master)
        tty.setraw(self.slave)
        self.path = os.ttyname(self.slave)
        return self

    def __exit__(self, *_):
        os.close(self.master)
        os.close(self.slave)

    def run(self, task):
        """Returns what ``task()`` returned."""
        outcome = {}

        def work():
            try:
                outcome["value"] = task()
            except Exception as error:
                outcome["error"] = error

        thread = threading.Thread(target=work)
        thread.start()
        while thread.is_alive():
            self.pass_on()
            thread.join(0.001)
        if "error" in outcome:
            raise outcome["error"]
        return outcome["value"]

    def pass_on(self):
        """One tick, and what was said in it."""
        chip = self.table.chip
        if select.select([self.master], [], [], 0)[0]:
            self.tap.send(chip.us, os.read(self.master, 512), self.baud, self.parity)
        self.table.tick()
        heard = bytes([byte for _, byte in self.tap.take(chip.us, self.baud, self.parity)])
        if heard:
            os.write(self.master, heard)
