"""Which files are recognised, as one table, and which of their columns hold what. Names are compared in small letters.

The source of each layout stands beside it. What no row of the table knows is judged by the names of its columns, in the
languages of the meters' makers; what that leaves open a person tells (`--columns`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from headroom_tools.sim.trace_numbers import CURRENTS, ENERGIES, MISSING


@dataclass(frozen=True)
class Column:
    """One phase: what these columns add up to, less those. unit: a key of UNITS."""

    plus: tuple[int, ...]
    minus: tuple[int, ...] = ()
    unit: str = "w"


@dataclass(frozen=True)
class Layout:
    """Which columns hold what.

    kind: level (W, A), energy (Wh of each row's time), counter (Wh that only grow), or grown (one of the two, as the figures
    show). entity: the column that says whose value a row holds, in a file of stacked entities. seconds: each row is a
    second, no column tells the time. ends: a time marks the end of what its row holds. autumn: local time, in which the
    hour after summer time follows without a word. nothing: the number that stands for a missing value.
    """

    name: str
    time: tuple[int, ...]
    columns: tuple[Column, ...] = ()
    kind: str = "level"
    clock: str = ""
    entity: int | None = None
    value: int | None = None
    unit_column: int | None = None
    assumed: bool = False
    seconds: bool = False
    ends: bool = False
    autumn: bool = False
    nothing: float | None = None
    notes: tuple[str, ...] = ()
    width: int = 0


Names = Sequence[str]
MAXIMA = "these are each row's maxima: the house seems to draw more than it does"
CAR_IN_IT = "the grid's energy holds what the car took: a car inside the trace"
NO_SIGN = "currents without a direction: export counts as load"


@dataclass(frozen=True)
class Format:
    """A file that people have. time, phases, minus: alternatives, names of columns with * and ?; the first that is there."""

    name: str
    source: str
    time: tuple[tuple[str, ...], ...]
    phases: tuple[tuple[str, ...], ...]
    minus: tuple[tuple[str, ...], ...] = ()
    unit: str = "w"
    kind: str = "level"
    entity: str = ""
    unit_column: str = ""
    needs: tuple[str, ...] = ()
    clock: str = ""
    ends: bool = False
    autumn: bool = False
    notes: tuple[str, ...] = ()

    def find(self, names: Names) -> Layout | None:
        """Returns where things are in a file with these columns; None if it is no such file."""
        if any(locate(names, name) is None for name in self.needs):
            return None
        time = next((found for each in self.time if (found := locate_all(names, each))), None)
        if time is None:
            return None
        others = ["" if index in time else name for index, name in enumerate(names)]
        columns = []
        for index, each in enumerate(self.phases):
            found = locate_all(others, each)
            if not found:
                break
            minus = locate_all(others, self.minus[index]) if index < len(self.minus) else ()
            columns.append(Column(found, minus, self.unit))
        if not columns:
            return None
        layout = Layout(
            self.name, time, tuple(columns), self.kind, self.clock, ends=self.ends, autumn=self.autumn, notes=self.notes
        )
        if self.entity:
            entity, unit = locate(names, self.entity), locate(names, self.unit_column) if self.unit_column else None
            if entity is None:
                return None
            return replace(layout, entity=entity, value=columns[0].plus[0], unit_column=unit, columns=())
        return layout


def locate(names: Names, pattern: str) -> int | None:
    """Returns where the first name of that pattern stands."""
    return next((index for index, name in enumerate(names) if fnmatchcase(name, pattern)), None)


def locate_all(names: Names, patterns: Sequence[str]) -> tuple[int, ...]:
    """Returns where all of these stand, nothing if one is missing; `a|b` is a or else b."""
    found = []
    for pattern in patterns:
        index = next((at for each in pattern.split("|") if (at := locate(names, each)) is not None), None)
        if index is None:
            return ()
        found.append(index)
    return tuple(found)


FORMATS = (
    Format(
        "UCI household", "doi.org/10.24432/C58K54",
        (("datetime",), ("date", "time")), (("global_intensity",),), unit="a", clock="uci",
    ),
    Format(
        "Home Assistant statistics", "github.com/klausj1/homeassistant-statistics, README: statistic_id unit start min max mean",
        (("start",),), (("mean",),), entity="statistic_id", unit_column="unit",
    ),
    Format(
        "Home Assistant statistics", "the same, of counters: statistic_id unit start sum state",
        (("start",),), (("state|sum",),), entity="statistic_id", unit_column="unit", kind="counter", unit="kwh",
    ),
    Format(
        "Home Assistant history", "History, Download data: entity_id,state,last_changed",
        (("last_changed|last_updated|time",),), (("state|l1_w|value",),), entity="entity_id", unit_column="unit*",
    ),
    Format(
        "Shelly, three phases", "emdata CSV of the Pro 3EM: shelly-api-docs.shelly.cloud, EMData",
        (("timestamp",),), (("a_avg_current",), ("b_avg_current",), ("c_avg_current",)), unit="a", notes=(NO_SIGN,),
    ),
    Format(
        "Shelly, one phase", "emdata CSV of the Pro EM and EM Gen3, the same",
        (("timestamp",),), (("avg_current",),), unit="a", needs=("total_act_energy",), notes=(NO_SIGN,),
    ),
    Format(
        "Shelly 3EM", "em_data.csv of the first generation, Wh of each row's time",
        (("date/time utc",),), (("active energy wh (a)|active energy wh",), ("active energy wh (b)",), ("active energy wh (c)",)),
        (("returned energy wh (a)|returned energy wh",), ("returned energy wh (b)",), ("returned energy wh (c)",)),
        unit="wh", kind="energy", clock="utc",
    ),
    Format(
        "HomeWizard P1, maxima", "export of HomeWizard Energy: time, Import T1 kWh …, L1 max W …",
        (("time",),), (("l1 max w",), ("l2 max w",), ("l3 max w",)), notes=(MAXIMA,),
    ),
    Format(
        "HomeWizard P1, counters", "the same without the phases",
        (("time",),), (("import t1 kwh", "import t2 kwh"),), (("export t1 kwh", "export t2 kwh"),), unit="kwh", kind="counter",
    ),
    Format(
        "HomeWizard kWh meter", "the same of its kWh meters: time, Import kWh, Export kWh",
        (("time",),), (("import kwh",),), (("export kwh",),), unit="kwh", kind="counter",
    ),
    Format(
        "DSMR-reader", "dsmr-reader.readthedocs.io, API: readings per phase in kW",
        (("read_at|timestamp",),),
        (("phase_currently_delivered_l1",), ("phase_currently_delivered_l2",), ("phase_currently_delivered_l3",)),
        (("phase_currently_returned_l1",), ("phase_currently_returned_l2",), ("phase_currently_returned_l3",)), unit="kw",
    ),
    Format(
        "evcc", "evcc's history as CSV: time.start,time.end,…,grid.energy.Wh,grid.returnEnergy.Wh (evcc issue 33349)",
        (("time.start",),), (("grid.energy.wh|grid.*.energy.wh",),), (("grid.returnenergy.wh|grid.*.returnenergy.wh",),),
        unit="wh", kind="energy", notes=(CAR_IN_IT,),
    ),
    Format(
        "openWB", "openWB 1.9, runs/cron5min.sh: HHMM, counters in Wh every five minutes",
        (("date",),), (("bezug",),), (("einspeisung",),), unit="wh", kind="counter", needs=("llg",), clock="of day",
        notes=(CAR_IN_IT,),
    ),
    Format(
        "E3DC", "E3DC portal, Statistik, Export: Zeitstempel; … Netzeinspeisung [W]; Netzbezug [W]; Hausverbrauch [W]",
        (("zeitstempel",),), (("netzbezug [[]w]",),), (("netzeinspeisung [[]w]",),),
    ),
    Format(
        "LoadProfileGenerator", "SumProfiles.…csv: Electricity.Timestep;Time;Sum [kWh], kWh of each row's time",
        (("time",),), (("sum [[]kwh]",),), unit="kwh", kind="energy", needs=("*.timestep",),
    ),
    Format(
        "Enedis", "Enedis, courbe de charge: Horodate;Valeur, W, each time is the end of its mean",
        (("horodate",),), (("valeur",),), ends=True,
    ),
    Format(
        "Enedis", "the same as shown on the site: Début;Fin;Valeur (en kW)",
        (("début|debut",),), (("valeur (en kw)",),), unit="kw", needs=("fin",),
    ),
    Format(
        "Fluvius", "mijn.fluvius.be, kwartiertotalen: Van (datum);Van (tijdstip);…;Register;Volume;Eenheid",
        (("van (datum)|van datum", "van (tijdstip)|van tijdstip"),), (("volume",),), entity="register", unit_column="eenheid",
        kind="energy", unit="kwh",
    ),
    Format(
        "emoncms", "emoncms, graph, CSV export: Date-time string, Unix timestamp or Seconds since start, then feeds",
        (("date-time string|unix timestamp|seconds since start*",),), (("?*",),), autumn=True,
    ),
    Format(
        "InfluxDB", "docs.influxdata.com, annotated CSV: _time,_value,_field,_measurement, tags",
        (("_time",),), (("_value",),), entity="entity_id", unit_column="_measurement",
    ),
    Format(
        "InfluxDB", "the same without Home Assistant's tag", (("_time",),), (("_value",),), entity="_field",
    ),
    Format(
        "Grafana, stacked", "Grafana up to 6, Export CSV, series as rows: Series;Time;Value (grafana issue 2401)",
        (("time",),), (("value",),), entity="series",
    ),
)  # fmt: skip


def recognise(names: Names) -> Layout | None:
    """Returns the layout of a file whose columns have these names, from the table or by the names themselves."""
    for each in FORMATS:
        if each.name == "emoncms" and len(names) > 2:
            continue
        layout = each.find(names)
        if layout is not None:
            return replace(layout, width=len(names))
    layout = by_names(names)
    if layout is not None and "date-time string" in names:
        layout = replace(layout, autumn=True)
    return layout


TIMES = frozenset(
    """
    time timestamp datetime date_time date-time zeit zeitstempel zeitpunkt datum/zeit datum_zeit heure horodate horodatage
    fecha data ora tijd tijdstip tijdstempel last_changed last_updated _time t ts start started from von début debut inicio
    inizio begin read_at created_at recorded_at moment epoch unixtime unix_timestamp timestamp_utc time_utc czas tid dato
    tidspunkt aika fecha/hora utc start_time datum/uhrzeit date/time date/heure data/ora ab-datum
    """.split()  # noqa: SIM905
) | {
    "datum / zeit", "datum und uhrzeit", "datum uhrzeit", "date / time", "date time", "date et heure", "fecha y hora",
    "data e ora", "local time", "start time", "from time", "unix timestamp", "date-time string", "fecha hora", "zeit von",
    "datum en tijd", "date/time utc", "utc time",
}  # fmt: skip
DATES = {"date", "datum", "fecha", "data", "dato", "dag", "tag", "jour", "day", "van (datum)"}
CLOCKS = {
    "time", "uhrzeit", "zeit", "heure", "hora", "ora", "tijd", "tijdstip", "hour", "von", "start", "van (tijdstip)", "start time",
    "starttime", "start_time", "time from", "uhrzeit von", "zeit von",
}  # fmt: skip
PHASE = re.compile(
    r"(?:^|[^a-z]|power|current|leistung|strom|watts?|amps?|load|import|export)(?:l|phase|phases?|ph|fase|pha|phasen?|leg|ct|clamp|i|u?p)[\s_.-]?([123])(?!\d)"
)
LETTER = re.compile(r"(?:^|[\s_.(-])(?:phase|ph)?[\s_.-]?([abc])(?=$|[\s_.)-])|phase[\s_]?([abcrst])(?![a-z])")
ACROSS = re.compile(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d")
UTC = re.compile(r"(?:^|[^a-z])(?:utc|gmt)(?:$|[^a-z])")
UNIT = re.compile(
    r"[\[(]\s*(?:in|en|i)?\s*(k?wh|mwh|k?va|k?w|mw|ma|a)\s*[\])]|(?:^|[\s_.,/-])(k?wh|mwh|kva|va|kw|watts?|w|ma|amps?|ampere|a)$"
)
NO_LOAD = re.compile(
    r"volt|spannung|tension|\[v\]|\(v\)|_v$|freq|hz|factor|cos|reacti|react|var\b|temp|soc|humid|pv|solar|battery|batterie|akku|"
    r"price|preis|prix|cost|kosten|gas|water|wasser|co2|wind|export|return|einspeis|inject|injectie|teruglever|produc|"
    r"neutral|quality|(?:^|[_ ])id$|index|error|status|min\b|_min|apparent|aprt|scheinleist|loadpoint|wallbox|\bev\b|angle"
)
#: what goes in, and its column's name of what goes out
PAIRS = (
    ("import", "export"), ("bezug", "einspeisung"), ("bezug", "lieferung"), ("afname", "injectie"), ("delivered", "returned"),
    ("consumption", "production"), ("consumed", "returned"), ("soutirage", "injection"), ("levering", "teruglevering"),
)  # fmt: skip
GRID_WORDS = re.compile(r"grid|netz|import|bezug|mains|aggregate|afname|soutir")
TAKEN = re.compile(r"afname|import|bezug|consum|verbruik|soutir|taken")
GIVEN = re.compile(r"injectie|export|einspeis|inject|return|geleverd|given")
ENERGY_WORDS = re.compile(r"energ|kwh|_wh|total_|counter|zähler")
CURRENT_WORDS = re.compile(r"current|strom\b|stromst|courant|intensit|corrente|corriente|stroom|amp")
LOAD_WORDS = re.compile(
    r"power|leistung|puissance|potenza|potencia|vermogen|moc\b|effekt|load|last\b|use|usage|consum|verbrau|verbruik|bezug|"
    r"import|grid|netz|house|haus|home|mains|main|total|aggregate|watt|value|valeur|wert|waarde|_value|kw|energ|forbruk|volume|"
    r"p1|meter|zähler|compteur|afname|active|wirk|sum\b|netto"
)


def by_names(names: Names) -> Layout | None:
    """Returns the layout that the names of the columns tell, None where they leave it open."""
    time = find_time(names)
    if time is None:
        return None
    sorted_out: dict[tuple[bool, str, str], dict[int, int]] = {}
    rest = []
    for index, name in enumerate(names):
        if index in time or not name or NO_LOAD.search(name) or name in TIMES or name in DATES:
            continue
        rest.append(index)
        phase, unit = phase_of(name), unit_of(name)
        if phase or LOAD_WORDS.search(name) or CURRENT_WORDS.search(name) or unit:
            sorted_out.setdefault((phase > 0, unit or "?", stem_of(name)), {}).setdefault(phase, index)
    choices = []
    for (phased, unit, _), places in sorted_out.items():
        if phased and sorted(places) not in ([1], [1, 2], [1, 2, 3]):
            continue
        known = unit
        if unit == "?":
            known = "a" if any(CURRENT_WORDS.search(names[index]) for index in places.values()) else "w"
        grid = any(GRID_WORDS.search(names[index]) for index in places.values())
        rank = (phased, known in CURRENTS, known not in ENERGIES, unit != "?", grid)
        choices.append((rank, known, unit == "?", [places[phase] for phase in sorted(places)]))
    if not choices and len(rest) == 1:
        choices.append(((False, False, False, False, False), "w", True, rest))
    if not choices:
        return None
    best = max(rank for rank, *_ in choices)
    leading = [choice for choice in choices if choice[0] == best]
    if len(leading) > 1:
        return None
    _, unit, assumed, places_used = leading[0]
    columns = tuple(Column((index,), given_back(names, index), unit) for index in places_used)
    kind = "grown" if unit in ENERGIES else "level"
    clock = "seconds" if names[time[0]] == "t_s" else "utc" if UTC.search(names[time[0]]) else ""
    called = "columns " + ", ".join(
        " less ".join(names[index] for index in (*column.plus, *column.minus)) for column in columns
    )
    unused = [
        name
        for index, name in enumerate(names)
        if GIVEN.search(name) and all(index not in each.minus for each in columns)
    ]
    notes = (f"column {unused[0]!r} is left aside: is export negative in the other?",) if unused else ()
    return Layout(called, time, columns, kind, clock, assumed=assumed, notes=notes, width=len(names))


def no_trace(names: Names) -> str:
    """Returns why a file with these columns holds no course of time, in words; empty where it may.

    evcc.io, sessions: Created,Finished,Loadpoint,…; Home Assistant, energy panel: entity_id,type,unit and a column a time.
    """
    if {"loadpoint", "vehicle"} <= set(names):
        return "a list of charges: what the house drew meanwhile does not stand there"
    if names[0][:1] not in ("[", "{") and sum(ACROSS.match(name) is not None for name in names) > 1:
        return "the times stand across, a column each: turn the table, so that each row is a time"
    return ""


def given_back(names: Names, index: int) -> tuple[int, ...]:
    """Returns the column of what the house gives back, where its name is that of what it takes but for the word."""
    for taken, given in PAIRS:
        if taken in names[index]:
            other = names[index].replace(taken, given)
            if other in names:
                return (names.index(other),)
    return ()


def find_time(names: Names) -> tuple[int, ...] | None:
    """Returns the column of the time, or those of date and time."""
    if "t_s" in names:
        return (names.index("t_s"),)
    date = next((index for index, name in enumerate(names) if name in DATES), None)
    clock = next((index for index, name in enumerate(names) if name in CLOCKS and index != date), None)
    if date is not None and clock is not None:
        return (date, clock)
    for index, name in enumerate(names):
        bare = re.sub(r"\s*[\[(].*", "", name)
        if name in TIMES or bare in TIMES or name.startswith(("timestamp", "time (", "time[")):
            return (index,)
    return None if date is None else (date,)


def phase_of(name: str) -> int:
    """Returns the phase in a column's or an entity's name, 0 if there is none."""
    found = PHASE.findall(name)
    if found:
        return int(found[-1])
    letter = LETTER.search(name)
    if letter:
        return "abc".find(letter[1]) + 1 if letter[1] else "abcrst".index(letter[2]) % 3 + 1
    return 0


def stem_of(name: str) -> str:
    """Returns a name without its phase: what the names of three phases share."""
    found = list(PHASE.finditer(name))
    return name[: found[-1].start(1)] + "#" + name[found[-1].end(1) :] if found else LETTER.sub("#", name)


def unit_of(name: str) -> str:
    """Returns the unit in a column's name, in small letters, or nothing."""
    found = UNIT.search(name)
    return (found[1] or found[2]) if found else ""


def without_header(fields: Sequence[str], delimiter: str) -> Layout | None:
    """Returns the layout of a file that begins with figures; fields: of its first row."""
    numbers = [is_figure(text) for text in fields]
    none = [text.strip().lower() in MISSING for text in fields]
    width = len(fields)
    epoch = seconds_of(fields[0]) if fields else 0.0
    if width == 16 and all(numbers) and delimiter == ",":
        columns = tuple(Column((index,), (), "a") for index in (5, 6, 7))
        return Layout(
            "ECO smart meter (vs.inf.ethz.ch/res/show.html?what=eco-data)", (), columns, seconds=True, nothing=-1.0, width=width,
            notes=(NO_SIGN,),
        )  # fmt: skip
    if width < 2:
        return None
    if all(numbers) and 1e8 <= epoch < 1e10 and delimiter in (" ", "\t"):
        called = "UK-DALE or REDD, one channel (jack-kelly.com/data, redd.csail.mit.edu)"
        if width == 4:
            called = "UK-DALE mains (jack-kelly.com/data)"
        return Layout(called, (0,), (Column((1,), (), "w"),), width=width, assumed=width == 2)
    if width > 20 and re.fullmatch(r"[0-2]\d[0-5]\d", fields[0]) and all(numbers[1:4]):
        column = Column((1,), (2,), "wh")
        called = "openWB, without its header"
        return Layout(called, (0,), (column,), "counter", "of day", width=width, notes=(CAR_IN_IT,))
    first = next((index for index, number in enumerate(numbers) if number and index > 0), None)
    if first in (1, 2) and any(char.isdigit() for char in fields[0]) and not numbers[0]:
        phased = all(numbers[index] or none[index] for index in range(first, width))
        if width - first in (1, 3):
            columns = tuple(Column((index,), (), "w") for index in range(first, width if phased else first + 1))
            aside = (
                () if phased else (f"columns {first + 2} and {first + 3} are left aside: they begin with no figure",)
            )
            time = tuple(range(first))
            return Layout("columns without names", time, columns, width=width, assumed=True, notes=aside)
    if all(numbers) and width in (2, 4) and epoch >= 1e8:
        columns = tuple(Column((index,), (), "w") for index in range(1, width))
        return Layout("columns without names", (0,), columns, width=width, assumed=True)
    return None


def seconds_of(text: str) -> float:
    """Returns what may be Unix time in a cell, else 0."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0


def is_figure(text: str) -> bool:
    """Tells whether a cell holds a number."""
    return re.fullmatch(r"\s*[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?\s*", text, re.ASCII) is not None


@dataclass(frozen=True)
class Told:
    """What a person said with --columns."""

    time: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    entity: str = ""
    unit: str = ""
    decimal: str | None = None
    zone: str = ""
    dates: str | None = None
    kind: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


Complain = Callable[[str], Exception]


def place_of(word: str, what: str, names: Names, complain: Complain) -> int:
    """Returns the column that a person told, by its name or by its number from 1 on; complain makes the error."""
    bare = word.strip().lower()
    if bare in names:
        return names.index(bare)
    if bare.isdigit() and 1 <= int(bare) <= len(names):
        return int(bare) - 1
    known = ", ".join(repr(name) for name in names[:12] if name)
    raise complain(f"--columns {what}={word}: no such column; there are {known}")


def time_as_told(names: Names, told: Told, complain: Complain) -> Names:
    """Returns the names with those of the told time called as a time's are, and no other so."""
    places = [place_of(word, "time", names, complain) for word in told.time]
    if not places:
        return names
    times = TIMES | DATES | CLOCKS | {"t_s"}
    renamed = [f"not {name}" if name in times else name for name in names]
    for place, name in zip(places, ("date", "time") if len(places) > 1 else ("time",), strict=False):
        renamed[place] = name
    return renamed


def by_told(names: Names, told: Told, complain: Complain) -> Layout:
    """Returns the layout that a person told."""
    time = tuple(place_of(word, "time", names, complain) for word in told.time) if told.time else find_time(names)
    if time is None:
        raise complain("--columns tells no time, and no column is called so: add time=NAME")
    places = [place_of(word, f"l{index + 1}", names, complain) for index, word in enumerate(told.phases)]
    columns = tuple(Column((index,), (), told.unit or unit_of(names[index]) or "w") for index in places)
    kind = told.kind or ("grown" if columns[0].unit in ENERGIES else "level")
    clock = "seconds" if names[time[0]] == "t_s" else ""
    assumed = not (told.unit or unit_of(names[places[0]]))
    return Layout("as told", time, columns, kind, clock, assumed=assumed, width=len(names))


@dataclass(frozen=True)
class Part:
    """An entity's part in the house: what it says counts for a phase, from 0 on, or against it."""

    entity: str
    phase: int = 0
    sign: int = 1


def choose_entities(seen: Mapping[str, int], told: Told, kind: str) -> tuple[tuple[Part, ...], str]:
    """Returns what of a stacked file's entities is the house, or nothing and the reason.

    seen: how many figures each has.
    """
    if told.phases:
        lower = {name.lower(): name for name in seen}
        missing = [word for word in told.phases if word.lower() not in lower]
        if missing:
            return (), f"--columns names {missing[0]!r}, and the file has {listed(seen)}"
        return tuple(Part(lower[word.lower()], phase) for phase, word in enumerate(told.phases)), ""
    if kind == "energy" and len(seen) > 1 and any(TAKEN.search(name.lower()) for name in seen):
        parts = [Part(name, 0, 1) for name in seen if TAKEN.search(name.lower()) and not GIVEN.search(name.lower())]
        return (*parts, *(Part(name, 0, -1) for name in seen if GIVEN.search(name.lower()))), ""
    loads = [name for name, figures in seen.items() if figures and not NO_LOAD.search(name.lower())]
    groups: dict[str, dict[int, str]] = {}
    for name in loads:
        phase = phase_of(name.lower())
        if phase:
            groups.setdefault(stem_of(name.lower()), {})[phase] = name
    whole = [group for group in groups.values() if sorted(group) == [1, 2, 3]]
    whole.sort(key=lambda group: (not CURRENT_WORDS.search(group[1].lower()), not LOAD_WORDS.search(group[1].lower())))
    powers = [group for group in whole if not ENERGY_WORDS.search(group[1].lower())]
    if whole:
        return tuple(Part((powers or whole)[0][phase], phase - 1) for phase in (1, 2, 3)), ""
    if len(loads) == 1:
        return (Part(loads[0]),), ""
    if not loads:
        return (), f"no entity that a house draws: {listed(seen)}"
    return (), f"several entities, and no way to tell which is the house: {listed(seen)}"


def listed(seen: Mapping[str, int]) -> str:
    """Returns the first names."""
    names = sorted(seen)
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
