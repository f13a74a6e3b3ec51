"""Whether the random plans would notice if a line of the formulation were stated otherwise.

    mutations.py BINARY FOLDER

Each mutation states one line of the second edition wrong. Its goals must then differ from the right
ones in some plan of the folder: a line that no plan can tell from its opposite is not compared at all.
"""

from __future__ import annotations

import concurrent.futures
import copy
import itertools
import pathlib
import sys

from backup import Backups
from features import BACKED, CARRIED, FEATURES, LOSSY, TRADING, hourly
from losses import Losses
from oracle import exported
from program import Disagreement, in_period, Linear, Stated
from reader import read as read_plan
from trade import Tasks, Trading, conduct

DIFFERS = 1e-4


class WeekAsDay(Stated):
    def waits(self, urgency):
        return "WithinDay" if urgency == "WithinWeek" else urgency


class PeriodAsWeek(Stated):
    def waits(self, urgency):
        return "WithinWeek" if urgency == "WithinPeriod" else urgency


class LossesFreeByTheYear(Stated):
    def lost(self, k, p, t, annual):
        return Linear() if annual else super().lost(k, p, t, annual)


class LossesFreeByTheHour(Stated):
    def lost(self, k, p, t, annual):
        return super().lost(k, p, t, annual) if annual else Linear()


class CertificatesOnlyWhereMarked(Stated):
    def certifies(self, k):
        return bool(self.plan["contracts"][k["id"]].get("renewable"))


class WorkWithoutTokens(Stated):
    def makes(self, row):
        self.lp.at_most("token_production", row)


class PoweredBeyondTheSlice(Stated):
    def follows(self, chip):
        return False


class BatteryByTheDay(Stated):
    def across_midnight(self):
        return False


class ExportShareBySite(Stated):
    def scope(self, rule):
        return "Site"


class ExportShareByCountry(Stated):
    def scope(self, rule):
        return "Country"


class ExportShareWithoutRented(Stated):
    def exports(self, s):
        return s in self.sites


class BanOnOwnOnly(Stated):
    def banned(self, u, r):
        return False


class DutyOnOwnOnly(Stated):
    def duty_on_bought(self, made_in, sold_in, p):
        return 0.0


class KeptUpOutOfForce(Stated):
    def kept_up(self, k, p):
        return True


class FixedPlantWhenever(Stated):
    def ordered_once(self, can):
        return can


class RentedAlwaysThere(Stated):
    def available(self, i):
        return 1.0 if "rental" in self.pools[i] else super().available(i)


class TrainingExactly(Stated):
    def at_rate(self, rate, mean):
        self.lp.equal("training", rate, mean)


class DomesticShareOfNew(Stated):
    def counts_existing(self, rule):
        return False


class HallsForEver(Stated):
    def __init__(self, export, words):
        export = copy.deepcopy(export)
        for place in export["places"]:
            for hall in place.get("site", {}).get("halls", []):
                hall.pop("in_service_until_period", None)
        super().__init__(export, words)


class PipelineAsAtFirst(Stated):
    def __init__(self, export, words):
        export = copy.deepcopy(export)
        for place in export["places"]:
            if (pipe := place.get("site", {}).get("data_pipeline")) is not None:
                pipe["capacity_gtok_per_hour"] = in_period(pipe["capacity_gtok_per_hour"], 0)
        super().__init__(export, words)


class BackupBoughtAgain(Stated):
    def __init__(self, export, words):
        words = copy.deepcopy(words)
        for site in words["sites"].values():
            for connection in site.get("connections", {}).values():
                if isinstance(connection.get("backup"), dict):
                    connection["backup"].pop("existing_mw", None)
        super().__init__(export, words)


class TokensUndiscounted(Stated):
    def worth_of_tokens(self, p):
        return 1.0


class Slow(Stated):
    """A chip at an operating point as fast as at full power."""

    def losses_of(self):
        return type("Wrong", (Losses,), {"ways": lambda wrong, i: ((name, kw, 1.0) for name, kw, _ in Losses.ways(wrong, i))})(self)


class SidesAddedUp(Stated):
    """What both sides of a feed carry together."""

    def losses_of(self):
        return type("Wrong", (Losses,), {"feed_mw": lambda wrong, *where: 2 * Losses.feed_mw(wrong, *where)})(self)


class NothingShed(Stated):
    def losses_of(self):
        return type("Wrong", (Losses,), {"may_shed": lambda wrong, r, m, p: set()})(self)


class ShedForNothing(Stated):
    def objectives(self):
        self.shed = []
        super().objectives()


class ShedWithoutNotice(Stated):
    def losses_of(self):
        for product in self.plan["products"].values():
            product.pop("shed_notice_hours", None)
        return Losses(self)


class NothingKept(Stated):
    def losses_of(self):
        return type("Wrong", (Losses,), {"share_kept": lambda wrong, after, before, fraction: Linear(after.items())})(self)


class KeptInAllHours(Stated):
    def losses_of(self):
        return type("Wrong", (Losses,), {"held": lambda wrong, worst, keep, p: wrong.s.T[p]})(self)


class BackupAtAnyTime(Stated):
    def backups_of(self):
        return type("Wrong", (Backups,), {"runs": lambda wrong, k, p, t: True})(self)


class BackupWithoutPermit(Stated):
    def backups_of(self):
        return type("Wrong", (Backups,), {"has_permit": lambda wrong, k: False})(self)


class BackupForNothing(Stated):
    """Plant that is neither bought nor kept up."""

    def kept_up(self, k, p):
        return "connection_of" not in k and super().kept_up(k, p)

    def order_cost(self, q, column, capex, annuity, lead, life, what="chips"):
        backup = any((k["id"], q) in self.plant and self.plant[k["id"], q] == column for k in self.contracts if "connection_of" in k)
        super().order_cost(q, column, 0.0 if backup else capex, 0.0 if backup else annuity, lead, life, what)


class NobodyReckons(Trading):
    """Few sellers who take the price as given."""

    def half_slope(self, slope):
        return 0.0


class ActorsWithoutLimits(Trading):
    def actor_limits(self):
        pass


class SlopeTwice(Trading):
    def half_slope(self, slope):
        return slope


class PowerSubsidyForgotten(Stated):
    def power_subsidies(self):
        pass


class TradedPowerSubsidyForgotten(Trading):
    def power_subsidies(self):
        pass


class FailuresAllNoticed(Stated):
    def tasks_of(self):
        return type("Wrong", (Tasks,), {"noticed": lambda wrong, cascade: 1.0})(self)


MUTATIONS = {
    "backup at any time": (BackupAtAnyTime, "backup plant"),
    "backup without its permit": (BackupWithoutPermit, "backup plant"),
    "backup for nothing": (BackupForNothing, "backup plant"),
    "few sellers take the price": (NobodyReckons, "few sellers"),
    "the whole slope instead of half of it": (SlopeTwice, "few sellers"),
    "actors without limits": (ActorsWithoutLimits, "limits of actors"),
    "no power subsidy": (PowerSubsidyForgotten, "tasks under a power subsidy"),
    "no power subsidy where prices form": (TradedPowerSubsidyForgotten, "prices under a power subsidy"),
    "all failures noticed": (FailuresAllNoticed, "cascades that miss failures"),
    "operating point at full speed": (Slow, "operating points"),
    "A and B added up": (SidesAddedUp, "feeds"),
    "A and B added up, oversubscribed": (SidesAddedUp, "feeds of an oversubscribed site"),
    "nothing shed": (NothingShed, "what is shed"),
    "shed without a discount": (ShedForNothing, "a discount for what is shed"),
    "shed without notice": (ShedWithoutNotice, "notice of events"),
    "nothing kept, feed": (NothingKept, "a lost feed"),
    "nothing kept, connection": (NothingKept, "a lost connection"),
    "nothing kept, plant": (NothingKept, "a lost plant"),
    "nothing kept, site": (NothingKept, "a lost site"),
    "kept in all hours": (KeptInAllHours, "the busiest hours"),
    "week as day": (WeekAsDay, "work within the week, hours in order"),
    "period as week": (PeriodAsWeek, "work within the period"),
    "annual losses free": (LossesFreeByTheYear, "annual renewable share with a battery"),
    "hourly losses free": (LossesFreeByTheHour, "hourly renewable share with a battery"),
    "certificates only where marked": (CertificatesOnlyWhereMarked, "unmarked virtual contract under a renewable share"),
    "work without tokens": (WorkWithoutTokens, "paid to draw, live product"),
    "powered beyond the slice": (PoweredBeyondTheSlice, "paid to draw, powered by the slice"),
    "battery by the day, linked": (BatteryByTheDay, "linked days, battery"),
    "battery by the day, hourly": (BatteryByTheDay, "hours in order, battery"),
    "export share of a country by site": (ExportShareBySite, "export share of a country"),
    "export share of each site by country": (ExportShareByCountry, "export share of each site"),
    "export share without rented chips": (ExportShareWithoutRented, "export share and rented chips"),
    "ban on own tokens only": (BanOnOwnOnly, "bought tokens under a ban"),
    "duty on own tokens only": (DutyOnOwnOnly, "bought tokens under a duty"),
    "plant kept up out of force": (KeptUpOutOfForce, "plant in force for a part of the horizon"),
    "fixed plant whenever": (FixedPlantWhenever, "fixed plant"),
    "rented chips always there": (RentedAlwaysThere, "rented chips"),
    "training exactly at its rate": (TrainingExactly, "training at a constant rate"),
    "domestic share of new chips": (DomesticShareOfNew, "domestic share with existing chips"),
    "halls for ever": (HallsForEver, "halls that end"),
    "a pipeline as at first": (PipelineAsAtFirst, "pipeline by date"),
    "backup bought again": (BackupBoughtAgain, "backup plant that stands"),
    "tokens undiscounted": (TokensUndiscounted, "cost per token"),
}


def goals(cls, export: dict, words: dict) -> tuple:
    status, values = cls(export, words).solve()
    return status, [value for _, value in values]


def differs(binary: str, what: str, plan: pathlib.Path) -> bool:
    cls, _ = MUTATIONS[what]
    words = read_plan(plan.read_text())
    try:
        export = exported(binary, plan)
        right = goals(Trading if conduct(words) else Stated, export, words)
    except Disagreement:  # a plan that is refused
        return False
    wrong = goals(cls, export, words)
    if right[0] != wrong[0]:
        return True
    scale = max([abs(value) for value in right[1]], default=0.0)
    return any(abs(one - other) > DIFFERS * max(scale, 1e-6) for one, other in zip(right[1], wrong[1], strict=False))


def noticed_by(binary: str, what: str, plans: list) -> tuple[str, str, int]:
    """The first plan that notices, and how many were asked."""
    for asked, plan in enumerate(plans):
        if differs(binary, what, plan):
            return what, plan.name, asked + 1
    return what, "", len(plans)


def main() -> int:
    binary, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    wanted = sys.argv[3:]
    words = {plan: read_plan(plan.read_text()) for plan in sorted(folder.glob("*.ron"))}
    asked = {}
    for what, (cls, feature) in MUTATIONS.items():
        # Where prices form only what states them can be asked. Quick ones first.
        fits = [plan for plan, said in words.items() if issubclass(cls, Trading) or not conduct(said)]
        having = [plan for plan in fits if (FEATURES | LOSSY | BACKED | CARRIED | TRADING)[feature](words[plan])]
        asked[what] = sorted(having, key=lambda plan: hourly(words[plan]))
    asked = {what: plans for what, plans in asked.items() if not wanted or what in wanted}
    missed = 0
    with concurrent.futures.ProcessPoolExecutor() as workers:
        for what, plan, count in workers.map(noticed_by, itertools.repeat(binary), asked, asked.values()):
            print(f"{'ok' if plan else 'FAIL':4}  {what}: {f'noticed by {plan}' if plan else 'noticed by none'} of {count} asked", flush=True)
            missed += not plan
    print(f"{len(asked) - missed} of {len(asked)} mutations are noticed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
