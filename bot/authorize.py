"""May this person run this entry? Groups grant accesses; what nobody granted is refused."""

from __future__ import annotations

from collections.abc import Mapping

from bot.config import Settings
from bot.errors import NotAllowed
from bot.models import Access, Entry, Request


def authorize(entry: Entry, request: Request, access: Access, settings: Settings) -> None:
    """Raises NotAllowed when the asker's groups do not grant the access that the entry needs."""
    if may(entry, request, access, settings):
        return
    granting = [group.name for group in access.groups if entry.access in group.may]
    if request.external:
        raise NotAllowed(
            f"“{entry.title}” needs {entry.access} access, and people from another workspace may only read.",
            hint=f"Ask {_somebody(granting)} of this workspace.",
        )
    needed = f"“{entry.title}” needs {entry.access} access, which {_groups(granting)}."
    if not granting:
        raise NotAllowed(needed, hint="Whoever runs me can grant it in seeds/access.json.")
    own = _listed(groups_of(request, access, settings))
    raise NotAllowed(
        f"{needed} You are in the group {own}.",
        hint=f"Ask {_somebody(granting)} to do it, or whoever runs me to put you into that group.",
    )


def refusal(entry: Entry, request: Request, access: Access, settings: Settings) -> str:
    """What ``authorize`` would say against it; empty when the asker may run it."""
    try:
        authorize(entry, request, access, settings)
    except NotAllowed as error:
        return f"{error.sentence} {error.hint}"
    return ""


def may(entry: Entry, request: Request, access: Access, settings: Settings) -> bool:
    """Whether the asker may run it: one of the groups grants the access, and an outsider never more than reading."""
    if request.external and (entry.access != "read" or entry.effect != "read"):
        return False
    names = groups_of(request, access, settings)
    return any(entry.access in group.may for group in access.groups if group.name in names)


def groups_of(request: Request, access: Access, settings: Settings) -> tuple[str, ...]:
    """The groups of the asker; the default one for people who are in no list, and for people from elsewhere."""
    if request.external:
        return (access.default,)
    listed = _members(settings)
    names = tuple(
        group.name
        for group in access.groups
        if request.user in group.members or request.user in listed.get(group.name, ())
    )
    return names or (access.default,)


def _members(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    return {"viewer": settings.viewers, "operator": settings.operators, "admin": settings.admins}


def _groups(granting: list[str]) -> str:
    if not granting:
        return "no group has"
    return f"the group {granting[0]} has" if len(granting) == 1 else f"the groups {_listed(granting)} have"


def _somebody(granting: list[str]) -> str:
    return "an admin" if not granting else " or ".join(f"{_article(name)} {name}" for name in granting)


def _article(word: str) -> str:
    return "an" if word[:1].lower() in tuple("aeiou") else "a"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
