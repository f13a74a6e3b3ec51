"""Operating points, feeds, tokens shed in events and what goes on after a loss, stated from the plan's own words.

The design's sentences (power.md, section 2) in their plain form: chips stand behind feeds, an event's tokens are
asked for and shed, and after each loss a copy of the slice has to keep its share.
"""

from __future__ import annotations

from program import INF, Linear, in_period, month, steps_at


def full(phase: str) -> str:
    """The phase of work without the point it is run at."""
    return phase.split("@")[0]


class Losses:
    """What a plan says of these, over the columns of a `Stated`."""

    def __init__(self, stated):
        self.s, self.lp, self.plan = stated, stated.lp, stated.plan
        self.standing = {}

    # ---- operating points

    def ways(self, i):
        """Every way to run the chips of a pool: suffix, kW at work, speed."""
        pool = self.s.pools[i]
        chip = self.s.chips[pool["chip"]]
        yield "", chip["active_kw"], 1.0
        if "rental" not in pool:
            for name, point in self.plan["chips"][pool["chip"]].get("operating_points", {}).items():
                yield "@" + name, point["kw"], point["speed_fraction"]

    def way(self, i, phase):
        suffix = phase[len(full(phase)) :]
        return next((kw, speed) for name, kw, speed in self.ways(i) if name == suffix)

    # ---- feeds

    def feed_mw(self, site, feed, p):
        return steps_at(self.plan["sites"][site]["feeds"][feed]["mw"], self.s.periods[p]["start"]) or 0.0

    def groups(self, site):
        return [*self.plan["sites"][site].get("feeds", {}), None]

    def feed_of(self, site, hall, built):
        return self.plan["sites"][site]["buildable" if built else "halls"][hall].get("feed")

    def halls_behind(self, site, p, feed, liquid_only):
        mw = Linear()
        for hall in self.s.sites[site]["halls"]:
            if hall["in_service_from_period"] <= p < hall.get("in_service_until_period", INF) and (hall["liquid"] or not liquid_only) and self.feed_of(site, hall["id"], False) == feed:
                mw.add(float(hall["it_mw"]))
        for kind in self.s.sites[site]["buildable"]:
            if (liquid_only and not kind["liquid"]) or self.feed_of(site, kind["id"], True) != feed:
                continue
            for q in self.s.P:
                if (site, kind["id"], q) in self.s.halls and q + kind["lead_periods"] <= p < q + kind["lead_periods"] + kind["life_periods"]:
                    mw.add(self.s.halls[site, kind["id"], q], kind["it_mw"])
        return mw

    def most_behind(self, site, p, liquid_only) -> float:
        """MW that can ever stand there for one kind of chip, as far as feeds carry it."""
        total = 0.0
        for feed in self.groups(site):
            halls = sum(hall["it_mw"] for hall in self.s.sites[site]["halls"] if hall["in_service_from_period"] <= p < hall.get("in_service_until_period", INF) and (hall["liquid"] or not liquid_only) and self.feed_of(site, hall["id"], False) == feed)
            halls += sum(kind["at_most"] * kind["it_mw"] for kind in self.s.sites[site]["buildable"] if kind["lead_periods"] <= p and kind["at_most"] > 0 and (kind["liquid"] or not liquid_only) and self.feed_of(site, kind["id"], True) == feed)
            total += halls if feed is None else min(halls, self.feed_mw(site, feed, p))
        return total

    def feeds(self):
        """Chips of a site with feeds stand behind one of them, or in a hall without."""
        for site, facts in self.s.sites.items():
            if not self.plan["sites"][site].get("feeds") or facts["oversubscribed"]:
                continue
            pools = [i for i, pool in enumerate(self.s.pools) if pool["place"] == site and "rental" not in pool]
            for p in self.s.P:
                for i in pools:
                    all_of_them = Linear([(self.s.in_service[i, p], -1.0)])
                    for feed in self.groups(site):
                        self.standing[i, p, feed] = self.lp.column(f"standing[{i},{p},{feed}]")
                        all_of_them.add(self.standing[i, p, feed])
                    self.lp.equal("feeds", all_of_them)
                for feed in self.groups(site):
                    for liquid_only in (False, True):
                        power = Linear()
                        for i in pools:
                            chip = self.s.chips[self.s.pools[i]["chip"]]
                            if chip["liquid"] or not liquid_only:
                                power.add(self.standing[i, p, feed], chip["all_in_kw"])
                        self.lp.at_most("feeds", Linear(power.items()).add(self.halls_behind(site, p, feed, liquid_only), -1.0))
                        if feed is not None:
                            self.lp.at_most("feeds", power, self.feed_mw(site, feed, p))

    def fed(self, site, p, liquid_only):
        """MW of the halls of an oversubscribed site, through their feeds."""
        total = Linear()
        for feed in self.groups(site):
            halls = self.halls_behind(site, p, feed, liquid_only)
            if feed is None:
                total.add(halls)
                continue
            column = self.lp.column(f"fed[{site},{p},{feed},{liquid_only}]", self.feed_mw(site, feed, p))
            self.lp.at_most("feeds", Linear([(column, 1.0)]).add(halls, -1.0))
            total.add(column)
        return total

    # ---- what is shed in events

    def in_event(self, site, connection, p, t):
        """Whether some of a slice's hours are events, and are not firm by now."""
        events = connection.get("events")
        start = self.s.tariffs.begin + p * self.s.period_months
        if not events or (connection.get("firm_from") and month(connection["firm_from"]) <= start):
            return False
        marked = [self.s.tariffs.marked(events, site, t, of_year) for _, of_year in self.s.tariffs.months(p) if self.s.tariffs.hours(t, of_year) > 0]
        return connection.get("response_fraction", 1.0) > 0 and any(share > 0 for share in marked)

    def may_shed(self, r, m, p):
        """Slices in which a market's tokens may be shed; nothing where the product may not."""
        product = self.plan["products"][m]
        if not product.get("flexible_fraction") or product.get("urgency", "Interactive") != "Interactive":
            return set()
        serving = {route["place"] for route in self.s.x["routes"] if (route["market"], route["product"]) == (r, m)}
        found = set()
        for site in serving & set(self.plan["sites"]):
            for connection in self.plan["sites"][site].get("connections", {}).values():
                if connection.get("notice_hours", INF) >= product.get("shed_notice_hours", 0.0):
                    found |= {t for t in self.s.T[p] if self.in_event(site, connection, p, t)}
        return found

    def wanted(self, r, m, p, sold, shares):
        """What is to be served of a live product by slice, and the discount for what is shed."""
        events = self.may_shed(r, m, p)
        if not events:
            return {t: Linear().add(sold, 1000.0 * share) for t, share in shares.items()}
        product = self.plan["products"][m]
        asked = self.lp.column(f"asked[{r},{m},{p}]")
        volume = sum(segment["volume_ttok_by_period"][p] for demand in self.s.x["demands"] if (demand["market"], demand["product"]) == (r, m) for segment in demand["segments"])
        self.lp.at_most("demand", Linear([(asked, 1.0)]), volume)
        wanted = {t: Linear([(asked, 1000.0 * share)]) for t, share in shares.items()}
        later = product.get("shed") == "SameDay"
        usd = steps_at(product.get("shed_discount_usd_per_mtok", 0.0), self.s.periods[p]["start"]) or 0.0
        total, by_day = Linear([(asked, 1.0)]).add(sold, -1.0), {}
        days = {self.s.slices[t]["day"] for t in events}
        for t in self.s.T[p]:
            day = self.s.slices[t]["day"]
            if t in events:
                shed = self.lp.column(f"shed[{r},{m},{p},{t}]")
                self.lp.at_most("demand", Linear([(shed, 1.0), (asked, -1000.0 * shares[t] * product["flexible_fraction"])]))
                wanted[t].add(shed, -1.0)
                by_day.setdefault(day, Linear()).add(shed, -1.0)
                ttok = self.s.theta(p, t) * 1e-3
                self.s.shed.append((shed, ttok * usd * self.s.periods[p]["discount"]))
                if not later:
                    total.add(shed, -ttok)
            elif later and day in days:
                back = self.lp.column(f"back[{r},{m},{p},{t}]")
                wanted[t].add(back, 1.0)
                by_day.setdefault(day, Linear()).add(back, 1.0)
        self.lp.equal("demand", total)
        for balance in by_day.values() if later else []:
            self.lp.equal("demand", balance)
        return wanted

    # ---- what goes on after a loss

    def resilience(self):
        for rule in self.plan.get("resilience", {}).values():
            keep = {m: entry["fraction"] for m, entry in rule["keep"].items() if entry["fraction"] > 0}
            for p in self.s.P:
                held = self.held(rule.get("worst_hours"), keep, p)
                for loss in self.parts(rule["lose"]["value"], p):
                    for t in held:
                        self.after(loss, keep, p, t)

    def parts(self, kind, p):
        for site, facts in self.s.sites.items():
            stated = self.plan["sites"][site]
            if kind == "Site":
                yield "Site", site, None
            if kind == "Feed":
                yield from (("Feed", site, feed) for feed, entry in stated.get("feeds", {}).items() if entry.get("redundancy", "N") == "N")
            if kind == "Connection":
                if facts["interconnect_mw_by_period"][p] > 0:
                    yield "Connection", site, "plain"
                yield from (("Connection", site, name) for name in stated.get("connections", {}))
        if kind == "Plant":
            yield from (("Plant", k["place"], k["id"]) for k in self.s.contracts if k["terms"]["kind"] == "on_site" and k["in_force_by_period"][p])

    def held(self, worst, keep, p):
        if worst is None:
            return self.s.T[p]
        if worst["kind"] == "Stated":
            hours = worst["value"]
            return [t for t in self.s.T[p] if any(self.s.tariffs.marked(hours, None, t, of_year) > 0 for _, of_year in self.s.tariffs.months(p) if self.s.tariffs.hours(t, of_year) > 0)]
        want = {}
        for t in self.s.T[p]:
            want[t] = 0.0
            for demand in self.s.x["demands"]:
                m = demand["product"]
                if m not in keep:
                    continue
                volume = sum(segment["volume_ttok_by_period"][p] for segment in demand["segments"])
                shape = self.s.markets[demand["market"]]["demand_shape_by_slice"]
                total = sum(self.s.theta(p, u) * shape[u] for u in self.s.T[p])
                want[t] += keep[m] * volume * (1 / sum(self.s.theta(p, u) for u in self.s.T[p]) if self.s.products[m]["deferrable"] else shape[t] / total)
        left, last, found = worst["value"] * self.s.periods[p]["years"], INF, []
        for t in sorted(want, key=lambda t: (-want[t], t)):
            if left <= 1e-9 and want[t] < last * (1 - 1e-9):
                break
            found.append(t)
            left -= self.s.theta(p, t)
            last = want[t]
        return found

    def after(self, loss, keep, p, t):
        """A copy of a slice in which a part gives nothing."""
        kind, where, part = loss
        if kind == "Feed" and not any((i, p, part) in self.standing for i, pool in enumerate(self.s.pools) if pool["place"] == where):
            return
        s, lp = self.s, self.lp
        served, output = {}, {}
        for place in s.places:
            if kind == "Site" and place == where:
                continue
            load, liquid, handled = Linear(), Linear(), Linear()
            made = {m: (Linear(), Linear()) for m in keep}
            for i, pool in enumerate(s.pools):
                if pool["place"] != place:
                    continue
                chip, busy, of_pool = s.chips[pool["chip"]], Linear(), Linear()
                for (_, m, phase, _, _), _ in s.work_at(i, p, t):
                    if m not in keep:
                        continue
                    column = lp.column("kept work")
                    kw, speed = self.way(i, phase)
                    busy.add(column, 1.0 / s.products[m]["utilisation_cap_fraction"])
                    of_pool.add(column, kw - chip["idle_kw"])
                    rate = s.rate_of(i, m, p)
                    d, f = rate["decode_gtok_per_hour_per_thousand"] * speed, rate["prefill_gtok_per_hour_per_thousand"] * speed
                    ratio = in_period(s.products[m]["prefilled_prompt_per_answer"], p)
                    if full(phase) == "decode":
                        made[m][0].add(column, d)
                    elif full(phase) == "prefill":
                        made[m][1].add(column, f)
                    else:
                        pooled = 0.0 if d <= 0 or f <= 0 else 1.0 / (1.0 / d + ratio / f)
                        made[m][0].add(column, pooled)
                        made[m][1].add(column, pooled * ratio)
                powered = lp.column("kept powered")
                lp.at_most("resilience", busy.add(powered, -chip["availability_fraction"]))
                there = Linear([(powered, 1.0)])
                if "rental" in pool:
                    there.add(s.rented[i, p] if pool["rental"]["committed"] else s.rented[i, p, t], -1.0)
                else:
                    there.add(s.in_service[i, p], -1.0)
                    if kind == "Feed" and place == where:
                        there.add(self.standing[i, p, part])
                    of_pool.add(powered, chip["idle_kw"])
                    load.add(of_pool)
                    if chip["liquid"]:
                        liquid.add(of_pool)
                lp.at_most("resilience", there)
            for m, (answers, prompts) in made.items():
                total = Linear()
                if s.products[m]["deferrable"]:
                    output[place, m] = lp.column("kept output")
                    total.add(output[place, m])
                else:
                    for r in s.markets:
                        if (place, m, r, p, t) in s.served:
                            served[place, m, r] = lp.column("kept served")
                            total.add(served[place, m, r])
                lp.at_most("resilience", Linear(total.items()).add(answers, -1.0))
                lp.at_most("resilience", Linear().add(total, in_period(s.products[m]["prefilled_prompt_per_answer"], p)).add(prompts, -1.0))
                handled.add(total, 1.0 + in_period(s.products[m]["full_prompt_per_answer"], p))
            if place in s.sites:
                self.left(loss, place, p, t, load, liquid, handled)
        for m, fraction in keep.items():
            after, before = Linear(), Linear()
            if p < s.products[m]["sold_from_period"]:
                continue
            if s.products[m]["deferrable"]:
                for place in s.places:
                    before.add(s.made(place, m, p, t))
                    if (place, m) in output:
                        after.add(output[place, m])
            else:
                for r in s.markets:
                    now, then = Linear(), Linear()
                    for place in s.places:
                        if (place, m, r, p, t) in s.served:
                            then.add(s.served[place, m, r, p, t])
                        if (place, m, r) in served:
                            now.add(served[place, m, r])
                    lp.at_most("resilience", Linear(now.items()).add(then, -1.0))
                    after.add(now)
                    before.add(then)
            lp.at_least("resilience", self.share_kept(after, before, fraction))

    def share_kept(self, after, before, fraction):
        return Linear(after.items()).add(before, -fraction)

    def left(self, loss, site, p, t, load, liquid, handled):
        """What is left of a site's power carries its load."""
        kind, where, part = loss
        s, lp = self.s, self.lp
        facts = s.sites[site]
        pipe = facts.get("data_pipeline")
        if pipe is not None:
            load.add(handled, pipe["mw_per_gtok_per_hour"])
            row = Linear().add(handled)
            for q in s.P:
                if (site, q) in s.pipeline and q + pipe["lead_periods"] <= p < q + pipe["lead_periods"] + pipe["life_periods"]:
                    row.add(s.pipeline[site, q], -1.0)
            lp.at_most("resilience", row, in_period(pipe["capacity_gtok_per_hour"], p))
        if facts["oversubscribed"]:
            lp.at_most("resilience", Linear(load.items()).add(self.fed(site, p, False), -1.0))
            lp.at_most("resilience", Linear(liquid.items()).add(self.fed(site, p, True), -1.0))
        supply, grid, named = Linear(), Linear(), {}
        for k in s.contracts:
            if k["place"] != site or (k["id"], p, t) not in s.draw or (kind == "Plant" and part == k["id"]):
                continue
            terms, mw = k["terms"], s.contract_mw.get(k["id"])
            draw = lp.column("kept draw")
            supply.add(draw)
            only = Linear([(draw, 1.0)])
            if terms["kind"] == "tariff":
                cap = terms.get("cap_mw_by_period", {p: None})[p]
                if cap is not None:
                    lp.at_most("resilience", only, cap)
                if terms.get("interruptible") and t in terms["interruptible"]["slices"]:
                    lp.at_most("resilience", only, terms["interruptible"]["cap_mw"])
            elif terms["kind"] == "pay_as_produced":
                output = 0.0 if s.tariffs.below_zero(k["id"], p, t, "Curtails") else terms["output_per_mw_by_slice"][t]
                lp.at_most("resilience", only.add(mw, -output))
            elif terms["kind"] == "baseload":
                lp.at_most("resilience", only.add(mw, -terms["availability_fraction"]))
            elif terms["kind"] == "hydro":
                lp.at_most("resilience", only.add(mw, -1.0))
            else:
                lp.at_most("resilience", only.add(s.alive(k, p), -terms["output_per_mw_by_slice"][t]))
            if terms["kind"] != "on_site":
                grid.add(draw)
                name = self.plan["contracts"][k["id"]].get("connection")
                if name:
                    named.setdefault(name, Linear()).add(draw)
        lp.at_least("resilience", supply.add(load, -s.level(facts["pue"], p, t)))
        lost = part if kind == "Connection" and site == where else None
        carried = {"plain": Linear([(-1, 0.0 if lost == "plain" else facts["interconnect_mw_by_period"][p])])}
        for name, connection in self.plan["sites"][site].get("connections", {}).items():
            carried[name] = Linear() if lost == name else s.tariffs.carries(site, name, connection, p, t)
        for mw in carried.values():
            grid.add(mw, -1.0)
        lp.at_most("resilience", grid)
        for name, drawn in named.items():
            lp.at_most("resilience", drawn.add(carried[name], -1.0))
