"""What a report of the load generator comes to: one number to compare by, and the text of a table's cell."""

import dataclasses
import statistics
import typing

# A generator busier than this was the bottleneck: what a message costs the server still holds, how many there were does
# not. Such cells get a mark.
SATURATED = 0.95
MARK = "†"


def middle(reports, *path):
    """The median over the rounds of a field, or of a field of a field; None when a report lacks it."""
    values = []
    for report in reports:
        for name in path:
            report = report.get(name) if report else None
        values.append(report)
    return None if None in values or not values else statistics.median(values)


@dataclasses.dataclass(frozen=True)
class Figure:
    # What contenders are compared by: less is better.
    number: typing.Callable
    cell: typing.Callable
    is_compared: bool = True


def microseconds(nanoseconds):
    value = nanoseconds / 1000
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def cpu_cell(reports):
    mark = MARK if middle(reports, "loadUtilisation") > SATURATED else ""
    return microseconds(middle(reports, "serverNanoseconds")) + mark


def latency_cell(reports):
    values = [middle(reports, "latency", name) for name in ("p50", "p99", "p999")]
    missing = sum(report["unanswered"] for report in reports)
    text = " / ".join(f"{value:.0f}" for value in values) + f", {middle(reports, 'perSecond') / 1000:.1f} k/s"
    return text + (f", {missing} unanswered" if missing else "")


def churn_cell(reports):
    before, after = middle(reports, "serverBytesBefore") / 1e6, middle(reports, "serverBytesAfter") / 1e6
    lost = sum(report["lost"] for report in reports)
    text = f"{microseconds(middle(reports, 'serverNanoseconds'))}, {before:.1f} → {after:.1f}"
    return text + (f", {lost} not closed properly" if lost else "")


def stall_cell(reports):
    p99, p999 = (middle(reports, "latency", name) / 1000 for name in ("p99", "p999"))
    before, most = middle(reports, "serverBytesBefore") / 1e6, middle(reports, "serverBytes") / 1e6
    text = f"{p99:.1f} / {p999:.1f}, {before:.1f} → {most:.1f} MB"
    missing = sum(report["unanswered"] for report in reports)
    text += f", {missing} missing" if missing else ""
    return text + (f"; {reports[-1]['stopped']}" if "stopped" in reports[-1] else "")


CPU = Figure(lambda reports: middle(reports, "serverNanoseconds"), cpu_cell)
IDLE = Figure(
    lambda reports: middle(reports, "bytesPerConnection"),
    lambda reports: f"{middle(reports, 'bytesPerConnection'):,.0f}".replace(",", " "),
)
CHURN = Figure(lambda reports: middle(reports, "serverNanoseconds"), churn_cell)
LATENCY = Figure(lambda reports: middle(reports, "latency", "p99"), latency_cell, is_compared=False)
STALL = Figure(lambda reports: middle(reports, "latency", "p99"), stall_cell, is_compared=False)
