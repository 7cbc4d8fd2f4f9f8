"""What the bot says about lifecycle rules before they are set and when they are taken back. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import lifecycle
from bot.display import count, human_size, shown
from bot.lifecycle import Configuration, Rule
from bot.models import Block, Reply
from bot.replies import Code, Part, bullets, message, small, spoken
from bot.storage_prices import Prices, dollars
from bot.what_if import SOON_DAYS, Tally, WhatIf

MOST_NAMED = 5
"""Rules that are named."""

Line = Sequence[Part]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule of ours is among a bucket's rules."""

    change: str
    replaced: Rule | None
    """Our former rule for the same prefix."""
    overlapping: Sequence[str]
    versioned: bool


def what_if(
    parameters: Mapping[str, Any], effect: Effect, found: WhatIf | str, prices: Prices | None, region: str
) -> tuple[tuple[Block, ...], str]:
    """What setting the rule would do now, as blocks and as text."""
    if isinstance(found, str):
        lines: list[Line] = [["The files could not be counted: ", found]]
    else:
        lines = [*_files(parameters, found), *_money(found, effect, prices, region), *_samples(found)]
    lines += _rules(effect)
    text = "".join("\n• " + spoken(*line) for line in lines)
    counted = isinstance(found, str) or found.complete
    stopped = [] if counted else [small("I stopped counting there, so that you need not wait.")]
    return (bullets(lines), *stopped), text


def _files(parameters: Mapping[str, Any], found: WhatIf) -> Iterator[Line]:
    where: list[Part] = [" under ", Code(shown(str(parameters["prefix"])))] if parameters["prefix"] else [""]
    yield [_tally(found.matching, found.complete), *where, " today", "" if found.complete else ", and more"]
    if "transition_days" in parameters:
        stay = f"; {count(found.too_small, 'file')} below 128 KB would stay" if found.too_small else ""
        later = _first(found.first_moved) if not found.moving.files else ""
        yield [f"Move to Standard-IA at once: {_tally(found.moving, found.complete)}{later}{stay}"]
    if "expiration_days" in parameters:
        later = _first(found.first_deleted) if not found.expiring.files else ""
        yield [f"Deleted within {SOON_DAYS} days: {_tally(found.expiring, found.complete)}{later}"]


def _first(when: datetime | None) -> str:
    return f", the first on {when:%Y-%m-%d}" if when else ""


def _tally(tally: Tally, complete: bool) -> str:
    if not tally.files:
        return "no files" if complete else "none of those counted"
    return f"{'' if complete else 'at least '}{count(tally.files, 'file')}, {human_size(tally.size)}"


def _money(found: WhatIf, effect: Effect, prices: Prices | None, region: str) -> Iterator[Line]:
    saved = found.expiring.files if not effect.versioned else 0
    if not (found.moving.files or saved):
        return
    if prices is None:
        yield [f"What that costs and saves I cannot say: I have no prices for {region}"]
        return
    by = f"at list prices of {prices.region} ({prices.as_of})"
    if found.moving.files:
        costs, saves = found.moving_costs(prices), found.moving_saves(prices)
        after = f", paid back after {_months(costs / saves)}" if costs > saves else ""
        yield [f"Moving them costs {dollars(costs)} once and saves {dollars(saves)} a month{after}, {by}"]
    if saved:
        without = f", without those in {', '.join(unpriced)}" if (unpriced := found.unpriced(prices)) else ""
        yield [f"Deleting them saves {dollars(found.deleting_saves(prices))} a month{without}, {by}"]


def _months(number: float) -> str:
    return count(max(round(number), 1), "month")


def _samples(found: WhatIf) -> Iterator[Line]:
    if found.samples:
        what = "Deleted soon" if found.expiring.files else "Moved" if found.moving.files else "Reached"
        named: list[Part] = [part for key in found.samples for part in (", ", Code(shown(key)))]
        yield [f"{what}, for example: ", *named[1:]]


def _rules(effect: Effect) -> Iterator[Line]:
    if effect.change == "unchanged":
        yield ["The bucket has just this rule already: nothing would change"]
    elif effect.replaced is not None:
        yield ["It takes the place of my rule ", Code(effect.replaced["ID"]), f": {_rule(effect.replaced)}"]
    if effect.overlapping:
        yield ["Other rules reach some of the same files, and the earlier date wins: ", *_named(effect.overlapping)]
    if effect.versioned:
        yield ["The bucket keeps versions: a file that expires is hidden, and its old versions stay and cost"]


def _named(rules: Sequence[str]) -> Iterator[Part]:
    for position, name in enumerate(rules[:MOST_NAMED]):
        yield from ([", "] if position else [])
        yield Code(shown(name))
    if len(rules) > MOST_NAMED:
        yield f" and {count(len(rules) - MOST_NAMED, 'other')}"


def _rule(rule: Rule) -> str:
    """A rule of ours in words; what else it does is in the console."""
    moved = next((each.get("Days") for each in rule.get("Transitions", ())), None)
    gone = rule.get("Expiration", {}).get("Days")
    said = lifecycle.effects({"transition_days": moved, "expiration_days": gone})
    return f"files {said}" if said else "it does something else"


# --- taking it back ---------------------------------------------------------------------------------------------------


def restore_preview(bucket: str, after: Configuration, before: Configuration) -> list[Block]:
    """What would go, what would come back, and what the bucket would have then."""
    return [bullets([["Bucket ", Code(bucket)], *_differences(after, before), _left(before)])]


def restored(execution_id: str, bucket: str, before: Configuration) -> Reply:
    """It was taken back."""
    parts: list[Part] = [Code(bucket), " has the lifecycle configuration again that it had before "]
    names = [str(rule.get("ID", "(no id)")) for rule in before.rules]
    rules: list[Part] = [f"{count(len(names), 'rule')}: ", *_named(names)] if names else ["none"]
    return message(*parts, Code(execution_id), ": ", *rules, ".")


def _differences(after: Configuration, before: Configuration) -> Iterator[Line]:
    for rule in after.rules:
        former = before.rule(str(rule.get("ID", "")))
        if former is None:
            yield ["The rule ", Code(shown(str(rule.get("ID", "")))), " goes"]
        elif lifecycle.canonical(former) != lifecycle.canonical(rule):
            yield ["The rule ", Code(shown(str(rule["ID"]))), f" says again: {_rule(former)}"]


def _left(before: Configuration) -> Line:
    if not before.rules:
        return ["It has no lifecycle rules then, as before"]
    names = [str(rule.get("ID", "(no id)")) for rule in before.rules]
    return [f"It has {count(len(names), 'rule')} then: ", *_named(names)]
