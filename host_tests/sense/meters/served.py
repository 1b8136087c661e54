"""A real pymodbus server on a pty, behind a station of the bench's line: the firmware asks it through its own UART."""

import asyncio
import os
import pty
import select
import threading
import tty

from bench.world.bus import Station
from pymodbus.framer import FramerType
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

WAIT_S = 0.25


class Served:
    """``with Served({register: words}) as server``: ``server.answer(frame)`` is what pymodbus says to the frame, or nothing."""

    def __init__(self, registers, address=1, trace=None, action=None):
        """``action``: pymodbus's own, called with each request: it may change what the registers hold."""
        blocks, run, at = [], [], None
        for register in [*sorted(registers), None]:
            if run and register != at:
                blocks.append(SimData(at - len(run), values=run, datatype=DataType.REGISTERS))
                run = []
            if register is not None:
                run = [*run, registers[register]]
                at = register + 1
        self.device = SimDevice(address, simdata=blocks, action=action)
        self.trace = trace
        self.asked = []

    def __enter__(self):
        self.master, slave = pty.openpty()
        tty.setraw(self.master)
        tty.setraw(slave)
        self.port = os.ttyname(slave)
        self.slave = slave
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        assert self.ready.wait(5)
        return self

    def _run(self):
        async def serve():
            self.loop = asyncio.get_running_loop()
            self.server = ModbusSerialServer(
                self.device,
                framer=FramerType.RTU,
                port=self.port,
                baudrate=115200,
                ignore_missing_devices=True,
                trace_packet=self.trace,
            )
            await self.server.serve_forever(background=True)
            self.ready.set()
            self.done = asyncio.Event()
            await self.done.wait()
            await self.server.shutdown()

        asyncio.run(serve())

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.done.set)
        self.thread.join(5)
        os.close(self.master)
        os.close(self.slave)

    def answer(self, frame):
        """Ask pymodbus, in the real world; the bench says the answer in virtual time."""
        self.asked.append(frame)
        os.write(self.master, frame)
        heard = b""
        while select.select([self.master], [], [], WAIT_S if not heard else 0.02)[0]:
            heard += os.read(self.master, 512)
        return heard or None

    def on(self, line, baud, parity, delay_us=20000):
        """Join a line."""
        return Station(line, "meter", self.answer, baud, parity, delay_us)
