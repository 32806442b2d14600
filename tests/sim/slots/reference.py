#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The slow, obviously right reference for slots, and the comparison with the program.

    reference.py DRIVER           a slice, in about a minute
    SOAK=1 reference.py DRIVER    every zone, several rounds
    reference.py DRIVER ZONE ...  these zones alone

It shares nothing with the program: another language, another reader of time zones (zoneinfo), and
another method. Time is a row of minutes in UTC. Every minute is asked for its local date and wall
clock, each rule paints the minutes that it concerns, and a start is judged by looking at every
minute of its visit. No interval is ever computed.
"""

import datetime
import itertools
import json
import multiprocessing
import os
import subprocess
import sys
import zoneinfo

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
EPOCH_DAY = EPOCH.toordinal()
DAY = 1440

# In the order in which they are asked.
REASONS = (
    "closed staff_off too_soon too_far out_of_stock staff_busy resource_busy ok"
).split()

# Changes at midnight and just before, by half an hour or two hours, across the date line, in
# Ramadan, on days that move, in odd offsets, or abolished of late; and some common ones.
ZONES = """
Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Johannesburg Africa/Monrovia
America/Adak America/Anchorage America/Asuncion America/Bahia_Banderas America/Caracas
America/Chihuahua America/Ciudad_Juarez America/Havana America/Los_Angeles America/Mexico_City
America/Miquelon America/New_York America/Nuuk America/Port-au-Prince America/Santiago
America/Sao_Paulo America/Scoresbysund America/St_Johns America/Tijuana
Antarctica/Casey Antarctica/Macquarie Antarctica/Troll Antarctica/Vostok
Asia/Almaty Asia/Amman Asia/Beirut Asia/Damascus Asia/Famagusta Asia/Gaza Asia/Hebron
Asia/Jerusalem Asia/Kathmandu Asia/Kolkata Asia/Qostanay Asia/Tehran Asia/Tokyo
Atlantic/Azores Australia/Adelaide Australia/Eucla Australia/Lord_Howe Australia/Sydney
Europe/Berlin Europe/Chisinau Europe/Dublin Europe/Istanbul Europe/Lisbon Europe/London
Pacific/Apia Pacific/Auckland Pacific/Chatham Pacific/Easter Pacific/Fiji Pacific/Kiritimati
Pacific/Marquesas Pacific/Norfolk UTC
""".split()


def wall(zone, minute):
    """Local date (days since 1970) and minute of the wall clock, at a minute of UTC."""
    local = (EPOCH + datetime.timedelta(minutes=minute)).astimezone(zone)
    return local.toordinal() - EPOCH_DAY, local.hour * 60 + local.minute


def minutes_of(seconds):
    assert seconds % 60 == 0
    return seconds // 60


class Row:
    """Minutes of UTC from `begin` on, each painted or not."""

    def __init__(self, begin, length):
        self.begin = begin
        self.painted = bytearray(length)

    def paint(self, begin, end, value=1):
        for minute in range(max(begin, self.begin), min(end, self.begin + len(self.painted))):
            self.painted[minute - self.begin] = value

    def all_of(self, begin, end):
        return all(self.painted[begin - self.begin : end - self.begin])

    def any_of(self, minutes):
        return any(self.painted[minute - self.begin] for minute in minutes)


class World:
    """A question's days and some beside them, minute by minute."""

    def __init__(self, question):
        self.q = question
        # Offsets reach from -12 to +14 hours, a visit with its buffers some 13 hours.
        self.begin = (question["first"] - 2) * DAY
        self.end = (question["last"] + 3) * DAY
        zone = zoneinfo.ZoneInfo(question["zone"])
        self.dates = {}
        for minute in range(self.begin, self.end):
            date, clock = wall(zone, minute)
            self.dates.setdefault(date, []).append((minute, clock))

    def row(self):
        return Row(self.begin, self.end - self.begin)

    def paint_hours(self, row, weekly, closures):
        """A span of hours is every instant between its two ends on that date."""
        for date, minutes in self.dates.items():
            if any(first <= date <= last for first, last in closures):
                continue
            weekday = datetime.date.fromordinal(date + EPOCH_DAY).isoweekday()
            for day, start, end in weekly:
                if day != weekday:
                    continue
                began = [m for m, clock in minutes if clock >= start]
                unfinished = [m for m, clock in minutes if clock < end]
                if began and unfinished and began[0] <= unfinished[-1]:
                    row.paint(began[0], unfinished[-1] + 1)

    def day_start(self, date):
        return min(minutes[0][0] for d, minutes in self.dates.items() if d >= date)


def in_own_time(service, wanted):
    """The service by somebody who takes another time, minute by minute.

    Minutes are put in, or taken out, right after the last minute at which somebody works.
    """
    minutes = []
    for processing, length in service["segments"] or [[False, service["duration"]]]:
        minutes += [processing] * length
    if wanted:
        end = max(i for i, processing in enumerate(minutes) if not processing) + 1
        while len(minutes) < wanted:
            minutes.insert(end, False)
        while len(minutes) > wanted:
            end -= 1
            assert not minutes[end]
            del minutes[end]
    return dict(service, minutes=minutes)


def visit_minutes(services):
    """Each minute of the visit, buffers included: (is the person held, which service)."""
    minutes = [(True, 0)] * services[0]["before"]
    for number, service in enumerate(services):
        minutes += [(not processing, number) for processing in service["minutes"]]
    return minutes + [(True, len(services) - 1)] * services[-1]["after"]


class Judge:
    def __init__(self, question):
        self.q = question
        self.world = World(question)
        self.business = self.world.row()
        self.world.paint_hours(self.business, question["weekly"], question["closures"])
        self.works, self.held, self.used = {}, {}, {}
        for person in question["persons"]:
            works = self.works[person["id"]] = self.world.row()
            self.world.paint_hours(works, person["weekly"], [])
            for begin, end in person["leave"]:
                works.paint(minutes_of(begin), minutes_of(end), 0)
            self.held[person["id"]] = self.painted(person["busy"])
        for thing in question["things"]:
            self.used[thing["id"]] = self.painted(thing["busy"])
        self.before = question["services"][0]["before"]
        self.minutes = {
            person["id"]: visit_minutes(
                [in_own_time(*pair) for pair in zip(question["services"], person["minutes"])]
            )
            for person in question["persons"]
        }

    def painted(self, spans):
        row = self.world.row()
        for begin, end in spans:
            row.paint(minutes_of(begin), minutes_of(end))
        return row

    def things_found(self, begin, minutes):
        """Whether each service's needs can be met by different things, by trying every way."""
        for number, service in enumerate(self.q["services"]):
            wanted = [begin + i for i, (_, s) in enumerate(minutes) if s == number]
            free = {t for t, row in self.used.items() if not row.any_of(wanted)}
            ways = itertools.product(*service["needs"])
            if not any(len(set(way)) == len(way) and free.issuperset(way) for way in ways):
                return False
        return True

    def judge_by(self, person, start, date):
        """The reason for one person: the first of the questions that is answered with no."""
        begin = start - self.before
        minutes = self.minutes[person]
        end = begin + len(minutes)
        earliest = [t for t in (self.q["now"], self.q["earliest"]) if t is not None]
        horizon = self.q["horizon"]
        if not self.business.all_of(begin, end):
            return "closed"
        if not self.works[person].all_of(begin, end):
            return "staff_off"
        if any(start * 60 < t for t in earliest):
            return "too_soon"
        if horizon is not None and date > horizon:
            return "too_far"
        if self.q["out_of_stock"]:
            return "out_of_stock"
        if self.held[person].any_of([begin + i for i, (work, _) in enumerate(minutes) if work]):
            return "staff_busy"
        if not self.things_found(begin, minutes):
            return "resource_busy"
        return "ok"

    def judge(self, start, date):
        """The reason of whoever comes furthest, and who could take it."""
        reasons = {p["id"]: self.judge_by(p["id"], start, date) for p in self.q["persons"]}
        if not reasons:
            return "no_staff", []
        furthest = max(reasons.values(), key=REASONS.index)
        return furthest, [person for person, reason in reasons.items() if reason == "ok"]

    def day(self, date):
        start, end = self.world.day_start(date), self.world.day_start(date + 1)
        slots = []
        for minute in range(start, end):
            if (minute - start) % self.q["step"] == 0:
                reason, staff = self.judge(minute, date)
                slots.append([minute * 60, reason, staff])
        return {"date": date, "reason": self.day_reason({s[1] for s in slots}), "slots": slots}

    @staticmethod
    def day_reason(reasons):
        if "ok" in reasons:
            return "ok"
        if not reasons - {"closed", "staff_off", "no_staff"}:
            return "closed"
        if reasons & {"staff_busy", "resource_busy"}:
            return "staff_busy"
        for reason in ("out_of_stock", "too_far", "too_soon"):
            if reason in reasons:
                return reason
        raise AssertionError(reasons)


def difference(expected, got):
    for want, have in itertools.zip_longest(expected["slots"], got["slots"]):
        if want != have:
            return f"expected {want}, got {have}"
    return f"expected the day to be {expected['reason']}, got {got['reason']}"


class Count:
    def __init__(self):
        self.questions = self.days = self.starts = 0
        self.zones, self.reasons, self.wrong = set(), {}, []

    def take(self, line):
        question = json.loads(line)
        judge = Judge(question)
        self.questions += 1
        self.zones.add(question["zone"])
        for got in question["days"]:
            expected = judge.day(got["date"])
            self.days += 1
            self.starts += len(expected["slots"])
            for _, reason, _ in expected["slots"]:
                self.reasons[reason] = self.reasons.get(reason, 0) + 1
            if expected != got:
                self.wrong.append(
                    f"seed {question['seed']} {question['zone']} date {got['date']}: "
                    + difference(expected, got)
                )

    def add(self, other):
        self.questions += other.questions
        self.days += other.days
        self.starts += other.starts
        self.zones |= other.zones
        self.wrong += other.wrong
        for reason, count in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + count


def run_shard(driver, seed, rounds, shard, shards, zones):
    """One process of the driver, compared as it prints."""
    count = Count()
    arguments = [driver, str(seed), str(rounds), str(shard), str(shards), *zones]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            count.take(line)
    if process.returncode != 0:
        count.wrong.append(f"the driver ended with {process.returncode}")
    return count


def main():
    driver = sys.argv[1]
    soak = os.environ.get("SOAK") == "1"
    seed = int(os.environ.get("CAREOPS_SEED", "1"))
    if soak:
        skipped = ("posix", "right", "local", "Factory")
        zones = sorted(z for z in zoneinfo.available_timezones() if not z.startswith(skipped))
    else:
        zones = sys.argv[2:] or ZONES
    shards = min(os.cpu_count() or 1, 8)
    rounds = 4 if soak else 1
    total = Count()
    with multiprocessing.Pool(shards) as pool:
        parts = [(driver, seed, rounds, shard, shards, zones) for shard in range(shards)]
        for count in pool.starmap(run_shard, parts):
            total.add(count)
    print(
        f"{total.questions} questions about {total.days} days in {len(total.zones)} zones, "
        f"{total.starts} starts compared: "
        + ", ".join(f"{n} {reason}" for reason, n in sorted(total.reasons.items()))
    )
    for wrong in total.wrong[:20]:
        print(wrong)
    # A comparison that saw too little would pass for nothing.
    least = (len(sys.argv[2:]), 100, 1000) if sys.argv[2:] else (40, 1000, 10000)
    seen = (len(total.zones), total.days, total.reasons.get("ok", 0))
    enough = all(count >= bound for count, bound in zip(seen, least))
    if total.wrong or not enough:
        print(f"{len(total.wrong)} differ" if total.wrong else "too little was compared")
        sys.exit(1)


if __name__ == "__main__":
    main()
