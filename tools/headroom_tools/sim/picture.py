"""Draws the README's picture: the built-in evening at a glance, on a light ground of its own that suits any page."""

from pathlib import Path

from headroom_tools.common.errors import BadInput
from headroom_tools.common.outputs import Output
from headroom_tools.sim.options import Options
from headroom_tools.sim.set_up import Warn
from headroom_tools.sim.simulate import Run, Watch, simulate

INK, SOFT, GRID, GROUND = "#18212d", "#5b6778", "#dde1e7", "#ffffff"
HOUSE, CAR, OFFERED, LIMIT = "#aab4c3", "#4c9ccb", "#c27a00", "#d14900"
MS_PER_HOUR = 3_600_000
#: when tools/traces/evening.csv does what, in hours of the day
EVENTS = ((17.6, "oven"), (18.3, "hob"), (19.03, "washing"), (20.19, "shower"), (21.06, "dryer"), (22.46, "shower"))


def draw(path: Path, warn: Warn, watch: Watch) -> None:
    """Runs the evening and writes its picture as PNG, the same bytes each time."""
    if path.suffix != ".png":
        raise BadInput(f"picture {path}: the name must end in .png")
    with Output(path, "picture") as output:
        write(output, simulate(Options(), warn, watch))
        output.keep()


def write(output: Output, done: Run) -> None:
    """Draws a finished run into output."""
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update({"font.family": "DejaVu Sans", "font.size": 10})
    t_ms, house_ma, car_ma, offered_ma, _ = zip(*done.collector.points(), strict=True)
    start_ms = done.house.clock.of_day_ms(done.house.start_ms)
    hours = [(start_ms + t) / MS_PER_HOUR for t in t_ms]
    house, car, offered = ([ma / 1000 for ma in column] for column in (house_ma, car_ma, offered_ma))
    total = [house_a + car_a for house_a, car_a in zip(house, car, strict=True)]
    limit = done.scenario.breaker_ma / 1000

    figure = Figure(figsize=(10, 5), layout="constrained", facecolor=GROUND)
    supply_axes, car_axes = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    supply_axes.fill_between(hours, house, step="post", color=HOUSE, linewidth=0, label="house")
    supply_axes.fill_between(hours, house, total, step="post", color=CAR, linewidth=0, label="car")
    above = [max(amps, limit) for amps in total]
    supply_axes.fill_between(hours, limit, above, step="post", color=LIMIT, linewidth=0.6)
    supply_axes.axhline(limit, color=LIMIT, linewidth=1.4, linestyle="--", label=f"breaker, {limit:g} A")
    car_axes.fill_between(hours, car, step="post", color=CAR, alpha=0.55, linewidth=0, label="drawn")
    car_axes.step(hours, offered, where="post", color=OFFERED, linewidth=1.4, label="offered")
    for hour, what in EVENTS:
        supply_axes.annotate(what, (hour, max(above) * 1.04), color=SOFT, ha="center", va="bottom", fontsize=9)

    supply_axes.set_ylabel("supply, A", color=SOFT)
    car_axes.set_ylabel("car, A", color=SOFT)
    supply_axes.set_ylim(0, max(above) * 1.14)
    car_axes.set_ylim(0, max(offered) * 1.2)
    car_axes.set_xlim(hours[0], hours[-1])
    car_axes.xaxis.set_major_formatter(lambda hour, _: f"{int(hour) % 24:02}:00")
    for axes in (supply_axes, car_axes):
        axes.grid(color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(colors=SOFT, length=0)
        axes.spines[:].set_visible(False)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, labelcolor=INK, borderaxespad=0.2)
    figure.savefig(output.file.buffer, format="png", dpi=180, facecolor=GROUND, metadata={"Software": None})
