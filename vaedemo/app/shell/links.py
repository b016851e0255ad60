"""The typed table of a page's link: names, rules and defaults; read from a query and written back."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from vaedemo.config import DATASETS, LONGEST_QUERY_VALUE, RunConfig, write_value
from vaedemo.rooms.store import is_code
from vaedemo.rules import ConfigError, one_of, shorten, whole

# Parameters that mail, chat and advertising programs append to count visitors. They are ignored.
TRACKING = frozenset(
    (
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "mc_cid", "mc_eid", "igsh", "igshid",
        "ttclid", "twclid", "yclid", "li_fat_id", "_hsenc", "_hsmi", "hsCtaTracking", "mkt_tok", "oly_anon_id",
        "oly_enc_id", "rb_clickid", "vero_id", "wickedid", "_ga", "_gl", "ref", "ref_src", "ref_url", "si", "trk",
    )
)  # fmt: skip
LONGEST_QUERY = 4_000  # characters of names and values; the links of our pages have a few hundred


@dataclass(frozen=True)
class Parameter:
    """One parameter of a link. `rule(name, value)` returns the typed value or raises `ConfigError`; it accepts
    texts. A text of more than `longest` characters is refused before the rule reads it."""

    name: str
    default: Any
    rule: Any
    longest: int = LONGEST_QUERY_VALUE


@dataclass(frozen=True)
class Reading:
    """The result of reading a query: a value for every parameter, a sentence for each refused part, and the names of
    the parameters whose values came from the query."""

    values: dict[str, Any]
    refusals: list[str]
    given: frozenset[str] = frozenset()


def without_tracking(query: Mapping[str, str]) -> dict[str, str]:
    """A query without the well-known tracking parameters: `utm_…` and `TRACKING`."""
    return {name: text for name, text in query.items() if not name.startswith("utm_") and name not in TRACKING}


def room_code(name: str, value: Any) -> str:
    """The rule for the code of a room, in small letters too; "" for none."""
    code = value.upper() if isinstance(value, str) else ""
    if not isinstance(value, str) or (code and not is_code(code)):
        raise ConfigError(name, value, "the code of a room: four letters")
    return code


MOST_STOPS = 200  # of the walk through the slides
PRESENT = Parameter("present", 0, whole(0, 1))  # 1: the projector view
ROOM = Parameter("room", "", room_code)  # the class's room that this link invites to; "": none
WALK = Parameter("walk", 0, whole(0, MOST_STOPS))  # the place in the walk through the slides, from 1; 0: not in it
FRAME = (PRESENT, WALK, ROOM)  # parameters of every page


class LinkTable:
    """The parameters of one page; `FRAME`'s are always among them. `not_kept`: the names of those that a page does not
    remember for the next visit from the menu."""

    not_kept = tuple(parameter.name for parameter in FRAME)

    def __init__(self, *parameters: Parameter):
        self.parameters = {parameter.name: parameter for parameter in (*parameters, *FRAME)}

    def read(self, query: Mapping[str, str]) -> Reading:
        """Typed values for every parameter: from the query if valid, else the default.

        Tracking parameters are ignored silently.
        """
        query = without_tracking(query)
        values = {name: parameter.default for name, parameter in self.parameters.items()}
        size = sum(len(name) + len(value) for name, value in query.items())
        if size > LONGEST_QUERY:
            return Reading(
                values, [f"The link was ignored: it has {size:,} characters, at most {LONGEST_QUERY:,} are read."]
            )
        refusals, given = [], set()
        for name, text in query.items():
            parameter = self.parameters.get(name)
            if parameter is None:
                known = ", ".join(self.parameters)
                refusals.append(f"This page's link has no {shorten(name)}; it accepts {known}.")
                continue
            try:
                if len(text) > parameter.longest:
                    raise ConfigError(name, text, f"at most {parameter.longest} characters in a link")
                values[name] = parameter.rule(name, text)
                given.add(name)
            except ConfigError as error:
                refusals.append(str(error))
        return Reading(values, refusals, frozenset(given))

    def write(self, values: Mapping[str, Any]) -> dict[str, str]:
        """The canonical query of these values: only those that differ from the defaults, in the table's order."""
        return {
            name: write_value(values[name])
            for name, parameter in self.parameters.items()
            if name in values and values[name] != parameter.default
        }


def config_parameters(*names: str, **changes: Parameter) -> list[Parameter]:
    """Parameters for these fields of `RunConfig`, with the config's rules and defaults unless changed.

    Of data sets, only those that come with the app: own data are in the process that registered them.
    """
    own = {entry.name: Parameter(entry.name, entry.default, entry.metadata["rule"]) for entry in fields(RunConfig)}
    own["dataset"] = Parameter("dataset", RunConfig.dataset, one_of(*DATASETS))
    return [changes.get(name, own[name]) for name in names]


def name_text(name: str, value: Any) -> str:
    """The rule for the name or digest of a run: 1 to 40 letters, digits and hyphens."""
    sound = isinstance(value, str) and 0 < len(value) <= 40 and value.isascii() and value.replace("-", "").isalnum()
    if not sound:
        raise ConfigError(name, value, "a run's name or digest: letters, digits and hyphens, at most 40")
    return value


def choice(options: tuple[str, ...]):
    """A rule that accepts one of the options, or no choice (the empty text)."""

    def check(name: str, value: Any) -> str:
        if value not in ("", *options):
            raise ConfigError(name, value, "one of " + ", ".join(options))
        return value

    return check
