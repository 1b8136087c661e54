"""Integers that behave like the chip's small ints: arithmetic that leaves +-2^30 raises instead of allocating quietly.

For CPython: a 64-bit host does not notice an overflow that an ESP32 would (its small ints are 31 bits).
"""

LOW, HIGH = -(1 << 30), (1 << 30) - 1


class SmallInt(int):
    """An int whose every result is checked."""


def _checked(name):
    plain = getattr(int, name)

    def operation(self, *others):
        result = plain(self, *others)
        if result is NotImplemented or isinstance(result, (bool, tuple, float)):
            return result
        if not LOW <= result <= HIGH:
            raise OverflowError("%s%r of %d leaves the small int range: %d" % (name, others, self, result))
        return SmallInt(result)

    return operation


for _name in ("add", "sub", "mul", "floordiv", "mod", "lshift", "rshift", "and", "or", "xor"):
    setattr(SmallInt, "__%s__" % _name, _checked("__%s__" % _name))
    setattr(SmallInt, "__r%s__" % _name, _checked("__r%s__" % _name))
for _name in ("__neg__", "__abs__", "__pos__"):
    setattr(SmallInt, _name, _checked(_name))
