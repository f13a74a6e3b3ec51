"""The linear program of a resolved plan, stated a second time.

Written from the formulation's text alone (its sets, columns, families and objectives) and fed with
what `tokenworks export PLAN --resolved FILE.json` writes. Nothing here comes from `src/`: every family
is in its plain form, with a column for every quantity the text names and a row for every sentence.
None of the reductions of the program proper is used, and where the text defines a coefficient
(annuities, discounting, landed capex, token duties) it is computed again here and must agree.

Units: thousand chips, MW, GWh, MWh of batteries, Gtok an hour, Ttok sold, M$, kt, ML, ZFLOP.
"""

from __future__ import annotations

import csv
import math
import pathlib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

import highspy
import numpy as np

from after_tax import after_tax

INF = math.inf
LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


class Disagreement(Exception):
    """A coefficient of the export that the formulation's text would compute differently."""


def month(text: str) -> int:
    """Months since year 0 of "2027-01"; "start" is before every date."""
    if text == "start":
        return -(10**9)
    year, number = text.split("-")
    return int(year) * 12 + int(number) - 1


def steps_at(steps, when: int):
    """The step in force, or None before the first."""
    if steps is None:
        return None
    if not isinstance(steps, dict):
        return float(steps)
    if steps.get("kind") == "Stated":
        return steps_at(steps["value"], when)
    if steps.get("kind") == "Curve":
        return curve_at(steps, when)
    found = None
    for date, value in sorted(steps.items(), key=lambda entry: month(entry[0])):
        if month(date) <= when:
            found = float(value)
    return found


# First month of the plan at hand, where curves begin that do not say when.
START = [0]


def curve_at(curve, when: int) -> float:
    """A number that changes by a factor a year: given, by a half-life, or a curve's of the catalog."""
    if curve.get("catalog") is not None:
        with (pathlib.Path(__file__).parents[2] / "assets/catalog/curves.csv").open(newline="") as file:
            factor = next(float(row["factor_per_year"]) for row in csv.DictReader(file) if row["id"] == curve["catalog"])
    else:
        factor = curve["factor_per_year"] if "factor_per_year" in curve else 0.5 ** (1 / curve["half_life_years"])
    value = curve["from"] * factor ** ((when - (month(curve["since"]) if "since" in curve else START[0])) / 12)
    return min(max(value, curve.get("floor", -math.inf)), curve.get("ceiling", math.inf))


def model_at(served, when: int) -> str:
    """The served model in force: one, or the last dated on or before."""
    if not isinstance(served, dict):
        return served
    return max(((month(date), model) for date, model in served.items() if month(date) <= when), key=lambda entry: entry[0])[1]


def in_period(value, p: int) -> float:
    """A number that may be given by period."""
    return value[p] if isinstance(value, list) else value


def crf(rate: float, years: float) -> float:
    return 1.0 / years if rate == 0 else rate / (1.0 - (1.0 + rate) ** (-years))


def agree(what: str, text: float, export: float) -> None:
    if abs(text - export) > 1e-9 * max(1.0, abs(text), abs(export)):
        raise Disagreement(f"{what}: {text!r} by the text, {export!r} in the export")


def restricted(rule, chip) -> bool:
    """Whether a licence is needed: from the origin named, at the first threshold or in a further class."""
    reaches = lambda known, least: least is None or (known is not None and known >= least)
    classes = [{"tpp_at_least": rule["tpp_at_least"]}] + rule.get("further_classes", [])
    return rule.get("origin") in (None, chip["origin"]) and any(
        reaches(chip.get("tpp"), c.get("tpp_at_least"))
        and reaches(chip.get("performance_density"), c.get("performance_density_at_least"))
        and reaches(chip.get("memory_tb_per_s"), c.get("memory_tb_per_s_at_least"))
        for c in classes
    )


class Linear(defaultdict):
    """A linear expression: coefficients by column, and a constant under the key -1."""

    def __init__(self, terms=()):
        super().__init__(float)
        for column, value in terms:
            self[column] += value

    def add(self, other, factor: float = 1.0) -> "Linear":
        if isinstance(other, int):
            self[other] += factor
        elif isinstance(other, (float, np.floating)):
            self[-1] += other * factor
        else:
            for column, value in other.items():
                self[column] += value * factor
        return self


@dataclass
class Program:
    """Columns from zero to an upper bound, rows between two bounds."""

    upper: list = field(default_factory=list)
    lower: list = field(default_factory=list)
    names: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    whole: set = field(default_factory=set)

    def column(self, name: str, upper: float = INF, lower: float = 0.0) -> int:
        self.names.append(name)
        self.upper.append(upper)
        self.lower.append(lower)
        return len(self.names) - 1

    def row(self, family: str, expr: Linear, least: float, most: float) -> None:
        self.rows.append((family, expr, least, most))

    def at_most(self, family: str, expr: Linear, most: float = 0.0) -> None:
        self.row(family, expr, -INF, most)

    def at_least(self, family: str, expr: Linear, least: float = 0.0) -> None:
        self.row(family, expr, least, INF)

    def equal(self, family: str, expr: Linear, value: float = 0.0) -> None:
        self.row(family, expr, value, value)

    def best(self, goal: Linear, maximise: bool, extra=(), gap: float | None = None):
        """Status, value and point. `extra` are further rows."""
        rows = self.rows + [("held", *row) for row in extra]
        model = highspy.HighsLp()
        columns = len(self.names)
        model.num_col_ = columns
        model.num_row_ = len(rows)
        cost = np.zeros(columns)
        for column, value in goal.items():
            if column >= 0:
                cost[column] = value
        model.col_cost_ = cost
        model.col_lower_ = np.array(self.lower, dtype=float)
        model.col_upper_ = np.array(self.upper, dtype=float)
        model.offset_ = goal[-1]
        model.sense_ = highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
        starts, index, values, least, most = [0], [], [], [], []
        for _, expr, low, high in rows:
            entries = [(column, value) for column, value in expr.items() if column >= 0 and value != 0.0]
            largest = max((abs(value) for _, value in entries), default=1.0)
            for column, value in entries:
                index.append(column)
                values.append(value / largest)
            starts.append(len(index))
            least.append((low - expr.get(-1, 0.0)) / largest)
            most.append((high - expr.get(-1, 0.0)) / largest)
        model.row_lower_ = np.array(least)
        model.row_upper_ = np.array(most)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(index, dtype=np.int32)
        model.a_matrix_.value_ = np.array(values, dtype=float)
        if self.whole:
            kinds = [highspy.HighsVarType.kInteger if column in self.whole else highspy.HighsVarType.kContinuous for column in range(columns)]
            model.integrality_ = kinds
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        solver.setOptionValue("dual_feasibility_tolerance", 1e-9)
        if gap is not None:
            solver.setOptionValue("mip_rel_gap", gap)
        solver.passModel(model)
        solver.run()
        status = solver.modelStatusToString(solver.getModelStatus())
        if status in ("Primal infeasible or unbounded", "Unknown"):
            solver.setOptionValue("presolve", "off")
            solver.clearSolver()
            solver.run()
            status = solver.modelStatusToString(solver.getModelStatus())
        point = np.array(solver.getSolution().col_value)
        value = float(goal[-1] + sum(coefficient * point[column] for column, coefficient in goal.items() if column >= 0)) if len(point) else math.nan
        return status, value, point


class Stated:
    """A resolved plan as a program, family by family."""

    def __init__(self, export: dict, plan: dict):
        from trade import Tasks  # tasks, and what they ask of the demands

        export = Tasks.ask(export, plan)
        self.x = export
        self.plan = plan
        # What is wanted where the plan does not say: tokens, then NPV at a thousandth.
        wanted, tolerance = plan.get("objective", ["MaxTokens", "MaxNpv"]), plan.get("tolerance_fraction", 1e-3)
        if wanted != export["goals"]:
            raise Disagreement(f"goals: {wanted} by the text, {export['goals']} in the export")
        agree("tolerance", tolerance, export["tolerance_fraction"])
        self.lp = Program()
        self.costs = Linear()  # discounted M$
        self.opex = defaultdict(Linear)  # undiscounted M$ by period, all but annuities
        self.running, self.things = Linear(), []
        self.capex = defaultdict(Linear)  # M$ by period of the order
        self.policies = [(entry["id"], entry["terms"]) for entry in export["policies"]]
        self.time()
        from power import Power  # states tariffs and connections over the columns here

        self.tariffs = Power(self)
        self.losses = self.losses_of()
        self.shed = []  # columns of what is shed with their discount, discounted M$
        self.windows_of = {}
        self.entities()
        self.columns()
        self.chip_supply()
        self.hall_capacity()
        self.fleet()
        self.whole_replicas()
        self.token_production()
        self.data_pipeline()
        self.power()
        self.contract_terms()
        self.demand_charge()
        self.battery()
        self.balances()
        self.demand()
        self.tasks_of().state()
        self.power_subsidies()
        self.losses.feeds()
        self.losses.resilience()
        self.export_rules()
        self.chip_policy()
        self.training()
        self.carbon_water()
        self.sourcing()
        self.buildout()
        self.decisions()
        self.budget()
        self.objectives()

    def losses_of(self):
        from losses import Losses  # operating points, feeds, what is shed and what goes on after a loss

        return Losses(self)

    def backups_of(self):
        from backup import Backups  # plant that runs in events of a connection

        return Backups(self)

    def tasks_of(self):
        from trade import Tasks

        return Tasks(self)

    # ---- sets and time

    def time(self):
        calendar = self.x["calendar"]
        self.rate = calendar["discount_rate_fraction"]
        self.beta = calendar["block_hours"]
        self.period_months = calendar["period_months"]
        start = month(calendar["start"])
        self.periods = []
        for number, period in enumerate(calendar["periods"]):
            begins = start + number * self.period_months
            days = sum(LENGTHS[(begins + offset) % 12] for offset in range(self.period_months))
            agree(f"start of period {number}", begins, month(period["start"]))
            agree(f"days of period {number}", days, period["days"])
            year = 1 + (number * self.period_months) // 12
            agree(f"discount of period {number}", (1 + self.rate) ** (-year), period["discount_factor"])
            agree(f"hours of period {number}", 24.0 * days, sum(period["hours_by_slice"]))
            months = sum(group["months"] for group in period["peak_groups"])
            agree(f"months of period {number}", self.period_months, months)
            self.periods.append({"start": begins, "days": days, "years": days / 365.0, "discount": (1 + self.rate) ** (-year), "theta": period["hours_by_slice"], "groups": period["peak_groups"]})
        self.P = range(len(self.periods))
        self.slices = calendar["slices"]
        self.days = {day["id"]: day["days_by_period"] for day in calendar["days"]}
        # A slice exists in a period only where it stands for some time.
        self.T = [[t for t in range(len(self.slices)) if period["theta"][t] > 0] for period in self.periods]
        self.D = [[day for day in self.days if self.days[day][p] > 0] for p in self.P]
        for p in self.P:
            for t in self.T[p]:
                agree("hours of a slice", self.days[self.slices[t]["day"]][p] * self.beta, self.theta(p, t))

        self.order_of_days()

    def order_of_days(self):
        """The days of a period one after the other, where the slices are in order; and how often they come."""
        self.chain, self.turns = {}, {}
        slices = self.plan["slices"]
        if slices == "Hourly":
            agree("slices of the year", 8760, len(self.slices))
            name = lambda month_number, day, _: f"{month_number + 1:02d}-{day + 1:02d}"
        elif slices.get("linked"):
            of_year = self.x["calendar"]["days_in_order"]
            agree("days of the year", 365, len(of_year))
            for number, day in enumerate(of_year):
                months = slices["days"][day].get("months")
                in_month = next(position for position in range(12) if number < sum(LENGTHS[: position + 1])) + 1
                if months and in_month not in months:
                    raise Disagreement(f"day {number} of the year is {day}, which does not name month {in_month}")
            name = lambda month_number, day, first: of_year[first + day]
        else:
            return
        for p in self.P:
            # A period longer than a year goes through it several times, each time alike.
            self.turns[p] = max(1, self.period_months // 12)
            order = []
            for offset in range(min(self.period_months, 12)):
                number = (self.periods[p]["start"] + offset) % 12
                order += [name(number, day, sum(LENGTHS[:number])) for day in range(LENGTHS[number])]
            self.chain[p] = order
            for day, stands_for in self.days.items():
                agree(f"days that {day} stands for in period {p}", order.count(day) * self.turns[p], stands_for[p])

    def windows(self, m, p):
        """When work may be moved: (name, days in it by representative day, how often it comes)."""
        if (m, p) in self.windows_of:
            return self.windows_of[m, p]
        urgency = self.plan["products"][m].get("urgency", "Interactive")
        if self.waits(urgency) == "WithinDay":
            found = [(day, {day: 1.0}, self.days[day][p]) for day in self.D[p]]
        elif self.waits(urgency) == "WithinPeriod":
            found = [("period", {day: self.days[day][p] for day in self.D[p]}, 1.0)]
        else:
            assert self.waits(urgency) == "WithinWeek", urgency
            order = self.chain[p]
            found = []
            for first in range(0, len(order), 7):
                week = order[first : first + 7]
                found.append((f"week{first // 7}", {day: float(week.count(day)) for day in dict.fromkeys(week)}, float(self.turns[p])))
        self.windows_of[m, p] = found
        return found

    def waits(self, urgency):
        return urgency

    def theta(self, p, t):
        return self.periods[p]["theta"][t]

    def of_day(self, p, day):
        return [t for t in self.T[p] if self.slices[t]["day"] == day]

    @staticmethod
    def level(level, p, t):
        """A number by period and slice."""
        return level["by_period"][p] * (level["by_slice"][t] if "by_slice" in level else 1.0)

    def years_of(self, periods: int) -> float:
        return periods * self.period_months / 12.0

    def annuity(self, what, capex, lead, life, export):
        text = capex * (1 + self.rate) ** self.years_of(lead) * crf(self.rate, self.years_of(life))
        agree(f"annuity of {what}", text, export)
        return text

    # ---- money

    def charge(self, p, what, amount, annuity=False):
        """M$ per unit of a column or expression (or a fixed amount) in a period."""
        expr = Linear([(what, amount)]) if isinstance(what, int) else Linear().add(what, amount) if what is not None else Linear([(-1, amount)])
        self.costs.add(expr, self.periods[p]["discount"])
        if not annuity:
            self.opex[p].add(expr)
            self.running.add(expr, self.periods[p]["discount"])

    def order_cost(self, q, column, capex, annuity, lead, life, what="chips"):
        """Capex in the period of the order; annuities for the whole life."""
        self.capex[q].add(column, capex)
        self.things.append((q, column, capex, annuity, lead, life, what))
        for p in self.P:
            if q + lead <= p < q + lead + life:
                self.charge(p, column, annuity * self.periods[p]["years"], annuity=True)

    def can_arrive(self, lead):
        return [q for q in self.P if q + lead < len(self.periods)]

    # ---- entities

    def entities(self):
        self.places = {place["id"]: place for place in self.x["places"]}
        self.sites = {key: place["site"] for key, place in self.places.items() if "site" in place}
        self.chips = {chip["id"]: chip for chip in self.x["chips"]}
        self.products = {product["id"]: product for product in self.x["products"]}
        self.markets = {market["id"]: market for market in self.x["markets"]}
        self.best_rates = {(rate["chip"], rate["product"]): rate for rate in self.x["rates"]}
        self.own_rates = {(rate["place"], rate["chip"], rate["product"]): rate["by_period"] for rate in self.x["rates_at_places"]}
        self.pools = self.x["pools"]
        self.backups = self.backups_of()
        self.contracts = [k for k in self.x["contracts"] if not k["path"].endswith(".backup")] + self.backups.all()
        for product in self.products.values():
            for p in self.P:
                full = in_period(product["prompt_tokens"], p) / in_period(product["answer_tokens"], p)
                agree("prompts per answer", full * (1 - in_period(product["cache_hit_fraction"], p)), in_period(product["prefilled_prompt_per_answer"], p))
                agree("all prompts per answer", full, in_period(product["full_prompt_per_answer"], p))
        self.replicas()
        for pool in self.pools:
            if "rental" in pool:
                continue
            chip, place = self.chips[pool["chip"]], self.places[pool["place"]]
            duty = lambda q: sum(self.not_before(rule["rate_fraction"], q) for _, rule in self.policies if rule["kind"] == "ImportDuty" and rule["site_country"] == place["country"] and rule["origin"] == chip["origin"])
            subsidy = lambda q: sum(
                self.not_before(rule["rate_fraction"], q)
                for _, rule in self.policies
                if rule["kind"] == "CapexSubsidy" and rule.get("ceiling_musd") is None and rule["site"] == pool["place"] and rule.get("chip") in (None, pool["chip"])
            )
            for q in self.P:
                landed = in_period(chip["capex_musd_per_thousand"], q) * (1 + duty(q)) * max(0.0, 1 - subsidy(q))
                agree(f"landed capex of {pool['chip']}", landed, in_period(pool["landed_capex_musd_per_thousand"], q))
                self.annuity(pool["chip"], landed, chip["lead_periods"], chip["life_periods"], in_period(pool["annuity_musd_per_thousand_year"], q))

    def not_before(self, steps, p: int) -> float:
        """A duty or subsidy by date: none before its first step."""
        return steps_at(steps, self.periods[p]["start"]) or 0.0

    def can_stand(self, i, p) -> float:
        """Thousand chips of a pool at most in a period: existing, and all that can have been bought by
        then and still lives, as far as the site's halls have room; rented ones at their most."""
        pool = self.pools[i]
        if "rental" in pool:
            return pool["rental"]["at_most_thousand_by_period"][p]
        chip, site = self.chips[pool["chip"]], self.sites[pool["place"]]
        lead, life = chip["lead_periods"], chip["life_periods"]
        bought = sum(chip["supply_thousand_by_period"][q] for q in self.P if q + lead <= p < q + lead + life)
        racks = 0.0
        for number, hall in [(1.0, hall) for hall in site["halls"] if hall["in_service_from_period"] <= p < hall.get("in_service_until_period", INF)] + [
            (kind["at_most"], kind) for kind in site["buildable"] if kind["lead_periods"] <= p and kind["at_most"] > 0
        ]:
            if hall["liquid"] or not chip["liquid"]:
                racks += number * hall.get("rack_positions", INF)
        mw = self.losses.most_behind(pool["place"], p, chip["liquid"])
        room = min(INF if site["oversubscribed"] else mw / chip["all_in_kw"], racks * chip["chips_per_rack"] * 1e-3)
        return min(pool["existing_thousand_by_period"][p] + bought, room)

    def replicas(self):
        """A rate is offered only where as many chips can stand as serve together."""
        for i, pool in enumerate(self.pools):
            for m in self.products:
                for p in self.P:
                    best = self.best_of(pool["chip"], m, p)
                    if best is None:
                        continue
                    most = math.floor(self.can_stand(i, p) * 1e3 + 1e-6)
                    offered = self.rate_of(i, m, p)
                    where = f"{pool['chip']} for {m} at {pool['place']} in period {p}"
                    if most > 0 and offered is not None and self.replica(offered) > max(1, most):
                        raise Disagreement(f"{where}: a replica of {self.replica(offered):g} is offered where {most} chips can stand")
                    if most > 0 and offered is None and self.replica(best) <= most:
                        raise Disagreement(f"{where}: nothing is offered where {most} chips can stand, and {self.replica(best):g} are enough")
                    fastest = best["decode_gtok_per_hour_per_thousand"] * self.gained(pool["chip"], m, p)
                    if offered is not None and most >= self.replica(best) and offered["decode_gtok_per_hour_per_thousand"] < fastest * (1 - 1e-9):
                        raise Disagreement(f"{where}: less than the best is offered where {most} chips can stand, and {self.replica(best):g} are enough")
        for row in self.plan.get("throughput", {}).values():
            best = self.best_rates.get((row["chip"], row["product"]))
            if best is not None and "served_model" not in row:
                agree("replica of stated throughput", row.get("replica_chips", 1.0), self.replica(best))

    def gained(self, chip, m, p) -> float:
        """What speed is by now, by the factors of the chip and of the served model."""
        start = self.periods[p]["start"]
        model = self.plan["served_models"][model_at(self.plan["products"][m]["served_model"], start)]
        return steps_at(self.plan["chips"][chip].get("speed_factor", 1.0), start) * steps_at(model.get("speed_factor", 1.0), start)

    def best_of(self, chip, m, p):
        """The best rates of a chip for what a product asks in a period, before any gain of speed: where served models
        follow one another, those stated for the model in force, else those of every model."""
        product = self.plan["products"][m]
        served = product["served_model"]
        if not isinstance(served, dict):
            lengths = [product.get(name) for name in ("prompt_tokens", "answer_tokens", "cache_hit_fraction")]
            stated = any((row["chip"], row["product"]) == (chip, m) for row in self.plan.get("throughput", {}).values())
            # What the catalog knows of other lengths is not known here.
            return self.best_rates.get((chip, m)) if stated or not any(isinstance(number, dict) for number in lengths) else None
        model = model_at(served, self.periods[p]["start"])
        rows = [row for row in self.plan["throughput"].values() if (row["chip"], row["product"]) == (chip, m)]
        own = [row for row in rows if row.get("served_model") == model] or [row for row in rows if "served_model" not in row]
        if not own:
            return None
        return {"decode_gtok_per_hour_per_thousand": own[0]["decode_tok_per_s"] * 3.6e-3, "replica": {"prefill_chips": 0.0, "decode_chips": own[0].get("replica_chips", 1.0)}}

    @staticmethod
    def replica(rate) -> float:
        return rate["replica"]["prefill_chips"] + rate["replica"]["decode_chips"]

    def rate_of(self, i, m, p):
        """What a chip of a pool gives for a product in a period, if anything."""
        pool = self.pools[i]
        by_period = self.own_rates.get((pool["place"], pool["chip"], m))
        return self.best_rates.get((pool["chip"], m)) if by_period is None else by_period[p]

    # ---- columns

    def columns(self):
        lp = self.lp
        self.orders, self.in_service, self.rented = {}, {}, {}
        self.order_unit = {}
        racks = self.x["whole"].get("racks") is True
        halls = self.x["whole"].get("halls") is True
        for i, pool in enumerate(self.pools):
            chip = self.chips[pool["chip"]]
            name = f"{pool['place']},{pool['chip']}"
            self.order_unit[i] = chip["chips_per_rack"] * 1e-3 if racks else 1.0
            if "rental" in pool:
                for p in self.P:
                    most = pool["rental"]["at_most_thousand_by_period"][p]
                    if pool["rental"]["committed"]:
                        self.rented[i, p] = lp.column(f"rented[{name},{p}]", most)
                    else:
                        for t in self.T[p]:
                            self.rented[i, p, t] = lp.column(f"rented[{name},{p},{t}]", most)
                continue
            stand_somewhere = [hall["liquid"] for hall in self.sites[pool["place"]]["halls"] + self.sites[pool["place"]]["buildable"]]
            fits = any(liquid or not chip["liquid"] for liquid in stand_somewhere)
            for q in self.can_arrive(chip["lead_periods"]):
                if chip["supply_thousand_by_period"][q] > 0 and fits:
                    self.orders[i, q] = lp.column(f"orders[{name},{q}]")
                    if racks:
                        lp.whole.add(self.orders[i, q])
            for p in self.P:
                self.in_service[i, p] = lp.column(f"in_service[{name},{p}]")
        self.halls = {}
        for s, site in self.sites.items():
            for kind in site["buildable"]:
                if kind["at_most"] > 0:
                    for q in self.can_arrive(kind["lead_periods"]):
                        self.halls[s, kind["id"], q] = lp.column(f"halls[{s},{kind['id']},{q}]")
                        if halls:
                            lp.whole.add(self.halls[s, kind["id"], q])
        # Routes, and what is served on them.
        self.served, self.sold, self.output, self.bought = {}, {}, {}, {}
        demanded = {(demand["market"], demand["product"]) for demand in self.x["demands"]}
        for route in self.x["routes"]:
            s, m, r = route["place"], route["product"], route["market"]
            assert (r, m) in demanded
            for p in self.P:
                if p < self.products[m]["sold_from_period"]:
                    continue
                for key in self.keys(m, p):
                    self.served[s, m, r, p, key] = lp.column(f"served[{s},{m},{r},{p},{key}]")
        for demand in self.x["demands"]:
            r, m = demand["market"], demand["product"]
            for p in self.P:
                if p < self.products[m]["sold_from_period"]:
                    continue
                for g, segment in enumerate(demand["segments"]):
                    self.sold[r, m, p, g] = lp.column(f"sold[{r},{m},{p},{g}]", segment["volume_ttok_by_period"][p])
                for u in self.x["purchases"]:
                    if u["product"] == m and not self.banned(u, r):
                        for key in self.keys(m, p):
                            self.bought[u["id"], r, p, key] = lp.column(f"bought[{u['id']},{r},{p},{key}]")
        # Work of chips.
        self.work = {}
        for i, pool in enumerate(self.pools):
            for m, product in self.products.items():
                for p in range(product["sold_from_period"], len(self.periods)):
                    ratio = in_period(product["prefilled_prompt_per_answer"], p)
                    if product["disaggregated"] or ratio == 0:
                        phases = ["decode"] + (["prefill"] if ratio > 0 else [])
                    else:
                        phases = ["pooled"]
                    phases = [phase + way for phase in phases for way, _, _ in self.losses.ways(i)]
                    for phase in phases if self.rate_of(i, m, p) is not None else []:
                        for t in self.T[p]:
                            self.work[i, m, phase, p, t] = lp.column(f"work[{pool['place']},{pool['chip']},{m},{phase},{p},{t}]")
        self.trained = {}
        for programme in self.x["training"]:
            rates = {entry["chip"]: entry["zflop_per_hour_per_thousand"] for entry in programme["chips"]}
            for i, pool in enumerate(self.pools):
                if "rental" in pool or pool["chip"] not in rates or programme.get("place") not in (None, pool["place"]):
                    continue
                for p in programme["window_periods"]:
                    for way, kw, speed in self.losses.ways(i):
                        column = lp.column(f"training[{programme['id']},{i},{p}]{way}") if programme["rigid"] else None
                        for t in self.T[p]:
                            of_slice = lp.column(f"training[{programme['id']},{i},{p},{t}]{way}") if column is None else column
                            self.trained.setdefault((programme["id"], i, p, t), []).append((of_slice, kw, speed))
        # Power.
        self.draw, self.contract_mw, self.plant = {}, {}, {}
        self.charged, self.discharged, self.state = {}, {}, {}
        for k in self.contracts:
            terms, kind = k["terms"], k["terms"]["kind"]
            if kind in ("pay_as_produced", "baseload", "virtual", "hydro"):
                self.contract_mw[k["id"]] = lp.column(f"contract_mw[{k['id']}]", terms["contract_mw_at_most"], terms["contract_mw_at_least"])
            if kind in ("on_site", "battery"):
                self.plant_orders(k)
            for p in self.P:
                if not k["in_force_by_period"][p]:
                    continue
                for t in self.T[p]:
                    if kind in ("tariff", "pay_as_produced", "baseload", "on_site", "hydro"):
                        self.draw[k["id"], p, t] = lp.column(f"draw[{k['id']},{p},{t}]")
                    elif kind == "battery":
                        self.charged[k["id"], p, t] = lp.column(f"charge[{k['id']},{p},{t}]")
                        self.discharged[k["id"], p, t] = lp.column(f"discharge[{k['id']},{p},{t}]")

    def banned(self, u, r):
        return any(rule["kind"] == "RouteBan" and rule["site_country"] == u["country"] and rule["market_country"] == self.markets[r]["country"] for _, rule in self.policies)

    def plant_orders(self, k):
        terms = k["terms"]
        unit = "mw" if terms["kind"] == "on_site" else "mwh"
        least, most, lead = terms[f"{unit}_at_least"], terms[f"{unit}_at_most"], terms["lead_periods"]
        can = [q for q in self.can_arrive(lead) if k["in_force_by_period"][q + lead]] if most > 0 else []
        if least > 0:
            can = self.ordered_once(can)
        for q in can:
            self.plant[k["id"], q] = self.lp.column(f"plant[{k['id']},{q}]")
        if can:
            total = Linear((self.plant[k["id"], q], 1.0) for q in can)
            self.lp.row("contract_terms", total, least if least > 0 else 0.0, most)

    def ordered_once(self, can):
        """A fixed amount is ordered once, as early as it can serve."""
        return can[:1]

    # ---- families

    def chip_supply(self):
        for c, chip in self.chips.items():
            for q in self.P:
                ordered = Linear((self.orders[i, q], self.order_unit[i]) for i, pool in enumerate(self.pools) if pool["chip"] == c and (i, q) in self.orders)
                self.lp.at_most("chip_supply", ordered, chip["supply_thousand_by_period"][q])

    def hall_space(self, s, p, liquid_only):
        """MW and thousand rack positions of halls in service; no rack limit where some hall has none."""
        mw, racks, counted = Linear(), Linear(), True
        for hall in self.sites[s]["halls"]:
            if hall["in_service_from_period"] <= p < hall.get("in_service_until_period", INF) and (hall["liquid"] or not liquid_only):
                mw.add(float(hall["it_mw"]))
                counted &= "rack_positions" in hall
                racks.add(float(hall.get("rack_positions", 0.0)), 1e-3)
        for kind in self.sites[s]["buildable"]:
            if liquid_only and not kind["liquid"]:
                continue
            for q in self.P:
                if (s, kind["id"], q) in self.halls and q + kind["lead_periods"] <= p < q + kind["lead_periods"] + kind["life_periods"]:
                    mw.add(self.halls[s, kind["id"], q], kind["it_mw"])
                    counted &= "rack_positions" in kind
                    racks.add(self.halls[s, kind["id"], q], kind.get("rack_positions", 0.0) * 1e-3)
        return mw, racks if counted else None

    def hall_capacity(self):
        for s, site in self.sites.items():
            for p in self.P:
                for liquid_only in (False, True):
                    power, racks = Linear(), Linear()
                    for i, pool in enumerate(self.pools):
                        chip = self.chips[pool["chip"]]
                        if pool["place"] == s and "rental" not in pool and (chip["liquid"] or not liquid_only):
                            power.add(self.in_service[i, p], chip["all_in_kw"])
                            racks.add(self.in_service[i, p], 1.0 / chip["chips_per_rack"])
                    mw, positions = self.hall_space(s, p, liquid_only)
                    if not site["oversubscribed"]:
                        self.lp.at_most("hall_capacity", power.add(mw, -1.0))
                    if positions is not None:
                        self.lp.at_most("hall_capacity", racks.add(positions, -1.0))

    def powered_of(self, i, p, t):
        """The column that says how many chips are powered in a slice."""
        pool = self.pools[i]
        if "rental" in pool:
            return self.rented[i, p] if pool["rental"]["committed"] else self.rented[i, p, t]
        drain = self.chips[pool["chip"]]["drain"]
        key = (i, p) if drain == "Never" else (i, p, self.slices[t]["day"]) if drain == "PerDay" else (i, p, t)
        if key not in self.powered:
            self.powered[key] = self.lp.column(f"powered{key}")
            row = Linear([(self.powered[key], 1.0), (self.in_service[i, p], -1.0)])
            if drain == "Never":
                self.lp.equal("fleet", row)
            else:
                self.lp.at_most("fleet", row)
        return self.powered[key]

    def fleet(self):
        self.powered = {}
        for i, pool in enumerate(self.pools):
            chip = self.chips[pool["chip"]]
            lead, life = chip["lead_periods"], chip["life_periods"]
            if "rental" not in pool:
                for q in self.P:
                    if (i, q) in self.orders:
                        unit = self.order_unit[i]
                        self.order_cost(q, self.orders[i, q], in_period(pool["landed_capex_musd_per_thousand"], q) * unit, in_period(pool["annuity_musd_per_thousand_year"], q) * unit, lead, life)
                for p in self.P:
                    alive = Linear([(self.in_service[i, p], 1.0), (-1, -pool["existing_thousand_by_period"][p])])
                    carried = Linear([(self.in_service[i, p], 1.0), (-1, -pool["existing_arrivals_thousand_by_period"][p])])
                    for q in self.P:
                        if (i, q) in self.orders:
                            if q + lead <= p < q + lead + life:
                                alive.add(self.orders[i, q], -self.order_unit[i])
                            if q + lead == p:
                                carried.add(self.orders[i, q], -self.order_unit[i])
                    if p > 0:
                        carried.add(self.in_service[i, p - 1], -1.0)
                    self.lp.at_most("fleet", alive)
                    self.lp.at_most("fleet", carried)
                    self.charge(p, self.in_service[i, p], in_period(chip["om_musd_per_thousand_year"], p) * self.periods[p]["years"])
            for p in self.P:
                for t in self.T[p]:
                    row = Linear()
                    for (j, m, phase, pp, tt), column in self.work_at(i, p, t):
                        row.add(column, 1.0 / self.products[m]["utilisation_cap_fraction"])
                    for column, _, _ in self.trained_at(i, p, t):
                        row.add(column, 1.0)
                    row.add(self.powered_of(i, p, t), -self.available(i))
                    if self.follows(chip) and "rental" not in pool:
                        # Chips that follow the work of a slice are not powered for anything else.
                        self.lp.equal("fleet", row)
                    else:
                        self.lp.at_most("fleet", row)

    def follows(self, chip):
        return chip["drain"] == "PerSlice"

    def available(self, i):
        return self.chips[self.pools[i]["chip"]]["availability_fraction"]

    def whole_replicas(self):
        """In whole-number runs a product is served by at least one whole replica, or not at all."""
        whole = self.x["whole"]
        if not (whole.get("halls") is True or whole.get("racks") is True):
            return
        for i, pool in enumerate(self.pools):
            if "rental" in pool and not pool["rental"]["committed"]:
                continue
            for m in self.products:
                for p in self.P:
                    rate = self.rate_of(i, m, p)
                    if rate is None or self.replica(rate) <= 1:
                        continue
                    served = self.lp.column(f"serves[{i},{m},{p}]", 1.0)
                    self.lp.whole.add(served)
                    there = self.rented[i, p] if "rental" in pool else self.in_service[i, p]
                    self.lp.at_least("fleet", Linear([(there, 1.0), (served, -1e-3 * self.replica(rate))]))
                    most = self.can_stand(i, p)
                    for t in self.T[p]:
                        row = Linear([(served, -most)])
                        for (_, product, _, _, _), column in self.work_at(i, p, t):
                            if product == m:
                                row.add(column, 1.0 / self.products[m]["utilisation_cap_fraction"])
                        self.lp.at_most("fleet", row)

    def work_at(self, i, p, t):
        for m in self.products:
            for phase in ("decode", "prefill", "pooled"):
                for way, _, _ in self.losses.ways(i):
                    if (i, m, phase + way, p, t) in self.work:
                        yield (i, m, phase + way, p, t), self.work[i, m, phase + way, p, t]

    def trained_at(self, i, p, t):
        return [way for g in self.x["training"] for way in self.trained.get((g["id"], i, p, t), [])]

    def made(self, s, m, p, t):
        """Answer tokens a slice makes at a place, Gtok an hour."""
        if self.products[m]["deferrable"]:
            key = (s, m, p, t)
            if key not in self.output:
                self.output[key] = self.lp.column(f"output[{s},{m},{p},{t}]")
            return Linear([(self.output[key], 1.0)])
        return Linear((self.served[s, m, r, p, t], 1.0) for r in self.markets if (s, m, r, p, t) in self.served)

    def token_production(self):
        for s in self.places:
            for m, product in self.products.items():
                for p in self.P:
                    if p < product["sold_from_period"]:
                        continue
                    ratio = in_period(product["prefilled_prompt_per_answer"], p)
                    for t in self.T[p]:
                        answers, prompts = self.made(s, m, p, t), self.made(s, m, p, t)
                        decode, prefill = Linear(), Linear()
                        for i, pool in enumerate(self.pools):
                            rate = self.rate_of(i, m, p)
                            if pool["place"] != s or rate is None:
                                continue
                            d, f = rate["decode_gtok_per_hour_per_thousand"], rate["prefill_gtok_per_hour_per_thousand"]
                            for (_, _, phase, _, _), column in self.work_at(i, p, t):
                                if (i, m, phase, p, t) not in self.work or self.work[i, m, phase, p, t] != column:
                                    continue
                                _, speed = self.losses.way(i, phase)
                                if phase.startswith("decode"):
                                    decode.add(column, d * speed)
                                elif phase.startswith("prefill"):
                                    prefill.add(column, f * speed)
                                else:
                                    # One pooled rate: time for an answer token and for its prompts.
                                    pooled = 0.0 if d <= 0 or f <= 0 else speed / (1.0 / d + ratio / f)
                                    decode.add(column, pooled)
                                    prefill.add(column, pooled * ratio)
                        # Work makes tokens, or it is not done.
                        self.makes(Linear().add(answers).add(decode, -1.0))
                        if ratio > 0:
                            self.makes(Linear().add(prompts, ratio).add(prefill, -1.0))
                    if product["deferrable"]:
                        for key, days, _ in self.windows(m, p):
                            row = Linear()
                            for day, number in days.items():
                                for t in self.of_day(p, day):
                                    row.add(self.made(s, m, p, t), self.beta * number)
                            for r in self.markets:
                                if (s, m, r, p, key) in self.served:
                                    row.add(self.served[s, m, r, p, key], -1.0)
                            self.lp.equal("windows", row)

    def makes(self, row):
        self.lp.equal("token_production", row)

    def data_pipeline(self):
        self.handled = {}
        self.pipeline = {}
        for s, site in self.sites.items():
            pipe = site.get("data_pipeline")
            for p in self.P:
                for t in self.T[p]:
                    handled = Linear()
                    for m, product in self.products.items():
                        if p >= product["sold_from_period"]:
                            handled.add(self.made(s, m, p, t), 1.0 + in_period(product["full_prompt_per_answer"], p))
                    for g in self.x["training"]:
                        rates = {entry["chip"]: entry["zflop_per_hour_per_thousand"] for entry in g["chips"]}
                        for i, pool in enumerate(self.pools):
                            if pool["place"] == s and (g["id"], i, p, t) in self.trained:
                                for column, _, speed in self.trained[g["id"], i, p, t]:
                                    handled.add(column, speed * rates[pool["chip"]] * g["data_gtok_per_zflop"])
                    self.handled[s, p, t] = handled
            if pipe is None:
                continue
            lead, life = pipe["lead_periods"], pipe["life_periods"]
            total = Linear()
            if pipe["expand_at_most_gtok_per_hour"] > 0:
                for q in self.can_arrive(lead):
                    self.pipeline[s, q] = self.lp.column(f"pipeline[{s},{q}]")
                    total.add(self.pipeline[s, q])
                    capex = in_period(pipe["capex_musd_per_gtok_per_hour"], q)
                    annuity = self.annuity("pipeline", capex, lead, life, in_period(pipe["annuity_musd_per_year_and_gtok_per_hour"], q))
                    self.order_cost(q, self.pipeline[s, q], capex, annuity, lead, life, "halls")
                self.lp.at_most("buildout", total, pipe["expand_at_most_gtok_per_hour"])
            for p in self.P:
                for t in self.T[p]:
                    row = Linear().add(self.handled[s, p, t])
                    for q in self.P:
                        if (s, q) in self.pipeline and q + lead <= p < q + lead + life:
                            row.add(self.pipeline[s, q], -1.0)
                    self.lp.at_most("data_pipeline", row, in_period(pipe["capacity_gtok_per_hour"], p))

    def power(self):
        """it_mw, as a column of its own."""
        self.it_mw = {}
        for s, site in self.sites.items():
            for p in self.P:
                for t in self.T[p]:
                    self.it_mw[s, p, t] = self.lp.column(f"it_mw[{s},{p},{t}]")
                    load, liquid = Linear(), Linear()
                    for i, pool in enumerate(self.pools):
                        if pool["place"] != s or "rental" in pool:
                            continue
                        chip = self.chips[pool["chip"]]
                        of_pool = Linear([(self.powered_of(i, p, t), chip["idle_kw"])])
                        for (_, _, phase, _, _), column in self.work_at(i, p, t):
                            of_pool.add(column, self.losses.way(i, phase)[0] - chip["idle_kw"])
                        for column, kw, _ in self.trained_at(i, p, t):
                            of_pool.add(column, kw - chip["idle_kw"])
                        load.add(of_pool)
                        if chip["liquid"]:
                            liquid.add(of_pool)
                    if "data_pipeline" in site:
                        load.add(self.handled[s, p, t], site["data_pipeline"]["mw_per_gtok_per_hour"])
                    self.lp.equal("it_power", load.add(self.it_mw[s, p, t], -1.0))
                    if site["oversubscribed"]:
                        self.lp.at_most("it_power", Linear([(self.it_mw[s, p, t], 1.0)]).add(self.losses.fed(s, p, False), -1.0))
                        self.lp.at_most("it_power", liquid.add(self.losses.fed(s, p, True), -1.0))

    def alive(self, k, p):
        terms = k["terms"]
        unit = "mw" if terms["kind"] == "on_site" else "mwh"
        alive = Linear([(-1, float(terms[f"existing_{unit}"]))])
        for q in self.P:
            if (k["id"], q) in self.plant and q + terms["lead_periods"] <= p < q + terms["lead_periods"] + terms["life_periods"]:
                alive.add(self.plant[k["id"], q])
        return alive

    def contract_terms(self):
        for k in self.contracts:
            terms, kind, id_ = k["terms"], k["terms"]["kind"], k["id"]
            mw = self.contract_mw.get(id_)
            if kind in ("on_site", "battery"):
                per = "mw" if kind == "on_site" else "mwh"
                capex, om = terms[f"capex_musd_per_{per}"], terms[f"om_musd_per_{per}_year"]
                lead, life = terms["lead_periods"], terms["life_periods"]
                for q in self.P:
                    if (id_, q) in self.plant:
                        annuity = self.annuity(id_, in_period(capex, q), lead, life, in_period(terms[f"annuity_musd_per_{per}_year"], q))
                        self.order_cost(q, self.plant[id_, q], in_period(capex, q), annuity, lead, life, "plant")
                for p in self.P:
                    if self.kept_up(k, p):
                        self.charge(p, self.alive(k, p), in_period(om, p) * self.periods[p]["years"])
            for p in self.P:
                if not k["in_force_by_period"][p]:
                    continue
                years = self.periods[p]["years"]
                if kind == "tariff":
                    self.charge(p, None, terms["fixed_musd_per_year_by_period"][p] * years)
                    if terms.get("interruptible"):
                        self.charge(p, None, -in_period(terms["interruptible"]["credit_musd_per_year"], p) * years)
                if kind == "baseload":
                    hours = sum(self.theta(p, t) for t in self.T[p])
                    short = self.lp.column(f"short[{id_},{p}]")
                    row = Linear([(short, 1.0)])
                    for t in self.T[p]:
                        row.add(self.draw[id_, p, t], self.theta(p, t) * 1e-3)
                    row.add(mw, -terms["take_or_pay_fraction"] * terms["availability_fraction"] * hours * 1e-3)
                    self.lp.at_least("contract_terms", row)
                    self.charge(p, short, self.level(terms["energy_usd_per_mwh"], p, self.T[p][0]) * 1e-3)
                for t in self.T[p]:
                    hours = self.theta(p, t)
                    if kind == "tariff":
                        draw = self.draw[id_, p, t]
                        cap = terms.get("cap_mw_by_period", {p: None})[p]
                        if cap is not None:
                            self.lp.at_most("contract_terms", Linear([(draw, 1.0)]), cap)
                        held = terms.get("interruptible")
                        if held and t in held["slices"]:
                            self.lp.at_most("contract_terms", Linear([(draw, 1.0)]), held["cap_mw"])
                        self.charge(p, draw, hours * self.level(terms["energy_usd_per_mwh"], p, t) * 1e-6)
                    elif kind == "pay_as_produced":
                        draw, output = self.draw[id_, p, t], terms["output_per_mw_by_slice"][t]
                        if self.tariffs.below_zero(id_, p, t, "Curtails"):
                            output = 0.0
                        self.lp.at_most("contract_terms", Linear([(draw, 1.0), (mw, -output)]))
                        if not self.tariffs.below_zero(id_, p, t, "NoSettlement"):
                            self.charge(p, mw, hours * output * terms["produced_usd_per_mwh_by_period"][p] * 1e-6)
                        resale = in_period(terms.get("resale_usd_per_mwh") or 0.0, p)
                        self.charge(p, Linear([(mw, output), (draw, -1.0)]), -hours * resale * 1e-6)
                    elif kind == "baseload":
                        draw = self.draw[id_, p, t]
                        self.lp.at_most("contract_terms", Linear([(draw, 1.0), (mw, -terms["availability_fraction"])]))
                        self.charge(p, draw, hours * self.level(terms["energy_usd_per_mwh"], p, t) * 1e-6)
                    elif kind == "on_site":
                        draw = self.draw[id_, p, t]
                        self.lp.at_most("contract_terms", Linear([(draw, 1.0)]).add(self.alive(k, p), -terms["output_per_mw_by_slice"][t]))
                        if not self.backups.runs(k, p, t):
                            self.lp.at_most("contract_terms", Linear([(draw, 1.0)]), 0.0)
                        self.charge(p, draw, hours * self.level(terms["energy_usd_per_mwh"], p, t) * 1e-6)
                    elif kind == "hydro":
                        draw = self.draw[id_, p, t]
                        self.lp.at_most("contract_terms", Linear([(draw, 1.0), (mw, -1.0)]))
                        self.charge(p, draw, hours * self.level(terms["energy_usd_per_mwh"], p, t) * 1e-6)
                    elif kind == "virtual":
                        reference = self.level(terms["reference_usd_per_mwh"], p, t)
                        self.charge(p, mw, hours * terms["output_per_mw_by_slice"][t] * self.tariffs.settled(id_, in_period(terms["strike_usd_per_mwh"], p), reference) * 1e-6)

            if kind == "hydro" or self.backups.has_permit(k):
                self.water_of_years(k)

    def year_of(self, p):
        """The year of yearly limits, from where the plan says that years begin; a longer period is its own."""
        begins = self.plan["horizon"].get("year_begins")
        start = self.periods[0]["start"]
        before = 0 if begins in (None, "start") else (start - month(begins)) % 12
        return (before + p * self.period_months) // max(12, self.period_months)

    def water_of_years(self, k):
        """A year's energy of a hydro contract, or of a permit, may be drawn in any of its periods in force."""
        in_force = [p for p in self.P if k["in_force_by_period"][p]]
        for year in sorted({self.year_of(p) for p in in_force}):
            periods = [p for p in in_force if self.year_of(p) == year]
            drawn = Linear((self.draw[k["id"], p, t], self.theta(p, t) * 1e-3) for p in periods for t in self.T[p])
            self.lp.at_most("contract_terms", drawn, sum(k["terms"]["gwh_per_year_by_period"][p] * self.periods[p]["years"] for p in periods))

    def kept_up(self, k, p):
        return k["in_force_by_period"][p]

    # What a tariff says beyond a demand charge on each month's peak; such plans are stated month by month.
    MONTHLY = ("ratchet_fraction", "demand_charges", "energy_charges", "minimum_bill")

    def demand_charge(self):
        if any(contract["terms"].get(field) for contract in self.plan.get("contracts", {}).values() for field in self.MONTHLY):
            self.tariffs.check()
            self.tariffs.tariffs()
            return
        for k in self.contracts:
            if k["terms"]["kind"] != "tariff":
                continue
            for p in self.P:
                charge = k["terms"]["demand_charge_musd_per_mw_month_by_period"][p]
                if not k["in_force_by_period"][p] or charge == 0:
                    continue
                for number, group in enumerate(self.periods[p]["groups"]):
                    peak = self.lp.column(f"peak[{k['id']},{p},{number}]")
                    self.charge(p, peak, charge * group["months"])
                    for t in self.T[p]:
                        if self.slices[t]["day"] in group["days"]:
                            self.lp.at_most("demand_charge", Linear([(self.draw[k["id"], p, t], 1.0), (peak, -1.0)]))

    def battery(self):
        for k in self.contracts:
            terms, id_ = k["terms"], k["id"]
            if terms["kind"] != "battery":
                continue
            eta = terms["one_way_efficiency_fraction"]
            for p in self.P:
                if not k["in_force_by_period"][p]:
                    continue
                for t in self.T[p]:
                    both = Linear([(self.charged[id_, p, t], 1.0), (self.discharged[id_, p, t], 1.0)])
                    self.lp.at_most("battery", both.add(self.alive(k, p), -1.0 / terms["duration_hours"]))
                    for column in (self.charged, self.discharged):
                        self.charge(p, column[id_, p, t], self.theta(p, t) * terms["wear_usd_per_mwh"] * 1e-6)
                if p in self.chain and self.across_midnight():
                    self.states_in_order(k, p, eta)
                else:
                    for day in self.D[p]:
                        self.states_around(k, p, eta, self.of_day(p, day))

    def across_midnight(self):
        return True

    def stored(self, id_, p, t, eta):
        return Linear([(self.charged[id_, p, t], self.beta * eta), (self.discharged[id_, p, t], -self.beta / eta)])

    def states_around(self, k, p, eta, slices):
        """States at the end of each slice; the first follows the last."""
        for position, t in enumerate(slices):
            state = self.lp.column(f"state[{k['id']},{p},{t}]")
            self.state[k["id"], p, t] = state
            self.lp.at_most("battery", Linear([(state, 1.0)]).add(self.alive(k, p), -1.0))
        for position, t in enumerate(slices):
            row = Linear([(self.state[k["id"], p, t], 1.0), (self.state[k["id"], p, slices[position - 1]], -1.0)])
            self.lp.equal("battery", row.add(self.stored(k["id"], p, t, eta), -1.0))

    def states_in_order(self, k, p, eta):
        """The state after every block of every day of the period, day after day; the first follows the last.

        Days that the same representative day stands for charge and discharge alike, each from where the
        day before has ended."""
        states = [(day, t, self.lp.column(f"state[{k['id']},{p},{number},{t}]")) for number, day in enumerate(self.chain[p]) for t in self.of_day(p, day)]
        for position, (_, t, state) in enumerate(states):
            self.lp.at_most("battery", Linear([(state, 1.0)]).add(self.alive(k, p), -1.0))
            row = Linear([(state, 1.0), (states[position - 1][2], -1.0)])
            self.lp.equal("battery", row.add(self.stored(k["id"], p, t, eta), -1.0))

    def balances(self):
        """Energy balance and interconnect."""
        for s, site in self.sites.items():
            for p in self.P:
                for t in self.T[p]:
                    supply, grid, named = Linear(), Linear(), {}
                    for k in self.contracts:
                        if k["place"] != s:
                            continue
                        if (k["id"], p, t) in self.draw:
                            supply.add(self.draw[k["id"], p, t])
                            if k["terms"]["kind"] in ("tariff", "pay_as_produced", "baseload", "hydro"):
                                grid.add(self.draw[k["id"], p, t])
                                name = self.plan["contracts"][k["id"]].get("connection")
                                if name:
                                    named.setdefault(name, Linear()).add(self.draw[k["id"], p, t])
                        if (k["id"], p, t) in self.charged:
                            supply.add(self.discharged[k["id"], p, t]).add(self.charged[k["id"], p, t], -1.0)
                    self.lp.equal("energy_balance", supply.add(self.it_mw[s, p, t], -self.level(site["pue"], p, t)))
                    self.tariffs.through(s, grid, named, p, t, site["interconnect_mw_by_period"][p])

    def demand(self):
        for demand in self.x["demands"]:
            r, m = demand["market"], demand["product"]
            shape = self.markets[r]["demand_shape_by_slice"]
            for p in self.P:
                if p < self.products[m]["sold_from_period"]:
                    continue
                sold = Linear((self.sold[r, m, p, g], 1.0) for g in range(len(demand["segments"])))
                total = sum(self.theta(p, t) * shape[t] for t in self.T[p])
                if self.products[m]["deferrable"]:
                    shares = {key: sum(days.values()) / self.periods[p]["days"] for key, days, _ in self.windows(m, p)}
                else:
                    shares = {t: shape[t] / total for t in self.T[p]}
                if self.products[m]["deferrable"]:
                    wanted = {key: Linear().add(sold, 1000.0 * share) for key, share in shares.items()}
                else:
                    wanted = self.losses.wanted(r, m, p, sold, shares)
                for key in shares:
                    row = Linear((self.served[s, m, r, p, key], 1.0) for s in self.places if (s, m, r, p, key) in self.served)
                    for u in self.x["purchases"]:
                        if u["product"] == m and (u["id"], r, p, key) in self.bought:
                            row.add(self.bought[u["id"], r, p, key])
                    self.lp.equal("demand", row.add(wanted[key], -1.0))
        # Egress and token duty.
        for route in self.x["routes"]:
            s, m, r = route["place"], route["product"], route["market"]
            countries = self.places[s]["country"], self.markets[r]["country"]
            for p in self.P:
                duty = self.token_duty(*countries, p)
                agree("token duty", duty, in_period(route["duty_usd_per_mtok"], p))
                self.charge(p, self.tokens_of(s, m, r, p), in_period(route["egress_usd_per_mtok"], p) + duty)

    def power_subsidies(self):
        """So much for a MWh that a site buys; nothing for what stands behind its meter."""
        for _, rule in self.policies:
            if rule["kind"] != "PowerSubsidy":
                continue
            for k in self.contracts:
                bought = k["terms"]["kind"] in ("tariff", "pay_as_produced", "baseload", "hydro")
                if bought and self.is_for(rule, k["place"]) and rule.get("site") in (None, k["place"]) and rule.get("site_country") in (None, self.places[k["place"]]["country"]):
                    for p in self.P:
                        for t in self.T[p]:
                            if (k["id"], p, t) in self.draw:
                                self.charge(p, self.draw[k["id"], p, t], -self.theta(p, t) * self.not_before(rule["usd_per_mwh"], p) * 1e-6)

    def is_for(self, rule, s):
        """Whether a rule that may name an actor is for what stands at a place."""
        return rule.get("actor") is None

    def token_duty(self, made_in: str, sold_in: str, p: int) -> float:
        return sum(self.not_before(rule["usd_per_mtok"], p) for _, rule in self.policies if rule["kind"] == "TokenDuty" and (rule["site_country"], rule["market_country"]) == (made_in, sold_in))

    def ttok(self, columns, m, p):
        """Ttok over a period of columns by slice (Gtok an hour) or by window (Gtok in a window)."""
        total = Linear()
        comes = {key: times for key, _, times in self.windows(m, p)} if self.products[m]["deferrable"] else None
        for key, column in columns:
            total.add(column, (comes[key] if comes else self.theta(p, key)) * 1e-3)
        return total

    def keys(self, m, p):
        """Slices of a live product, windows of one that can wait."""
        return [key for key, _, _ in self.windows(m, p)] if self.products[m]["deferrable"] else self.T[p]

    def tokens_of(self, s, m, r, p):
        return self.ttok([(key, self.served[s, m, r, p, key]) for key in self.keys(m, p) if (s, m, r, p, key) in self.served], m, p)

    def bought_of(self, u, r, p):
        m = u["product"]
        return self.ttok([(key, self.bought[u["id"], r, p, key]) for key in self.keys(m, p) if (u["id"], r, p, key) in self.bought], m, p)

    def export_rules(self):
        for _, rule in self.policies:
            for p in self.P:
                if rule["kind"] == "ExportShare":
                    inside = [s for s, place in self.places.items() if place["country"] == rule["site_country"] and self.exports(s)]
                    # The country's sites and rented places together, unless each is held alone.
                    for held in [[s] for s in inside] if self.scope(rule) == "Site" else [inside]:
                        row = Linear()
                        for route in self.x["routes"]:
                            if route["place"] in held:
                                abroad = self.markets[route["market"]]["country"] != rule["site_country"]
                                row.add(self.tokens_of(route["place"], route["product"], route["market"], p), (1.0 if abroad else 0.0) - rule["maximum_fraction"])
                        self.lp.at_most("export_rules", row)
                elif rule["kind"] == "Residency":
                    r, row = rule["market"], Linear()
                    country = self.markets[r]["country"]
                    for m in self.products:
                        for s, place in self.places.items():
                            if place["country"] == country:
                                row.add(self.tokens_of(s, m, r, p))
                        for u in self.x["purchases"]:
                            if u["product"] == m and u["country"] == country:
                                row.add(self.bought_of(u, r, p))
                    for (market, _, period, _), column in self.sold.items():
                        if market == r and period == p:
                            row.add(column, -rule["minimum_fraction"])
                    self.lp.at_least("export_rules", row)

    def exports(self, s):
        return True

    def counts_existing(self, rule):
        return rule.get("include_existing")

    def scope(self, rule):
        return rule.get("scope", "Country")

    def chip_policy(self):
        for id_, rule in self.policies:
            if rule["kind"] == "ChipLicence":
                for p in self.P:
                    row = Linear()
                    for i, pool in enumerate(self.pools):
                        chip = self.chips[pool["chip"]]
                        if "rental" not in pool and self.places[pool["place"]]["country"] == rule["site_country"] and self.is_for(rule, pool["place"]):
                            if restricted(rule, chip):
                                row.add(self.in_service[i, p])
                    self.lp.at_most("chip_policy", row, (steps_at(rule["at_most"], self.periods[p]["start"]) or 0.0) * 1e-3)
            elif rule["kind"] == "DomesticShare":
                row = Linear()
                for i, pool in enumerate(self.pools):
                    chip = self.chips[pool["chip"]]
                    if "rental" in pool or self.places[pool["place"]]["country"] != rule["site_country"]:
                        continue
                    weight = ((1.0 if chip["origin"] == rule["site_country"] else 0.0) - rule["minimum_fraction"]) * chip["tpp"] * 1e-3
                    for q in self.P:
                        if (i, q) in self.orders:
                            row.add(self.orders[i, q], weight * self.order_unit[i])
                    if self.counts_existing(rule):
                        arrivals = pool["existing_arrivals_thousand_by_period"]
                        row.add(float(sum(arrivals)), weight)
                home, away = (rule.get(f"ordered_{side}_tpp", 0.0) * 1e-6 for side in ("domestic", "foreign"))
                row.add(home - rule["minimum_fraction"] * (home + away))
                self.lp.at_least("chip_policy", row)
            elif rule["kind"] == "CapexSubsidy" and rule.get("ceiling_musd") is not None:
                total = Linear()
                for (i, q), ordered in self.orders.items():
                    pool = self.pools[i]
                    chip = self.chips[pool["chip"]]
                    if pool["place"] != rule["site"] or rule.get("chip") not in (None, pool["chip"]):
                        continue
                    column = self.lp.column(f"subsidy[{id_},{i},{q}]")
                    total.add(column)
                    landed = in_period(pool["landed_capex_musd_per_thousand"], q)
                    self.lp.at_most("chip_policy", Linear([(column, 1.0), (ordered, -self.not_before(rule["rate_fraction"], q) * landed * self.order_unit[i])]))
                    per_musd = in_period(pool["annuity_musd_per_thousand_year"], q) / landed if landed > 0 else 0.0
                    self.order_cost(q, column, -1.0, -per_musd, chip["lead_periods"], chip["life_periods"])
                self.lp.at_most("chip_policy", total, rule["ceiling_musd"])

    def training(self):
        for g in self.x["training"]:
            rates = {entry["chip"]: entry["zflop_per_hour_per_thousand"] for entry in g["chips"]}
            hours = sum(24.0 * self.periods[p]["days"] for p in g["window_periods"])
            mean = g["need_zflop"] / hours
            total = Linear()
            for p in g["window_periods"]:
                for t in self.T[p]:
                    rate = Linear()
                    for i, pool in enumerate(self.pools):
                        if (g["id"], i, p, t) in self.trained:
                            for column, _, speed in self.trained[g["id"], i, p, t]:
                                rate.add(column, speed * rates[pool["chip"]])
                    total.add(rate, self.theta(p, t))
                    if g["rigid"]:
                        self.at_rate(rate, mean)
                    else:
                        self.lp.at_least("training", rate, g["floor_fraction"] * mean)
            self.lp.at_least("training", total, g["need_zflop"])

    def at_rate(self, rate, mean):
        self.lp.at_least("training", rate, mean)

    def carbon_water(self):
        for id_, rule in self.policies:
            site = rule.get("site")
            at = [k for k in self.contracts if site in (None, k["place"])]
            if rule["kind"] in ("CarbonCap", "CarbonPrice"):
                for p in self.P:
                    start, years = self.periods[p]["start"], self.periods[p]["years"]
                    carbon = Linear()
                    for k in at:
                        if rule.get("site_country") not in (None, self.places[k["place"]]["country"]):
                            continue
                        for t in self.T[p]:
                            if (k["id"], p, t) in self.draw:
                                carbon.add(self.draw[k["id"], p, t], self.theta(p, t) * self.level(k["carbon_g_per_kwh"], p, t) * 1e-6)
                    if rule["kind"] == "CarbonCap":
                        self.lp.at_most("carbon_water", carbon, (steps_at(rule["kt_per_year"], start) or 0.0) * years)
                    else:
                        price = steps_at(rule["usd_per_t"], start)
                        if price is None:
                            raise Disagreement(f"{id_} has no carbon price in period {p}: an error by the text")
                        self.charge(p, carbon, price * 1e-3)
            elif rule["kind"] == "WaterCap":
                for p in self.P:
                    water = Linear()
                    for s, facts in self.sites.items():
                        if site in (None, s):
                            for t in self.T[p]:
                                water.add(self.it_mw[s, p, t], self.theta(p, t) * self.level(facts["pue"], p, t) * facts["water_l_per_kwh"] * 1e-3)
                    self.lp.at_most("carbon_water", water, (steps_at(rule["ml_per_year"], self.periods[p]["start"]) or 0.0) * self.periods[p]["years"])
            elif rule["kind"] == "RenewableShare":
                for year in sorted({self.year_of(p) for p in self.P}):
                    self.renewable(rule, at, [p for p in self.P if self.year_of(p) == year])

    def renewable(self, rule, contracts, periods):
        """Renewable draw and certificates, less what batteries lose, against the load."""
        row = Linear()
        annual = rule.get("matching", "Annual") == "Annual"
        for p in periods:
            for t in self.T[p]:
                hours = self.theta(p, t) * 1e-3
                drawn, green, lost, load = Linear(), Linear(), Linear(), Linear()
                for k in contracts:
                    if (k["id"], p, t) in self.draw:
                        drawn.add(self.draw[k["id"], p, t])
                        if k["renewable"]:
                            green.add(self.draw[k["id"], p, t])
                    if k["terms"]["kind"] == "virtual" and self.certifies(k) and k["in_force_by_period"][p]:
                        green.add(self.contract_mw[k["id"]], self.certified(k, p, t))
                    if (k["id"], p, t) in self.charged:
                        lost.add(self.lost(k, p, t, annual))
                for s, site in self.sites.items():
                    if rule.get("site") in (None, s):
                        load.add(self.it_mw[s, p, t], self.level(site["pue"], p, t))
                if annual:
                    row.add(green, hours).add(lost, -hours).add(load, -rule["minimum_fraction"] * hours)
                else:
                    matched = self.lp.column(f"matched[{p},{t}]")
                    self.lp.at_most("carbon_water", Linear([(matched, 1.0)]).add(green, -1.0).add(lost))
                    self.lp.at_most("carbon_water", Linear([(matched, 1.0)]).add(drawn, -1.0))
                    row.add(matched, hours).add(drawn, -rule["minimum_fraction"] * hours)
        self.lp.at_least("carbon_water", row)

    def duty_on_bought(self, made_in, sold_in, p):
        return self.token_duty(made_in, sold_in, p)

    def certified(self, k, p, t):
        """What each MW of a virtual contract certifies: nothing where its plant stands still."""
        still = self.plan["contracts"][k["id"]]["terms"].get("at_negative_prices") == "Curtails" and self.level(k["terms"]["reference_usd_per_mwh"], p, t) < 0
        return 0.0 if still else k["terms"]["output_per_mw_by_slice"][t]

    def certifies(self, k):
        return k["renewable"]

    def lost(self, k, p, t, annual):
        """What a battery loses of renewable energy: over the year, or charged to the hour in which it goes in."""
        if annual:
            return Linear([(self.charged[k["id"], p, t], 1.0), (self.discharged[k["id"], p, t], -1.0)])
        # Of what is charged in an hour, so much never comes back.
        return Linear([(self.charged[k["id"], p, t], 1.0 - k["terms"]["one_way_efficiency_fraction"] ** 2)])

    def sourcing(self):
        for i, pool in enumerate(self.pools):
            if "rental" not in pool:
                continue
            price = pool["rental"]["price_usd_per_chip_hour"]
            for p in self.P:
                for t in self.T[p]:
                    column = self.rented[i, p] if pool["rental"]["committed"] else self.rented[i, p, t]
                    self.charge(p, column, self.theta(p, t) * self.level(price, p, t) * 1e-3)
        for u in self.x["purchases"]:
            deferrable = self.products[u["product"]]["deferrable"]
            for p in self.P:
                bought = [(key, column) for (id_, _, pp, key), column in self.bought.items() if id_ == u["id"] and pp == p]
                if deferrable:
                    spans = [(sum(days.values()), [(column, 1.0) for key, column in bought if key == name]) for name, days, _ in self.windows(u["product"], p)]
                else:
                    spans = [(1.0, [(column, self.beta) for key, column in bought if self.slices[key]["day"] == day]) for day in self.D[p]]
                for days, columns in spans:
                    self.lp.at_most("sourcing", Linear(columns), days * u["at_most_gtok_per_day_by_period"][p])
                for r, market in self.markets.items():
                    # A duty holds for every token made in the country, by whomever.
                    self.charge(p, self.bought_of(u, r, p), u["usd_per_mtok_by_period"][p] + self.duty_on_bought(u["country"], market["country"], p))

    def buildout(self):
        for s, site in self.sites.items():
            for kind in site["buildable"]:
                lead, life = kind["lead_periods"], kind["life_periods"]
                total = Linear()
                for q in self.P:
                    if (s, kind["id"], q) not in self.halls:
                        continue
                    column = self.halls[s, kind["id"], q]
                    total.add(column)
                    capex = in_period(kind["capex_musd"], q)
                    annuity = self.annuity(kind["id"], capex, lead, life, in_period(kind["annuity_musd_per_year"], q))
                    self.order_cost(q, column, capex, annuity, lead, life, "halls")
                    for p in self.P:
                        if q + lead <= p < q + lead + life:
                            self.charge(p, column, in_period(site["om_musd_per_mw_year"], p) * kind["it_mw"] * self.periods[p]["years"])
                self.lp.row("buildout", total, kind["at_least"], kind["at_most"])
            for hall in site["halls"]:
                for p in self.P:
                    if hall["in_service_from_period"] <= p < hall.get("in_service_until_period", INF):
                        self.charge(p, None, in_period(site["om_musd_per_mw_year"], p) * hall["it_mw"] * self.periods[p]["years"])

    def decisions(self):
        for entry in self.x["decisions"]:
            terms = entry["terms"]
            periods = list(self.P)
            if terms.get("month") is not None:
                periods = [p for p in self.P if self.periods[p]["start"] <= month(terms["month"]) < self.periods[p]["start"] + self.period_months]
            row, what = Linear(), terms["what"]
            if what["kind"] == "Chips":
                unit = 1e-3
                for (i, q), column in self.orders.items():
                    if q in periods and (self.pools[i]["place"], self.pools[i]["chip"]) == (terms["site"], what["value"]):
                        row.add(column, self.order_unit[i])
            else:
                unit = 1.0
                for (s, kind, q), column in self.halls.items():
                    if q in periods and (s, kind) == (terms["site"], what["value"]):
                        row.add(column)
            if terms.get("exactly") is not None:
                self.lp.equal("decisions", row, terms["exactly"] * unit)
            else:
                self.lp.at_least("decisions", row, terms.get("at_least", 0.0) * unit)

    def budget(self):
        budget = self.x["budget"]
        total = Linear()
        for p in self.P:
            start, years = self.periods[p]["start"], self.periods[p]["years"]
            total.add(self.capex[p])
            if budget.get("capex_musd_per_period") is not None:
                self.lp.at_most("budget", self.capex[p], steps_at(budget["capex_musd_per_period"], start) or 0.0)
            if budget.get("opex_musd_per_period") is not None:
                self.lp.at_most("budget", self.opex[p], steps_at(budget["opex_musd_per_period"], start) or 0.0)
            if budget.get("energy_gwh_per_year") is not None:
                energy = Linear((column, self.theta(p, t) * 1e-3) for (_, pp, t), column in self.draw.items() if pp == p)
                self.lp.at_most("budget", energy, (steps_at(budget["energy_gwh_per_year"], start) or 0.0) * years)
        if budget.get("capex_musd_total") is not None:
            self.lp.at_most("budget", total, budget["capex_musd_total"])

    # ---- objectives

    def objectives(self):
        self.tokens, self.revenue, self.discounted_tokens = Linear(), Linear(), Linear()
        for demand in self.x["demands"]:
            r, m = demand["market"], demand["product"]
            for p in self.P:
                for g, segment in enumerate(demand["segments"]):
                    if (r, m, p, g) in self.sold:
                        self.tokens.add(self.sold[r, m, p, g], in_period(self.products[m]["quality_weight"], p))
                        self.discounted_tokens.add(self.sold[r, m, p, g], in_period(self.products[m]["quality_weight"], p) * self.worth_of_tokens(p))
                        self.revenue.add(self.sold[r, m, p, g], in_period(segment["usd_per_mtok_with_prompts"], p) * self.periods[p]["discount"])
        for column, musd in self.shed:
            self.revenue.add(column, -musd)
        for u in self.x["purchases"]:
            if not u["counts_as_tokens"]:
                for r in self.markets:
                    for p in self.P:
                        self.tokens.add(self.bought_of(u, r, p), -in_period(self.products[u["product"]]["quality_weight"], p))
                        self.discounted_tokens.add(self.bought_of(u, r, p), -in_period(self.products[u["product"]]["quality_weight"], p) * self.worth_of_tokens(p))
        self.npv = Linear().add(self.revenue).add(self.costs, -1.0)
        if any(goal == "MaxNpvAfterTax" for goal in self.x["goals"]):
            self.npv_after_tax = after_tax(self)

    def worth_of_tokens(self, p):
        return self.periods[p]["discount"]

    def solve(self):
        """Status and the value of each goal by name, in order."""
        goals = self.x["goals"]
        epsilon = self.x["tolerance_fraction"]
        gap = self.x["whole"].get("gap_fraction", 0.01) if self.lp.whole else None
        values, held = [], []
        for goal in goals:
            kind = goal if isinstance(goal, str) else goal["kind"]
            if kind == "MinCostForTtok":
                held.append((self.tokens, goal["value"], INF))
        self.money = 0.0
        self.hold = lambda slack: list(held)
        for goal in goals:
            kind = goal if isinstance(goal, str) else goal["kind"]
            earlier = list(held)
            if kind == "MinCostPerToken":
                status, value, fewest = self.cost_per_token(goal["value"], held)
                if status != "Optimal":
                    return status, values
                values.append(("cost_per_token", value))
                self.hold = partial(self.hold_quotient, earlier, value, fewest)
                held = self.hold(epsilon)
                continue
            name, expr, maximise = {
                "MaxTokens": ("tokens", self.tokens, True),
                "MinCost": ("cost", self.costs, False),
                "MinCostForTtok": ("cost", self.costs, False),
                "MaxNpv": ("npv", self.npv, True),
                "MaxNpvAfterTax": ("npv_after_tax", getattr(self, "npv_after_tax", None), True),
            }[kind]
            status, value, point = self.lp.best(expr, maximise, held, gap)
            if status != "Optimal":
                return status, values
            self.money = max(self.money, abs(self.value(self.revenue, point)), abs(self.value(self.costs, point)))
            values.append((name, value))
            self.hold = partial(self.hold_value, earlier, expr, maximise, value)
            held = self.hold(epsilon)
        return "Optimal", values

    @staticmethod
    def hold_value(earlier, expr, maximise, value, slack):
        give = slack * abs(value)
        return [*earlier, (expr, value - give, INF) if maximise else (expr, -INF, value + give)]

    def hold_quotient(self, earlier, value, fewest, slack):
        most = Linear().add(self.costs).add(self.discounted_tokens, -(value + slack * abs(value)))
        return [*earlier, (self.tokens, fewest, INF), (most, -INF, 0.0)]

    def dearest_first(self):
        """Where no goal is about money, segments are filled from the dearest at the last goal's best: between
        what that brings at its very best and what it brings if it may give way once more."""
        status, low, _ = self.lp.best(self.revenue, True, self.hold(1e-9))
        if status != "Optimal":
            low = -INF
        _, high, _ = self.lp.best(self.revenue, True, self.hold(self.x["tolerance_fraction"]))
        return low, high

    def cost_per_token(self, share, held):
        """Levelised: discounted cost over discounted tokens, by Dinkelbach's method (the ratio at which cost less
        ratio times tokens has a least value of zero)."""
        status, best, point = self.lp.best(self.tokens, True, held)
        if status != "Optimal":
            return status, math.nan, 0.0
        if best <= 1e-12:
            return "nothing", math.nan, 0.0
        fewest = share * best
        held = [*held, (self.tokens, fewest, INF)]
        ratio = self.value(self.costs, point) / self.value(self.discounted_tokens, point)
        for _ in range(50):
            goal = Linear().add(self.costs).add(self.discounted_tokens, -ratio)
            status, least, point = self.lp.best(goal, False, held)
            if status != "Optimal":
                return status, math.nan, 0.0
            ratio = self.value(self.costs, point) / self.value(self.discounted_tokens, point)
            if abs(least) <= 1e-10 * max(1.0, abs(self.value(self.costs, point))):
                break
        return "Optimal", ratio, fewest

    @staticmethod
    def value(expr, point):
        return expr[-1] + sum(coefficient * point[column] for column, coefficient in expr.items() if column >= 0)
