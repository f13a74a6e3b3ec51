"""What the resolved plan must say of the plan's own words, by the formulation's text (§1, §2 and §10).

Only what the plan states itself is held against the export; what comes from the catalog is not known here.
"""

from __future__ import annotations

import math

from program import Disagreement, agree, in_period, model_at, month, steps_at


class Resolved:
    def __init__(self, plan: dict, export: dict):
        self.plan, self.x = plan, export
        self.horizon = plan["horizon"]
        self.months = int(self.horizon["period_months"])
        self.starts = [month(self.horizon["start"]) + number * self.months for number in range(int(self.horizon["periods"]))]
        first = next(iter(plan["sites"].values()), {})
        self.clock = self.horizon.get("utc_offset_hours", first.get("utc_offset_hours", 0.0))
        self.slices = export["calendar"]["slices"]
        self.block = int(export["calendar"]["block_hours"])
        self.chips()
        self.contracts()
        self.markets()
        self.routes()
        self.purchases()
        self.halls()
        self.rates()

    def priced(self, what: str, steps, export, factor: float = 1.0) -> None:
        """A price or factor by period: the step in force on the period's first day."""
        if isinstance(steps, dict) and steps.get("kind") == "Series":
            return
        for p, start in enumerate(self.starts):
            if (stated := steps_at(steps, start)) is not None:
                agree(f"{what} in period {p}", stated * factor, in_period(export, p))

    def halls(self) -> None:
        for place in self.x["places"]:
            for hall in place.get("site", {}).get("halls", []):
                stated = self.plan["sites"][place["id"]]["halls"][hall["id"]]
                begins, ends = month(stated.get("in_service") or "start"), month(stated["until"]) if stated.get("until") else 10**9
                for p, start in enumerate(self.starts):
                    serves = hall["in_service_from_period"] <= p < hall.get("in_service_until_period", math.inf)
                    agree(f"hall {hall['id']} serves in period {p}", float(begins <= start < ends), float(serves))
            if (pipe := place.get("site", {}).get("data_pipeline")) is not None:
                self.priced(f"pipeline of {place['id']}", self.plan["sites"][place["id"]]["data_pipeline"]["capacity_gtok_per_hour"], pipe["capacity_gtok_per_hour"])
            for kind in place.get("site", {}).get("buildable", []):
                stated = self.plan["sites"][place["id"]]["buildable"][kind["id"]]
                self.priced(f"capex of {kind['id']}", stated["capex_usd_per_w"], kind["capex_musd"], stated["it_mw"])

    def rates(self) -> None:
        """Stated throughput, faster by the factors of its chip and of its served model."""
        rows = list(self.plan.get("throughput", {}).values())
        best = {(rate["chip"], rate["product"]): rate for rate in self.x["rates"]}
        own = {(rate["place"], rate["chip"], rate["product"]): rate["by_period"] for rate in self.x["rates_at_places"]}
        for pool in self.x["pools"]:
            for product in self.plan["products"]:
                rate = best.get((pool["chip"], product))
                if rate is None:
                    continue
                for p, start in enumerate(self.starts):
                    served = model_at(self.plan["products"][product]["served_model"], start)
                    model = self.plan["served_models"][served]
                    of_pair = [row for row in rows if (row["chip"], row["product"]) == (pool["chip"], product)]
                    own_rows = [row for row in of_pair if row.get("served_model") == served] or [row for row in of_pair if "served_model" not in row]
                    if not own_rows:
                        continue
                    row = own_rows[0]
                    offered = own.get((pool["place"], pool["chip"], product), [rate] * len(self.starts))[p]
                    if offered is None:
                        continue
                    factor = steps_at(self.plan["chips"][pool["chip"]].get("speed_factor", 1.0), start) * steps_at(model.get("speed_factor", 1.0), start)
                    where = f"of {pool['chip']} for {product} in period {p}"
                    agree(f"decode {where}", row["decode_tok_per_s"] * 3.6e-3 * factor, offered["decode_gtok_per_hour_per_thousand"])
                    agree(f"prefill {where}", row.get("prefill_tok_per_s", 0.0) * 3.6e-3 * factor, offered["prefill_gtok_per_hour_per_thousand"])

    def dated(self, what: str, steps, export: list, factor: float = 1.0) -> None:
        """A limit by period: nothing before its first step."""
        for p, start in enumerate(self.starts):
            agree(f"{what} in period {p}", (steps_at(steps, start) or 0.0) * factor, export[p])

    def lead(self, months: float) -> int:
        return math.ceil(months / self.months - 1e-9)

    def life(self, years: float) -> int:
        exact = 12 * years / self.months
        return max(1, math.floor(exact + 0.5))

    def years_since(self, as_of, p: int) -> float:
        """Years from the month that numbers are stated for, the horizon's start if none is, by fractions of a year."""
        return (self.starts[p] - (self.starts[0] if as_of in (None, "start") else month(as_of))) / 12

    def escalation(self, id_: str, p: int) -> float:
        contract = self.plan["contracts"][id_]
        return (1 + contract["terms"].get("escalation_fraction_per_year", 0.0)) ** self.years_since(contract.get("prices_as_of"), p)

    def by_slice(self, id_: str, clock: float) -> list | None:
        """A profile of the plan's own numbers on the plan's clock, by slice; `clock` is that of the numbers."""
        profile = self.plan["profiles"][id_]
        shift = clock - self.clock
        if shift != int(shift):
            return None
        if profile["kind"] == "PerHour":
            days = dict.fromkeys({s["day"] for s in self.slices}, profile["value"])
        elif profile["kind"] == "PerDay":
            days = profile["value"]
        else:
            return None
        values = []
        for s in self.slices:
            numbers = days[s["day"]]
            hour = lambda at: numbers[(at + int(shift)) % 24 * len(numbers) // 24]
            values.append(sum(hour(int(s["start_hour"]) + offset) for offset in range(self.block)) / self.block)
        return values

    def series(self, what: str, id_: str, clock: float, export: list) -> None:
        expected = self.by_slice(id_, clock)
        for number, value in enumerate(expected or []):
            agree(f"{what} in slice {number}", value, export[number])

    def chips(self) -> None:
        for chip in self.x["chips"]:
            stated = self.plan["chips"][chip["id"]]
            if "catalog" in stated:
                continue
            for name in ("all_in_kw", "chips_per_rack", "availability_fraction", "tpp"):
                if isinstance(stated.get(name), float):
                    agree(f"{name} of {chip['id']}", stated[name], chip[name])
            if isinstance(stated.get("lead_months"), float):
                agree(f"lead of {chip['id']}", self.lead(stated["lead_months"]), chip["lead_periods"])
            if isinstance(stated.get("life_years"), float):
                agree(f"life of {chip['id']}", self.life(stated["life_years"]), chip["life_periods"])
            for name, export in (("capex_usd", "capex_musd_per_thousand"), ("om_usd_per_year", "om_musd_per_thousand_year")):
                if name in stated:
                    self.priced(f"{name} of {chip['id']}", stated[name], chip[export], 1e-3)
            self.dated(f"supply of {chip['id']}", stated.get("supply_per_period"), chip["supply_thousand_by_period"], 1e-3)

    def contracts(self) -> None:
        for contract in self.x["contracts"]:
            if contract["path"].endswith(".backup"):
                continue  # plant of a connection: compared in backup.py
            id_, found = contract["id"], contract["terms"]
            stated = self.plan["contracts"][id_]
            terms = stated["terms"]
            begins, ends = month(stated.get("from") or "start"), month(stated["until"]) if stated.get("until") else 10**9
            for p, start in enumerate(self.starts):
                agree(f"{id_} in force in period {p}", float(begins <= start < ends), float(contract["in_force_by_period"][p]))
            # A virtual contract's certificates count unless it says otherwise.
            renewable = stated.get("renewable")
            if renewable is None and terms["kind"] in ("Virtual", "Tariff", "Baseload", "Battery"):
                renewable = terms["kind"] == "Virtual"
            if renewable is not None:
                agree(f"{id_} is renewable", float(renewable), float(contract["renewable"]))
            if terms["kind"] in ("PayAsProduced", "Baseload", "Hydro"):
                for p, start in enumerate(self.starts):
                    stated = steps_at(terms["price_usd_per_mwh"], start)
                    if stated is None:
                        continue
                    agree(f"price of {id_} in period {p}", stated * self.escalation(id_, p), (found.get("produced_usd_per_mwh_by_period") or found["energy_usd_per_mwh"]["by_period"])[p])
            if terms["kind"] == "Tariff":
                self.tariff(id_, terms, found)
            if terms["kind"] in ("PayAsProduced", "Virtual"):
                self.series(f"output of {id_}", terms["profile"], self.clock, found["output_per_mw_by_slice"])
            if terms["kind"] in ("OnSite", "Battery"):
                agree(f"lead of {id_}", self.lead(terms.get("lead_months", 0.0)), found["lead_periods"])
                agree(f"life of {id_}", self.life(terms.get("life_years", 25.0 if terms["kind"] == "OnSite" else 15.0)), found["life_periods"])
            if terms["kind"] == "OnSite" and terms["fuel"]["kind"] == "Gas":
                self.priced(f"fuel of {id_}", terms["fuel"]["usd_per_mwh_thermal"], found["energy_usd_per_mwh"]["by_period"], 1 / terms["fuel"]["efficiency_fraction"])
            if terms["kind"] in ("OnSite", "Battery"):
                per, field = ("mw", "kw") if terms["kind"] == "OnSite" else ("mwh", "kwh")
                self.priced(f"capex of {id_}", terms.get(f"capex_usd_per_{field}", 0.0), found[f"capex_musd_per_{per}"], 1e-3)
                self.priced(f"upkeep of {id_}", terms.get(f"om_usd_per_{field}_year", 0.0), found[f"om_musd_per_{per}_year"], 1e-3)
            if terms["kind"] == "Virtual":
                self.priced(f"strike of {id_}", terms["strike_usd_per_mwh"], found["strike_usd_per_mwh"])
            if terms.get("resale_usd_per_mwh") is not None:
                for p, start in enumerate(self.starts):
                    agree(f"resale of {id_} in period {p}", steps_at(terms["resale_usd_per_mwh"], start) or 0.0, in_period(found["resale_usd_per_mwh"], p))

    def tariff(self, id_: str, terms: dict, found: dict) -> None:
        for p in range(len(self.starts)):
            esc = self.escalation(id_, p)
            charge = terms.get("demand_charge_usd_per_kw_month", 0.0)
            if (stated := steps_at(charge, self.starts[p])) is not None:
                agree(f"demand charge of {id_} in period {p}", stated * 1e-3 * esc, found["demand_charge_musd_per_mw_month_by_period"][p])
            price = terms["energy_usd_per_mwh"]
            if not isinstance(price, dict) or "kind" not in price:
                stated = steps_at(price, self.starts[p])
                agree(f"price of {id_} in period {p}", stated * esc, found["energy_usd_per_mwh"]["by_period"][p])
            elif not price.get("mean"):
                shape = self.by_slice(price["id"], self.clock)
                for t, value in enumerate(shape or []):
                    agree(f"price of {id_} in period {p}, slice {t}", value * esc, found["energy_usd_per_mwh"]["by_period"][p] * found["energy_usd_per_mwh"]["by_slice"][t])
        held = terms.get("interruptible")
        if held:
            # Any overlap holds a whole block down.
            touched = [
                t
                for t, s in enumerate(self.slices)
                if (not held.get("days") or s["day"] in held["days"]) and s["start_hour"] < held["until_hour"] and s["start_hour"] + self.block > held["from_hour"]
            ]
            if touched != found["interruptible"]["slices"]:
                raise Disagreement(f"interruptible slices of {id_}: {touched} by the text, {found['interruptible']['slices']} in the export")

    def markets(self) -> None:
        for market in self.x["markets"]:
            stated = self.plan["markets"][market["id"]]
            if stated.get("local_time"):
                # Whatever its form, a local day is in the market's own clock.
                shape = self.by_slice(stated["local_time"], stated.get("utc_offset_hours", 0.0))
                scale = sum(market["demand_shape_by_slice"])
                for t, value in enumerate(shape or []):
                    agree(f"day of {market['id']} in slice {t}", value / sum(shape), market["demand_shape_by_slice"][t] / scale)
        for demand in self.x["demands"]:
            stated = self.plan["markets"][demand["market"]]["demand"].get(demand["product"], {})
            if not stated or stated.get("curve"):
                continue  # asked by tasks alone, or on a curve: stated in `trade`
            product = self.plan["products"][demand["product"]]
            for segment in demand["segments"]:
                words = stated["segments"][int(segment["path"].rsplit(".", 1)[1])]
                price = words["usd_per_mtok"]
                for p, start in enumerate(self.starts):
                    of = lambda part: steps_at(price.get(part, 0.0), start)
                    hit = steps_at(product.get("cache_hit_fraction", 0.0), start)
                    full = steps_at(product["prompt_tokens"], start) / steps_at(product["answer_tokens"], start)
                    with_prompts = of("answer") + full * ((1 - hit) * of("prompt") + hit * of("cached_prompt"))
                    with_prompts *= stated.get("price_factor_per_year", 1.0) ** self.years_since(stated.get("as_of"), p)
                    agree(f"price with prompts in period {p}", with_prompts, in_period(segment["usd_per_mtok_with_prompts"], p))
                growth = stated.get("growth_factor_per_year", 1.0)
                if not isinstance(growth, float):
                    continue
                for p, start in enumerate(self.starts):
                    gtok = steps_at(words["answer_gtok_per_day"], start) or 0.0
                    days = self.x["calendar"]["periods"][p]["days"]
                    agree(f"volume in period {p}", gtok * days * growth ** self.years_since(stated.get("as_of"), p) * 1e-3, segment["volume_ttok_by_period"][p])
        for product in self.x["products"]:
            stated = self.plan["products"][product["id"]]
            live = stated.get("urgency", "Interactive") == "Interactive"
            if isinstance(stated.get("quality_weight"), (float, dict)):
                self.priced(f"weight of {product['id']}", stated["quality_weight"], product["quality_weight"])
            agree(f"cap of {product['id']}", stated.get("utilisation_cap_fraction") or (0.8 if live else 1.0), product["utilisation_cap_fraction"])

    def routes(self) -> None:
        """Who can be reached: light in fibre there and back, and no ban."""
        places = {place["id"]: place for place in self.x["places"]}
        markets = {market["id"]: market for market in self.x["markets"]}
        words = list(self.plan.get("routes", {}).values())
        bans = {(rule["site_country"], rule["market_country"]) for rule in self.plan.get("policies", {}).values() if rule["kind"] == "RouteBan"}
        known = {(route["place"], route["product"], route["market"]): route for route in self.x["routes"]}
        for demand in self.x["demands"]:
            limit = self.plan["products"][demand["product"]].get("latency_ms")
            market = markets[demand["market"]]
            for id_, place in places.items():
                # Rented chips at a site use its routes.
                at = self.plan.get("rentals", {}).get(id_, {}).get("site") or id_
                own = [route for route in words if route["site"] == at and route["market"] == demand["market"]]
                latency = own[0].get("latency_ms") if own else None
                if latency is None:
                    latency = 2 * 5e-3 * 1.3 * distance_km(place, market) + 5.0
                egress = own[0].get("egress_usd_per_mtok") if own else None
                of_site = self.plan["sites"].get(at, {}).get("egress_usd_per_mtok", 0.0)
                banned = (place["country"], market["country"]) in bans or any(route.get("banned") for route in own)
                reached = not banned and (limit is None or latency <= limit)
                if (id_, demand["product"], demand["market"]) in known:
                    self.priced(f"egress from {id_}", of_site if egress is None else egress, known[id_, demand["product"], demand["market"]]["egress_usd_per_mtok"])
                if limit is not None and abs(latency - limit) < 1e-3 * limit:
                    continue  # the earth's radius decides
                if reached != ((id_, demand["product"], demand["market"]) in known):
                    raise Disagreement(f"route {id_} to {demand['market']} for {demand['product']}: {'in' if reached else 'out of'} reach by the text ({latency:.3f} ms)")

    def purchases(self) -> None:
        for purchase in self.x["purchases"]:
            stated = self.plan["purchases"][purchase["id"]]
            self.dated(f"most bought of {purchase['id']}", stated["at_most_gtok_per_day"], purchase["at_most_gtok_per_day_by_period"])
            self.dated(f"price of {purchase['id']}", stated["usd_per_mtok"], purchase["usd_per_mtok_by_period"])


def never_serves(plan: dict) -> list:
    """Plant of a fixed size that no order can bring into service while its contract is in force: refused."""
    horizon = plan["horizon"]
    months, count = int(horizon["period_months"]), int(horizon["periods"])
    starts = [month(horizon["start"]) + number * months for number in range(count)]
    found = []
    for id_, contract in plan.get("contracts", {}).items():
        terms = contract["terms"]
        amount = terms.get("mw") if terms["kind"] == "OnSite" else terms.get("energy_mwh") if terms["kind"] == "Battery" else None
        if not isinstance(amount, dict) or amount["kind"] != "Fixed" or amount["value"] <= 0:
            continue
        begins, ends = month(contract.get("from") or "start"), month(contract["until"]) if contract.get("until") else 10**9
        lead = math.ceil(terms.get("lead_months", 0.0) / months - 1e-9)
        if not any(begins <= start < ends for start in starts[lead:]):
            found.append(id_)
    return found


def distance_km(one: dict, other: dict) -> float:
    a, b = math.radians(one["latitude"]), math.radians(other["latitude"])
    apart = math.radians(other["longitude"] - one["longitude"])
    return 6371.0 * math.acos(max(-1.0, min(1.0, math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(apart))))
