"""A page of the site for each profile of the library, and their overview."""

from __future__ import annotations

import itertools
import re
import typing as t

import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.auth_ways import Headers, OAuth2, Session, Way
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.mistakes import either
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.placeholders import CREDENTIALS
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.profile import Profile
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.read_profile import read_profile
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.states import RESTING, WORD_STATES

from .files import CHECKOUT, Texts, list_table

LIBRARY = CHECKOUT / "plugins/plugin_utils/_profiles"
PAGES = CHECKOUT / "docs/docsite/rst"
EXAMPLES = CHECKOUT / "tools/rendering/profile_examples.yml"
LABEL = "ansible_collections.endstate.jobs.docsite.profiles"
GENERATED = ".. Generated from the profile by make render.\n\n"

Raw = t.Mapping[str, t.Any]


def texts() -> Texts:
    """The overview, and a page for each profile."""
    examples = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))
    names = sorted(file.stem for file in LIBRARY.glob("*.yml"))
    if sorted(examples) != names:
        raise ValueError(f"{EXAMPLES}: expected an entry for each of {names}")
    sources = {name: (LIBRARY / f"{name}.yml").read_text(encoding="utf-8") for name in names}
    raws = {name: yaml.safe_load(source) for name, source in sources.items()}
    known = {name: read_profile(raw, f"{name}.yml", library=True) for name, raw in raws.items()}
    found = {
        PAGES / f"profiles/{name}.rst": _page(known[name], raws[name], _about(sources[name]), examples[name])
        for name in names
    }
    found[PAGES / "profiles.rst"] = _overview(known)
    return found


def _overview(known: t.Mapping[str, Profile]) -> str:
    rows = [["Profile", "Kind of job", "``id``", "Log in with", "Listing", "Children"]]
    for name, profile in known.items():
        ways = "; ".join(dict.fromkeys(_listed(_needs(way)) or "nothing" for way in profile.auth))
        rows.append(
            [
                f":ref:`{name} <{LABEL}.{name}>`",
                _plain(profile.title or ""),
                ", ".join(f"``{one.name}``" for one in profile.ids),
                ways,
                "yes" if profile.listing else "",
                "yes" if profile.children else "",
            ]
        )
    return (
        f".. _{LABEL}:\n\n{GENERATED}{_title('The profiles of the collection', '=')}\n"
        "Each of these APIs is waited for with the key ``rest_job`` of :ansplugin:`endstate.jobs.wait_for_job#module`, and read with\n"
        ":ansplugin:`endstate.jobs.rest_job_info#module`. For any other API write a profile of your own:\n"
        ":ref:`any REST API <ansible_collections.endstate.jobs.docsite.any_rest_api>`.\n"
        f"{list_table(rows, widths=(18, 34, 14, 20, 7, 7))}\n"
        f".. toctree::\n   :hidden:\n\n{''.join(f'   profiles/{name}' + chr(10) for name in known)}"
    )


def _page(profile: Profile, raw: Raw, about: str, example: Raw) -> str:
    parts = [
        f".. _{LABEL}.{profile.name}:\n\n{GENERATED}{_title(f'{profile.title} ({profile.name})', '=')}",
        f"Jobs: {_plain(example['jobs'])}.\n",
        f"{_plain(about)}\n" if about else "",
        ".. contents::\n   :local:\n",
        _title("Example", "-"),
        ".. code-block:: yaml+jinja\n",
        f"{_indented(example['example'])}",
        _title("Options", "-"),
        list_table([["Option", "Value", "Environment variable"], *_options(profile)], widths=(22, 48, 30)).lstrip("\n"),
        _title("How to log in", "-"),
        _logins(profile, raw),
        _title("States", "-"),
        _states(raw["state"]),
        _children(profile, raw),
        _listing(profile, raw),
        _start(profile, raw),
        _hints(profile),
        _title("Sources", "-"),
        "".join(f"* {_plain(source)}\n" for source in profile.sources),
        f"Tested: {_plain('; '.join(profile.tested))}\n",
    ]
    return "\n".join(filter(None, parts))


def _about(source: str) -> str:
    """The comment at the head of a profile."""
    lines = itertools.takewhile(lambda line: line.startswith("#"), source.splitlines()[1:])
    return " ".join(line.lstrip("# ") for line in lines)


def _options(profile: Profile) -> list[list[str]]:
    default = f"by default ``{profile.api_url}``" if profile.api_url else "needed"
    rows = [["``profile``", f"``{profile.name}``", ""], ["``api_url``", default, _variable(profile, "api_url")]]
    for one in profile.ids:
        what = "a path, or a URL of the same origin" if one.address else "a segment of a path"
        what = "the id, or a URL that ends with it" if one.last else what
        rows.append([f"``id{'.' + one.name if len(profile.ids) > 1 else ''}``", what, ""])
    for name in _ordered(*profile.auth):
        rows.append([f"``{name}``", "see below", _variable(profile, name)])
    for name, value in profile.variables.items():
        default = "needed" if value is None else f"by default ``{value}``"
        rows.append([f"``variables.{name}``", default, _variable(profile, name)])
    return rows


def _variable(profile: Profile, name: str) -> str:
    return f"``{profile.environment[name]}``" if name in profile.environment else ""


def _needs(way: Way) -> list[str]:
    return [f"``{name}``" for name in _ordered(way)]


def _ordered(*ways: Way) -> list[str]:
    """The options that the ways need, in the order of the documentation."""
    needs = frozenset().union(*(way.needs for way in ways))
    order = [*CREDENTIALS, "token_url"]
    return [name for name in order if name in needs]


def _logins(profile: Profile, raw: Raw) -> str:
    lines = []
    for way, written in zip(profile.auth, raw["auth"]):
        needs = _listed(_needs(way))
        if way.kind == "none":
            lines.append("* without a login, if nothing is given")
        elif isinstance(way, Headers):
            sent = " and ".join(f"``{name}: {text.text}``" for name, text in way.headers.items())
            lines.append(f"* {needs}, sent as {sent}")
        elif isinstance(way, OAuth2):
            lines.append(f"* {needs}: a token by OAuth2 (``{way.grant}``)")
        elif isinstance(way, Session):
            end = ", which is logged out of in the end" if way.logout else ""
            lines.append(f"* {needs}: a session of ``POST {written['session']['post']}``{end}")
        else:
            lines.append(f"* {needs}, sent by HTTP Basic")
    if len(profile.auth) > 1:
        kinds = either(f"``{kind}``" for kind in dict.fromkeys(way.kind for way in profile.auth))
        lines.append(
            f"\nThe first one whose options are all given is taken, or the one that ``auth_method`` names: {kinds}."
        )
    return "\n".join(lines) + "\n"


def _states(state: Raw) -> str:
    if "path" in state:
        rows = [["In the reply", "State"]]
        for name in (name for name in WORD_STATES if name in state):
            words = state[name] if isinstance(state[name], list) else [state[name]]
            rows.append([f"{_path(state['path'])} is {_words(words)}", _state(name)])
    else:
        rows = [["In the reply; the first that holds decides", "State"]]
        for rule in state["rules"]:
            conditions = [_condition(_path(state["values"][name]), value) for name, value in rule["when"].items()]
            rows.append([", ".join(conditions), _state(rule["state"])])
    if "otherwise" in state:
        rows.append(["any other word", _state(state["otherwise"])])
    more = f"\n{_plain(state['no_bad_end'])}\n" if "no_bad_end" in state else ""
    case = "\nLetters may be small or capital.\n" if state.get("ignore_case") else ""
    return list_table(rows, widths=(75, 25)).lstrip("\n") + case + more


def _state(name: str) -> str:
    return "pending, until somebody acts" if name == RESTING else name


def _path(path: t.Any) -> str:
    paths = path if isinstance(path, list) else [path]
    return either(["the HTTP status" if one == "$status" else f"``{one}``" for one in paths])


def _words(words: t.Sequence[t.Any]) -> str:
    return either([f"``{_word(word)}``" for word in words])


def _word(word: t.Any) -> str:
    return str(word).lower() if isinstance(word, bool) else "null" if word is None else str(word)


def _condition(path: str, value: t.Any) -> str:
    """A condition in words."""
    if isinstance(value, list):
        if not any(isinstance(one, dict) for one in value):
            return f"{path} is {_words(value)}"
        return either([_condition(path, one) for one in value])
    if not isinstance(value, dict):
        return f"{path} is {_words([value])}"
    ((key, inner),) = value.items()
    if key == "present":
        return f"{path} is {'there' if inner else 'missing'}"
    if key == "not":
        return f"not: {_condition(path, inner)}"
    return _condition(f"{'one' if key == 'any' else 'each'} of {path}", inner)


def _children(profile: Profile, raw: Raw) -> str:
    children = profile.children
    if not children:
        return ""
    written = raw["children"]
    if children.kind == "inline":
        place = f"They are in the reply, at {_path(written['items'])}."
    elif children.kind == "links":
        place = f"Their addresses are in the reply, at {_path(written['links'])}."
    else:
        place = f"They are asked for with {_asked(written)}."
    decides = {
        "both": "The job is good if it and all of them are.",
        "parent": "The job's own end decides; bad ones tell why.",
        "children": "Their ends decide once the job has ended.",
    }[children.decides]
    followed = "" if children.followed else " They are followed with ``children: true``."
    return f"{_title('Children', '-')}\n{place} {decides}{followed}\n"


def _listing(profile: Profile, raw: Raw) -> str:
    listing = profile.listing
    if not listing:
        return ""
    outer = f" It needs {_listed([f'``id.{name}``' for name in listing.outer])}." if listing.outer else ""
    only = " It can ask for just these jobs." if listing.filter else ""
    asked = f"Many jobs are read with {_asked(raw['listing'])}.{only}"
    return f"{_title('Listing', '-')}\n{asked} So are all jobs, if ``id`` is left out of ``rest_job_info``.{outer}\n"


def _asked(written: Raw) -> str:
    return f"``GET {written['get']}``" if "get" in written else f"``POST {written['post']}``"


def _start(profile: Profile, raw: Raw) -> str:
    """Where the result of a start has the ids."""
    if "started_by" not in raw:
        return ""
    places = raw["started_by"]
    by_id = places if isinstance(places, dict) else {profile.ids[-1].name: places}
    lines = []
    for name, where in by_id.items():
        each = where if isinstance(where, list) else [where]
        lines.append(f"* ``{name}`` at {either([_place(one) for one in each])}\n")
    return f"{_title('What starts it', '-')}\nOf the registered result that ``started_by`` gets, this is read:\n\n{''.join(lines)}"


def _place(place: t.Any) -> str:
    if not isinstance(place, dict):
        return f"``{place}``"
    before, after = place["between"]
    return (
        f"``{place['path']}`` between ``{before}`` and ``{after}``"
        if after
        else f"``{place['path']}`` after ``{before}``"
    )


def _hints(profile: Profile) -> str:
    if not profile.hints:
        return ""
    lines = "".join(f"* ``{kind}``: {_plain(hint)}\n" for kind, hint in profile.hints.items())
    return f"{_title('If it cannot be read', '-')}\n{lines}"


def _title(text: str, line: str) -> str:
    return f"{_plain(text)}\n{line * len(_plain(text))}\n"


def _listed(names: t.Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _indented(text: str) -> str:
    return re.sub("^(?=.)", "   ", text, flags=re.MULTILINE)


def _plain(text: str) -> str:
    """Text without markup of reStructuredText."""
    return re.sub(r"([\\*`|@]|_(?=\W|$))", r"\\\1", text)
