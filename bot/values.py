"""The types of values: how each is recognised, parsed and checked, and what is said when it breaks a rule.

A value is taken as it was typed and checked; a wrong one is refused with the rule it breaks, never corrected.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.errors import BadValue
from bot.models import Value

KEY_BYTES = 1024
"""The longest key that S3 takes, in bytes of UTF-8."""
DAYS_LIMIT = 36_500
"""A hundred years: whatever is longer is a slip of the finger."""
HOURS_LIMIT = 24 * 365


class Location(NamedTuple):
    """A place in S3 that was given in one piece: ``s3://``, an ARN or a web address. ``path`` is a key or a prefix."""

    bucket: str
    path: str


HALF = " and a half"


class Duration(NamedTuple):
    """A length of time as it was said. A bare number has no unit and takes the one of its parameter."""

    amount: int
    unit: str

    def days(self) -> int | None:
        """In whole days; None when it is not."""
        return _whole(self.amount * _UNIT_HOURS[self.unit or "day"], 24)

    def hours(self) -> int | None:
        """In whole hours; None when it is not."""
        return _whole(self.amount * _UNIT_HOURS[self.unit or "hour"], 1)


@dataclass(frozen=True, slots=True)
class ValueType:
    """One type: ``parse`` gives the value or raises BadValue; ``sure`` says that a text can hardly be anything else."""

    parse: Callable[[str], Value]
    sure: Callable[[str], bool]


def parse(type_name: str, text: str, choices: Sequence[str] = ()) -> Value:
    """The value that the text stands for. Raises BadValue with the rule it breaks."""
    if type_name in _AMONG:
        return _AMONG[type_name](text, choices)
    return TYPES[type_name].parse(text)


def sure(type_name: str, text: str, choices: Sequence[str] = ()) -> bool:
    """Whether the text shows by its form alone that it is of this type, so that it is no ordinary word."""
    if type_name != "workflow":
        return TYPES[type_name].sure(text)
    try:
        _workflow(text, choices)
    except BadValue:
        return False
    return True


def location(text: str) -> Location | None:
    """The bucket and path in an ``s3://`` URI, an S3 ARN or the web address of an object; None for anything else."""
    if ":" not in text:  # as nearly everything that is asked about
        return None
    for form in _LOCATIONS:
        found = form.fullmatch(text)
        if found:
            return Location(found["bucket"], found["path"] or "")
    return None


def duration(text: str) -> Duration | None:
    """The length of time that a text says: ``3 days``, ``24h``, ``day 30``, ``a day and a half``; None when it says
    none."""
    text = text.strip().lower()
    if text.startswith("day ") and text[4:].isdecimal():
        text = f"{text[4:]} days"
    if half := _HALF_A.fullmatch(text):
        minutes = float(_UNIT_HOURS[_UNITS[half["unit"]]]) * 30
        return Duration(int(minutes), "minute") if minutes.is_integer() else None
    broken = _BROKEN.fullmatch(text)
    if broken or text.endswith(HALF):
        whole = duration(broken["whole"] + broken["unit"] if broken else text.removesuffix(HALF))
        part = float(f"0.{broken['part']}") if broken else 0.5
        minutes = (whole.amount + part) * _UNIT_HOURS[whole.unit] * 60 if whole and whole.unit else 0.5
        return Duration(int(minutes), "minute") if minutes.is_integer() else None
    found = _WITH_UNIT.fullmatch(text)
    said = (found["digits"] or found["words"] or "1") if found else text or "1"
    amount = _amount(said)
    return None if amount is None else Duration(amount, _UNITS[found["unit"]] if found else "")


def _amount(said: str) -> int | None:
    """The number in digits or in words, up to 999: "three hundred and sixty-five"."""
    if said.isdecimal():
        return int(said) if len(said) <= DIGITS_LIMIT else None
    if found := _HUNDREDS.fullmatch(" ".join(said.replace("-", " ").split())):
        hundreds = NUMBER_WORDS.get(found["hundreds"] or "a")
        rest = _amount(found["rest"]) if found["rest"] else 0
        return None if hundreds is None or rest is None or hundreds > 9 or rest > 99 else 100 * hundreds + rest
    words = said.split()
    return NUMBER_WORDS.get(" ".join(words)) or NUMBER_WORDS.get("-".join(words))


def unit(word: str) -> bool:
    """Whether the word is a unit of time: ``days``, ``hrs``, ``week``."""
    return word in _UNITS


# --- buckets, keys and prefixes ---------------------------------------------------------------------------------

_URI = re.compile(r"s3a?://(?P<bucket>[^/\s]+)(?:/(?P<path>.*))?", re.IGNORECASE | re.DOTALL)
_ARN = re.compile(r"arn:aws[a-z-]*:s3:::(?P<bucket>[^/\s]+)(?:/(?P<path>.*))?", re.IGNORECASE | re.DOTALL)
_HOST = r"s3[.-](?:dualstack\.)?(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?"
_VIRTUAL = re.compile(rf"https?://(?P<bucket>[^/\s]+?)\.{_HOST}(?:/(?P<path>.*))?", re.IGNORECASE | re.DOTALL)
_PATH_STYLE = re.compile(rf"https?://{_HOST}/(?P<bucket>[^/\s]+)(?:/(?P<path>.*))?", re.IGNORECASE | re.DOTALL)
_LOCATIONS = (_URI, _ARN, _PATH_STYLE, _VIRTUAL)

_ALLOWED_IN_BUCKET = re.compile(r"[a-z0-9.-]*")
_IP = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an")


def _bucket(text: str) -> str:
    place = location(text)
    if place and place.path:
        raise BadValue(f"{_shown(text)} names something inside a bucket: a bucket's name alone is needed here.")
    name = place.bucket if place else text.removesuffix("/")
    broken = _broken_rule(name)
    if broken:
        raise BadValue(f"{_shown(name)} is not a bucket name: {broken}.")
    return name


def _broken_rule(name: str) -> str:  # noqa: C901, PLR0911 - one rule of AWS a branch, in the order in which people break them
    """The rule of AWS for general purpose buckets that the name breaks; empty when it breaks none."""
    if not 3 <= len(name) <= 63:
        return f"it must have 3 to 63 characters, and this has {len(name)}"
    if name != name.lower():
        return "it must not have capital letters"
    if not _ALLOWED_IN_BUCKET.fullmatch(name):
        wrong = next(letter for letter in name if not _ALLOWED_IN_BUCKET.fullmatch(letter))
        what = "a space" if wrong.isspace() else f"“{wrong}”"
        return f"only small letters, digits, dots and hyphens are allowed, and it has {what}"
    if not (name[0].isalnum() and name[-1].isalnum()):
        return "it must begin and end with a letter or a digit"
    if ".." in name:
        return "two dots must not stand side by side"
    if _IP.fullmatch(name):
        return "it must not look like an IP address"
    for start in _RESERVED_STARTS:
        if name.startswith(start):
            return f"AWS keeps names that begin with “{start}” for itself"
    for end in _RESERVED_ENDS:
        if name.endswith(end):
            return f"AWS keeps names that end with “{end}” for itself"
    return ""


def _sure_bucket(text: str) -> bool:
    name = text.removesuffix("/")
    if _EXECUTION_ID.fullmatch(name):
        return False
    shaped = any(letter in "-." or letter.isdigit() for letter in name) and any(letter.isalpha() for letter in name)
    return location(text) is not None or (shaped and not _broken_rule(name) and not _EXTENSION.search(name))


_EXTENSION = re.compile(
    r"\.(?:csv|tsv|txt|log|json|jsonl|ndjson|xml|ya?ml|html?|css|js|ts|py|java|go|rb|sh|sql|md|rst|pdf|docx?|xlsx?"
    r"|pptx?|png|jpe?g|gif|svg|webp|tiff?|bmp|ico|heic|mp[34]|m4a|mov|avi|mkv|wav|flac|zip|gz|tgz|tar|bz2|xz"
    r"|zst|7z|rar|jar|war|parquet|orc|avro|db|sqlite|bak|dump|dat|bin|exe|iso|img|conf|cfg|ini|env|toml|lock"
    r"|pem|key|crt|eml|ics|psd|ai|tf|hprof|hdf5|arrow|feather|pcap|srt|vtt|obj|fbx|stl|glb|gltf|blend|dwg|dxf"
    r"|ttf|otf|woff2?|cpp|hpp|cs|php|lua|swift|kt|scala|tsx|jsx|vue|patch|diff|proto|gpx|grib2?|eps|indd|mxf"
    r"|las|laz|mdb|accdb|sav|dcm|fits?|netcdf|cdf|step|stp|igs|skp|cr2|nef|arw|dng|raw|m2ts|vob|flv|wmv|mpe?g"
    r"|aiff?|caf|opus|amr|hl7|dpx|exr|tga|hdr|msg|pst|bib|jp2|svgz|mobi|azw3|kml|kmz|osm|shx|prj|gml|gpg|asc"
    r"|sig|sha256|md5|p12|rds|safetensors|gguf|pb|mid|aac|ogg|webm|m3u8|tfstate|whl|rpm|deb|dmg|apk|pkl|npy"
    r"|npz|h5|ckpt|pt|onnx|geojson|shp|vcf|bam|fastq|odt|ods|rtf|tex|epub|ipynb)$",
    re.IGNORECASE,
)
_ANY_EXTENSION = re.compile(r"[^\s./]\.(?:\d?[A-Za-z])[A-Za-z0-9]{0,9}$")


def _key(text: str) -> str:
    if not text:
        raise BadValue("A file needs a name.")
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > KEY_BYTES:
        raise BadValue(f"A file's key may have {KEY_BYTES:,} bytes of UTF-8 at most, and this one has {size:,}.")
    return text


def _sure_key(text: str) -> bool:
    return "/" in text or bool(_ANY_EXTENSION.search(text))


def has_extension(text: str) -> bool:
    """Whether a name ends the way file names do (``.csv``): such a word closes a name with spaces."""
    return bool(_ANY_EXTENSION.search(text))


def _prefix(text: str) -> str:
    return _key(text.removeprefix("/") or text)


# --- regions ----------------------------------------------------------------------------------------------------

_REGION = re.compile(r"(?:us-gov|us|eu|ap|sa|ca|me|af|il|mx|cn)-(?:north|south|east|west|central)+-\d", re.IGNORECASE)
REGIONS = {
    "us-east-1": ("virginia", "north virginia", "northern virginia", "n virginia", "n. virginia", "us east"),
    "us-east-2": ("ohio", "columbus"),
    "us-west-1": ("california", "north california", "northern california", "n california", "san francisco"),
    "us-west-2": ("oregon", "portland", "us west"),
    "ca-central-1": ("canada", "montreal", "montréal", "canada central"),
    "ca-west-1": ("calgary", "canada west"),
    "mx-central-1": ("mexico", "querétaro", "queretaro"),
    "sa-east-1": ("são paulo", "sao paulo", "brazil", "south america"),
    "eu-west-1": ("ireland", "dublin"),
    "eu-west-2": ("london", "england", "uk", "united kingdom", "britain", "great britain"),
    "eu-west-3": ("paris", "france"),
    "eu-central-1": ("frankfurt", "germany"),
    "eu-central-2": ("zurich", "zürich", "switzerland"),
    "eu-north-1": ("stockholm", "sweden"),
    "eu-south-1": ("milan", "milano", "italy"),
    "eu-south-2": ("spain", "aragon", "zaragoza"),
    "af-south-1": ("cape town", "south africa"),
    "il-central-1": ("israel", "tel aviv"),
    "me-south-1": ("bahrain",),
    "me-central-1": ("uae", "dubai", "emirates", "united arab emirates"),
    "ap-south-1": ("mumbai", "india", "bombay"),
    "ap-south-2": ("hyderabad",),
    "ap-southeast-1": ("singapore",),
    "ap-southeast-2": ("sydney", "australia"),
    "ap-southeast-3": ("jakarta", "indonesia"),
    "ap-southeast-4": ("melbourne",),
    "ap-southeast-5": ("malaysia", "kuala lumpur"),
    "ap-southeast-6": ("new zealand", "auckland"),
    "ap-southeast-7": ("thailand", "bangkok"),
    "ap-northeast-1": ("tokyo", "japan"),
    "ap-northeast-2": ("seoul", "korea", "south korea"),
    "ap-northeast-3": ("osaka",),
    "ap-east-1": ("hong kong", "hongkong"),
    "ap-east-2": ("taipei", "taiwan"),
}
"""Regions of the commercial partition and the places that people say for them."""
_PLACES = {place: code for code, places in REGIONS.items() for place in places}


def _region(text: str) -> str:
    said = " ".join(text.lower().split())
    code = said.replace(" ", "-").replace("_", "-")
    if code in REGIONS:
        return code
    if said in _PLACES:
        return _PLACES[said]
    if _REGION.fullmatch(code):
        return code  # newer than this table; AWS will say when it does not exist
    raise BadValue(f"{_shown(text)} is not an AWS region: say a code such as eu-west-1, or a place such as Ireland.")


def _sure_region(text: str) -> bool:
    try:
        _region(text)
    except BadValue:
        return False
    return True


# --- log groups and executions ----------------------------------------------------------------------------------

_LOG_GROUP = re.compile(r"[A-Za-z0-9_/.#-]{1,512}")
_LOG_GROUP_ARN = re.compile(r"arn:aws[a-z-]*:logs:[a-z0-9-]*:\d*:log-group:(?P<name>[^:]+)(?::\*|:log-stream:.*)?")
_EXECUTION_ID = re.compile(r"wf-[a-z0-9]{8}")


def _log_group(text: str) -> str:
    arn = _LOG_GROUP_ARN.fullmatch(text)
    name = arn["name"] if arn else text
    if not _LOG_GROUP.fullmatch(name):
        raise BadValue(
            f"{_shown(name)} is not a log group's name: 1 to 512 letters, digits and the signs . - _ / # are allowed."
        )
    return name


def _sure_log_group(text: str) -> bool:
    return (text.startswith("/") and len(text) > 1 and bool(_LOG_GROUP.fullmatch(text))) or bool(
        _LOG_GROUP_ARN.fullmatch(text)
    )


def _execution_id(text: str) -> str:
    found = text.lower()
    if not _EXECUTION_ID.fullmatch(found):
        raise BadValue(f"{_shown(text)} is not an execution's id: those look like wf-k3m9x2q7.")
    return found


def _sure_execution_id(text: str) -> bool:
    return text.lower().startswith("wf-") and text[3:].isalnum()


# --- lengths of time --------------------------------------------------------------------------------------------

_UNIT_HOURS = {
    "minute": 1 / 60,
    "hour": 1,
    "day": 24,
    "week": 168,
    "fortnight": 336,
    "month": 720,
    "quarter": 2160,
    "year": 8760,
}
_SPELLINGS = {
    "minute": ("minute", "minutes", "min", "mins"),
    "hour": ("hour", "hours", "h", "hr", "hrs"),
    "day": ("day", "days", "d"),
    "week": ("week", "weeks", "w", "wk", "wks"),
    "fortnight": ("fortnight", "fortnights"),
    "month": ("month", "months", "mo", "mos"),
    "quarter": ("quarter", "quarters"),
    "year": ("year", "years", "y", "yr", "yrs"),
}
_UNITS = {word: name for name, words in _SPELLINGS.items() for word in words}
_ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBER_WORDS: dict[str, int] = {
    **{word: number for number, word in enumerate(_ONES)},
    **_TENS,
    **{f"{ten}-{_ONES[one]}": number + one for ten, number in _TENS.items() for one in range(1, 10)},
    "a": 1,
    "an": 1,
    "a couple of": 2,
    "couple of": 2,
    "hundred": 100,
    "a dozen": 12,
}
"""Numbers as people write them out."""
_BROKEN = re.compile(r"(?P<whole>\d{1,6})[.,](?P<part>\d{1,2})(?P<unit>[\s-]*[a-z]+)")
"""One and a half days as ``1.5 days``."""
_HALF_A = re.compile(rf"half(?: an?)? (?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})")
_WITH_UNIT = re.compile(
    r"(?:(?P<digits>\d+)[\s-]*|(?P<words>[a-z][a-z\s-]*?)[\s-]+)?"
    rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
)
_HUNDREDS = re.compile(r"(?:(?P<hundreds>[a-z]+) )?hundred(?:(?: and)? (?P<rest>[a-z ]+))?")
DIGITS_LIMIT = 6


def _days(text: str) -> int:
    said = duration(text)
    days = said.days() if said and text.strip() else None
    if days is None or not 1 <= days <= DAYS_LIMIT:
        raise _no_number(text, said, "day", DAYS_LIMIT)
    return days


def _hours(text: str) -> int:
    said = duration(text)
    hours = said.hours() if said and text.strip() else None
    if hours is None or not 1 <= hours <= HOURS_LIMIT:
        raise _no_number(text, said, "hour", HOURS_LIMIT)
    return hours


def _no_number(text: str, said: Duration | None, unit: str, limit: int) -> BadValue:
    """Why a text is no number of whole days or hours; one in smaller units is told the next that is."""
    whole = math.ceil(said.amount * _UNIT_HOURS[said.unit] / _UNIT_HOURS[unit]) if said and said.unit else 0
    if not 1 <= whole <= limit:
        return BadValue(f"{_shown(text)} is not a number of {unit}s: say a whole number from 1 to {limit:,}.")
    nearest = f"{whole} {unit}{'s' if whole > 1 else ''}"
    return BadValue(
        f"{_shown(text)} is not a whole number of {unit}s: say “{nearest}”, or another from 1 to {limit:,}."
    )


def _sure_duration(text: str) -> bool:
    return bool(text.strip()) and duration(text) is not None


# --- choices, workflows and plain text --------------------------------------------------------------------------

_ABOUT_A_WORKFLOW = {"the", "a", "an", "s3", "workflow"}
"""Words that may stand around the name of a workflow."""


def _choice(text: str, choices: Sequence[str]) -> str:
    for choice in choices:
        if choice.casefold() == text.casefold():
            return choice
    raise BadValue(f"{_shown(text)} is not one of {', '.join(choices)}.")


def _workflow(text: str, names: Sequence[str]) -> str:
    """The workflow of that name, or the only one whose name has all these words: "inventory" is inventory_report."""
    said = set(text.lower().replace("_", " ").replace("-", " ").split()) - _ABOUT_A_WORKFLOW
    found = [name for name in names if said and said <= set(name.split("_"))]
    if len(found) != 1:
        known = ", ".join(name.replace("_", " ") for name in names)
        raise BadValue(f"{_shown(text)} is not a workflow. There are: {known}.")
    return found[0]


def _text(text: str) -> str:
    return text


_NUMBER = re.compile(r"#?(?P<number>[0-9]{1,6})")


def _number(text: str) -> int:
    said = _NUMBER.fullmatch(text)
    number = int(said["number"]) if said else NUMBER_WORDS.get(text.casefold(), 0)
    if not number:
        raise BadValue(f"{_shown(text)} is not a number such as 3.")
    return number


def _never(_text: str) -> bool:
    return False


def _whole(amount: float, divisor: int) -> int | None:
    result = amount / divisor
    return int(result) if result == int(result) else None


def _shown(text: str) -> str:
    """A value as it stands in a sentence: short enough to read."""
    return f"“{text}”" if len(text) <= 80 else f"“{text[:77]}…”"


TYPES: dict[str, ValueType] = {
    "bucket": ValueType(_bucket, _sure_bucket),
    "key": ValueType(_key, _sure_key),
    "prefix": ValueType(_prefix, lambda text: "/" in text),
    "region": ValueType(_region, _sure_region),
    "log_group": ValueType(_log_group, _sure_log_group),
    "execution_id": ValueType(_execution_id, _sure_execution_id),
    "days": ValueType(_days, _sure_duration),
    "hours": ValueType(_hours, _sure_duration),
    "choice": ValueType(_text, _never),
    "workflow": ValueType(_text, _never),
    "text": ValueType(_text, _never),
    "sentence": ValueType(_text, _never),
    "number": ValueType(_number, lambda text: _NUMBER.fullmatch(text) is not None),
}
"""Every type that a parameter of an entry may have."""
_AMONG: dict[str, Callable[[str, Sequence[str]], str]] = {"choice": _choice, "workflow": _workflow}
"""Types of which a value is one of the parameter's choices."""
