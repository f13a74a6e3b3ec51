"""Random small plans, as text: every family of the formulation, feasible and infeasible.

    generate.py FOLDER [COUNT [SEED]] [--power]

With `--power` tariffs and connections get what they are sold with: blocks, windows, ratchets, least bills,
clauses at negative prices, events and offers.

The same seed writes the same plans on every machine (Python's own generator, no libraries). Plans take
turns with the themes below, so that what is rare by chance is met often enough; how many plans have
what is printed, and too few of a kind is an error.
"""

from __future__ import annotations

import pathlib
import random
import sys

from features import counts

# Themes with chips to spare, where what is not needed could be done for nothing but its energy, or at another time.
SPARE = ("burn", "green", "hourly", "linked")
# By the plan's number.
THEMES = ("any", "any", "burn", "green", "any", "hourly", "trade", "any", "linked", "any", "replica", "burn", "any", "linked", "whole", "green")


class Struct:
    """A struct, or with a name a variant."""

    def __init__(self, name: str = "", /, **fields):
        self.name, self.fields = name, fields


class Variant:
    """A variant with one value, or none."""

    def __init__(self, name: str, value=None):
        self.name, self.value = name, value


def ron(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[" + ", ".join(map(ron, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {ron(entry)}' for key, entry in value.items()) + "}"
    if isinstance(value, Variant):
        if isinstance(value.value, Struct):
            return ron(Struct(value.name, **value.value.fields))
        return value.name if value.value is None else f"{value.name}({ron(value.value)})"
    return f"{value.name}({', '.join(f'{key}: {ron(entry)}' for key, entry in value.fields.items() if entry is not None)})"


def plan_text(fields: dict) -> str:
    lines = ["("]
    for key, value in fields.items():
        if isinstance(value, dict):
            if not value and key not in ("sites", "chips", "served_models", "products", "markets"):
                continue
            lines.append(f"    {key}: {{")
            lines += [f'        "{id_}": {ron(entry)},' for id_, entry in value.items()]
            lines.append("    },")
        else:
            lines.append(f"    {key}: {ron(value)},")
    return "\n".join([*lines, ")", ""])


class Generator:
    def __init__(self, seed: int, theme: str, powered: bool = False):
        self.powered = powered
        self.random = random.Random(seed)
        self.seed = seed
        self.theme = theme

    # Numbers are rounded so that a plan can be read.
    def between(self, low: float, high: float, digits: int = 3) -> float:
        return round(self.random.uniform(low, high), digits)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, *choices):
        return self.random.choice(choices)

    def some(self, choices) -> list:
        return [choice for choice in choices if self.chance(0.6)] or [self.random.choice(list(choices))]

    def amount(self, low: float, high: float) -> Variant:
        return Variant(self.pick("UpTo", "UpTo", "Fixed"), self.between(low, high, 1))

    def starts(self) -> list[str]:
        """First months of the periods."""
        months = [self.start + number * self.months for number in range(self.periods)]
        return [f"{month // 12}-{month % 12 + 1:02d}" for month in months]

    def steps(self, low: float, high: float, digits: int = 1, late: bool = False):
        """A number, or dated ones; the first one later than the start if that may be."""
        if self.chance(0.5):
            return self.between(low, high, digits)
        starts = self.starts()
        if late and len(starts) > 1 and self.chance(0.4):
            starts = starts[1:]
        dates = sorted({starts[0], self.random.choice(starts)})
        return {date: self.between(low, high, digits) for date in dates}

    def level(self, low: float, high: float, profile: str | None, digits: int = 1):
        if profile is not None and self.chance(0.6):
            return Struct("Series", id=profile, mean=self.between(low, high, digits) if self.chance(0.8) else None)
        return self.steps(low, high, digits)

    def plan(self) -> str:
        theme = self.theme
        months, periods = self.pick((12, 2), (12, 3), (6, 3), (3, 4), (3, 6), (1, 4), (24, 2))
        if theme == "hourly":
            months, periods = self.pick((1, 1), (1, 1), (1, 2))
        elif theme == "linked":
            months, periods = self.pick((12, 2), (6, 3), (3, 3), (1, 3), (24, 1))
        elif theme == "whole":
            months, periods = self.pick((12, 2), (6, 2), (3, 3))
        self.months, self.periods = months, periods
        self.start = 2027 * 12 + self.pick(0, 0, 3, 6, 10)
        self.ordered = theme in ("hourly", "linked")
        # Sun by day, a battery for the night, and little else.
        self.sunny = theme == "green" and self.chance(0.6)
        block = 1 if theme == "hourly" else self.pick(6, 8, 12) if self.sunny else self.pick(6, 8, 12, 12, 24)
        days = {} if theme == "hourly" else self.make_days()
        sites = [f"s{number}" for number in range(1 if theme in ("hourly", "whole") else 2 if theme == "trade" else self.pick(1, 1, 2))]
        chips = [f"c{number}" for number in range(self.pick(1, 1, 2) if theme in ("hourly", "whole") else self.pick(1, 2, 2, 3))]
        products = [f"p{number}" for number in range(self.pick(1, 2, 2))]
        markets = [f"m{number}" for number in range(1 if theme in ("hourly", "whole") else 2 if theme == "trade" else self.pick(1, 2, 2))]
        self.countries = {site: self.pick("US", "US", "CN") for site in sites}
        self.abroad = {market: self.pick("US", "US", "CN", "DE") for market in markets}
        if theme == "trade":
            # Two sites in a country, a market at home and one abroad.
            self.countries = {site: self.countries["s0"] for site in sites}
            self.abroad = {"m0": self.countries["s0"], "m1": self.pick("DE", "CN" if self.countries["s0"] == "US" else "US")}
        fields = {
            "schema": 1,
            "name": f"random {self.seed}",
            "horizon": Struct(start=self.starts()[0], period_months=months, periods=periods, discount_rate_fraction=self.pick(0.0, 0.05, 0.08), utc_offset_hours=float(self.pick(0, 0, -6, 8))),
            "slices": Variant("Hourly") if theme == "hourly" else Struct("Representative", block_hours=block, linked=True if theme == "linked" else None, days=days),
            "profiles": self.profiles(days, 24 // block),
            "sites": {site: self.site(site) for site in sites},
            "chips": {chip: self.chip() for chip in chips},
            "fleets": {},
            "rentals": {},
            "contracts": {},
            "served_models": {"any": Struct(quality=Variant("Stated", 1.0))},
            "products": {product: self.product() for product in products},
            "throughput": {},
            "markets": {market: self.market(market, products) for market in markets},
            "routes": {},
            "purchases": {},
            "training": {},
            "policies": {},
            "decisions": {},
        }
        self.fields = fields
        if self.ordered:
            # Some of what is sold can wait longer than a day.
            fields["products"]["p0"].fields["urgency"] = Variant(self.pick("WithinWeek", "WithinWeek", "WithinPeriod"))
        few = theme in ("replica", "whole")
        if few and self.chance(0.4):
            self.catalog_chip(chips[0])
        for number in range(self.pick(1, 1, 2) if few else self.pick(0, 1, 1, 2)):
            site, chip = self.pick(*sites), self.pick(*chips)
            before = self.start - self.random.randrange(0, 48) + self.pick(0, 0, 6)
            count = self.between(2, 14, 0) if theme == "whole" else self.between(4, 80, 0) if few else self.between(500, 6000, 0)
            fields["fleets"][f"f{number}"] = Struct(site=site, chip=chip, count=count, in_service=f"{before // 12}-{before % 12 + 1:02d}")
        if theme in SPARE:
            for site in sites:
                fields["fleets"][f"spare-{site}"] = Struct(site=site, chip=self.pick(*chips), count=self.between(800, 2500, 0), in_service=self.starts()[0])
        for chip in chips:
            for product in products:
                if fields["chips"][chip].fields.get("catalog"):
                    continue
                if self.chance(0.85) or chip == chips[0]:
                    prefill = self.between(1500, 9000, 0) if self.chance(0.9) else 0.0
                    replica = float(self.pick(1, 4, 8, 16, 40)) if few and (theme == "whole" or self.chance(0.7)) else None
                    fields["throughput"][f"{chip}-{product}"] = Struct(chip=chip, product=product, prefill_tok_per_s=prefill, decode_tok_per_s=self.between(200, 3000, 0), replica_chips=replica)
        for site in sites:
            self.contracts_of(site)
        if self.chance(0.7 if theme == "trade" else 0.25):
            self.rental(sites, chips)
        if self.chance(0.7 if theme == "trade" else 0.25):
            fields["purchases"]["api"] = Struct(product=self.pick(*products), country=self.countries["s0"] if theme == "trade" else self.pick("US", "CN"), usd_per_mtok=self.steps(0.1, 0.6, 2) if theme == "trade" else self.steps(0.3, 3.0, 2), at_most_gtok_per_day=self.steps(5, 60, 0, late=True), counts_as_tokens=self.chance(0.4))
        if self.chance(0.3) and theme != "trade":
            fields["routes"]["r0"] = Struct(site=self.pick(*sites), market=self.pick(*markets), banned=self.chance(0.2), latency_ms=self.between(5, 120, 0), egress_usd_per_mtok=self.between(0, 0.1, 2))
        if self.chance(0.6 if theme == "burn" else 0.3) and not few and not self.sunny:
            self.training(sites, chips, products)
        for number in range(0 if self.sunny else self.pick(0, 1, 2) if self.ordered or theme in SPARE else self.pick(0, 1, 2, 3, 4)):
            fields["policies"][f"rule{number}"] = self.policy(sites, chips, markets)
        if theme == "green" or (self.ordered and self.chance(0.3)):
            fields["policies"]["green"] = self.renewable_share(self.pick(None, None, self.pick(*sites)))
        if theme == "trade":
            country, other = self.countries["s0"], self.abroad["m1"]
            fields["policies"]["exports"] = self.export_share(country)
            # Demand of the same product on both sides, and a site that cannot serve at home.
            wanted = fields["markets"]["m0"].fields["demand"]
            fields["markets"]["m1"].fields["demand"] = {product: Struct(segments=[Struct(answer_gtok_per_day=self.between(50, 400, 0), usd_per_mtok=Struct(answer=self.between(0.5, 4, 2)))]) for product in wanted}
            if "api" in fields["purchases"]:
                # What is bought is wanted abroad, too.
                fields["purchases"]["api"].fields["product"] = next(iter(wanted))
            if self.chance(0.6):
                fields["routes"]["apart"] = Struct(site="s1", market="m0", banned=True)
            if self.chance(0.5):
                fields["products"][products[0]].fields["latency_ms"] = None
            fields["policies"]["duty"] = Struct("TokenDuty", site_country=country, market_country=self.pick(country, other), usd_per_mtok=self.between(0.1, 0.8, 2))
            if self.chance(0.35):
                fields["policies"]["ban"] = Struct("RouteBan", site_country=self.pick(country, country, "US", "CN"), market_country=other)
        if self.chance(0.3) and not few:
            self.decision(sites, chips)
        self.limits_and_goals(few)
        if not few and theme != "hourly" and self.chance(0.35):
            self.dates()
        if self.powered:
            self.power()
        return plan_text(fields)

    def power(self) -> None:
        """Tariffs and connections as they are sold."""
        self.fields["profiles"]["hub"] = Variant("PerHour", [self.between(-40, 60, 0) for _ in range(24)])

        def windows() -> list:
            months = sorted(self.random.sample(range(1, 13), self.random.randrange(3, 9)))
            window = lambda: Struct(months=self.pick(None, None, months), from_hour=self.pick(0, 6, 7, 12, 18), until_hour=self.pick(5, 12, 16, 20, 24))
            return [window() for _ in range(self.pick(1, 1, 2))]

        def ratchet():
            return Struct(fraction=self.between(0.3, 1, 2), months=self.pick(2, 6, 12, 30), of_months=self.pick(None, [6, 7, 8]), existing_peak_mw=self.pick(0.0, self.between(1, 12, 1)), existing_peak_months_ago=self.pick(1, 3))

        for contract in self.fields["contracts"].values():
            terms = contract.fields["terms"]
            if terms.name == "Tariff":
                add = terms.fields
                if self.chance(0.4):
                    add["ratchet_fraction"], add["existing_peak_mw"] = self.between(0.4, 1, 2), self.pick(0.0, self.between(1, 15, 1))
                if self.chance(0.6):
                    low = self.between(0, 10, 1)
                    tiers = [Struct(up_to_mwh=self.between(50, 1500, 0), usd_per_mwh=low), Struct(up_to_mwh=self.between(1600, 4000, 0), usd_per_mwh=low + 4), Struct(usd_per_mwh=low + 15)]
                    add["energy_charges"] = {"blocks": Struct(windows=self.pick(None, windows()), tiers=tiers)}
                charges = {}
                if self.chance(0.5):
                    charges["peak"] = Struct(usd_per_kw_month=self.steps(1, 9), windows=windows(), ratchet=ratchet() if self.chance(0.5) else None)
                if self.chance(0.4):
                    charges["system"] = Struct(usd_per_kw_month=self.between(1, 6, 1), coincident=Struct(hours=self.pick(Variant("Share", 0.1), Variant("Windows", windows())), over=Variant(self.pick("Month", "Year"))))
                if self.chance(0.3):
                    charges["blocks"] = Struct(usd_per_kw_month=self.between(0, 3, 1), tiers=[Struct(up_to_mw=self.between(1, 6, 1), usd_per_kw_month=1.0), Struct(usd_per_kw_month=4.0)])
                add["demand_charges"] = charges or None
                if self.chance(0.5):
                    add["minimum_bill"] = Struct(
                        contract_mw=self.steps(2, 15), demand_fraction=self.pick(0.0, self.between(0.4, 0.9, 2)), usd_per_month=self.pick(0.0, self.between(1e4, 4e5, 0)),
                        term_months=self.pick(None, 5, 12, 24), exit_fee_usd_per_kw=self.pick(0.0, 80.0), free_exit_fraction=self.pick(0.0, 0.2),
                    )
            if terms.name == "Virtual":
                terms.fields["reference_usd_per_mwh"] = Struct("Series", id="hub")
                terms.fields["at_negative_prices"] = self.pick(None, Variant("Floor", 0.0), Variant("NoSettlement"), Variant("Curtails"))
            if terms.name == "PayAsProduced" and self.chance(0.6):
                terms.fields["market_usd_per_mwh"] = Struct("Series", id="hub")
                terms.fields["at_negative_prices"] = Variant(self.pick("NoSettlement", "Curtails"))
        for id_, site in self.fields["sites"].items():
            if not self.chance(0.7):
                continue
            events = self.pick(Variant("Share", self.between(0, 0.3, 2)), Variant("Windows", windows()))
            offers = {"early": Struct(kind=Variant("NonFirm"), at_most_mw=self.between(1, 8, 1), fee_usd_per_kw_month=self.between(0, 5, 1)), "late": Struct(kind=Variant("Firm"), **{"from": self.random.choice(self.starts())}, at_most_mw=self.between(1, 8, 1), fee_usd_per_kw_month=self.steps(0, 5), deposit_usd_per_kw=self.pick(0.0, 50.0), study_usd=self.pick(0.0, 2e5))}
            site.fields["interconnect_mw"] = self.pick(0.0, self.between(1, 6, 1))
            site.fields["connections"] = {"a": Struct(
                firm_mw=self.steps(0, 6, 1, late=True), non_firm_mw=self.steps(1, 10, 1, late=True), events=events, response_fraction=self.pick(1.0, 0.6),
                firm_from=self.pick(None, self.random.choice(self.starts())), service=self.pick(None, Variant("Choose", offers)),
            )}
            for contract in self.fields["contracts"].values():
                if contract.fields["site"] == id_ and contract.fields["terms"].name in ("Tariff", "PayAsProduced", "Baseload") and self.chance(0.3):
                    contract.fields["connection"] = self.pick("a", "plain")

    def dates(self) -> None:
        """Numbers that change over the years."""
        fields, start, later = self.fields, self.starts()[0], self.random.choice(self.starts())

        def dated(number: float, low: float, high: float, digits: int):
            return {start: number, **({later: round(number * self.between(low, high), digits)} if later != start else {})}

        for chip in fields["chips"].values():
            if self.chance(0.6):
                chip.fields["capex_usd"] = dated(chip.fields["capex_usd"], 0.5, 1.1, 0)
            if self.chance(0.3):
                chip.fields["om_usd_per_year"] = dated(chip.fields["om_usd_per_year"], 0.8, 1.5, 0)
            if self.chance(0.4):
                chip.fields["speed_factor"] = dated(1.0, 1.0, 1.6, 2)
        if self.chance(0.4):
            fields["served_models"]["any"].fields["speed_factor"] = dated(self.pick(1.0, 0.9), 1.0, 2.0, 2)
        for product in fields["products"].values():
            if product.fields.get("quality_weight") and self.chance(0.5):
                product.fields["quality_weight"] = dated(product.fields["quality_weight"], 0.6, 1.5, 2)
        for site in fields["sites"].values():
            for hall in site.fields["buildable"].values():
                if self.chance(0.5):
                    hall.fields["capex_usd_per_w"] = dated(hall.fields["capex_usd_per_w"], 0.7, 1.2, 1)
        for market in fields["markets"].values():
            for demand in market.fields["demand"].values():
                # The dearest first, in every period.
                if len(demand.fields["segments"]) == 1 and self.chance(0.6):
                    price = demand.fields["segments"][0].fields["usd_per_mtok"].fields
                    price["answer"] = dated(price["answer"], 0.5, 1.1, 2)

    def catalog_chip(self, chip: str) -> None:
        """A chip and a served model of the catalog, whose rates need replicas of their own."""
        self.fields["chips"][chip].fields["catalog"] = self.pick("h100_sxm", "h200_sxm")
        self.fields["served_models"]["any"] = Struct(catalog=self.pick("deepseek-v3-r1", "llama-3.3-70b"), quality=Variant("Stated", 1.0))
        for product in self.fields["products"].values():
            product.fields["tpot_ms"] = float(self.pick(30, 50, 100))

    def profiles(self, days: dict, blocks: int) -> dict:
        profiles = {
            "price": Variant("PerHour", [self.between(10, 90, 0) for _ in range(24)]),
            "local": Variant("PerHour", [self.between(0.2, 2, 1) for _ in range(24)]),
            # Power that one is paid for taking.
            "dip": Variant("PerHour", [self.between(-40, 30, 0) for _ in range(24)]),
        }
        if self.theme == "hourly":
            return profiles | {
                "price": Variant("Catalog", "pjm-price"),
                "sun": Variant("Catalog", "us-southwest-sun"),
                "wind": Variant("Catalog", "us-southwest-wind"),
                "heat": Variant("PerHour", [self.between(1.05, 1.5, 2) for _ in range(24)]),
            }
        return profiles | {
            "price-day": Variant("PerDay", {day: [self.between(5, 90, 0) for _ in range(blocks)] for day in days}),
            "local-day": Variant("PerDay", {day: [self.between(0.2, 2, 1) for _ in range(self.pick(blocks, 24))] for day in days}),
            "noon": Variant("PerDay", {day: [self.between(0.5, 1, 2) if blocks // 3 <= block < (2 * blocks + 2) // 3 else 0.0 for block in range(blocks)] for day in days}),
            "sun": Variant("PerDay", {day: [self.between(0, 1, 2) if self.chance(0.7) else 0.0 for _ in range(blocks)] for day in days}),
            "wind": Variant("PerDay", {day: [self.between(0.05, 1, 2) for _ in range(blocks)] for day in days}),
            "heat": Variant("PerDay", {day: [self.between(1.05, 1.5, 2) for _ in range(blocks)] for day in days}),
        }

    def limits_and_goals(self, few: bool) -> None:
        budget = {}
        scale = 0.02 if few else 1.0
        if self.chance(0.35):
            budget["capex_musd_per_period"] = self.steps(20 * scale, 250 * scale, 1, late=True)
        if self.theme == "whole":
            # So little money that a replica may not be had.
            budget["capex_musd_total"] = self.between(0.1, 1.2, 2)
        elif self.chance(0.25):
            budget["capex_musd_total"] = self.between(50 * scale, 500 * scale, 1)
        # One hour's wear of a battery is too small beside a month's cost for one row (§7).
        if self.chance(0.15) and self.theme != "hourly":
            budget["opex_musd_per_period"] = self.steps(5 * scale, 80 * scale, 1)
        if self.chance(0.2):
            budget["energy_gwh_per_year"] = self.steps(20 * scale, 300 * scale, 1)
        self.fields["budget"] = Struct(**budget)
        goals = [None] * 8 + [["MaxTokens", "MaxNpv"]] + [["MaxTokens", "MinCost"]] * 2 + [["MaxNpv"], ["MaxNpv", "MaxTokens"], ["MinCost", "MaxTokens"], ["MaxTokens", "MinCost", "MaxNpv"]]
        if self.theme == "whole":
            # Whole numbers are found to within a gap, which a goal held tightly would hand on.
            goals = [None, None, ["MaxTokens", "MaxNpv"], ["MaxNpv"]]
        else:
            goals += [None] * (20 if self.ordered or self.sunny else 0)
            goals += [["target"], ["target"], ["ratio"], ["ratio"], ["MaxTokens", "ratio"]]
        names = {"target": Variant("MinCostForTtok", self.between(1, 60, 1)), "ratio": Variant("MinCostPerToken", self.pick(0.5, 0.9, 0.99))}
        goal = self.pick(*goals)
        if goal is not None:
            self.fields["objective"] = [names.get(name) or Variant(name) for name in goal]
        if goal is not None or self.chance(0.2):
            self.fields["tolerance_fraction"] = self.pick(1e-6, 1e-4, 1e-3, 0.01)
        if self.theme == "whole":
            self.fields["whole"] = Struct(halls=self.chance(0.7), racks=self.chance(0.7), gap_fraction=1e-7)

    def renewable_share(self, site) -> Struct:
        high = self.theme == "green"
        return Struct("RenewableShare", minimum_fraction=self.between(0.4 if high else 0.05, 0.95 if high else 0.6, 2), matching=Variant(self.pick("Annual", "Hourly")), site=site)

    def export_share(self, country: str) -> Struct:
        scope = self.pick(None, "Country", "Site")
        return Struct("ExportShare", site_country=country, maximum_fraction=self.between(0, 0.8, 2), scope=Variant(scope) if scope else None)

    def make_days(self) -> dict:
        kind = self.pick("seasons", "quarters", "share", "share", "peak") if self.theme == "linked" else self.pick("share", "one", "seasons", "seasons", "peak")
        if kind == "one":
            return {"day": Struct(months=list(range(1, 13)))}
        if kind == "share":
            share = self.between(0.1, 0.9, 2)
            return {"calm": Struct(share_fraction=share), "busy": Struct(share_fraction=round(1 - share, 2))}
        if kind == "quarters":
            return {f"q{number}": Struct(months=[3 * number + 1, 3 * number + 2, 3 * number + 3]) for number in range(4)}
        days = {"cold": Struct(months=[11, 12, 1, 2, 3, 4]), "warm": Struct(months=[5, 6, 7, 8, 9, 10])}
        if kind == "peak":
            days["peak"] = Struct(months=[7, 8], days_per_year=float(self.pick(4, 9, 20)))
        return days

    def site(self, site: str) -> Struct:
        halls = {"old": Struct(it_mw=self.between(2, 8, 1), cooling=Variant(self.pick("Air", "Liquid", "Liquid")), rack_positions=self.between(40, 400, 0) if self.chance(0.4) else None)}
        if self.chance(0.3):
            halls["coming"] = Struct(it_mw=self.between(2, 6, 1), cooling=Variant("Liquid"), rack_positions=self.between(40, 400, 0) if self.chance(0.4) else None, in_service=self.random.choice(self.starts()))
        buildable = {}
        if self.chance(0.7):
            buildable["new"] = Struct(
                it_mw=self.between(3, 10, 1), cooling=Variant(self.pick("Air", "Liquid", "Liquid")), rack_positions=self.between(100, 600, 0) if self.chance(0.5) else None,
                capex_usd_per_w=self.between(4, 12, 1), lead_months=float(self.pick(0, 3, 6, 12)), life_years=float(self.pick(1, 10, 20)),
                at_most=float(self.pick(1, 2, 4)), at_least=float(self.pick(0, 0, 0, 0, 1)),
            )
        pipeline = None
        if self.chance(0.3):
            pipeline = Struct(
                capacity_gtok_per_hour=self.between(5, 60, 0), expand_usd_per_gtok_per_hour=self.between(1e4, 5e5, 0) if self.chance(0.6) else None,
                expand_at_most_gtok_per_hour=self.between(5, 100, 0), kw_per_gtok_per_hour=self.between(0, 20, 1), lead_months=float(self.pick(0, 6)), life_years=float(self.pick(1, 5)),
            )
        return Struct(
            country=self.countries[site], latitude=self.between(25, 50, 1), longitude=self.between(-120, -70, 1) if self.countries[site] == "US" else self.between(95, 120, 1),
            utc_offset_hours=float(self.pick(-6, -5, 8)), interconnect_mw=self.steps(3, 25, 1, late=True), pue=self.pick(self.between(1.05, 1.4, 2), Struct("Series", id="heat")),
            halls=halls, buildable=buildable, data_pipeline=pipeline, oversubscribed=self.chance(0.2), om_usd_per_mw_year=self.between(0, 2e5, 0),
            water_l_per_kwh=self.between(0, 2, 1), egress_usd_per_mtok=self.pick(0.0, self.between(0, 0.05, 2)),
        )

    def chip(self) -> Struct:
        active = self.chance(0.3)
        kw = self.between(0.5, 2.5, 2)
        few = self.theme in ("replica", "whole")
        supply = self.steps(8, 64, 0, late=True) if few else self.steps(200, 5000, 0, late=True)
        return Struct(
            all_in_kw=kw, idle_fraction=self.between(0, 0.5, 2), active_kw=round(kw * self.between(0.6, 1.0, 2), 3) if active else None, capex_usd=self.between(8000, 45000, 0),
            om_usd_per_year=self.between(0, 2500, 0), chips_per_rack=float(self.pick(4, 8)) if self.theme == "whole" else float(self.pick(8, 32, 72)), cooling=Variant(self.pick("Air", "Air", "Liquid")), availability_fraction=self.between(0.85, 1, 2),
            lead_months=float(self.pick(0, 0, 3, 6, 12)), life_years=float(self.pick(1, 2, 4, 5)), supply_per_period=supply if self.chance(0.92) else None,
            origin=self.pick("US", "CN", "TW"), tpp=self.between(1000, 40000, 0), dense_bf16_tflops=self.between(300, 2500, 0) if self.chance(0.9) else None, drain=Variant(self.pick("PerDay", "PerSlice") if self.theme in SPARE else self.pick("Never", "PerDay", "PerDay", "PerSlice")),
        )

    def product(self) -> Struct:
        return Struct(
            served_model="any", prompt_tokens=self.pick(0.0, 1000.0, 4000.0), answer_tokens=1000.0, cache_hit_fraction=self.pick(0.0, 0.0, 0.5),
            latency_ms=self.pick(None, None, 60.0, 200.0), urgency=Variant(self.pick(*(("Interactive", "WithinDay", "WithinWeek", "WithinPeriod") if self.ordered else ("Interactive", "Interactive", "WithinDay")))), utilisation_cap_fraction=self.pick(None, 0.7, 1.0),
            quality_weight=self.pick(None, 0.5, 1.3), disaggregated=self.chance(0.7),
        )

    def market(self, market: str, products: list) -> Struct:
        demand = {}
        for product in products if self.ordered else self.some(products):
            # By the hour power is dear beside tokens: when work is done is worth something.
            first = self.between(0.02, 0.2, 3) if self.theme == "hourly" else self.between(0.5, 4, 2)
            if self.theme in ("replica", "whole"):
                segments = [Struct(answer_gtok_per_day=self.between(0.2, 5, 1), usd_per_mtok=Struct(answer=first, prompt=self.between(0, 0.5, 2)))]
                demand[product] = Struct(growth_factor_per_year=self.pick(1.0, 1.5), segments=segments)
                continue
            if self.theme in SPARE and self.chance(0.8):
                prompt = self.between(0, 0.02 if self.theme == "hourly" else 0.5, 2)
                segments = [Struct(answer_gtok_per_day=self.between(2, 40, 1), usd_per_mtok=Struct(answer=first, prompt=prompt))]
                demand[product] = Struct(growth_factor_per_year=self.pick(1.0, 1.2), segments=segments)
                continue
            segments = [Struct(answer_gtok_per_day=self.steps(5, 120, 0, late=True), usd_per_mtok=Struct(answer=first, prompt=self.between(0, 0.5, 2), cached_prompt=0.05))]
            if self.chance(0.5):
                segments.append(Struct(answer_gtok_per_day=self.between(20, 400, 0), usd_per_mtok=Struct(answer=round(first * 0.4, 2))))
            demand[product] = Struct(growth_factor_per_year=self.pick(1.0, 1.5, 2.5), segments=segments)
        abroad = self.abroad[market]
        longitude = {"US": -87.6, "CN": 116.4, "DE": 8.7}[abroad]
        return Struct(
            country=abroad, latitude=self.between(30, 50, 1), longitude=longitude, utc_offset_hours=float({"US": -6, "CN": 8, "DE": 1}[abroad]),
            local_time=self.pick(None, "local", "local" if self.theme == "hourly" else "local-day"), demand=demand, single_price=True if self.chance(0.1) else None,
        )

    def contracts_of(self, site: str) -> None:
        contracts = self.fields["contracts"]

        def add(name: str, terms, **more) -> None:
            starts = self.starts()
            begins = self.pick(None, None, None, self.random.choice(starts)) if name != "grid" else None
            ends = self.pick(None, None, None, self.random.choice(starts)) if name != "grid" else None
            if begins and ends and ends <= begins:
                ends = None
            contracts[f"{site}-{name}"] = Struct(site=site, **{"from": begins}, until=ends, **more, terms=terms)

        burn, green = self.theme == "burn", self.theme == "green"
        interruptible = None
        if self.chance(0.2):
            interruptible = Struct(from_hour=self.pick(0, 12, 16), until_hour=self.pick(18, 20, 24), cap_mw=self.between(0, 6, 1), credit_usd_per_year=self.between(0, 2e5, 0))
        add(
            "grid",
            Struct(
                "Tariff", energy_usd_per_mwh=Struct("Series", id="dip") if burn else Struct("Series", id="price", mean=self.between(60, 250, 0)) if self.theme == "hourly" else Struct("Series", id="price-day") if self.ordered else self.level(20, 80, "price"), cap_mw=self.steps(3, 20) if self.chance(0.3) else None, demand_charge_usd_per_kw_month=self.pick(0.0, self.between(1, 12, 1)),
                fixed_usd_per_month=self.pick(0.0, self.between(0, 50000, 0)), escalation_fraction_per_year=self.pick(0.0, 0.02, -0.01), interruptible=interruptible,
            ),
            carbon_g_per_kwh=self.level(100, 700, "price", 0),
        )
        # Water has dice of its own, so that plans without it are what they were before it came.
        water = random.Random(f"water {self.seed} {site}")
        if self.theme in ("any", "green", "linked") and water.random() < 0.25:
            mw = round(water.uniform(1, 12), 1)
            gwh = round(mw * 8.76 * water.uniform(0.15, 0.7), 2)
            contracts[f"{site}-water"] = Struct(site=site, renewable=water.random() < 0.8, terms=Struct("Hydro", price_usd_per_mwh=round(water.uniform(10, 60), 1), contract_mw=Variant(water.choice(("UpTo", "Fixed")), mw), gwh_per_year=gwh))
        if self.sunny:
            add("sun", Struct("PayAsProduced", profile="noon", price_usd_per_mwh=self.between(15, 60, 1), contract_mw=Variant("Fixed", self.between(6, 15, 1))), renewable=True)
            add("battery", Struct("Battery", energy_mwh=Variant("UpTo", 0.0), existing_mwh=self.between(20, 60, 0), duration_hours=4.0, one_way_efficiency_fraction=self.between(0.8, 0.95, 2), wear_usd_per_mwh=self.between(0.5, 5, 1)))
            return
        if self.chance(0.7 if green else 0.4):
            price = self.between(15, 60, 1)
            add("ppa", Struct("PayAsProduced", profile=self.pick("sun", "wind"), price_usd_per_mwh=price, contract_mw=self.amount(1, 15), resale_usd_per_mwh=self.pick(None, round(price * 0.4, 1)), escalation_fraction_per_year=self.pick(0.0, 0.02)), renewable=self.chance(0.9))
        if self.chance(0.25):
            add("block", Struct("Baseload", price_usd_per_mwh=self.between(20, 70, 1), contract_mw=self.amount(1, 8), take_or_pay_fraction=self.pick(0.0, 0.8, 1.0), availability_fraction=self.between(0.8, 1, 2), escalation_fraction_per_year=self.pick(0.0, 0.015)), renewable=self.chance(0.3))
        if self.chance(0.3):
            gas = self.chance(0.6)
            fuel = Variant("Gas", Struct(usd_per_mwh_thermal=self.between(5, 20, 1), efficiency_fraction=self.between(0.3, 0.55, 2), g_per_kwh=self.between(300, 500, 0))) if gas else Variant("Profile", "sun")
            add("plant", Struct("OnSite", fuel=fuel, mw=self.amount(1, 10), existing_mw=self.pick(0.0, self.between(0, 3, 1)), capex_usd_per_kw=self.between(300, 1500, 0), om_usd_per_kw_year=self.between(0, 40, 0), availability_fraction=self.between(0.85, 1, 2), lead_months=float(self.pick(0, 6, 12)), life_years=float(self.pick(1, 10, 25))), renewable=not gas)
        if self.chance(0.7 if green or self.ordered else 0.35):
            # Wear above what negative prices pay for charging and discharging at once.
            wear = self.between(9, 14, 1) if burn else self.between(0.5, 5, 1)
            add("battery", Struct("Battery", energy_mwh=self.amount(1, 60), existing_mwh=self.between(5, 40, 0) if self.theme in SPARE else self.pick(0.0, self.between(0, 20, 0)), duration_hours=self.pick(2.0, 4.0), capex_usd_per_kwh=self.between(50, 300, 0), om_usd_per_kwh_year=self.between(0, 5, 1), one_way_efficiency_fraction=self.between(0.85, 0.98, 2), wear_usd_per_mwh=wear, lead_months=float(self.pick(0, 6)), life_years=float(self.pick(1, 10, 15))))
        if self.chance(0.5 if green else 0.2):
            add("virtual", Struct("Virtual", profile="wind", strike_usd_per_mwh=self.between(30, 60, 1), reference_usd_per_mwh=self.level(15, 30, "price"), contract_mw=self.amount(1, 10)), renewable=self.pick(None, None, None, True, False))

    def rental(self, sites: list, chips: list) -> None:
        place = {"site": self.pick(*sites)} if self.chance(0.3) else {"country": self.pick("US", "CN"), "latitude": 39.0, "longitude": -77.5}
        self.fields["rentals"]["cloud"] = Struct(chip=self.pick(*chips), **place, price_usd_per_chip_hour=self.level(0.5, 4, "price", 2), at_most=self.steps(100, 3000, 0, late=True), commitment=Variant(self.pick("Committed", "BySlice")))

    def training(self, sites: list, chips: list, products: list) -> None:
        able = [chip for chip in chips if self.fields["chips"][chip].fields.get("dense_bf16_tflops")]
        if not able:
            return
        first = self.random.randrange(self.periods)
        last = self.random.randrange(first, self.periods)
        months = [self.start + first * self.months, self.start + (last + 1) * self.months - 1]
        begins, ends = (f"{month // 12}-{month % 12 + 1:02d}" for month in months)
        hours = (last - first + 1) * self.months * 730
        # About what some hundred to thousand chips can do in the window.
        zflop = self.between(0.05, 0.5, 2) * 1000 * 0.4 * 3.6e-3 * hours
        need = Variant("Zflop", round(zflop, 1)) if self.chance(0.7) else Variant("ChipHours", Struct(chip=self.pick(*able), millions=round(zflop / 1500, 4)))
        # Paid to draw, more may be trained than is asked for.
        rhythm = Variant("Rigid") if self.chance(0.8 if self.theme == "burn" else 0.4) else Struct("Elastic", floor_fraction=self.pick(0.0, 0.5, 0.9))
        self.fields["training"]["next"] = Struct(
            **{"from": begins}, until=ends, need=need, rhythm=rhythm, site=self.pick(None, self.pick(*sites)), chips=self.pick([], able[:1]), utilisation_fraction=self.between(0.2, 0.6, 2),
            data_gtok=self.pick(0.0, self.between(100, 20000, 0)), unlocks=self.pick([], [], [products[-1]]),
        )

    def policy(self, sites: list, chips: list, markets: list):
        country, other = self.pick("US", "US", "CN"), self.pick("US", "CN", "DE")
        site = self.pick(None, None, self.pick(*sites))
        return self.pick(
            lambda: Struct("CarbonCap", kt_per_year=self.steps(3, 80, 0), site=site),
            lambda: Struct("CarbonPrice", usd_per_t=self.steps(5, 80, 0), site_country=self.pick(None, country)),
            lambda: self.renewable_share(site),
            lambda: Struct("WaterCap", ml_per_year=self.steps(10, 200, 0), site=site),
            lambda: Struct("ImportDuty", site_country=country, origin=self.pick("TW", "CN"), rate_fraction=self.between(0, 0.5, 2)),
            lambda: Struct("CapexSubsidy", site=self.pick(*sites), chip=self.pick(None, self.pick(*chips)), rate_fraction=self.between(0, 0.4, 2), ceiling_musd=self.pick(None, self.between(1, 40, 0), self.between(1, 40, 0))),
            lambda: self.export_share(country),
            lambda: Struct("Residency", market=self.pick(*markets), minimum_fraction=self.between(0, 0.8, 2)),
            lambda: Struct("TokenDuty", site_country=country, market_country=other, usd_per_mtok=self.between(0, 0.5, 2)),
            lambda: Struct("RouteBan", site_country=country, market_country="DE"),
            lambda: Struct("ChipLicence", site_country=country, origin=self.pick(None, "TW", "US"), tpp_at_least=self.between(2000, 20000, 0), at_most=self.steps(500, 6000, 0, late=True)),
            lambda: Struct("DomesticShare", site_country=country, minimum_fraction=self.between(0, 0.7, 2), include_existing=self.chance(0.4)),
        )()

    def decision(self, sites: list, chips: list) -> None:
        site = self.pick(*sites)
        kinds = self.fields["sites"][site].fields["buildable"]
        if kinds and self.chance(0.5):
            what, number = Variant("Halls", "new"), 1.0
        else:
            what, number = Variant("Chips", self.pick(*chips)), self.between(0, 3000, 0)
        exact = self.chance(0.4)
        self.fields["decisions"]["signed"] = Struct(site=site, what=what, month=self.pick(None, self.random.choice(self.starts())), at_least=None if exact else number, exactly=number if exact else None)


def main() -> None:
    words = [word for word in sys.argv[1:] if word != "--power"]
    powered = len(words) < len(sys.argv) - 1
    folder = pathlib.Path(words[0])
    count = int(words[1]) if len(words) > 1 else 200
    seed = int(words[2]) if len(words) > 2 else 1
    # Days in order are whole days, which the second statement of months does not know.
    themes = [theme for theme in THEMES if not (powered and theme in ("linked", "whole"))]
    folder.mkdir(parents=True, exist_ok=True)
    texts = [Generator(seed * 100_000 + number, themes[number % len(themes)], powered).plan() for number in range(count)]
    for number, text in enumerate(texts):
        (folder / f"random-{number:03d}.ron").write_text(text)
    met = counts(texts)
    for what, plans in met.items():
        print(f"{plans:4} plans: {what}")
    missing = [what for what, plans in met.items() if plans < count // 60]
    if count >= 200 and missing:
        sys.exit(f"too few plans of: {', '.join(missing)}")


if __name__ == "__main__":
    main()
