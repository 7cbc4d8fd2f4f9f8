"""The chart of a log analysis: a picture of errors over time by kind.

The only module that needs a plotting library, and compiled code with it: nothing but the step that draws imports it.
"""

from __future__ import annotations

import io
import warnings
from datetime import UTC, datetime

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from bot.display import moment
from workflow_steps.log_timeline import DAY, HOUR, MINUTE, OTHERS, Timeline

INCHES = (10.0, 5.6)
DOTS_PER_INCH = 144
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9")
"""Okabe and Ito's, which people of every colour vision tell apart."""
GREY = "#9a9a9a"
INK = "#1d1c1d"
LONGEST_NAME = 70
DATES = ["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%H:%M"]
"""How the axis writes a moment when it counts years, months, days, hours, minutes, seconds."""
FIRST_DATES = ["", "%Y", "%b", "%d %b", "%H:%M", "%H:%M"]
"""The first of each: of a year, a month, a day …"""


def png(timeline: Timeline) -> bytes:
    """Bars over time, one colour a kind, with a legend below."""
    figure = Figure(figsize=INCHES, dpi=DOTS_PER_INCH, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _bars(axes, timeline)
    _frame(axes, timeline)
    _legend(figure, timeline)
    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # a letter that the font lacks is drawn as a box
        figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()


def _bars(axes: Axes, timeline: Timeline) -> None:
    width = timeline.seconds / DAY  # dates are days since 1970 here
    begin = timeline.start / DAY
    floor = [0] * (len(timeline.series[0].counts) if timeline.series else 0)
    places = [begin + width * number for number in range(len(floor))]
    for series, colour in zip(timeline.series, _colours(timeline), strict=True):
        axes.bar(places, series.counts, width=width * 0.92, bottom=floor, align="edge", color=colour)
        floor = [below + count for below, count in zip(floor, series.counts, strict=True)]
    axes.set_xlim(begin, begin + width * len(floor))


def _colours(timeline: Timeline) -> list[str]:
    return [GREY if series.name.endswith(OTHERS) else COLOURS[at] for at, series in enumerate(timeline.series)]


def _frame(axes: Axes, timeline: Timeline) -> None:
    locator = AutoDateLocator(tz=UTC, maxticks=9)  # type: ignore[no-untyped-call]  # a class without hints
    axes.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(  # type: ignore[no-untyped-call]
        locator, UTC, DATES, show_offset=False, zero_formats=FIRST_DATES
    )
    axes.xaxis.set_major_formatter(formatter)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.margins(y=0.08)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"lines per {_span(timeline.seconds)}", color=INK)
    axes.set_xlabel("UTC", color=INK)
    axes.grid(axis="y", color="#e4e4e4", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    end = timeline.start + timeline.seconds * len(timeline.series[0].counts if timeline.series else ())
    days = [moment(datetime.fromtimestamp(at, UTC)) for at in (timeline.start, end)]
    note = ", not all lines" if timeline.partial else ""
    axes.set_title(
        f"Errors in {_short(timeline.log_group)} by kind\n{days[0]} to {days[1]} UTC{note}",
        loc="left",
        fontsize=12,
        color=INK,
        parse_math=False,
    )


def _legend(figure: Figure, timeline: Timeline) -> None:
    """Below the chart, since the names are long. They are set last: the library would read signs of TeX in them."""
    totals = [sum(series.counts) for series in timeline.series]
    patches = [Patch(color=colour) for colour in _colours(timeline)]
    labels = [str(number) for number in range(len(patches))]
    legend = figure.legend(patches, labels, loc="outside lower left", frameon=False, fontsize=9, handlelength=1)
    for text, series, total in zip(legend.get_texts(), timeline.series, totals, strict=True):
        text.set_parse_math(False)
        text.set_text(f"{_short(series.name)} ({total:,})")
        text.set_color(INK)


def _short(name: str) -> str:
    flat = " ".join(name.split())
    return flat if len(flat) <= LONGEST_NAME else flat[: LONGEST_NAME - 1] + "…"


def _span(seconds: int) -> str:
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= unit:
            number = seconds // unit
            return f"{number} {name}s" if number > 1 else name
    return f"{seconds} seconds"
