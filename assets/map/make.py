"""Makes countries.csv, borders-110m.csv and time_zones.csv. Run by hand; needs numpy.

    python3 make.py WORLD_ATLAS RTZ_BINCODE ISO3166-1.json ZONE.TAB OUT

WORLD_ATLAS: the folder of the npm package world-atlas 2.0.2 (Natural Earth 4.1, public domain).
RTZ_BINCODE: assets/ned_time_zones.bincode of the crate rtz 0.10.0 (Natural Earth 1:10m time zones, public domain).
ISO3166-1.json: numbers and letters of countries, from pycountry. ZONE.TAB: of the IANA time zone database (public domain).
"""
import functools, json, re, struct, sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

atlas, bincode, iso, tab, out = map(Path, sys.argv[1:6])
# What Natural Earth shows without a number of its own, by the law of most states.
UNNUMBERED = {"Somaliland": "SO", "Kosovo": "XK", "N. Cyprus": "CY", "Indian Ocean Ter.": "AU"}
LETTERS = {c["numeric"]: c["alpha_2"] for c in json.loads(iso.read_text())["3166-1"]}
NAMES = {c["alpha_2"]: c.get("common_name", c["name"]) for c in json.loads(iso.read_text())["3166-1"]} | {"XK": "Kosovo"}
SHORT = {"IR": "Iran", "KR": "South Korea", "KP": "North Korea", "VE": "Venezuela", "BO": "Bolivia", "TZ": "Tanzania", "RU": "Russia",
         "CD": "DR Congo", "LA": "Laos", "SY": "Syria", "FM": "Micronesia", "PS": "Palestine", "BN": "Brunei", "MD": "Moldova",
         "TR": "Türkiye", "FK": "Falkland Islands", "VG": "British Virgin Islands", "VI": "US Virgin Islands", "TW": "Taiwan"}
NAMES |= SHORT


def topology(name):
    t = json.loads((atlas / name).read_text())
    (sx, sy), (tx, ty) = t["transform"]["scale"], t["transform"]["translate"]
    arcs = [np.cumsum(np.array(a), axis=0) * (sx, sy) + (tx, ty) for a in t["arcs"]]
    found = defaultdict(list)
    for g in t["objects"]["countries"]["geometries"]:
        code = LETTERS.get(g.get("id") or "") or UNNUMBERED.get(g["properties"]["name"])
        polygons = [g["arcs"]] if g["type"] == "Polygon" else g["arcs"]
        found[code] += [ring for polygon in polygons for ring in polygon]
    return arcs, found


def simplified(line, by):
    """Douglas and Peucker; the ends stay."""
    keep = np.zeros(len(line), bool); keep[[0, -1]] = True
    stack = [(0, len(line) - 1)]
    while stack:
        a, b = stack.pop()
        if b < a + 2: continue
        p, q, mid = line[a], line[b], line[a + 1:b]
        along = q - p; length = np.hypot(*along)
        away = np.hypot(*(mid - p).T) if length == 0 else np.abs(along[0] * (mid - p)[:, 1] - along[1] * (mid - p)[:, 0]) / length
        k = int(away.argmax())
        if away[k] > by: keep[a + 1 + k] = True; stack += [(a, a + 1 + k), (a + 1 + k, b)]
    return line[keep]


def text(line):
    points = np.round(line * 100).astype(int)
    keep = np.ones(len(points), bool); keep[1:] = np.any(points[1:] != points[:-1], axis=1)
    points = points[keep]
    steps = np.vstack([points[:1], np.diff(points, axis=0)])
    return " ".join(f"{x},{y}" for x, y in steps)


# ---- countries
arcs, found = topology("countries-50m.json")
lines = ["# Countries, Natural Earth 1:50m as simplified to 0.07 degrees (public domain, naturalearthdata.com), by way of world-atlas 2.0.2;",
         "# made by make.py. First arcs, then countries. An arc: `lon,lat` in hundredths of a degree, each after the first as the step from",
         "# the one before. A country: letters (ISO 3166-1), name, rings separated by `;` as numbers of arcs; ~n is arc n backwards."]
small = {code: rings for code, rings in found.items() if code and code != "AQ"}
used = {}
short = []
for code in sorted(small):
    rings = []
    for ring in small[code]:
        for a in ring:
            i = a if a >= 0 else ~a
            if i not in used:
                own = arcs[i]
                span = max(np.ptp(own[:, 0]), np.ptp(own[:, 1]))
                used[i] = len(used); short.append(text(simplified(own, min(0.07, span / 15))))
        rings.append(" ".join(str(used[a]) if a >= 0 else f"~{used[~a]}" for a in ring))
    small[code] = rings
(out / "countries.csv").write_text("\n".join(lines + short) + "\n" + "\n".join(f"{c}|{NAMES[c]}|{';'.join(r)}" for c, r in small.items()) + "\n")

# ---- borders, of the same scale as the land that is drawn
arcs110, found110 = topology("countries-110m.json")
owners = defaultdict(set)
for code, rings in found110.items():
    for ring in rings:
        for a in ring: owners[a if a >= 0 else ~a].add(code)
borders = [arcs110[i] for i, own in owners.items() if len(own - {None}) > 1]
(out / "borders-110m.csv").write_text(
    "# Borders between countries, Natural Earth 1:110m (public domain, naturalearthdata.com), by way of world-atlas 2.0.2; made by make.py.\n"
    "# One line each: longitude,latitude in degrees.\n"
    + "\n".join(" ".join(f"{x:g},{y:g}" for x, y in np.round(b, 2)) for b in borders) + "\n")

# ---- time zones
def zones(b):
    at = 0
    def take(kind):
        nonlocal at
        value = struct.unpack_from("<" + kind, b, at)[0]; at += struct.calcsize(kind); return value
    def word():
        nonlocal at
        n = take("Q"); at += n; return b[at - n:at].rstrip(b"\0").decode()
    line = lambda: np.array([(take("f"), take("f")) for _ in range(take("Q"))], float)
    polygon = lambda: [line()] + [line() for _ in range(take("Q"))]
    for _ in range(take("Q")):
        take("Q"); _ = word() if take("Q") else None; places = word(); _ = word() if take("Q") else None
        word(); hours = take("f"); take("i")
        rings = polygon() if take("Q") == 0 else [r for _ in range(take("Q")) for r in polygon()]
        yield hours, places, rings


def crossings(rings, y):
    xs = []
    for r in rings:
        p, q = r, np.roll(r, -1, axis=0)
        hit = (p[:, 1] > y) != (q[:, 1] > y)
        p, q = p[hit], q[hit]
        xs += list((q[:, 0] - p[:, 0]) * (y - p[:, 1]) / (q[:, 1] - p[:, 1]) + p[:, 0])
    return np.sort(xs)


def degrees(t):
    lat, lon = re.match(r"([+-]\d+)([+-]\d+)", t).groups()
    f = lambda v: (-1 if v[0] == "-" else 1) * sum(int(p) / 60**k for k, p in enumerate(re.findall("..", v[1:].zfill(2 * ((len(v)) // 2)))))
    g = lambda v, n: (-1 if v[0] == "-" else 1) * (int(v[1:1 + n]) + int(v[1 + n:3 + n]) / 60)
    return g(lon, 3), g(lat, 2)

named = defaultdict(list)
for row in tab.read_text().splitlines():
    if row.startswith("#"): continue
    codes, at, name = row.split("\t")[:3]
    for code in codes.split(","): named[code].append((name, *degrees(at)))
named["XK"] = [("Europe/Belgrade", 20.5, 44.83)]
# All of China keeps the time of Beijing by law; Urumqi's is a custom.
named["CN"] = named["CN"][:1]
@functools.cache
def winter(n): return ZoneInfo(n).utcoffset(datetime(2027, 1, 15)).total_seconds() / 3600


@functools.cache
def summer(n): return ZoneInfo(n).utcoffset(datetime(2027, 7, 15)).total_seconds() / 3600
clock = lambda n: (winter(n), summer(n))
standard = lambda n: min(clock(n))
NE = list(zones(bincode.read_bytes()))
KNOWN = ["America/Sao_Paulo", "Australia/Sydney"]
STEP = 0.1
MOVED = {"RU": -1}  # Natural Earth has Russia's clocks of 2012, an hour ahead of those since 2014.


def zone_at(code, x, y, hours):
    many = named[code]
    # Legal lines that the polygons do not have: Arizona, Saskatchewan, Queensland, the Northern Territory.
    if code == "US" and 31.3 < y < 37.0 and -114.85 < x < -109.05 and hours == -7: return "America/Phoenix"
    if code == "CA" and 49 <= y < 60 and -110 < x < -101.5: return "America/Regina"
    if code == "AU" and hours == 10 and y > (-28.2 if x > 151 else -29): return "Australia/Brisbane"
    if code == "AU" and hours == 9.5: return "Australia/Darwin" if y > -26 else "Australia/Adelaide"
    hours = hours + MOVED.get(code, 0) if hours is not None else None
    avoid = {"US": {"America/Phoenix"}, "CA": {"America/Regina", "America/Swift_Current"}, "AU": {"Australia/Brisbane", "Australia/Lindeman"}}.get(code, set())
    fit = [z for z in many if standard(z[0]) == hours and z[0] not in avoid] or [z for z in many if z[0] not in avoid]
    near = min(fit, key=lambda z: ((z[1] - x) * np.cos(np.radians(y)))**2 + (z[2] - y)**2)[0]
    # One name for each clock: the best known where the database's first is not.
    return next((n for n in KNOWN if clock(n) == clock(near) and n in {z[0] for z in many}), next(z[0] for z in many if clock(z[0]) == clock(near)))

GRID = np.arange(-179.95, 180, STEP)


@functools.cache
def cells(k):
    y = (k + 1) * STEP
    found = [(h, crossings([r for r in g if r[:, 1].min() <= y <= r[:, 1].max()], y)) for h, _, g in NE]
    return [(h, c) for h, c in found if len(c)]


rows, single = [], []
for code in sorted(small):
    names = named.get(code, [])
    if not names: print("no zone", code); continue
    clocks = {clock(n) for n, *_ in names}
    if len(clocks) == 1: single.append(f"{code} {names[0][0]}"); continue
    # A row every fifth of a degree; where a zone begins, eastwards.
    rings = [np.vstack([(arcs[a] if a >= 0 else arcs[~a][::-1]) for a in ring]) for ring in found[code]]
    for r in rings: r[:, 0] = np.unwrap(r[:, 0], period=360)
    top, bottom = max(r[:, 1].max() for r in rings), min(r[:, 1].min() for r in rings)
    order = [n for n, *_ in names]
    body = []
    last = None
    for k in range(int(np.floor(bottom / STEP)) // 2 * 2, int(np.floor(top / STEP)) + 1, 2):
        y = (k + 1) * STEP
        own = crossings(rings, y)
        xs = GRID[sum(np.searchsorted(own, GRID + turn) % 2 for turn in (-360, 0, 360)) % 2 == 1]
        hours = np.full(len(xs), np.nan)
        for h, c in reversed(cells(k)):
            hours[np.searchsorted(c, xs) % 2 == 1] = h
        runs = []
        for x, h in zip(xs, hours):
            name = zone_at(code, x, y, None if np.isnan(h) else h)
            if not runs or runs[-1][1] != name: runs.append((int(np.floor(x / STEP + 1e-6)), name))
        said = " ".join(f"{x}:{order.index(n)}" for x, n in runs)
        if said and said != last: body.append(f"{k} {said}"); last = said
    taken = sorted({int(p.split(":")[1]) for b in body for p in b.split()[1:]})
    print(code, flush=True); print(code, len(body), [order[i] for i in taken])
    # Only the names that are used.
    body = [re.sub(r":(\d+)", lambda m: f":{taken.index(int(m[1]))}", b) for b in body]
    if len(taken) == 1: single.append(f"{code} {order[taken[0]]}"); continue
    rows.append(f"{code} {' '.join(order[i] for i in taken)}\n" + "\n".join(body))
(out / "time_zones.csv").write_text(
    "# Time zones by country: IANA time zone database (public domain), zone.tab; within a country with several clocks by Natural Earth\n"
    "# 1:10m time zones (public domain) and legal lines named in make.py, which made this. First countries with one clock. Then, for each other,\n"
    "# its zones and rows from south to north: the row's tenth of a degree of latitude, then `west:zone` for each zone from its western end\n"
    "# (tenths of a degree of longitude); a row holds until the next.\n"
    + "\n".join(single) + "\n" + "\n".join(rows) + "\n")
