"""Tariffs and connections, stated from the design's text and the plan's own words.

Energy by blocks, demand in windows and at the system's peak, ratchets, least bills, what agreements say
of negative prices, connections with events and offers. Of the export only the days' weights, levels and
series are used, as everywhere in `program.py`.
"""

from __future__ import annotations

import math

from program import LENGTHS, Linear, agree, month, steps_at

INF = math.inf


class Power:
    """What a plan says of a tariff's months, over the columns of a `Stated`."""

    def __init__(self, stated):
        self.s, self.lp = stated, stated.lp
        self.plan = stated.plan
        first = next(iter(self.plan["sites"].values()), {})
        self.clock = self.plan["horizon"].get("utc_offset_hours", first.get("utc_offset_hours", 0.0))
        self.beta = stated.beta
        self.per_period = stated.period_months
        self.begin = month(self.plan["horizon"]["start"])
        self.weights = self.days_by_month()

    # ---- time

    def days_by_month(self):
        """Days of each month of the year that a representative day stands for."""
        slices = self.plan["slices"]
        if slices == "Hourly":
            return None
        days, weights = slices["days"], {}
        fixed = [0.0] * 12
        for id_, day in days.items():
            months = [int(number) - 1 for number in day.get("months", [])]
            if day.get("share_fraction") is not None:
                total = sum(other["share_fraction"] for other in days.values())
                weights[id_] = [length * day["share_fraction"] / total for length in LENGTHS]
            elif day.get("days_per_year") is not None:
                whole = sum(LENGTHS[number] for number in months)
                weights[id_] = [day["days_per_year"] * LENGTHS[number] / whole if number in months else 0.0 for number in range(12)]
                fixed = [before + own for before, own in zip(fixed, weights[id_])]
        rest = {id_: [int(number) - 1 for number in day["months"]] for id_, day in days.items() if id_ not in weights}
        for id_, months in rest.items():
            sharing = [sum(1 for others in rest.values() if number in others) for number in range(12)]
            weights[id_] = [(LENGTHS[number] - fixed[number]) / sharing[number] if number in months else 0.0 for number in range(12)]
        return weights

    def hours(self, t, of_year):
        """Hours of a month of the year that a slice stands for."""
        day = self.s.slices[t]["day"]
        if self.weights is None:
            return self.beta if int(day[:2]) - 1 == of_year else 0.0
        return self.weights[day][of_year] * self.beta

    def months(self, p):
        """Months of a period: from the horizon's start, and of the year."""
        return [(p * self.per_period + at, (self.begin + p * self.per_period + at) % 12) for at in range(self.per_period)]

    def check(self):
        for p in self.s.P:
            for t in self.s.T[p]:
                agree(f"hours of slice {t} by month", sum(self.hours(t, of_year) for _, of_year in self.months(p)), self.s.theta(p, t))

    def share(self, windows, site, t, of_year):
        """Share of a slice's hours that lie in some window, on the site's clock, quarter by quarter."""
        if not windows:
            return 1.0
        # On the plan's own clock where no site is meant.
        shift = self.plan["sites"][site].get("utc_offset_hours", 0.0) - self.clock if site else 0.0
        slice_ = self.s.slices[t]
        quarters = int(self.beta * 4)
        held = 0
        for quarter in range(quarters):
            hour = (slice_["start_hour"] + shift + (quarter + 0.5) / 4) % 24
            for window in windows:
                months = [int(number) for number in window.get("months", [])]
                if months and of_year + 1 not in months:
                    continue
                if window.get("days") and slice_["day"] not in window["days"]:
                    continue
                begins, ends = window.get("from_hour", 0.0), window.get("until_hour", 24.0)
                if (begins <= hour < ends) if ends > begins else (hour >= begins or hour < ends):
                    held += 1
                    break
        return held / quarters

    def marked(self, hours, site, t, of_year):
        if hours["kind"] == "Share":
            return hours["value"]
        assert hours["kind"] == "Windows"
        return self.share(hours["value"], site, t, of_year)

    # ---- tariffs

    def tariffs(self):
        for id_, contract in self.plan.get("contracts", {}).items():
            terms = contract["terms"]
            if terms["kind"] == "Tariff":
                self.tariff(id_, contract, terms)

    def in_force(self, contract, p):
        start = self.begin + p * self.per_period
        return month(contract.get("from") or "start") <= start < (month(contract["until"]) if contract.get("until") else 10**9)

    def tariff(self, id_, contract, terms):
        site = contract["site"]
        periods = [p for p in self.s.P if self.in_force(contract, p)]
        months = [(p, offset, of_year) for p in periods for offset, of_year in self.months(p)]
        as_of = contract.get("prices_as_of")
        stated = self.begin if as_of in (None, "start") else month(as_of)
        escalation = lambda p: (1 + terms.get("escalation_fraction_per_year", 0.0)) ** ((self.begin + p * self.per_period - stated) / 12)
        at = lambda steps, p: steps_at(steps, self.begin + p * self.per_period) or 0.0
        bill = terms.get("minimum_bill")
        monthly = {offset: Linear() for _, offset, _ in months}
        # Energy by blocks.
        for charge in terms.get("energy_charges", {}).values():
            for p, offset, of_year in months:
                drawn = Linear()
                for t in self.s.T[p]:
                    share = self.share(charge.get("windows"), site, t, of_year)
                    drawn.add(self.s.draw[id_, p, t], self.hours(t, of_year) * share * 1e-3)
                before = 0.0
                for tier in charge["tiers"]:
                    end = tier["up_to_mwh"] * 1e-3 if tier.get("up_to_mwh") is not None else INF
                    block = self.lp.column("block", end - before)
                    before = end
                    drawn.add(block, -1.0)
                    money = Linear([(block, at(tier["usd_per_mwh"], p) * escalation(p) * 1e-3)])
                    self.s.charge(p, money, 1.0)
                    monthly[offset].add(money)
                self.lp.equal("energy_charge", drawn)
        # Demand.
        own = dict(
            usd_per_kw_month=terms.get("demand_charge_usd_per_kw_month", 0.0),
            ratchet=dict(fraction=terms["ratchet_fraction"], months=12, existing_peak_mw=terms.get("existing_peak_mw", 0.0), existing_peak_months_ago=1) if terms.get("ratchet_fraction") else None,
        )
        for name, charge in {"plain": own, **terms.get("demand_charges", {})}.items():
            self.demand(id_, contract, name, charge, months, at, escalation, bill, monthly)
        # Least bills.
        if bill:
            self.least(id_, contract, terms, bill, months, at, escalation, monthly)

    def owed(self, contract, bill, offset):
        first = month(contract["from"]) if contract.get("from") else self.begin
        return bill.get("term_months") is None or self.begin + offset < first + int(bill["term_months"])

    def demand(self, id_, contract, name, charge, months, at, escalation, bill, monthly):
        site = contract["site"]
        measured = {}
        coincident = charge.get("coincident")
        for p, offset, of_year in months:
            column = self.lp.column(f"measured[{id_},{name},{offset}]")
            measured[offset] = column
            if coincident is None:
                for t in self.s.T[p]:
                    if self.hours(t, of_year) > 0 and self.share(charge.get("windows"), site, t, of_year) > 0:
                        self.lp.at_most("measured", Linear([(self.s.draw[id_, p, t], 1.0), (column, -1.0)]))
                continue
            year = coincident.get("over") == "Year"
            of = [m for m in months if (self.s.year_of(m[0]) == self.s.year_of(p) if year else m[1] == offset)]
            total, drawn = 0.0, Linear()
            for q, _, number in of:
                for t in self.s.T[q]:
                    weight = self.hours(t, number) * self.marked(coincident["hours"], site, t, number)
                    total += weight
                    drawn.add(self.s.draw[id_, q, t], weight)
            if total > 0:
                self.lp.at_least("measured", Linear([(column, 1.0)]).add(drawn, -1.0 / total))
        ratchet = charge.get("ratchet")
        least = bill and bill.get("demand_fraction", 0.0) > 0 and (name in bill["demand_charges"] if bill.get("demand_charges") else coincident is None)
        for p, offset, of_year in months:
            rate = at(charge.get("usd_per_kw_month", 0.0), p) * escalation(p) * 1e-3
            tiers = charge.get("tiers", [])
            if rate == 0 and not any(tier["usd_per_kw_month"] for tier in tiers):
                continue
            billed = self.lp.column(f"billed[{id_},{name},{offset}]")
            self.lp.at_least("billed", Linear([(billed, 1.0), (measured[offset], -1.0)]))
            if ratchet:
                for q, other, number in months:
                    counts = [int(m) for m in ratchet.get("of_months", [])]
                    if offset - int(ratchet.get("months", 12)) <= other < offset and (not counts or number + 1 in counts):
                        self.lp.at_least("ratchet", Linear([(billed, 1.0), (measured[other], -ratchet["fraction"])]))
                if offset + int(ratchet.get("existing_peak_months_ago", 1)) <= int(ratchet.get("months", 12)):
                    self.lp.at_least("ratchet", Linear([(billed, 1.0)]), ratchet["fraction"] * ratchet.get("existing_peak_mw", 0.0))
            if least and self.owed(contract, bill, offset):
                self.lp.at_least("least demand", Linear([(billed, 1.0)]), bill["demand_fraction"] * at(bill.get("contract_mw", 0.0), p))
            money = Linear([(billed, rate)])
            if tiers:
                filled, before = Linear([(billed, 1.0)]), 0.0
                for tier in tiers:
                    end = tier["up_to_mw"] if tier.get("up_to_mw") is not None else INF
                    block = self.lp.column("demand block", end - before)
                    before = end
                    filled.add(block, -1.0)
                    money.add(block, tier["usd_per_kw_month"] * escalation(p) * 1e-3)
                self.lp.equal("demand blocks", filled)
            self.s.charge(p, money, 1.0)
            monthly[offset].add(money)

    def least(self, id_, contract, terms, bill, months, at, escalation, monthly):
        level = next(k for k in self.s.contracts if k["id"] == id_)["terms"]["energy_usd_per_mwh"]
        for p, offset, of_year in months:
            least = at(bill.get("usd_per_month", 0.0), p) * escalation(p) * 1e-6
            if least <= 0 or not self.owed(contract, bill, offset):
                continue
            paid = monthly[offset]
            for t in self.s.T[p]:
                paid.add(self.s.draw[id_, p, t], self.hours(t, of_year) * self.s.level(level, p, t) * 1e-6)
            paid.add(at(terms.get("fixed_usd_per_month", 0.0), p) * escalation(p) * 12e-6 * LENGTHS[of_year] / 365.0)
            topped = self.lp.column(f"topped[{id_},{offset}]")
            self.s.charge(p, topped, 1.0)
            self.lp.at_least("least bill", Linear([(topped, 1.0)]).add(paid), least)
        # Contracted demand given back within the term.
        before = highest = back = paid_for = 0.0
        for p in self.s.P:
            now = at(bill.get("contract_mw", 0.0), p) if self.in_force(contract, p) else 0.0
            highest = max(highest, now)
            if now < before and self.owed(contract, bill, p * self.per_period):
                back += before - now
                due = max(back - bill.get("free_exit_fraction", 0.0) * highest, 0.0)
                self.s.charge(p, None, max(due - paid_for, 0.0) * bill.get("exit_fee_usd_per_kw", 0.0) * 1e-3 * escalation(p))
                paid_for = max(paid_for, due)
            before = now

    # ---- agreements

    def price_of(self, level, p, t):
        """A price in the plan's words: dated, or the hours of a profile of 24 values."""
        if isinstance(level, dict) and level.get("kind") == "Series":
            values = self.plan["profiles"][level["id"]]["value"]
            start = int(self.s.slices[t]["start_hour"])
            return sum(values[start : start + int(self.beta)]) / self.beta
        return steps_at(level, self.begin + p * self.per_period)

    def settled(self, id_, strike, reference):
        """$ per MWh of a contract for difference."""
        terms = self.plan["contracts"][id_]["terms"]
        clause = terms.get("at_negative_prices", "Settles")
        floor = terms.get("floor_usd_per_mwh")
        if isinstance(clause, dict):
            floor = clause["value"]
        if floor is not None:
            return strike - max(reference, floor)
        if clause in ("NoSettlement", "Curtails") and reference < 0:
            return 0.0
        return strike - reference

    def below_zero(self, id_, p, t, clause):
        """Whether an agreement on power delivered says so, and the market price is below zero."""
        terms = self.plan["contracts"][id_]["terms"]
        return terms.get("at_negative_prices") == clause and self.price_of(terms["market_usd_per_mwh"], p, t) < 0

    # ---- connections

    def through(self, site_id, grid, named, p, t, plain):
        """Draws through the grid within what the connections carry."""
        site = self.plan["sites"][site_id]
        connections = site.get("connections", {})
        total = grid
        for name, connection in connections.items():
            start = self.begin + p * self.per_period
            there = self.there(site_id, connection, p, t)
            firm_mw = steps_at(connection.get("firm_mw", 0.0), start) or 0.0
            soft_mw = steps_at(connection.get("non_firm_mw", 0.0), start) or 0.0
            firm, soft = Linear([(self.lp.column("firm"), 1.0)]), Linear([(self.lp.column("soft"), 1.0)])
            total = Linear(total.items()).add(firm, -1.0).add(soft, -1.0)
            if name in named:
                self.lp.at_most("interconnect", Linear(named[name].items()).add(firm, -1.0).add(soft, -1.0))
            for offer_id, offer in self.offers(connection).items():
                if self.offered(offer, start):
                    column = self.taken(site_id, name, offer_id, offer)
                    (firm if offer["kind_of"] == "Firm" else soft).add(column, -1.0 if offer["kind_of"] == "Firm" else -there)
            self.lp.at_most("interconnect", firm, firm_mw)
            self.lp.at_most("interconnect", soft, soft_mw * there)
        if "plain" in named:
            self.lp.at_most("interconnect", named["plain"], plain)
        self.lp.at_most("interconnect", total, plain)

    def carries(self, site_id, name, connection, p, t):
        """What a connection can carry in a slice, MW."""
        start = self.begin + p * self.per_period
        there = self.there(site_id, connection, p, t)
        mw = Linear([(-1, (steps_at(connection.get("firm_mw", 0.0), start) or 0.0) + there * (steps_at(connection.get("non_firm_mw", 0.0), start) or 0.0))])
        for offer_id, offer in self.offers(connection).items():
            if self.offered(offer, start):
                mw.add(self.taken(site_id, name, offer_id, offer), 1.0 if offer["kind_of"] == "Firm" else there)
        return mw

    def there(self, site_id, connection, p, t):
        """Share of the non-firm power that is there in a slice."""
        start = self.begin + p * self.per_period
        events = connection.get("events")
        hours = [(self.hours(t, of_year), self.marked(events, site_id, t, of_year) if events else 0.0) for _, of_year in self.months(p)]
        share = sum(h * m for h, m in hours) / sum(h for h, _ in hours)
        away = share if events and events["kind"] == "Share" else float(share > 0)
        firm_by_now = connection.get("firm_from") and month(connection["firm_from"]) <= start
        return 1.0 if firm_by_now else 1.0 - connection.get("response_fraction", 1.0) * away

    def offers(self, connection):
        service = connection.get("service")
        if not isinstance(service, dict):
            return {}
        return {id_: offer | {"kind_of": offer["kind"]} for id_, offer in service["value"].items()}

    def offered(self, offer, start):
        return month(offer.get("from") or "start") <= start < (month(offer["until"]) if offer.get("until") else 10**9)

    def taken(self, site, name, offer_id, offer):
        known = self.__dict__.setdefault("known", {})
        if (site, name, offer_id) in known:
            return known[site, name, offer_id]
        taken = offer.get("taken_mw")
        column = known[site, name, offer_id] = self.lp.column("offer", offer["at_most_mw"] if taken is None else taken)
        if taken is not None:
            self.lp.at_least("offer", Linear([(column, 1.0)]), taken)
        periods = [p for p in self.s.P if self.offered(offer, self.begin + p * self.per_period)]
        for p in periods:
            fee = steps_at(offer.get("fee_usd_per_kw_month", 0.0), self.begin + p * self.per_period)
            self.s.charge(p, column, fee * 12e-3 * self.s.periods[p]["years"])
        if taken is not None:
            # Deposit and studies are paid; the deposit comes back in the first period of it, unless that was before.
            begins = month(offer.get("from") or "start")
            back = [p for p in periods if begins > self.begin + (p - 1) * self.per_period]
            if back:
                self.s.charge(back[0], column, -offer.get("deposit_usd_per_kw", 0.0) * 1e-3)
            return column
        self.s.charge(0, column, offer.get("study_usd", 0.0) * 1e-6 / offer["at_most_mw"])
        if periods[0] > 0:
            self.s.charge(0, column, offer.get("deposit_usd_per_kw", 0.0) * 1e-3)
            self.s.charge(periods[0], column, -offer.get("deposit_usd_per_kw", 0.0) * 1e-3)
        return column
