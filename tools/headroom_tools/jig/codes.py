"""The firmware's own numbers for faults and pilot states, read from its files: the jig has no second copy of them."""

import ast
from functools import lru_cache

from headroom_tools.common.places import ROOT

FIRMWARE = ROOT / "firmware" / "headroom"


@lru_cache
def constants(module: str) -> dict[str, int]:
    """Every plain integer that a file of firmware/headroom gives a name to."""
    tree = ast.parse((FIRMWARE / module).read_text(encoding="utf-8"))
    return {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int)
    }


def fault(name: str) -> int:
    """The code of a fault by its name in guard/faults.py, such as RESIDUAL."""
    return constants("guard/faults.py")[name]


def pilot(letter: str) -> int:
    """The code of a pilot state, A to F."""
    return constants("guard/pilot.py")[letter]


def stands(name: str, fault_set: int) -> bool:
    """True when the fault of that name is in the set."""
    return bool(fault_set >> fault(name) & 1)


@lru_cache
def titles() -> list[str]:
    """What the firmware calls each fault, by its code: the first column of its table."""
    tree = ast.parse((FIRMWARE / "guard" / "faults.py").read_text(encoding="utf-8"))
    (table,) = [
        node.value.elts
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Tuple)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "FAULTS"
    ]
    return [str(ast.literal_eval(row.elts[0])) for row in table if isinstance(row, ast.Tuple)]


def told(fault_set: int, but: tuple[str, ...] = ()) -> str:
    """The faults in the set as a person calls them; without those whose names stand in ``but``. Nothing for none."""
    left = fault_set & ~sum(1 << fault(name) for name in but)
    return ", ".join(name for code, name in enumerate(titles()) if left >> code & 1)
