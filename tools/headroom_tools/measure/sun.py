"""What a charge by sun gets, buys and interrupts, beside one who knows the future, and where the rest went: a page's table.

Usage: python -m headroom_tools.measure.sun [ROOF.csv [HOUSE.csv]]: generated skies over the built-in spring day, or a trace of
panels of your own, by the house's clock. A row for each setting or sky. Some minutes; the figures are those of
`headroom sim --json`, the runs are independent.

python -m headroom_tools.measure.sun skies FIRST COUNT [KWP]: so many broken skies, a line each, and what all of them come to.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from headroom_tools.common.ending import ended
from headroom_tools.common.errors import SimulatorFailed
from headroom_tools.common.places import ROOT

HOUSE = ROOT / "tools" / "traces" / "spring-day.csv"
SUN = ("--set", "exports=yes", "--set", "solar=only")
HOLDS = ("0", "3min", "5min", "20min", "30min")
SKIES = (("broken", "1"), ("broken", "2"), ("broken", "3"), ("clear", "0"), ("overcast", "0"))
WORKERS = 2
KWP, AIM = "7", 0.97
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


def told(options: tuple[str, ...], roof: str, house: str) -> dict[str, Any]:
    """Runs it; returns what `headroom sim` tells."""
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
    command += ["--solar", roof, *options, "--json", "-"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise SimulatorFailed((result.stderr or result.stdout).strip().splitlines()[-1])
    figures: dict[str, Any] = json.loads(result.stdout)
    return figures


def row(title: str, options: tuple[str, ...], roof: str | None, house: str) -> str:
    """Runs it; returns a line of the table."""
    found = told(options, roof or KWP, house)
    used, surplus, share = found["solar_kwh"], found["solar_surplus_kwh"], found["solar_share"]
    cells = (
        title,
        f"{used:.2f} kWh",
        f"{used / surplus:.3f}" if surplus else "–",
        f"{found['bought_kwh']:.2f} kWh",
        str(found["pauses"]),
        "–" if share is None else f"{share:.3f}",
        *(f"{kwh:.2f}" for kwh in found["solar_lost_kwh"].values()),
    )
    return "| " + " | ".join(cells) + " |"


def skies(first: int, count: int, kwp: str) -> None:
    """Prints a line for each broken sky, and what all of them come to."""

    def one(seed: int) -> dict[str, Any]:
        return told((*SUN, "--sky", "broken", "--seed", str(seed)), kwp, str(HOUSE))

    found = []
    with ThreadPoolExecutor(WORKERS) as workers:
        for seed, each in zip(range(first, first + count), workers.map(one, range(first, first + count)), strict=True):
            found.append(each)
            lost = ", ".join(f"{name} {kwh:.2f}" for name, kwh in each["solar_lost_kwh"].items())
            print(
                f"{seed}: {each['solar_kwh']:.2f} of {each['solar_surplus_kwh']:.2f} kWh, {each['solar_share']:.4f} of the "
                f"clairvoyant's, {each['bought_kwh']:.2f} bought, {each['pauses']} interruptions; lost {lost}",
                flush=True,
            )
    shares = sorted(each["solar_share"] for each in found)
    pauses = [each["pauses"] for each in found]
    bought = sum(each["bought_kwh"] for each in found) / count
    print(f"{count} skies over {kwp} kWp: of the clairvoyant's {shares[0]:.3f} at least, {sum(shares) / count:.3f} on the mean, "
          f"0.97 or more on {sum(share >= AIM for share in shares)}; interruptions {max(pauses)} at most, "
          f"{sum(pauses) / count:.1f} on the mean; {bought:.2f} kWh bought")  # fmt: skip


def main() -> None:
    """Prints the table."""
    if sys.argv[1:2] == ["skies"]:
        skies(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] if sys.argv[4:] else KWP)
        return
    roof = sys.argv[1] if sys.argv[1:] else None
    house = sys.argv[2] if sys.argv[2:] else str(HOUSE)
    with ThreadPoolExecutor(WORKERS) as workers:
        rows = workers.map(lambda each: row(each[0], each[1], roof, house), runs(roof))
        print(HEAD)
        for line in rows:
            print(line, flush=True)


if __name__ == "__main__":
    ended(main)
