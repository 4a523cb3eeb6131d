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
    # What contenders are compared by, less is better, and how it is written.
    number: typing.Callable
    text: typing.Callable
    # What else a cell says.
    rest: typing.Callable = lambda reports: ""
    is_compared: bool = True

    def cell(self, reports, times=""):
        return self.text(reports) + times + self.rest(reports)


def microseconds(nanoseconds):
    value = nanoseconds / 1000
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def megabytes(reports, name):
    return f"{middle(reports, name) / 1e6:.1f}"


def number_of(reports, name, words):
    """Something that should not have happened, when it has."""
    count = sum(report[name] for report in reports)
    return f", {count} {words}" if count else ""


def cpu(reports):
    return microseconds(middle(reports, "serverNanoseconds"))


def saturation(reports):
    return MARK if middle(reports, "loadUtilisation") > SATURATED else ""


def percentiles(reports):
    return " / ".join(f"{middle(reports, 'latency', name):.0f}" for name in ("p50", "p99", "p999"))


def rate(reports):
    return f", {middle(reports, 'perSecond') / 1000:.1f} k/s" + number_of(reports, "unanswered", "unanswered")


def memory_of_churn(reports):
    before, after = megabytes(reports, "serverBytesBefore"), megabytes(reports, "serverBytesAfter")
    return f"; {before} → {after}" + number_of(reports, "lost", "not closed properly")


def tail(reports):
    return " / ".join(f"{middle(reports, 'latency', name) / 1000:.1f}" for name in ("p99", "p999"))


def outcome(reports):
    text = f"; {megabytes(reports, 'serverBytesBefore')} → {megabytes(reports, 'serverBytes')} MB"
    if "unanswered" in reports[-1]:
        text += number_of(reports, "unanswered", "not there in time")
    return text + (f"; {reports[-1]['stopped']}" if "stopped" in reports[-1] else "")


def pace(reports):
    return f"{middle(reports, 'perSecond') / 1000:.1f} k/s"


def outcome_of_stop(reports):
    return outcome(reports) if "stopped" in reports[-1] else ""


def nanoseconds_each(reports):
    return 1e9 / middle(reports, "perSecond")


def cpu_number(reports):
    return middle(reports, "serverNanoseconds")


def p99(reports):
    return middle(reports, "latency", "p99")


def bytes_each(reports):
    return middle(reports, "bytesPerConnection")


CPU = Figure(cpu_number, cpu, saturation)
CHURN = Figure(cpu_number, cpu, memory_of_churn)
IDLE = Figure(bytes_each, lambda reports: f"{bytes_each(reports):,.0f}".replace(",", " "))
LATENCY = Figure(p99, percentiles, rate, is_compared=False)
STALL = Figure(p99, tail, outcome, is_compared=False)
PACE = Figure(nanoseconds_each, pace, outcome_of_stop)
