"""Cars that have been met: each model shows its habit, and within it does what the standard asks."""

from bench.world.car import MODELS, Car, Random

STEP_MS = 100


def plugged(model, max_ma=32000, phases=3, need_mams=None):
    car = Car(max_ma, phases, need_mams, Random(7), model)
    car.plug(True)
    return car


def live(car, ms, offered_ma, pilot_alive=True):
    """The contactor is closed whenever the car asks for it; returns the current at the end."""
    for _ in range(ms // STEP_MS):
        car.step(STEP_MS, offered_ma, car.s2, pilot_alive)
    return car.drawn_ma


def follows_within_ms(car, offered_ma, current_ma):
    for passed_ms in range(0, 60000, STEP_MS):
        if car.drawn_ma == current_ma:
            return passed_ms
        car.step(STEP_MS, offered_ma, car.s2)
    return None


def test_every_model_says_what_it_does():
    assert all(model.what for model in MODELS.values())


def test_the_plain_car_takes_all_it_is_offered_and_no_more_than_it_can():
    car = plugged("plain", max_ma=20000)
    assert live(car, 30000, 16000) == 16000
    assert live(car, 30000, 25000) == 20000
    assert live(car, 30000, 0) == 0
    assert car.state() == 1


def test_every_attentive_car_is_down_to_a_lower_offer_in_five_seconds_and_its_own_fall():
    for name, model in MODELS.items():
        if not model.deaf_every and name != "late":
            car = plugged(name)
            live(car, 120000, 32000)
            live(car, 6000, 12000)
            assert car.drawn_ma <= 12000, name


def test_the_silent_car_lets_five_seconds_pass():
    car = plugged("silent")
    live(car, 60000, 32000)
    assert live(car, 4800, 10000) == 32000
    assert live(car, 1500, 10000) == 10000


def test_the_late_car_follows_after_15_to_26_seconds():
    car = plugged("late")
    live(car, 120000, 32000)
    assert live(car, 14000, 10000) == 32000
    assert live(car, 13000, 10000) == 10000


def test_the_slow_ramp_takes_half_a_minute():
    car = plugged("slow-ramp")
    assert 28000 < follows_within_ms(car, 32000, 32000) < 37000


def test_a_car_that_needs_ten_amperes_stays_in_b_below_them():
    car = plugged("needs-10")
    assert live(car, 60000, 9900) == 0
    assert car.state() == 1
    assert live(car, 60000, 10000) == 10000
    assert live(car, 60000, 9000) == 0


def test_a_one_phase_car_on_three_phases_uses_one():
    assert plugged("one-phase").phases == 1
    assert plugged("plain").phases == 3


def test_a_car_that_gives_up_at_six_amperes_comes_back_at_eight():
    car = plugged("gives-up")
    assert live(car, 60000, 10000) == 10000
    assert live(car, 30000, 6000) == 0
    assert car.state() == 1
    assert live(car, 60000, 7000) == 0
    assert live(car, 60000, 8000) == 8000


def test_one_car_draws_less_than_offered():
    assert live(plugged("draws-less"), 60000, 16000) == 14500


def test_the_sleeper_sleeps_through_an_offer_until_its_pilot_is_interrupted():
    car = plugged("sleeper")
    assert live(car, 60000, 10000) == 10000
    assert live(car, 590000, 0) == 0
    assert live(car, 60000, 10000) == 10000
    live(car, 610000, 0)
    assert live(car, 60000, 10000) == 0
    live(car, 2000, 0, pilot_alive=False)
    assert live(car, 60000, 10000) == 0
    live(car, 4000, 0, pilot_alive=False)
    assert live(car, 60000, 10000) == 10000


def test_the_deaf_car_misses_every_fifth_change():
    car = plugged("deaf")
    followed = [live(car, 20000, ma) == ma for ma in (10000, 12000, 14000, 16000, 8000, 9000)]
    assert followed == [True, True, True, True, False, True]


def test_the_taper_falls_over_the_last_fifth_and_ends_in_b():
    car = plugged("taper", need_mams=32000 * 3 * 600000)
    live(car, 400000, 32000)
    assert car.drawn_ma == 32000
    live(car, 250000, 32000)
    assert 1000 <= car.drawn_ma < 26000
    live(car, 3600000, 32000)
    assert car.drawn_ma == 0
    assert car.state() == 1


def test_a_full_car_never_asks():
    car = plugged("full")
    live(car, 60000, 16000)
    assert car.state() == 1
