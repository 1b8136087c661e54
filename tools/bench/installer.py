"""Sets a charger up as an installer does: lines for its real console, before anybody looks. No time passes meanwhile.

What the console refuses, what is set and not saved, and what would end the run, is told: ``Turned``, with the place of the line.
"""

ENDS = "reboot", "service"


class Turned(Exception):
    """The console refused a line; the message is one line for the person who gave it."""


def install(charger, lines):
    """Run ``lines``, pairs (where it was asked for, line); returns what was answered."""
    service = charger.service
    answered = []
    for where, line in lines:
        words = line.split()
        if words[0] in ENDS:
            raise Turned("%s: %s would end the run: leave it out" % (where, words[0]))
        refused = _refused(service, words, answered)
        if refused:
            raise Turned("%s: %s" % (where, refused))
    if service.settings.staged:
        name = sorted(service.settings.staged)[0]
        raise Turned(
            "%s: %s is set and not saved, so not in force: end with a line save"
            % (lines[-1][0].partition(":")[0], name)
        )
    while service.store.busy():
        service.store.step(0)
    service.console.commands.drop()
    service._apply(0)
    return answered


def _refused(service, words, answered):
    """Run one line; why the console refuses it, or an empty text."""
    try:
        for answer in service.console.commands.run(words):
            service.store.step(0)
            if answer:
                answered.append(answer[0])
    except Exception as error:
        if type(error).__name__ == "Refused":  # the firmware is loaded anew for each table: the class, too
            return str(error)
        raise error
    return ""
