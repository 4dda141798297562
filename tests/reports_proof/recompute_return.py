#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recomputes table 3 of the annual return from an exported register.

    recompute_return.py REGISTER.csv FIRST_YEAR LAST_YEAR

The register is `gongkai report register --output csv` with its columns by key,
all years in one file. For each agency and year one line is written: agency,
year and the 175 figures, row after row. It shares no code with the service
and knows only the form (国办公开办函〔2021〕30号): what was received in the
year, what was carried in, how it was answered, and what is carried out.
"""
import csv
import sys

ROWS, COLUMNS = 25, 7


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["counted"] == "1":
                yield row


def table(cases, year):
    """The figures of one agency's cases in a year, rows by columns."""
    cells = [[0] * COLUMNS for _ in range(ROWS)]

    def count(row, case):
        column = int(case["column"][1:])
        cells[row - 1][column - 1] += 1
        cells[row - 1][COLUMNS - 1] += 1

    begin, end = f"{year}-01-01", f"{year}-12-31"
    for case in cases:
        received, finished = case["receipt_date"], case["finished_date"]
        if not received or received > end or (finished and finished < begin):
            continue
        count(1 if received >= begin else 2, case)
        if finished and finished <= end:
            count(int(case["return_row"][1:]), case)
            count(24, case)
        else:
            count(25, case)
    return cells


def main():
    path, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    agencies = {}
    for row in read(path):
        agencies.setdefault(row["agency"], []).append(row)
    for agency in sorted(agencies):
        for year in range(first, last + 1):
            cells = table(agencies[agency], year)
            print(agency, year, *(n for row in cells for n in row))


main()
