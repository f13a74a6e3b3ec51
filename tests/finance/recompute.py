"""Lets LibreOffice compute the sheet `lender model` of a workbook afresh and compares every cell.

    python3 recompute.py report.xlsx

The values stored beside the formulas are taken out first, so that nothing but LibreOffice's own
arithmetic is left; each must agree to 1e-9 of itself (of 1 where it is smaller). Needs `soffice`.
"""
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

SHEET = "lender model"
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def stored(book):
    """Values and formulas of the sheet, and its path in the archive."""
    archive = zipfile.ZipFile(book)
    names = [s.get("name") for s in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(NS + "sheet")]
    path = f"xl/worksheets/sheet{names.index(SHEET) + 1}.xml"
    cells, formulas = {}, set()
    for cell in ElementTree.fromstring(archive.read(path)).iter(NS + "c"):
        value, formula = cell.find(NS + "v"), cell.find(NS + "f")
        if cell.get("t") not in ("s",) and value is not None:
            cells[cell.get("r")] = float(value.text)
        if formula is not None:
            formulas.add(cell.get("r"))
    return archive, path, cells, formulas


def stripped(archive, path, target):
    """The workbook with nothing but that sheet's values of formulas taken out."""
    with zipfile.ZipFile(target, "w") as out:
        for item in archive.namelist():
            data = archive.read(item)
            if item == path:
                text = data.decode()
                data = re.sub(r"(</f>)<v>[^<]*</v>", r"\1", text).encode()
                assert b"</f><v>" not in data
            out.writestr(item, data)


def recomputed(folder, book):
    subprocess.run(["soffice", "--headless", "--convert-to", "fods", "--outdir", folder, book], check=True, capture_output=True)
    root = ElementTree.parse(Path(folder) / (Path(book).stem + ".fods")).getroot()
    table, office = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}", "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
    for sheet in root.iter(table + "table"):
        if sheet.get(table + "name") != SHEET:
            continue
        cells, number = {}, 0
        for row in sheet.iter(table + "table-row"):
            repeat = int(row.get(table + "number-rows-repeated", 1))
            number += 1
            column = 0
            for cell in row:
                times = int(cell.get(table + "number-columns-repeated", 1))
                value = cell.get(office + "value")
                for _ in range(times if value is not None else 1):
                    if value is not None:
                        letters, index = "", column
                        while True:
                            letters = chr(ord("A") + index % 26) + letters
                            if index < 26:
                                break
                            index = index // 26 - 1
                        cells[f"{letters}{number}"] = float(value)
                    column += 1
                column += times - (times if value is not None else 1)
            number += repeat - 1
        return cells
    raise SystemExit("LibreOffice shows no such sheet")


def main():
    archive, path, cells, formulas = stored(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        bare = str(Path(folder) / "bare.xlsx")
        stripped(archive, path, bare)
        computed = recomputed(folder, bare)
    worst, wrong = 0.0, []
    for cell in sorted(formulas):
        if cell not in computed:
            wrong.append(f"{cell}: nothing, not {cells[cell]}")
            continue
        apart = abs(computed[cell] - cells[cell]) / max(abs(cells[cell]), 1.0)
        worst = max(worst, apart)
        if apart > 1e-9:
            wrong.append(f"{cell}: {computed[cell]}, not {cells[cell]}")
    print(f"{len(formulas)} formulas, the worst {worst:.1e} apart, {len(wrong)} wrong")
    print("\n".join(wrong))
    sys.exit(1 if wrong or not formulas else 0)


main()
