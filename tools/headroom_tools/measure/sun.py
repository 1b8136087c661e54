"""What a charge by sun gets, buys and interrupts, beside one who knows the future, and where the rest went: a page's table.

Usage: python -m headroom_tools.measure.sun [ROOF.csv [HOUSE.csv]]: generated skies over the built-in spring day, or a trace of
panels of your own, by the house's clock. A row for each setting or sky. Some minutes; the figures are those of
`headroom sim --json`, the runs are independent.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from headroom_tools.common.ending import ended
from headroom_tools.common.errors import SimulatorFailed
from headroom_tools.common.places import ROOT

HOUSE = ROOT / "tools" / "traces" / "spring-day.csv"
SUN = ("--set", "exports=yes", "--set", "solar=only")
HOLDS = ("0", "3min", "5min", "20min", "30min")
SKIES = (("broken", "1"), ("broken", "2"), ("broken", "3"), ("clear", "0"), ("overcast", "0"))
WORKERS = 2
HEAD = (
    "| run | surplus used | of the surplus there is | bought | interruptions | of the clairvoyant's "
    "| lost below 6 A | waiting | offer | car |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


def runs(roof: str | None) -> list[tuple[str, tuple[str, ...]]]:
    """Returns (title, options) of each row."""
    found: list[tuple[str, tuple[str, ...]]] = [("as it comes", SUN)]
    if roof is None:
        found += [(f"`--sky {sky} --seed {seed}`", (*SUN, "--sky", sky, "--seed", seed)) for sky, seed in SKIES]
    found += [(f"`solar_hold_ms={hold}`", (*SUN, "--set", f"solar_hold_ms={hold}")) for hold in HOLDS]
    return [*found, ("`solar=minimum`", (*SUN[:2], "--set", "solar=minimum"))]


def row(title: str, options: tuple[str, ...], roof: str | None, house: str) -> str:
    """Runs it; returns a line of the table."""
    command = [
        str(Path(sys.executable).parent / "headroom"),
        "sim",
        "--trace",
        house,
        "--board",
        "metered",
        "--breaker-a",
        "35",
    ]
    command += ["--solar", roof or "7", *options, "--json", "-"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise SimulatorFailed((result.stderr or result.stdout).strip().splitlines()[-1])
    told = json.loads(result.stdout)
    used, surplus, share = told["solar_kwh"], told["solar_surplus_kwh"], told["solar_share"]
    cells = (
        title,
        f"{used:.2f} kWh",
        f"{used / surplus:.3f}" if surplus else "–",
        f"{told['bought_kwh']:.2f} kWh",
        str(told["pauses"]),
        "–" if share is None else f"{share:.3f}",
        *(f"{kwh:.2f}" for kwh in told["solar_lost_kwh"].values()),
    )
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Prints the table."""
    roof = sys.argv[1] if sys.argv[1:] else None
    house = sys.argv[2] if sys.argv[2:] else str(HOUSE)
    with ThreadPoolExecutor(WORKERS) as workers:
        rows = workers.map(lambda each: row(each[0], each[1], roof, house), runs(roof))
        print(HEAD)
        for line in rows:
            print(line, flush=True)


if __name__ == "__main__":
    ended(main)
