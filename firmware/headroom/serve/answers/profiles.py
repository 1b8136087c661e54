"""``profile``: what is common in a country, staged as ``set`` does, shown before ``save``. A profile knows no house: it takes the
smallest fuse that is common there, and names the others.

Sources stand beside each fact; [domain n] is a section of the project's domain notes, [guess] nobody's word but ours.
"""

from headroom.serve.answers import settings_commands
from headroom.terms.refused import Refused


def _clock(zone_min, begins, ends):
    """The zone's rows: Directive 2000/84/EC for Europe, the Energy Policy Act of 2005 for the USA."""
    return ("zone_min", zone_min), ("summer_min", 60), ("summer_begins", begins), ("summer_ends", ends)


CET = _clock(60, 3502, 10502)

# name: (country, settings, what else to know)
# fmt: off
PROFILES = {
    # main fuses: National Grid Electricity Distribution "Standardisation of fusing to 80A"; evmadeeasy.co.uk on 60, 80, 100 A
    # rules: [domain 6.1, 6.2, 6.3]
    "uk": ("United Kingdom", (("breaker_ma", 60000), ("phases", 1), ("wiring", 0), ("mains_v", 230), ("hz", 50),
                              ("start_delay_s", 600)) + _clock(0, 3501, 10501), (
        "main fuse 60, 80 or 100 A: it stands on the cut-out; unmarked ones are taken for 60 A",
        "Smart Charge Points Regulations 2021: peak is 08-11 and 16-22 h on weekdays, starts are spread over 10 minutes",
        "an import limit (EREC G100): set import_ma; open-PEN: a monitor, or a board that measures the voltage",
    )),
    # Westland Infra "De aansluiting": 1x40 or 3x25 A; gaslicht.com: 1x25 to 3x25 A; 21groep.nl: new ones have three phases
    "nl": ("Netherlands", (("breaker_ma", 25000), ("phases", 3), ("wiring", 0), ("mains_v", 230), ("hz", 50)) + CET, (
        "connections are 3 x 25 A, older ones 1 x 25, 1 x 35 or 1 x 40 A, then phases 1: the grid operator's letter says which",
    )),
    # [domain 6.5: quarter hours, floor 2.5 kW]; sizes [guess]: 40 A on one phase, 25 A on three, 230 V grids without a neutral
    "be": ("Belgium", (("breaker_ma", 25000), ("wiring", 0), ("mains_v", 230), ("hz", 50), ("cap_s", 900)) + CET, (
        "breaker 1 x 40 or 3 x 25 A, on 230 V between lines without a neutral: wiring l1-l2, phases 1, mains_v 133",
        "Flanders bills the month's highest quarter of an hour, 2.5 kW at least: set cap_w 2500W, cap_month yes; then time",
    )),
    # [domain 6.4]: 20 A asymmetry, 4.2 kW; announced, above 12 kVA in one installation consented to: NAV section 19 (2), in the
    # words of article 3 of the ordinance that changed it from 22 March 2019 on (buzer.de/gesetz/13343/a217654.htm)
    # 35 A [guess]: the selective breaker that is usual before the meter, also 50 and 63 A
    "de": ("Germany", (("breaker_ma", 35000), ("phases", 3), ("wiring", 0), ("mains_v", 230), ("hz", 50),
                       ("asymmetry_ma", 20000)) + CET, (
        "selective breaker before the meter 35, 50 or 63 A",
        "NAV section 19 (2): tell the grid operator of each charger first; above 12 kVA in one installation it must consent",
        "VDE-AR-N 4100: 20 A between phases; EnWG section 14a: dimmed to 4.2 kW, dim_w, on a board with that input",
    )),
    # 3 to 36 kVA, 6 and 9 most, 12 at most on one phase: fournisseurs-electricite.com, demenagez-malynx.fr; 30 A [guess]: 6 kVA
    "fr": ("France", (("breaker_ma", 30000), ("phases", 1), ("wiring", 0), ("mains_v", 230), ("hz", 50),
                      ("total_w", 6000)) + CET, (
        "puissance souscrite 6, 9 or 12 kVA, up to 36 on three phases: the Linky opens above it: set total_w to yours",
        "disjoncteur 15 to 90 A, set to the contract: 30 A for 6 kVA, 45 A for 9, 60 A for 12",
    )),
    # Griug: 3x63 A at 230 V, 3x40 A at 400 V; [domain 6.5]: hours
    "no": ("Norway", (("breaker_ma", 40000), ("mains_v", 230), ("hz", 50), ("cap_s", 3600)) + CET, (
        "400 V: 3 x 40 A; a 230 V IT grid: 3 x 63 A, then wiring l1-l2, phases 1, mains_v 133",
        "nettleie: the mean of the month's three highest hours: set cap_w to the step that you pay for; then time",
    )),
    # Olofströms Kraft: 16 to 63 A; [domain 6.5]: hours, all grid operators by 2027
    "se": ("Sweden", (("breaker_ma", 16000), ("phases", 3), ("wiring", 0), ("mains_v", 230), ("hz", 50), ("cap_s", 3600)) + CET, (
        "huvudsäkring 16, 20, 25 or 35 A, up to 63: the colour of the fuse's foot says which",
        "effekttariff: the month's highest hours: set cap_w to what you want to pay for; then time",
    )),
    # 3, 4.5, 6 kW and a tenth more: servizioelettriconazionale.it, camergasepower.com; 16 A [guess]: what 3.3 kW needs
    "it": ("Italy", (("breaker_ma", 16000), ("phases", 1), ("wiring", 0), ("mains_v", 230), ("hz", 50),
                     ("total_w", 3300)) + CET, (
        "potenza impegnata 3, 4.5 or 6 kW: the meter opens a tenth above it: set total_w 4950 or 6600 for more",
    )),
    # NEC 625.42, 210.20(A): continuous, 125 %; 120/240 V, 100 A and more: NEC 220.82
    "us": ("United States", (("breaker_ma", 100000), ("phases", 2), ("wiring", 4), ("mains_v", 120),
                             ("hz", 60)) + _clock(-300, 3202, 11101), (
        "service of 100, 150 or 200 A, 240 V between two legs of 120 V: a clamp on each, wiring l1l2",
        "zone_min -300 is Eastern; Central -360, Mountain -420, Pacific -480; Arizona and Hawaii have no summer time",
        "NEC 625.42: charging is a continuous load: charger_ma is 80 % of its own breaker, 32 A on a 40 A one",
    )),
}
# fmt: on


def answer(service, typed):
    """profile [COUNTRY]."""
    if not typed:
        for name in sorted(PROFILES):
            yield "%s  %s" % (name, PROFILES[name][0]), None
        return
    typed = [each.lower() for each in typed]
    if len(typed) > 1 or typed[0] not in PROFILES:
        raise Refused("profile COUNTRY, one of " + ", ".join(sorted(PROFILES)))
    service.pin.check()
    settings = service.settings
    country, values, more = PROFILES[typed[0]]
    yield "%s: what is common there; nothing is in force before save" % country, None
    for name, value in values:
        row, most = settings.row(name), settings.ceilings.get(name, value)
        word = row[1][value] if isinstance(row[1], tuple) else str(min(value, most))
        value = settings.stage(name, word)
        less = ", the most of this board" if most == value and most < dict(values)[name] else ""
        yield settings_commands.change(service, row, value) + less, {"name": name, "value": value}
    for line in more:
        yield line, {"notice": line}
    for line in settings.wrong():
        yield "save will refuse it like this: " + line, {"notice": line}
