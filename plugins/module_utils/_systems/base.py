# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base class of all systems. A new one is a file beside this one and a line in ``registry``.

Private to the collection, as all files of this folder.
"""

from __future__ import annotations

import abc
import hmac
import os
import typing as t

from .._errors import ApiError, OptionError
from .._http.client import WRONG_PATH, ApiClient, Auth, Fault
from .._http.tokens import TokenCache
from .._http.transport import Transport
from .._http.url import check_segment, check_url, encodable
from .._job import Job
from .._secrets import Secrets
from .._values import is_set, to_epoch
from .options import Options, Spec, in_environment
from .validation import validated

SURELY_OVER = 26 * 3600.0
"""Seconds. Many times of APIs name no zone, which shifts them by up to 14 hours: after an end that reads older than this, nothing more
appears, whichever zone it is."""

OF_THIS_PROCESS = os.urandom(32)
"""A key, without which a digest does not tell whether a guess at a secret is right."""


Read = t.TypeVar("Read")


def is_long_over(job: Job, wall: float) -> bool:
    """Whether the job's end is surely so long ago that no more children appear.

    :param wall: seconds since 1970.
    """
    end = to_epoch(job.finished_at)
    return end is not None and wall - end > SURELY_OVER


class Found(t.NamedTuple):
    """A job in a listing.

    :param family: the part of the listing that is about the job and its children, in the form of a listing, if reading the job
        itself would need a listing again.
    """

    job: Job
    family: t.Any = None


def _ways(ways: t.Sequence[t.Sequence[str]]) -> str:
    """``a, b and c, or d``."""
    each = [f"{', '.join(way[:-1])} and {way[-1]}" if len(way) > 1 else way[0] for way in ways]
    return ", or ".join(each)


def _check_client_certificate(options: Options) -> None:
    """Check what can be known of it on any machine. Its files are on the one that asks the API.

    :raises OptionError: for one that would not be used.
    """
    if options["client_key"] is not None and options["client_cert"] is None:
        raise OptionError("client_cert", "it is needed with client_key.")
    if options["client_cert"] is not None and str(options["api_url"]).lower().startswith("http:"):
        raise OptionError(
            "client_cert", "expected an api_url that begins with https, because only TLS shows certificates."
        )


class System(abc.ABC):
    """A vendor's API: its options, how to reach it, what to ask, and how to read what it answers.

    ``read`` asks and ``parse`` understands; only the first needs a network, and the second also reads a reply that came
    by way of another machine.
    """

    name: str
    """The system's word in the job shape and in the ``module_defaults`` groups."""
    key: t.ClassVar[str]
    """What its jobs are called in ``wait_for_job``."""
    module: t.ClassVar[str]
    """Its info module."""

    ids: t.ClassVar[Spec]
    """The options that name a job, outermost first."""
    optional_ids: tuple[str, ...] = ()
    """The ids without which the info module lists jobs."""
    every: t.ClassVar[str | None] = None
    """An id that stands for all jobs, where there is one."""
    connection: t.ClassVar[Spec]
    """The options that say where the API is and who asks, beyond those that every system has."""
    credentials: t.ClassVar[tuple[tuple[str, ...], ...]]
    """The ways to authenticate: for each the options that it needs."""
    info_only: t.ClassVar[Spec] = {}
    """The options of the info module alone, beyond those that every info module has."""
    wait_only: t.ClassVar[Spec] = {}
    """The options of a wait alone."""

    words: frozenset[str] = frozenset()
    """The vendor's own words that ``parse`` understands: nothing secret, even where a secret is in one of them."""
    linear_progress: bool = False
    """Whether half of the percentage means half of the time."""
    hints: t.ClassVar[t.Mapping[str, str]] = {}
    """By kind of error, a sentence on what to do about it."""

    started_by: t.ClassVar[t.Any] = None
    """Where the registered result of the task that starts a job has its ids, in the language of profiles."""

    more: t.ClassVar[tuple[str, ...]] = ()
    """What the info module returns beyond what every info module does."""

    NAMING: t.ClassVar[Spec] = {"started_by": {"type": "raw", "no_log": True}}
    """The option that every system has beside its ids. The controller replaces it by ids: a result holds the start call's secrets."""
    REACHING: t.ClassVar[Spec] = {
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "client_cert": {"type": "path"},
        "client_key": {"type": "path"},  # the path of a file, which is no secret
        "proxy": {"type": "str", "no_log": True},  # it may hold a password
        "request_timeout": {"type": "float", "unit": "seconds", "default": 30.0},
    }
    """The connection options that every system has."""
    ASKING: t.ClassVar[Spec] = {
        "on_missing": {"type": "str", "choices": ["fail", "ignore"], "default": "fail"},
        "retries": {"type": "int", "default": 2},
        "timeout": {"type": "float", "unit": "seconds"},
    }
    """The options that every info module has and a wait has not: it has its own."""

    def chosen(self, given: t.Mapping[str, t.Any], load: t.Callable[[t.Any], t.Any] | None = None) -> System:
        """The system itself, or the one among many that the options choose.

        :param given: what the user wrote.
        :param load: finds what is named there; ``None`` on a machine where nothing is to be found.
        :raises OptionError: if they choose none.
        """
        return self

    def connection_spec(self) -> Spec:
        """All options on where and how to reach the API."""
        return {**self.connection, **self.REACHING}

    def module_spec(self) -> Spec:
        """All options of the info module."""
        return {
            **self._ids_spec(self.optional_ids),
            **self.NAMING,
            **self.info_only,
            **self.connection_spec(),
            **self.ASKING,
        }

    def listing_spec(self) -> Spec:
        """All options of a listing that is watched."""
        return {**self._ids_spec(self.optional_ids), **self.info_only, **self.connection_spec()}

    def wait_spec(self) -> Spec:
        """All options of a job in a wait."""
        return {**self._ids_spec(()), **self.NAMING, **self.wait_only, **self.connection_spec()}

    def _ids_spec(self, optional: t.Container[str]) -> Spec:
        return {name: {**option, "required": name not in optional} for name, option in self.ids.items()}

    def offered(self, spec: Spec) -> Spec:
        """A spec as users see it: an id may be in what started the job."""
        return {name: {**option, "required": False} if name in self.ids else option for name, option in spec.items()}

    def started(self, read: t.Callable[[t.Any, t.Sequence[str]], Read]) -> Read | None:
        """Where a registered result has the ids; ``None`` if nobody knows.

        :param read: reads the language of profiles, for these ids.
        """
        return None if self.started_by is None else read(self.started_by, tuple(self.ids))

    def ids_in(self, given: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
        """The ids among a user's options, by their names."""
        return {name: given[name] for name in self.ids if is_set(given.get(name))}

    def with_ids(self, given: t.Mapping[str, t.Any], ids: t.Mapping[str, str]) -> dict[str, t.Any]:
        """A user's options with these ids among them."""
        return {**given, **ids}

    def naming(self, options: Options, job_id: str) -> Options:
        """The options of a listing with the id of one of its jobs."""
        return {**options, list(self.ids)[-1]: job_id}

    def names_one(self, given: t.Mapping[str, t.Any]) -> bool:
        """Whether a user's options name one job; else they ask for a listing."""
        last = given.get(list(self.ids)[-1])
        return is_set(last) and (self.every is None or str(last) != self.every)

    def job_id(self, options: Options) -> str | None:
        """The id of the one job that the options name, or ``None`` where they ask for a listing."""
        given = options[list(self.ids)[-1]]
        return None if given == self.every else given

    def label(self, options: Options) -> str:
        """What people call the job, or the listing, that the options name."""
        return f"{self.key} {self.job_id(options) or 'listing'}"

    def settle(self, options: Options) -> float:
        """Seconds that a job's good end must stand before it is believed, where more may follow it."""
        return 0.0

    def account(self, options: Options) -> bytes:
        """What two jobs must have in common to share connections, credentials and the fate of their API.

        A digest: it is a key of dictionaries, which are shown more easily than what they hold, and secrets are part of it.
        """
        own = (self.name, *(options[name] for name in sorted(self.connection_spec())))
        return hmac.digest(OF_THIS_PROCESS, repr(own).encode(), "sha256")

    def validated(self, spec: Spec, given: t.Mapping[str, t.Any]) -> Options:
        """The options of a task, checked and whole.

        :param spec: one of those above.
        :param given: what the user wrote.
        :raises OptionError: naming the option and what was expected.
        """
        if is_set(given.get("started_by")):
            raise OptionError("started_by", "only the controller reads it.")
        for name in self.ids:
            # An id from a variable without a value must not become a listing of all jobs.
            if name in given and not is_set(given[name]):
                remedy = "" if spec[name]["required"] else "; leave it out to ask for all"
                raise OptionError(name, f" is empty, so it names nothing{remedy}.")
        options = validated(self._with_one_way(spec, given), given)
        self.check_options(options)
        self._check_credentials(options)
        _check_client_certificate(options)
        return options

    def tell(self, secrets: Secrets, options: Options) -> None:
        """Tell what among the options is secret, and what is not although a secret may be in it."""
        specs = {**self.module_spec(), **self.wait_spec()}
        for name, rules in specs.items():
            if rules.get("no_log") and options.get(name) is not None:
                secrets.add(str(options[name]), option=name)
        ids = (str(options[name]) for name in self.ids if options.get(name) is not None)
        secrets.spare(words=[*self.words, *ids], names=specs)

    def check_options(self, options: Options) -> None:
        """Check what no spec can say of the options.

        :raises OptionError: for an id that cannot be one, or that is of no use without another.
        """
        missing = None
        for name in self.ids:
            if options[name] is None:
                missing = missing or name
            elif missing:
                raise OptionError(missing, f"it is needed where {name} is given.")
            else:
                check_segment(options[name], name)

    def connect(
        self, options: Options, secrets: Secrets, concurrency: int = 1, tokens: TokenCache | None = None
    ) -> ApiClient:
        """A client for the account that the options name.

        :param secrets: is told of those that are obtained by a login.
        :param concurrency: how many threads use it at once.
        :param tokens: those that other clients have obtained, and for them.
        :raises OptionError: for options that cannot be worked with.
        """
        for name, value in options.items():
            if isinstance(value, str):
                encodable(name, value)
        transport = Transport(**{name: options[name] for name in self.REACHING}, concurrency=concurrency)
        base_url = self.base_url(check_url("api_url", options["api_url"]))
        named = [name for name in self.ids if options[name] is not None]
        wrong_path = f"Check api_url, then {' and '.join(named)}." if named else "Check api_url."
        hints = {WRONG_PATH: wrong_path, **self.advice()}
        return ApiClient(transport, base_url, self.auth(options), self.read_fault, hints, secrets, tokens)

    def way_to_authenticate(self, options: Options) -> tuple[str, ...]:
        """The one of ``credentials`` that the (validated) options hold."""
        return next(way for way in self.credentials if all(options[name] is not None for name in way))

    def _with_one_way(self, spec: Spec, given: t.Mapping[str, t.Any]) -> Spec:
        """The spec, in which the environment holds no other way to authenticate than the one that was given, if one was.

        :raises OptionError: where more than one was given.
        """
        some = [way for way in self.credentials if any(is_set(given.get(name)) for name in way)]
        if not some:
            return spec
        self._check_one(some)
        others = {name for way in self.credentials for name in way}.difference(some[0])
        without = {name: {key: rule for key, rule in spec[name].items() if key != "fallback"} for name in others}
        return {**spec, **without}

    def _check_credentials(self, options: Options) -> None:
        """Check that there is one way to authenticate, and that it is whole.

        :raises OptionError: where it is not so.
        """
        some = [way for way in self.credentials if any(options[name] is not None for name in way)]
        self._check_one(some)
        if not some:
            specs = [[self.connection[name] for name in way] for way in self.credentials]
            variables = [[spec["fallback"][1][0] for spec in way if "fallback" in spec] for way in specs]
            there = f" (or {_ways(variables)} in the environment)" if all(variables) else ""
            raise OptionError("", f"No credentials. Set {_ways(self.credentials)}{there}.")
        for name in some[0]:
            if options[name] is None:
                other = next(other for other in some[0] if options[other] is not None)
                raise OptionError(name, f"it is needed with {other}{in_environment(self.connection[name])}.")

    def _check_one(self, ways: t.Sequence[tuple[str, ...]]) -> None:
        if len(ways) > 1:
            raise OptionError(ways[1][0], f"expected {_ways(self.credentials)}, not both.")

    def advice(self) -> t.Mapping[str, str]:
        """By kind of error, a sentence on what to do about it."""
        return self.hints

    def base_url(self, api_url: str) -> str:
        """What all paths begin with, from the (valid) ``api_url``."""
        return api_url

    def given(self, options: Options) -> dict[str, t.Any]:
        """What to give the info module on another machine: the options that have a value."""
        return {name: options[name] for name in self.module_spec() if options.get(name) is not None}

    def given_to_look_once(self, options: Options) -> dict[str, t.Any]:
        """The same for a wait, which itself watches a job that has ended (:meth:`settle`)."""
        return self.given(options)

    @abc.abstractmethod
    def auth(self, options: Options) -> Auth:
        """The credentials that the options name.

        :raises OptionError: for options that cannot be worked with.
        """

    @abc.abstractmethod
    def read_fault(self, status: int, content: t.Any) -> Fault | None:
        """What the vendor's error envelope says, where the body of a reply is one; else ``None``."""

    @abc.abstractmethod
    def read(self, client: ApiClient, options: Options) -> t.Any:
        """Ask the API for what the options name: its reply as sent, or a list of bodies where several were read.

        :raises ApiError: when it does not answer as documented; with what was read before (:meth:`ApiError.after`), if that
            tells something of the job.
        """

    @abc.abstractmethod
    def parse(self, raw: t.Any, options: Options) -> list[Job]:
        """The jobs in what :meth:`read` gave: the one that the options name, or all of a listing.

        :raises BadReply: for a reply in which there is no job where one must be.
        :raises Missing: for a reply by which the job does not exist.
        """

    def tells(self, raw: t.Any, options: Options) -> dict[str, t.Any]:
        """The values of :attr:`more` for what :meth:`read` gave."""
        return {}

    def told(self, error: ApiError, options: Options) -> Job | None:
        """The job by what was read before an error of :meth:`read`; ``None`` if that was nothing."""
        if error.raw is None:
            return None
        job = self.parse(error.raw, options)[0]
        return job.unsettled() if job.settles else job

    def listed_with(self, options: Options) -> t.Hashable:
        """What jobs of an account must have in common for one listing to tell of them."""
        return None

    def listing_for(self, jobs: t.Sequence[Options]) -> Options | None:
        """The options of a listing that tells of all these jobs of an account as long as they go on, where there is one."""
        return None

    def pieces(self, client: ApiClient, options: Options) -> t.Iterable[t.Any]:
        """What :meth:`read` gives for :meth:`listing_for`, in pieces, each of which may be dropped before the next one comes.

        :raises ApiError: as :meth:`read`.
        """
        return self.parts(self.read(client, options))

    def parts(self, raw: t.Any) -> t.Iterable[t.Any]:
        """The same, of what :meth:`read` gave."""
        return [raw]

    def find(self, pieces: t.Iterable[t.Any], jobs: t.Sequence[Options]) -> list[Found | None]:
        """What :meth:`pieces` tell of each of the jobs: ``None`` if they tell nothing of it.

        :raises BadReply: for a reply that is no listing.
        """
        return [None for _job in jobs]
