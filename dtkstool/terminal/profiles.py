"""The kinds of files, on screen."""

from functools import partial
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from dtkstool.messages import message

if TYPE_CHECKING:
    from dtkstool.terminal import Screen


def show_profiles(screen: "Screen") -> None:
    """Print a table of profiles: name, what it is, required columns, rules that do not judge."""
    from dtkstool.rules.profiles import PROFILES

    say = partial(message, lang=screen.lang)
    table = Table(box=None, header_style="bold")
    for head in ("name", "what", "required", "off"):
        table.add_column(say(f"profiles.head.{head}"), overflow="fold", no_wrap=head == "name")
    for profile in PROFILES:
        off = " ".join(profile.off) or say("profiles.nothing")
        what = say(f"profiles.what.{profile.name}")
        table.add_row(profile.name, Text(what), Text(" ".join(profile.required)), Text(off))
    screen.out.print(table)
