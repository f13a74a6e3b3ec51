"""Markets whose prices form, and tasks that are done in the best way: stated a second time, from the pages alone.

Prices: with what each seller sells at an equilibrium, P(Q) is its marginal cost (competition), P(Q) + P'(Q) q is (few sellers,
each by itself) or P(Q) + P'(Q) Q is (all as one). Found by programs whose curves are cut anew about each answer until nothing moves;
the slope that sellers reckon with is that at the answer.
"""

from __future__ import annotations

import copy
import math

from program import INF, Linear, Program, Stated, month, steps_at

# Where pieces of curves are no finer, as a share of the volume, and what is too little a move to go on.
FINEST, STILL = 2e-5, 5e-5


def conduct(plan: dict):
    for goal in plan.get("objective", []):
        if isinstance(goal, dict) and goal.get("kind") == "MarketEquilibrium":
            return goal["value"]
    return None


class Curve:
    """The demand of a market for a product in a period: prices of volumes in Ttok."""

    def __init__(self, words: dict, curve: dict, start: int, years: float, days: float):
        grown = words.get("growth_factor_per_year", 1.0) ** years * days * 1e-3
        cheaper = words.get("price_factor_per_year", 1.0) ** years
        at = lambda field: steps_at(curve.get(field), start)
        self.straight = curve["kind"] == "Linear"
        if self.straight:
            self.top = at("nobody_buys_at_usd_per_mtok") * cheaper
            self.free = (at("free_gtok_per_day") or 0.0) * grown
            self.most = self.free
        else:
            elasticity = curve["elasticity"]
            self.elasticity = elasticity["value"] if isinstance(elasticity, dict) else elasticity
            self.known = at("at_usd_per_mtok") * cheaper
            self.volume = (at("at_gtok_per_day") or 0.0) * grown
            self.top = INF if curve.get("highest_usd_per_mtok") is None else at("highest_usd_per_mtok") * cheaper
            self.most = self.volume * 1e3**self.elasticity
        # Up to here the highest price is paid.
        self.flat = 0.0 if self.straight or self.top == INF else self.volume * (self.top / self.known) ** -self.elasticity

    def price(self, q: float) -> float:
        if self.straight:
            return self.top * (1 - q / self.free)
        return self.top if q <= self.flat else self.known * (q / self.volume) ** (-1 / self.elasticity)

    def slope(self, q: float) -> float:
        """How much the price falls for one more."""
        if self.straight:
            return self.top / self.free
        return self.known / self.volume / self.elasticity * (q / self.volume) ** (-1 / self.elasticity - 1)

    def area(self, q: float) -> float:
        if self.straight:
            return self.top * (q - q * q / 2 / self.free)
        if q <= 0 or q <= self.flat:
            return self.top * q if q > 0 else 0.0
        power = 1 - 1 / self.elasticity
        scale = self.known * self.volume ** (1 / self.elasticity)
        whole = (lambda to: scale * math.log(to)) if abs(power) < 1e-12 else (lambda to: scale * to**power / power)
        below = self.top * self.flat if self.flat > 0 else 0.0
        return below + whole(q) - (whole(self.flat) if self.flat > 0 else 0.0)

    def revenue(self, q: float) -> float:
        return self.price(q) * q if q > 0 else 0.0


class Trading(Stated):
    """A plan whose prices form."""

    def __init__(self, export: dict, plan: dict):
        export = copy.deepcopy(export)
        for demand in export["demands"]:
            words = self.words_of(plan, demand)
            if words.get("curve"):
                # What is sold in all; what it is worth is said below.
                demand["segments"] = [{"path": "curve", "volume_ttok_by_period": [INF] * len(export["calendar"]["periods"]), "usd_per_mtok_with_prompts": 0.0}]
        super().__init__(export, plan)
        self.actor_limits()

    @staticmethod
    def words_of(plan, demand):
        return plan["markets"][demand["market"]]["demand"].get(demand["product"], {})

    def curve_of(self, r, m, p):
        words = self.plan["markets"][r]["demand"].get(m, {})
        return Curve(words, words["curve"], self.periods[p]["start"], p * self.period_months / 12, self.periods[p]["days"]) if words.get("curve") else None

    # ---- whose is what

    def owner(self, named, country):
        actors = self.plan.get("actors", {})
        if named:
            return named
        of_country = [id_ for id_, actor in actors.items() if actor.get("country") == country and country]
        return of_country[0] if len(of_country) == 1 else next(iter(actors)) if len(actors) == 1 else None

    def owner_of_place(self, s):
        words = self.plan["sites"].get(s)
        if words is not None:
            return self.owner(words.get("actor"), words["country"])
        rental = self.plan["rentals"][s]
        at = self.plan["sites"].get(rental.get("site") or "", {})
        return self.owner(rental.get("actor") or at.get("actor"), rental.get("country") or at.get("country"))

    def is_for(self, rule, s):
        return rule.get("actor") in (None, self.owner_of_place(s))

    def owner_of_purchase(self, u):
        words = self.plan["purchases"][u["id"]]
        return self.owner(words.get("actor"), words["country"])

    def owner_of_column(self, column):
        name, inside = self.lp.names[column].split("[", 1)
        first = inside.rstrip("]").split(",")[0]
        if name == "plant":
            return self.owner_of_place(next(k["place"] for k in self.contracts if k["id"] == first))
        if name == "subsidy":
            return self.owner_of_place(self.pools[int(inside.split(",")[1])]["place"])
        return self.owner_of_place(first)

    def actor_limits(self):
        for id_, actor in self.plan.get("actors", {}).items():
            for supply in actor.get("chips", {}).values():
                for q in self.P:
                    own = lambda i: self.pools[i]["chip"] == supply["chip"] and self.owner_of_place(self.pools[i]["place"]) == id_
                    ordered = Linear((column, self.order_unit[i]) for (i, qq), column in self.orders.items() if qq == q and own(i))
                    self.lp.at_most("actors", ordered, (steps_at(supply["at_most_per_period"], self.periods[q]["start"]) or 0.0) * 1e-3)
            capex = [Linear((column, value) for column, value in self.capex[q].items() if column >= 0 and self.owner_of_column(column) == id_) for q in self.P]
            if actor.get("capex_musd_per_period") is not None:
                for q in self.P:
                    self.lp.at_most("actors", capex[q], steps_at(actor["capex_musd_per_period"], self.periods[q]["start"]) or 0.0)
            if actor.get("capex_musd_total") is not None:
                total = Linear()
                for of_period in capex:
                    total.add(of_period)
                self.lp.at_most("actors", total, actor["capex_musd_total"])

    def sold_by(self, actor, r, m, p):
        total = Linear()
        for s in self.places:
            if self.owner_of_place(s) == actor:
                total.add(self.tokens_of(s, m, r, p))
        for u in self.x["purchases"]:
            if u["product"] == m and self.owner_of_purchase(u) == actor:
                total.add(self.bought_of(u, r, p))
        return total

    # ---- at rest

    def reckons(self, how, sellers):
        """Whether sellers reckon with the price one by one."""
        return how == "Cournot" and len(sellers) > 1

    def half_slope(self, slope):
        return 0.5 * slope

    def solve(self):
        how = conduct(self.plan)
        curves = {}
        for demand in self.x["demands"]:
            r, m = demand["market"], demand["product"]
            for p in self.P:
                curve = self.curve_of(r, m, p)
                if curve is not None and (r, m, p, 0) in self.sold and curve.most > 0:
                    sellers = [(actor, self.sold_by(actor, r, m, p)) for actor in self.plan.get("actors", {}) or {"plan": {}}]
                    if "plan" in dict(sellers) and not self.plan.get("actors"):
                        sellers = [("plan", Linear([(self.sold[r, m, p, 0], 1.0)]))]
                    curves[r, m, p] = (curve, self.sold[r, m, p, 0], [(actor, sold) for actor, sold in sellers if any(column >= 0 for column in sold)])
        # No piece of a curve beyond what can be sold at all.
        for curve, column, _ in curves.values():
            status, most, _ = self.lp.best(Linear([(column, 1.0)]), True)
            if status == "Infeasible":
                return status, []
            if status == "Optimal":
                curve.most = min(curve.most, 1.01 * most + 1e-9)
        at, slopes, value, point = {}, {}, math.nan, None
        spread, tried = None, {}
        for turn in range(40):
            status, value, point = self.cut(how, curves, at, slopes, spread)
            if status != "Optimal":
                return status, []
            moved = 0.0
            for key, (curve, column, sellers) in curves.items():
                q = max(point[column], 0.0)
                now = [q] + [max(self.value(sold, point), 0.0) for _, sold in sellers]
                before = at.get(key)
                moved = max(moved, INF if before is None else max(abs(one - other) for one, other in zip(now, before)) / max(q, 1e-6 * curve.most, 1e-12))
                at[key] = now
                if self.reckons(how, sellers) and q > 0:
                    # The slope at the answer, found by its logarithm: where the last two tries say it does not move.
                    found = math.log(curve.slope(max(q, curve.flat)))
                    used = slopes.get(key)
                    if used is None or curve.straight:
                        slopes[key] = found
                    else:
                        earlier = tried.get(key)
                        gain = (found - earlier[1]) / (used - earlier[0]) if earlier and abs(used - earlier[0]) > 1e-9 else 0.0
                        gain = min(max(gain, -2.0), 0.8)
                        moved = max(moved, abs(found - used))
                        tried[key] = (used, found)
                        slopes[key] = used + (found - used) / (1 - gain)
            spread = 0.2 if spread is None else max(spread * 0.1, FINEST)
            if moved < STILL and spread <= FINEST:
                break
        return "Optimal", [(self.name_of(how), self.total(how, curves, at, slopes, point))] + self.prices(curves, at)

    def name_of(self, how):
        return {"Competition": "surplus", "Cournot": "potential", "Cartel": "joint_profit"}[how]

    def total(self, how, curves, at, slopes, point):
        value = self.value(self.npv, point)
        for (_, _, p), (curve, _, sellers) in curves.items():
            key = next(key for key, known in curves.items() if known[0] is curve)
            q, *own = at[key]
            whole = curve.revenue(q) if how == "Cartel" or (how == "Cournot" and len(sellers) == 1) else curve.area(q)
            if self.reckons(how, sellers) and key in slopes:
                whole -= sum(self.half_slope(math.exp(slopes[key])) * sold * sold for sold in own)
            value += whole * self.periods[p]["discount"]
        return value

    def prices(self, curves, at):
        found = []
        for (r, m, p), (curve, _, _) in curves.items():
            q = at[r, m, p][0]
            if q > 1e-6 * min(curve.most, 1e6):
                found.append((f"price {r}/{m}/{p}", curve.price(q)))
        return found

    def cut(self, how, curves, at, slopes, spread):
        """The program with curves cut into pieces: evenly at first, then finer and finer about the last answer."""
        lp = Program(list(self.lp.upper), list(self.lp.lower), list(self.lp.names), list(self.lp.rows), set())
        goal = Linear().add(self.npv)
        for key, (curve, column, sellers) in curves.items():
            discount = self.periods[key[2]]["discount"]
            alone = how == "Cartel" or (how == "Cournot" and len(sellers) == 1)
            worth = curve.revenue if alone else curve.area
            self.pieces(lp, goal, Linear([(column, 1.0)]), ends(curve.most, at.get(key, [None])[0], spread), lambda q: discount * worth(q))
            if self.reckons(how, sellers):
                slope = math.exp(slopes[key]) if key in slopes else curve.slope(0.3 * min(curve.most, curve.free if curve.straight else curve.volume))
                half = self.half_slope(slope)
                for number, (_, sold) in enumerate(sellers):
                    middle = at[key][number + 1] if key in at else None
                    self.pieces(lp, goal, sold, ends(curve.most, middle, spread), lambda q: -discount * half * q * q)
        return lp.best(goal, True)

    @staticmethod
    def pieces(lp, goal, what, points, worth):
        row = Linear().add(what)
        for low, high in zip(points, points[1:]):
            piece = lp.column("piece", high - low)
            goal.add(piece, (worth(high) - worth(low)) / (high - low))
            row.add(piece, -1.0)
        lp.equal("pieces", row)


def ends(most, middle, spread):
    """Ends of pieces from nothing to the most: by even factors, and finer about the middle where one is known."""
    low, high = most * 1e-4, most
    points = {0.0, most}
    count = 60 if middle is None else 20
    points |= {low * (high / low) ** (number / count) for number in range(count + 1)}
    if middle is not None:
        about = max(middle, 1e-7 * most)
        offset = 0.4
        while offset > 0.4 * spread:
            points |= {about * (1 - offset), about * (1 + offset)}
            offset *= 0.4
        points.add(about)
    kept = []
    for point in sorted(point for point in points if 0 <= point <= most):
        if not kept or point - kept[-1] > 1e-12 * most:
            kept.append(point)
    return kept


class Tasks:
    """Tasks: how many go which way."""

    def __init__(self, stated):
        self.s = stated

    @staticmethod
    def ask(export: dict, plan: dict) -> dict:
        """The demands with what tasks ask, which pays nothing."""
        if not plan.get("tasks"):
            return export
        export = copy.deepcopy(export)
        count = len(export["calendar"]["periods"])
        for task in plan["tasks"].values():
            for answer in task["answers"]:
                demand = next((d for d in export["demands"] if (d["market"], d["product"]) == (task["market"], answer["product"])), None)
                if demand is None:
                    demand = {"market": task["market"], "product": answer["product"], "segments": []}
                    export["demands"].append(demand)
                if not any(segment["path"] == "tasks" for segment in demand["segments"]):
                    demand["segments"].append({"path": "tasks", "volume_ttok_by_period": [INF] * count, "usd_per_mtok_with_prompts": 0.0})
        return export

    def noticed(self, cascade):
        return cascade.get("noticed_fraction", 1.0)

    def ways(self, task):
        """Tokens by product for a task, and how likely it comes out right."""
        number = lambda value: value["value"] if isinstance(value, dict) else value
        alone = {answer["product"]: (number(answer["answer_tokens_per_task"]), number(answer["pass_fraction"])) for answer in task["answers"]}
        ways = [({product: tokens}, right) for product, (tokens, right) in alone.items()]
        for cascade in task.get("cascades", []):
            first, then = cascade["first"], cascade["then"]
            (of_first, a), (of_then, b) = alone[first], alone[then]
            seen, mistaken = self.noticed(cascade), cascade.get("asked_again_fraction", 0.0)
            # The chance that both, one or none is right: stated, or the better one right wherever the other is.
            second = cascade.get("then_pass_fraction")
            wrong_right = (1 - a) * number(second) if second is not None else max(b - a, 0.0)
            both = b - wrong_right
            right = a - a * mistaken + mistaken * both + seen * wrong_right
            ways.append(({first: of_first, then: of_then * ((1 - a) * seen + a * mistaken)}, right))
        return ways

    def state(self):
        s = self.s
        asked = {}
        for id_, task in s.plan.get("tasks", {}).items():
            for p in s.P:
                start, years = s.periods[p]["start"], p * s.period_months / 12
                count = (steps_at(task["tasks_per_day"], start) or 0.0) * s.periods[p]["days"] * task.get("growth_factor_per_year", 1.0) ** years * 1e-6
                need = steps_at(task.get("pass_fraction", 0.0), start) or 0.0
                done, right = Linear(), Linear()
                for number, (tokens, good) in enumerate(self.ways(task)):
                    if any(p < s.products[m]["sold_from_period"] for m in tokens):
                        continue
                    column = s.lp.column(f"routed[{id_},{number},{p}]")
                    done.add(column)
                    right.add(column, good)
                    for m, each in tokens.items():
                        asked.setdefault((task["market"], m, p), Linear()).add(column, each * 1e-6)
                s.lp.equal("routing", done, count)
                s.lp.at_least("routing", right, need * count)
        for demand in s.x["demands"]:
            for g, segment in enumerate(demand["segments"]):
                for p in s.P:
                    column = s.sold.get((demand["market"], demand["product"], p, g))
                    if segment["path"] == "tasks" and column is not None:
                        s.lp.equal("routing", asked.get((demand["market"], demand["product"], p), Linear()).add(column, -1.0))


def compare(answer: dict, theirs: list) -> list[str]:
    """What our answer to prices that form says otherwise."""
    faults = []
    (name, value), *prices = theirs
    ours = answer["objective"]["phases"][0]
    equilibrium = answer["trade"]["equilibrium"]
    scale = max(abs(value), abs(equilibrium["surplus"]["total_musd"]) if "total_musd" in equilibrium["surplus"] else 0.0, 1e-6)
    if ours["name"] != name or abs(ours["value"] - value) > 1e-3 * scale:
        faults.append(f"{ours['name']} {ours['value']:.9g} against {name} {value:.9g}")
    formed = {(price["market"], price["product"], p): usd for price in answer["trade"]["prices"] for p, usd in enumerate(price["usd_per_mtok"])}
    for name, usd in prices:
        r, m, p = name.removeprefix("price ").split("/")
        own = formed.get((r, m, int(p)))
        if own is None or abs(own - usd) > 2e-3 * usd:
            faults.append(f"{name}: {own} against {usd:.6g}")
    if equilibrium["price_error_fraction"] > 1e-3:
        faults.append(f"prices are within {equilibrium['price_error_fraction']:.2g} only")
    return faults
