"""Telegrams as meters in the field say them: DSMR 4, 5, ESMR and Flanders, each with the CRC that its meter gave it.

DSMR 4.2 and 5 from dsmr_parser (test/example_telegrams.py@09f4afca), Flanders from a Sagemcom S211 whose owner published it, the
ESMR one made as ESMR 5.0 has it for a meter of one phase.
"""

import pytest
from bench import host
from bench.world.meters import crc

DSMR_4 = r"""/KFM5KAIFA-METER

1-3:0.2.8(42)
0-0:1.0.0(161113205757W)
0-0:96.1.1(3960221976967177082151037881335713)
1-0:1.8.1(001581.123*kWh)
1-0:1.8.2(001435.706*kWh)
1-0:2.8.1(000000.000*kWh)
1-0:2.8.2(000000.000*kWh)
0-0:96.14.0(0002)
1-0:1.7.0(02.027*kW)
1-0:2.7.0(00.000*kW)
0-0:96.7.21(00015)
0-0:96.7.9(00007)
1-0:99.97.0(3)(0-0:96.7.19)(000104180320W)(0000237126*s)(000101000001W)(2147583646*s)(000102000003W)(2317482647*s)
1-0:32.32.0(00000)
1-0:52.32.0(00000)
1-0:72.32.0(00000)
1-0:32.36.0(00000)
1-0:52.36.0(00000)
1-0:72.36.0(00000)
0-0:96.13.1()
0-0:96.13.0()
1-0:31.7.0(000*A)
1-0:51.7.0(006*A)
1-0:71.7.0(002*A)
1-0:21.7.0(00.170*kW)
1-0:22.7.0(00.000*kW)
1-0:41.7.0(01.247*kW)
1-0:42.7.0(00.000*kW)
1-0:61.7.0(00.209*kW)
1-0:62.7.0(00.000*kW)
0-1:24.1.0(003)
0-1:96.1.0(4819243993373755377509728609491464)
0-1:24.2.1(161129200000W)(00981.443*m3)
!6796
"""
DSMR_5 = r"""/ISk5\2MT382-1000

1-3:0.2.8(50)
0-0:1.0.0(170102192002W)
0-0:96.1.1(4B384547303034303436333935353037)
1-0:1.8.1(000004.426*kWh)
1-0:1.8.2(000002.399*kWh)
1-0:2.8.1(000002.444*kWh)
1-0:2.8.2(000000.000*kWh)
0-0:96.14.0(0002)
1-0:1.7.0(00.244*kW)
1-0:2.7.0(00.000*kW)
0-0:96.7.21(00013)
0-0:96.7.9(00000)
1-0:99.97.0(0)(0-0:96.7.19)
1-0:32.32.0(00000)
1-0:52.32.0(00000)
1-0:72.32.0(00000)
1-0:32.36.0(00000)
1-0:52.36.0(00000)
1-0:72.36.0(00000)
0-0:96.13.0()
1-0:32.7.0(0230.0*V)
1-0:52.7.0(0230.0*V)
1-0:72.7.0(0229.0*V)
1-0:31.7.0(0.48*A)
1-0:51.7.0(0.44*A)
1-0:71.7.0(0.86*A)
1-0:21.7.0(00.070*kW)
1-0:41.7.0(00.032*kW)
1-0:61.7.0(00.142*kW)
1-0:22.7.0(00.000*kW)
1-0:42.7.0(00.000*kW)
1-0:62.7.0(00.000*kW)
0-1:24.1.0(003)
0-1:96.1.0(3232323241424344313233343536373839)
0-1:24.2.1(170102161005W)(00000.107*m3)
0-2:24.1.0(003)
0-2:96.1.0()
!6EEE
"""
FLANDERS = r"""/FLU5\253769484_A

0-0:96.1.4(50217)
0-0:96.1.1(3153414733313035323030383737)
0-0:1.0.0(230629102248S)
1-0:1.8.1(000661.701*kWh)
1-0:1.8.2(000776.784*kWh)
1-0:2.8.1(000990.699*kWh)
1-0:2.8.2(000423.681*kWh)
0-0:96.14.0(0001)
1-0:1.4.0(00.000*kW)
1-0:1.6.0(230622200000S)(06.235*kW)
0-0:98.1.0(2)(1-0:1.6.0)(1-0:1.6.0)(230501000000S)(230423203000S)(06.985*kW)(230601000000S)(230524193000S)(06.748*kW)
1-0:1.7.0(00.000*kW)
1-0:2.7.0(00.135*kW)
1-0:21.7.0(00.000*kW)
1-0:41.7.0(00.000*kW)
1-0:61.7.0(00.438*kW)
1-0:22.7.0(00.440*kW)
1-0:42.7.0(00.132*kW)
1-0:62.7.0(00.000*kW)
1-0:32.7.0(236.9*V)
1-0:52.7.0(240.8*V)
1-0:72.7.0(239.9*V)
1-0:31.7.0(002.09*A)
1-0:51.7.0(000.91*A)
1-0:71.7.0(002.03*A)
0-0:96.3.10(1)
0-0:17.0.0(999.9*kW)
1-0:31.4.0(999*A)
0-0:96.13.0()
!7559
"""
ESMR = r"""/Ene5\XS210 ESMR 5.0

1-3:0.2.8(50)
0-0:1.0.0(171105201324W)
1-0:1.8.1(000051.775*kWh)
1-0:1.8.2(000000.000*kWh)
1-0:2.8.1(000024.413*kWh)
1-0:2.8.2(000000.000*kWh)
0-0:96.14.0(0001)
1-0:1.7.0(00.335*kW)
1-0:2.7.0(00.000*kW)
1-0:32.7.0(229.0*V)
1-0:31.7.0(001*A)
1-0:21.7.0(00.335*kW)
1-0:22.7.0(00.000*kW)
!"""

# telegram: phases, mA that must be counted (a part cut off may have been anything up to half a unit, and power tells more),
# W with its sign, mV, Wh
SAID = {
    # 170 W are 739 mA, though the meter cuts that down to 0 A; it tells no voltage, so the nominal one counts
    "dsmr 4": (DSMR_4, 3, [739, 6500, 2500], [170, 1247, 209], [0, 0, 0], 3016829),
    "dsmr 5": (DSMR_5, 3, [485, 445, 865], [70, 32, 142], [230000, 230000, 229000], 6825),
    "flanders": (FLANDERS, 3, [2095, 915, 2035], [-440, -132, 438], [236900, 240800, 239900], 1438485),
    "esmr": (ESMR, 1, [1500, 0, 0], [335, 0, 0], [229000, 0, 0], 51775),
}


class Wire:
    """A UART that has what it is given."""

    def __init__(self):
        self.data = b""

    def any(self):
        return len(self.data)

    def readinto(self, buffer, count):
        piece, self.data = self.data[:count], self.data[count:]
        buffer[: len(piece)] = piece
        return len(piece)


def reader(data, slow=False):
    module = host.load("reference", "headroom.sense.meters.p1")
    module.bus.uart = lambda *_: Wire()
    p1 = module.P1("METER", slow)
    p1.uart.data = data
    return p1


def sealed(text):
    """As it is on the wire; with a CRC where it has none."""
    data = text.replace("\n", "\r\n").encode()
    return data if data.endswith(b"\n") else data + b"%04X\r\n" % crc(data, 0)


@pytest.mark.parametrize("name", SAID)
def test_a_telegram_of_the_field_is_read_to_its_last_digit(name):
    text, phases, ma, watts, mv, wh = SAID[name]
    p1 = reader(sealed(text))
    assert any(p1.step(ms) for ms in range(10))
    assert p1.known
    assert p1.torn == 0
    assert (p1.phases, p1.ma, p1.w, p1.mv, p1.wh) == (phases, ma, watts, mv, wh)


@pytest.mark.parametrize("name", SAID)
def test_one_wrong_digit_in_it_is_no_telegram(name):
    data = sealed(SAID[name][0])
    at = data.index(b"31.7.0(") + 9
    p1 = reader(data[:at] + b"8" + data[at + 1 :])
    assert not any(p1.step(ms) for ms in range(10))
    assert p1.torn == 1
