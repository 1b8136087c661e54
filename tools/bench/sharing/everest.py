"""EVerest's energy manager: each charger's broker buys its minimum, then slices, in turn, until nobody can buy any more.

Read: modules/EnergyManager/EnergyManagerImpl.cpp (run_optimizer), BrokerFastCharging.cpp (trade, buy_ampere). A node of the tree
has one limit in amperes, the fuse's: neither phases nor what the house draws are known to it.
"""

from bench.sessions import MIN_MA
from bench.sharing.law import Law

SLICE_MA = 500  # slice_ampere
ROUNDS = 100


class Everest(Law):
    """The order of the minimums is that of the tree: who stands last in it waits as long as they do not fit. A car that
    is full buys as others do, for its charger asks as long as it is plugged in (a guess).
    """

    source = "EVerest/everest-core 259b1989 and 1b1deb84, of 2025-26"
    setting = "one fuse of the breaker's rating, slice_ampere 0.5, update_interval 1 s"

    def look(self):
        """One run of the optimizer."""
        bought_ma = [0] * self.count
        left_ma = self.limit_ma
        for _ in range(ROUNDS):
            traded = False
            for place in range(self.count):
                here = self.places[place]
                if not here.plugged:
                    continue
                if not bought_ma[place]:
                    wanted_ma = MIN_MA if left_ma >= MIN_MA else 0
                else:
                    wanted_ma = min(SLICE_MA, left_ma, here.most_ma - bought_ma[place])
                if wanted_ma > 0:
                    bought_ma[place] += wanted_ma
                    left_ma -= wanted_ma
                    traded = True
            if not traded:
                break
        for place in range(self.count):
            self.offer(place, bought_ma[place])
