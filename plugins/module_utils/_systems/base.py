# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base class of all systems. To add a system, create a file in this folder and register the class in ``registry``.

Private to the collection, as all files of this folder.
"""

from __future__ import annotations

import abc
import typing as t

from .._errors import ApiError, OptionError
from .._http.client import WRONG_PATH, ApiClient, Auth, Connection, Fault
from .._http.tokens import TokenCache
from .._http.transport import Transport
from .._http.url import check_segment, check_url, encodable
from .._job import SKIPPED, SUCCEEDED, Job
from .._secrets import Secrets, digest
from .._values import is_set, to_epoch
from .credentials import Ways, check_client_certificate, check_credentials, with_one_way
from .options import Options, Spec
from .validation import validated

SURELY_OVER = 26 * 3600.0
"""Seconds. If a job's end is longer ago, no more children appear. Many times of APIs have no zone, so that an end can be up to 14 hours
off; this limit holds in every zone."""


Read = t.TypeVar("Read")
Load = t.Callable[[t.Any], t.Any]
"""Finds the profile that an option names: the profile, and the mapping that another machine reads it from."""


def is_long_over(job: Job, wall: float) -> bool:
    """Whether the job's end is so long ago that no more children appear.

    :param wall: seconds since 1970.
    """
    end = to_epoch(job.finished_at)
    return end is not None and wall - end > SURELY_OVER


class Found(t.NamedTuple):
    """A job in a listing.

    :param family: the rows of the job and its children, in the form of a listing, if a reading of the job would otherwise request
        the listing again.
    """

    job: Job
    family: t.Any = None


class SystemOptions(abc.ABC):
    """What a user can write about a system and its jobs. One class of options may choose among several systems."""

    name: str
    """The system's name in jobs and in the ``module_defaults`` groups."""
    key: t.ClassVar[str]
    """The option of ``wait_for_job`` for the system's jobs, which is also the kind of job in messages."""
    module: t.ClassVar[str]
    """The name of the system's info module."""

    ids: t.ClassVar[Spec]
    """The options that name a job, outermost first."""
    optional_ids: tuple[str, ...] = ()
    """The ids without which the info module lists jobs."""
    connection: t.ClassVar[Spec]
    """The system's own options for the address and the credentials; :attr:`REACHING` has the common ones."""
    credentials: t.ClassVar[Ways]
    """The ways to authenticate: for each way, the options that it needs."""
    info_only: t.ClassVar[Spec] = {}
    """The system's own options that only the info module has."""
    wait_only: t.ClassVar[Spec] = {}
    """The system's own options that only a wait has."""
    more: t.ClassVar[tuple[str, ...]] = ()
    """The system's own return values of the info module."""

    NAMING: t.ClassVar[Spec] = {"started_by": {"type": "raw", "no_log": True}}
    """The option that every system has in addition to its ids. The controller replaces it by ids, because the result of the start call
    may contain secrets."""
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
    """The options of every info module that are not options of a job in a wait."""

    @abc.abstractmethod
    def chosen(self, given: t.Mapping[str, t.Any], load: Load | None = None) -> System:
        """The system that the options choose.

        :param given: the options as the user wrote them.
        :param load: finds the profile that the options name; ``None`` on a machine without profiles.
        :raises OptionError: if the options choose no system.
        """

    def connection_spec(self) -> Spec:
        """All connection options."""
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
        """A spec as users see it: no id is required, because ``started_by`` may have it."""
        return {name: {**option, "required": False} if name in self.ids else option for name, option in spec.items()}


class System(SystemOptions):
    """A vendor's API: its options, its address, its requests, and the meaning of its replies.

    ``read`` sends the requests and ``parse`` reads the replies. ``parse`` needs no network, so that it also reads a reply that another
    machine has received.
    """

    every: t.ClassVar[str | None] = None
    """The id that means all jobs; ``None`` if there is no such id."""
    words: frozenset[str] = frozenset()
    """The vendor's own words that ``parse`` reads. They are never masked, even if a secret is part of such a word."""
    linear_progress: bool = False
    """Whether the percentage grows linearly, so that 50 % means half of the time."""
    hints: t.Mapping[str, str] = {}
    """For each kind of error, a sentence on what to do about it."""
    if_gone: str | None = None
    """A sentence on a job that the API no longer knows. The vendors' hints on a job that is not found tell which ids to check, but the
    ids of a job that was read are right."""
    started_by: t.ClassVar[t.Any] = None
    """The places of the ids in the registered result of the task that starts a job, in the language of profiles."""

    def chosen(self, given: t.Mapping[str, t.Any], load: Load | None = None) -> System:
        """The system itself."""
        return self

    def started(self, read: t.Callable[[t.Any, t.Sequence[str]], Read]) -> Read | None:
        """The places of the ids in the registered result of a start call; ``None`` if they are unknown.

        :param read: reads the places, given in the language of profiles, for ids with these names.
        """
        return None if self.started_by is None else read(self.started_by, tuple(self.ids))

    def ids_in(self, given: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
        """The ids among a user's options, by name."""
        return {name: given[name] for name in self.ids if is_set(given.get(name))}

    def with_ids(self, given: t.Mapping[str, t.Any], ids: t.Mapping[str, str]) -> dict[str, t.Any]:
        """A user's options with these ids added."""
        return {**given, **ids}

    def naming(self, options: Options, job_id: str) -> Options:
        """The options of a listing with the id of one of its jobs."""
        return {**options, list(self.ids)[-1]: job_id}

    def names_one(self, given: t.Mapping[str, t.Any]) -> bool:
        """Whether a user's options name one job. If not, they name a listing."""
        last = given.get(list(self.ids)[-1])
        return is_set(last) and (self.every is None or str(last) != self.every)

    def job_id(self, options: Options) -> str | None:
        """The id of the job that the options name; ``None`` if they name a listing."""
        given = options[list(self.ids)[-1]]
        return None if given == self.every else given

    def label(self, options: Options) -> str:
        """The name, for messages, of the job or listing that the options name."""
        return f"{self.key} {self.job_id(options) or 'listing'}"

    def settle(self, options: Options) -> float:
        """The settle time in seconds: how long a job's good end must last while children may still appear."""
        return 0.0

    def account(self, options: Options) -> bytes:
        """The digest of a job's account. Jobs of the same account share connections, a login and a circuit breaker."""
        return digest(self.name, *(options[name] for name in sorted(self.connection_spec())))

    def validated(self, spec: Spec, given: t.Mapping[str, t.Any]) -> Options:
        """The options of a task, checked and completed.

        :param spec: the spec of the info module, of a listing, or of a job in a wait.
        :param given: the options as the user wrote them.
        :raises OptionError: for an invalid option; names the option and what was expected.
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
        check_client_certificate(options)
        return options

    def add_secrets(self, secrets: Secrets, options: Options) -> None:
        """Adds the secrets among the options to ``secrets``, and the texts that are not masked although a secret may be part of them."""
        specs = {**self.module_spec(), **self.wait_spec()}
        for name, rules in specs.items():
            if rules.get("no_log") and options.get(name) is not None:
                secrets.add(str(options[name]), option=name)
        ids = (str(options[name]) for name in self.ids if options.get(name) is not None)
        secrets.spare(words=[*self.words, *ids], names=specs)

    def check_options(self, options: Options) -> None:
        """Checks the options for faults that a spec cannot express.

        :raises OptionError: for an invalid id, or for an id that needs another id.
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
    ) -> Connection:
        """The connection for the account that the options name.

        :param secrets: receives the secrets that a login obtains.
        :param concurrency: how many threads use the connection at once.
        :param tokens: a cache of tokens that several connections share.
        :raises OptionError: for invalid options.
        """
        for name, value in options.items():
            if isinstance(value, str):
                encodable(name, value)
        transport = Transport(**{name: options[name] for name in self.REACHING}, concurrency=concurrency)
        base_url = self.base_url(check_url("api_url", options["api_url"]))
        named = [name for name in self.ids if options[name] is not None]
        wrong_path = f"Check api_url, then {' and '.join(named)}." if named else "Check api_url."
        hints = {WRONG_PATH: wrong_path, **self.hints}
        return Connection(transport, base_url, self.auth(options), self.read_fault, hints, secrets, tokens)

    def way_to_authenticate(self, options: Options) -> tuple[str, ...]:
        """The way of ``credentials`` whose options are set, in validated options."""
        return next(way for way in self.credentials if all(options[name] is not None for name in way))

    def _with_one_way(self, spec: Spec, given: t.Mapping[str, t.Any]) -> Spec:
        """The spec without the environment variables of other ways to authenticate, if the user's options use one way.

        :raises OptionError: if the user's options use more than one way.
        """
        return with_one_way(self.credentials, spec, given)

    def _check_credentials(self, options: Options) -> None:
        """Checks that the options of exactly one way to authenticate are set, and that none of them is missing.

        :raises OptionError: if not.
        """
        check_credentials(self.credentials, self.connection, options)

    def base_url(self, api_url: str) -> str:
        """The beginning of all addresses.

        :param api_url: a valid URL.
        """
        return api_url

    def given(self, options: Options) -> dict[str, t.Any]:
        """The options for the info module on another machine: those that have a value."""
        return {name: options[name] for name in self.module_spec() if options.get(name) is not None}

    def given_to_look_once(self, options: Options) -> dict[str, t.Any]:
        """The same for a poll of a wait. The wait watches the settle time, so that the module must not."""
        return self.given(options)

    @abc.abstractmethod
    def auth(self, options: Options) -> Auth:
        """The way to authenticate that the options choose, with its credentials.

        :raises OptionError: for invalid options.
        """

    @abc.abstractmethod
    def read_fault(self, status: int, content: t.Any) -> Fault | None:
        """The content of the vendor's error envelope; ``None`` if the body is not an error envelope.

        :param status: the HTTP status.
        :param content: the body as parsed from JSON; ``None`` if it is not JSON.
        """

    @abc.abstractmethod
    def read(self, client: ApiClient, options: Options) -> t.Any:
        """Requests the job or the listing that the options name. Returns the reply as sent, or a list of bodies after several requests.

        :raises ApiError: if the API does not answer as documented; with the earlier replies (:meth:`ApiError.after`), if they describe
            the job.
        """

    @abc.abstractmethod
    def parse(self, raw: t.Any, options: Options) -> list[Job]:
        """The jobs in a result of :meth:`read`: the job that the options name, or all jobs of a listing.

        :raises BadReply: for a reply without the expected job.
        :raises Missing: for a reply that says that the job does not exist.
        """

    def more_values(self, raw: t.Any, options: Options) -> dict[str, t.Any]:
        """The values of :attr:`more` for a result of :meth:`read`."""
        return {}

    def job_before(self, error: ApiError, options: Options) -> Job | None:
        """The job according to the replies before an error of :meth:`read`; ``None`` if there were none. A good end is not believed,
        because the replies that are missing may say otherwise."""
        if error.raw is None:
            return None
        try:
            job = self.parse(error.raw, options)[0]
        except ApiError:  # these replies are at fault, too
            return None
        return job.unsettled() if job.settles or job.state in (SUCCEEDED, SKIPPED) else job

    def listed_with(self, options: Options) -> t.Hashable:
        """The group of a job. One listing covers all jobs of an account with the same group."""
        return None

    def listing_for(self, jobs: t.Sequence[Options]) -> Options | None:
        """The options of a listing that has all these jobs of an account while they run; ``None`` if the system has no such listing."""
        return None

    def pieces(self, client: ApiClient, options: Options) -> t.Iterable[t.Any]:
        """The result of :meth:`read` for the options of :meth:`listing_for`, in pieces, so that only one piece must be in memory.

        :raises ApiError: as :meth:`read`.
        """
        return self.parts(self.read(client, options))

    def parts(self, raw: t.Any) -> t.Iterable[t.Any]:
        """The pieces of a result of :meth:`read`."""
        return [raw]

    def find(self, pieces: t.Iterable[t.Any], jobs: t.Sequence[Options]) -> list[Found | None]:
        """For each job its state in the result of :meth:`pieces`; ``None`` for a job that is not in the listing.

        :raises BadReply: for a reply that is not a listing.
        """
        return [None for _job in jobs]
