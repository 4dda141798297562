#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a file of sheets, or a picture, holds: as JSON on the output.

read_back.py sheets FILE.xlsx
read_back.py picture FILE.svg
"""
import datetime
import json
import sys
import xml.etree.ElementTree as tree

SVG = "{http://www.w3.org/2000/svg}"


def cell_of(cell):
    value = cell.value
    kind = type(value).__name__
    if isinstance(value, (datetime.datetime, datetime.date)):
        value = value.strftime("%Y-%m-%d")
        kind = "date"
    return {
        "value": value,
        "kind": kind,
        "data_type": cell.data_type,
        "format": cell.number_format,
        "bold": bool(cell.font.b),
        "wrap": bool(cell.alignment.wrap_text),
        "border": cell.border.left.style == "thin",
    }


def pages(said):
    # Unsaid is one.
    return 1 if said is None else int(said)


def sheet_of(sheet):
    cells = {}
    last = sheet.max_row
    for row in sheet.iter_rows():
        # Of a long sheet the beginning and the end.
        if 100 < row[0].row < last - 5:
            continue
        for cell in row:
            if cell.value is not None:
                cells[cell.coordinate] = cell_of(cell)
    return {
        "name": sheet.title,
        "cells": cells,
        "merged": sorted(str(one) for one in sheet.merged_cells.ranges),
        "freeze": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "titles": sheet.print_title_rows,
        "columns": sheet.print_title_cols,
        "paper": int(sheet.page_setup.paperSize or 0),
        "orientation": sheet.page_setup.orientation,
        "fit": bool(sheet.sheet_properties.pageSetUpPr.fitToPage),
        "wide": pages(sheet.page_setup.fitToWidth),
        "tall": pages(sheet.page_setup.fitToHeight),
        "foot": [sheet.oddFooter.left.text, sheet.oddFooter.right.text],
        "widths": {k: d.width for k, d in sheet.column_dimensions.items()},
    }


def sheets(path):
    import openpyxl
    book = openpyxl.load_workbook(path)
    return {
        "title": book.properties.title,
        "created": book.properties.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sheets": [sheet_of(one) for one in book.worksheets],
    }


def picture(path):
    root = tree.parse(path).getroot()
    labels = root.get("aria-labelledby", "").split()
    named = {e.get("id"): e.text for e in root.iter() if e.get("id")}
    return {
        "root": root.tag,
        "role": root.get("role"),
        "spoken": [named.get(one) for one in labels],
        "texts": [e.text or "" for e in root.iter(SVG + "text")],
        "bars": [
            [e.find(SVG + "title").text, float(e.get("width"))]
            for e in root.iter(SVG + "rect")
            if e.find(SVG + "title") is not None
        ],
        "tags": sorted({e.tag.replace(SVG, "") for e in root.iter()}),
    }


if __name__ == "__main__":
    read = {"sheets": sheets, "picture": picture}[sys.argv[1]]
    json.dump(read(sys.argv[2]), sys.stdout, ensure_ascii=False)
