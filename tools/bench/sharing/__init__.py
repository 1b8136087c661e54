"""How other projects share a circuit among chargers, each rebuilt from what its code does at the version named in its file, and
published schedulers, which are run as their package has them; beside them this firmware's own way, which is the firmware itself.

Name in the contest: (what people read, module, class). ``acnportal`` is asked for by what needs it only.
"""

LAWS = {
    "headroom": ("Headroom, equal", "headroom", "Equal"),
    "headroom-priority": ("Headroom, priority", "headroom", "Priority"),
    "headroom-first": ("Headroom, first come", "headroom", "First"),
    "headroom-need": ("Headroom, need by time", "headroom", "Need"),
    "smartevse": ("SmartEVSE power sharing", "smartevse", "SmartEvse"),
    "openevse": ("OpenEVSE load sharing", "openevse", "OpenEvse"),
    "warp": ("WARP charge manager", "warp", "Warp"),
    "everest": ("EVerest energy manager", "everest", "Everest"),
    "evcc": ("evcc circuit", "evcc", "Evcc"),
    "hass": ("hass-evse-load-balancer", "hass", "Hass"),
    "round-robin": ("round robin", "scheduled", "RoundRobin"),
    "edf": ("earliest deadline first", "scheduled", "EarliestDeadline"),
    "llf": ("least laxity first", "scheduled", "LeastLaxity"),
    "fcfs": ("first come first served", "scheduled", "FirstCome"),
}
PACKAGE = "acnportal"
OWN = "headroom"
SCHEDULED = "scheduled"


def kind(name):
    """The class of the law of that name. KeyError for an unknown one, ImportError where its package is missing."""
    _, module, law = LAWS[name]
    return getattr(__import__("bench.sharing." + module, None, None, ("*",)), law)


def is_scheduled(name):
    """Whether it is one of the package's schedulers."""
    return LAWS[name][1] == SCHEDULED
