"""Draws results as SVG, readable on light and on dark pages: bars for the server's CPU time, spans for latencies."""

import math

from figures import middle
from results import REFERENCE
from rows import ROWS

WIDTH, LEFT, RIGHT = 860, 250, 64
BAR, GAP, TOP = 11, 12, 58
COLOURS = {
    "Bongsu": "#e8590c",
    "uWebSockets": "#4c6ef5",
    "SwiftNIO": "#c2255c",
    "gorilla (Go)": "#0c8599",
    "ws (Node)": "#5c940d",
}
# A bar that would be longer is cut, and says its number all the same.
LONGEST = 8
STYLE = """<style>
text { font: 12px system-ui, sans-serif; fill: #333 }
.title { font-size: 15px; font-weight: 600 }
.small { font-size: 10px }
line { stroke: #999; stroke-width: 1 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } line { stroke: #777 } }
</style>"""


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def text(x, y, words, kind="", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escaped(words)}</text>'


def rectangle(x, y, width, height, colour):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" rx="2" fill="{colour}"/>'


def line(x, top, bottom):
    return f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom}"/>'


def legend(labels):
    x, parts = LEFT, []
    for label in labels:
        parts += [rectangle(x, 32, 11, 11, COLOURS[label]), text(x + 16, 42, label)]
        x += 34 + 7 * len(label)
    return parts


def document(title, labels, parts, height):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
    return "\n".join([head, STYLE, text(10, 20, title, "title"), *legend(labels), *parts, "</svg>", ""])


def measured(results, table):
    """Rows of a table with the reports of those contenders that have a colour."""
    for row in ROWS:
        reports = results["rows"].get(row.name, {})
        known = {label: each for label, each in reports.items() if label in COLOURS}
        if row.table == table and known:
            yield row, known


def used(rows):
    return [label for label in COLOURS if any(label in reports for _, reports in rows)]


def cpu_chart(results):
    """Server CPU per message as multiples of the reference's."""
    rows = [(row, reports) for row, reports in measured(results, "cpu") if REFERENCE in reports]
    if not rows:
        return None
    scale, y, parts = (WIDTH - LEFT - RIGHT) / LONGEST, TOP, []
    for row, reports in rows:
        base = row.figure.number(reports[REFERENCE])
        parts.append(text(LEFT - 10, y + len(reports) * BAR / 2 + 4, row.title, anchor="end"))
        for label in [label for label in COLOURS if label in reports]:
            value = row.figure.number(reports[label]) / base
            width = min(value, LONGEST) * scale
            parts.append(rectangle(LEFT, y, width, BAR - 2, COLOURS[label]))
            cut = " ›" if value > LONGEST else ""
            parts.append(text(LEFT + width + 4, y + BAR - 2.5, f"{value:.2f}{cut}", "small"))
            y += BAR
        y += GAP
    parts.insert(0, line(LEFT + scale, TOP - 6, y - GAP + 4))
    return document(f"Server CPU per message, {REFERENCE} = 1: shorter is better", used(rows), parts, y)


def latency_chart(results):
    """From p50 to p99.9, with a mark at p99, on a logarithmic axis from 10 µs to 1 s."""
    rows = list(measured(results, "latency"))
    if not rows:
        return None
    def place(microseconds):
        decades = math.log10(min(max(microseconds, 10), 1_000_000) / 10)
        return LEFT + decades / 5 * (WIDTH - LEFT - RIGHT)

    y, parts = TOP + 14, []
    for row, reports in rows:
        parts.append(text(LEFT - 10, y - 4, row.title.removeprefix("echo 32 B, 100 clients, "), anchor="end"))
        for label in [label for label in COLOURS if label in reports]:
            p50, p99, p999 = (place(middle(reports[label], "latency", name)) for name in ("p50", "p99", "p999"))
            parts.append(rectangle(p50, y + 4, max(p999 - p50, 2), 3, COLOURS[label]))
            parts += [rectangle(p50 - 1, y, 3, 11, COLOURS[label]), rectangle(p99 - 1, y, 3, 11, COLOURS[label])]
            y += 15
        y += 22
    for exponent, words in enumerate(["10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s"]):
        x = place(10 ** (exponent + 1))
        parts = [line(x, TOP, y - 14), text(x, y, words, "small", "middle"), *parts]
    title = "Latency under open-loop load, from p50 to p99.9 with a mark at p99: left is better"
    return document(title, used(rows), parts, y + 8)


CHARTS = {"server-cpu-per-message.svg": cpu_chart, "latency-in-open-loop.svg": latency_chart}
