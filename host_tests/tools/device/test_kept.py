"""What the build made is kept on disk, and never believed beyond what it was made from."""

import gc
import threading
import time

import pytest
from headroom_tools.device import kept


@pytest.fixture
def double(monkeypatch, tmp_path):
    """A build that counts how often it is really done; ``anew`` is the same in another process."""
    monkeypatch.setattr(kept, "PLACE", tmp_path / "built")
    made = []

    def doubled(number):
        made.append(number)
        return number * 2

    doubled.made = made
    doubled.anew = lambda: kept.kept(doubled)
    return doubled


def test_what_was_made_once_is_not_made_again(double):
    assert (double.anew()(4), double.anew()(4)) == (8, 8)
    assert double.made == [4]


def test_of_two_who_want_it_at_once_one_makes_it_and_the_other_waits(double, monkeypatch):
    begun, got = threading.Event(), []

    def slow(number):
        begun.set()
        time.sleep(0.1)
        return double(number)

    others = [threading.Thread(target=lambda: got.append(kept.kept(slow)(4))) for _ in range(2)]
    others[0].start()
    begun.wait(10)
    others[1].start()
    for each in others:
        each.join(10)
    assert (got, double.made) == ([8, 8], [4])


def test_while_it_is_made_nothing_is_collected_and_then_it_is_as_before(double):
    seen = []

    def fails():
        seen.append(gc.isenabled())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept.kept(fails)()
    assert (seen, gc.isenabled()) == ([False], True)


def test_other_arguments_make_another(double):
    assert (double.anew()(4), double.anew()(5)) == (8, 10)


def test_another_build_makes_another(double, monkeypatch):
    double.anew()(4)
    monkeypatch.setattr(kept, "tools", lambda: "changed")
    double.anew()(4)
    assert double.made == [4, 4]


def test_each_file_of_the_build_counts(monkeypatch, tmp_path):
    for name in ("kept.py", "folding.py"):
        (tmp_path / name).write_text("a = 1\n")
    monkeypatch.setattr(kept, "__file__", str(tmp_path / "kept.py"))
    before = kept.tools.__wrapped__()
    (tmp_path / "folding.py").write_text("a = 2\n")
    assert kept.tools.__wrapped__() != before


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: b"", lambda data: data[:40] + b"\0" + data[41:]]
)
def test_what_does_not_read_back_whole_is_made_anew(double, damage):
    double.anew()(4)
    (path,) = kept.PLACE.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert double.anew()(4) == 8
    assert double.made == [4, 4]


def test_where_nothing_can_be_written_it_is_made_each_time(double):
    kept.PLACE.write_text("a file in the folder's place")
    assert (double.anew()(4), double.anew()(4)) == (8, 8)
    assert double.made == [4, 4]


def test_the_oldest_goes(double, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(5):
        double.anew()(number)
    assert len(list(kept.PLACE.iterdir())) == 3
