# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API of one profile as a system. Imported only if there is a profile, because the language of profiles takes time to import."""

from __future__ import annotations

import contextlib
import time
import typing as t

from .._errors import ApiError, OptionError
from .._http.auth import StaticAuth
from .._http.client import ApiClient, Auth, Connection, Fault
from .._http.tokens import TokenCache
from .._http.url import check_url
from .._job import Job
from .._secrets import Secrets, digest
from .._values import is_set
from .base import Found, System, is_long_over
from .options import Options, Spec
from .rest import explanations
from .rest.accounts import credentials, fixed_headers
from .rest.answer import Answer, record, recorded
from .rest.auth_ways import OAuth2, Way, choose_way, needed
from .rest.children import CHILDREN, roll_up, settling
from .rest.ids import given_id, given_ids, normal_ids
from .rest.profile import Profile
from .rest.reading import Reading, check_recorded
from .rest.rows import Children, Listing
from .rest_environment import unused_variable, variables_of, with_one_account
from .rest_options import ACCOUNT, ANY_API_URL, RestOptions
from .validation import as_dict

NOWHERE = "https://api.example.com"
"""The address for a recorded reply, to which no request is sent."""


class RestJob(RestOptions, System):
    """The API of one profile.

    :param profile: the profile.
    :param mapping: the mapping that another machine reads the profile from.
    :param wall: the clock, in seconds since 1970.
    """

    def __init__(
        self, profile: Profile, mapping: t.Mapping[str, t.Any], wall: t.Callable[[], float] = time.time
    ) -> None:
        self._profile = profile
        self._wall = wall
        self._mapping = mapping
        self.name = profile.name
        self.words = profile.words
        self.linear_progress = profile.linear_progress
        account = needed(profile.auth)
        self.hints = {**({"unauthorized": f"Check {account}."} if account else {}), **profile.hints}
        self.if_gone = profile.hints.get("not_found")  # it may say how long the API keeps jobs
        self.optional_ids = ("id",) if profile.listing else ()

    def connection_spec(self) -> Spec:
        """All connection options, with the profile's ``api_url`` as default."""
        spec = super().connection_spec()
        if self._profile.api_url:
            spec["api_url"] = {**spec["api_url"], "default": self._profile.api_url}
        return spec

    def naming(self, options: Options, job_id: str) -> Options:
        """The options of a listing with the id of one of its jobs, and with the listing's outer ids."""
        return {**options, "id": {**self._ids(options), self._last: job_id}}

    def started(self, read: t.Callable[[t.Any, t.Sequence[str]], t.Any]) -> t.Any:
        """The places of the ids that the profile names."""
        return self._profile.started_by

    def ids_in(self, given: t.Mapping[str, t.Any]) -> dict[str, str]:
        """The ids in the option ``id``, by name."""
        return self._ids(given) if is_set(given.get("id")) else {}

    def with_ids(self, given: t.Mapping[str, t.Any], ids: t.Mapping[str, str]) -> dict[str, t.Any]:
        """The options with these ids added to the option ``id``."""
        return {**given, "id": {**self.ids_in(given), **ids}}

    def names_one(self, given: t.Mapping[str, t.Any]) -> bool:
        """Whether a user's options name one job: if there are several ids, whether the last id is set."""
        ids = given.get("id")
        return is_set(ids) and (not isinstance(ids, dict) or self._last in ids)

    def job_id(self, options: Options) -> str | None:
        """The last id, in its short form."""
        return self._known(options).get(self._last)

    def label(self, options: Options) -> str:
        """The profile's name and all ids, for messages."""
        return f"{self.name} {'/'.join(self._known(options).values()) or 'listing'}"

    def settle(self, options: Options) -> float:
        """The settle time of the profile's children, in seconds."""
        children = self._children_apart(options)
        return children.settle if children else 0.0

    def account(self, options: Options) -> bytes:
        """The account, in which the profile counts by its digest."""
        own = [options[name] for name in sorted(self.connection_spec()) if name != "profile"]
        return digest(self.name, self._profile.digest, *own)

    def validated(self, spec: Spec, given: t.Mapping[str, t.Any]) -> Options:
        """The options of a task, checked and completed, with the mapping as ``profile``.

        :raises OptionError: for an invalid option; names the option and what was expected.
        """
        needed_id = spec["id"].get("required")
        if needed_id and "id" not in given and "limit" in spec:
            raise OptionError("id", f" is required, because the profile {self.name} has no listing.")
        options = super().validated(spec, {**given, "profile": self._mapping})
        if needed_id and self.job_id(options) is None:
            raise OptionError(self._option(self._last), " is required.")
        return options

    def check_options(self, options: Options) -> None:
        """Checks everything that can be checked before a request.

        :raises OptionError: for the first invalid option.
        """
        profile = self._profile
        if options["api_url"] is None and options.get("reply") is None:
            why = unused_variable("api_url", profile)
            raise OptionError(
                "api_url", f" is required.{why}" if why else f" is required (or {ANY_API_URL} in the environment)."
            )
        base, values = self._base(options), self._values(options)
        profile.overrides(options["state_overrides"])
        given, last = self._ids(options), profile.ids[-1].name
        listing = profile.listing
        needed = [one.name for one in profile.ids] if last in given else listing.outer if listing else ()
        for name in needed:
            if name not in given:
                raise OptionError(f"id.{name}", "it is missing.")
        if last in given:
            profile.request(base, {**values, **self._normal(options, base)})
        if self._wanted(options) and (listing is None or listing.filter is None):
            raise OptionError("only", "the listing of this profile cannot be asked for certain jobs; leave it out.")
        if options.get("limit") is not None and options["limit"] < 1:
            raise OptionError("limit", f"expected 1 or more, got {options['limit']}.")

    def add_secrets(self, secrets: Secrets, options: Options) -> None:
        """Adds the secrets among the options, those among the variables included."""
        for name, value in self._variables(options).items():
            if name in self._profile.secret_variables:
                secrets.add(value, option=name)
        super().add_secrets(secrets, {**options, "id": None})
        secrets.spare(words=list(self._ids(options).values()), names=())

    def connect(
        self, options: Options, secrets: Secrets, concurrency: int = 1, tokens: TokenCache | None = None
    ) -> Connection:
        """The connection, by which no request is sent if the options have a recorded reply."""
        offline = {"api_url": options["api_url"] or NOWHERE}
        return super().connect({**options, **offline}, secrets, concurrency, tokens)

    def auth(self, options: Options) -> Auth:
        """The way to authenticate whose options are set, with the headers that the profile sends with each request."""
        account = self._account(options)
        values = {**self._values(options), **account}
        if options.get("reply") is not None:
            return StaticAuth(fixed_headers(self._profile, values))
        return credentials(self._profile, self._way(options), account, self._base(options), values)

    def read_fault(self, status: int, content: t.Any) -> Fault | None:
        """The error in a reply, by the profile's rules."""
        return self._profile.fault(Answer(status, {}, content))

    def read(self, client: ApiClient, options: Options) -> t.Any:
        """The reply for a job; a list for a listing (its pages), and for a job whose children need requests of their own (the job's reply,
        then those of its children)."""
        reply, job_id = options.get("reply"), self.job_id(options)
        children = self._children_apart(options)
        if reply is not None:
            if job_id is None:
                return [reply]
            check_recorded(self._profile, client, reply, job_id)
            return [reply] if children else reply
        reading = self._reading(client, options)
        if job_id is None:
            return [self._record(page) for page in reading.listing(self._listing, self._wanted(options))]
        answer = reading.job(job_id)
        first = self._record(answer)
        return self._with_children(reading, options, children, answer, [first]) if children else first

    def parse(self, raw: t.Any, options: Options) -> list[Job]:
        """The one job, with its children, or the jobs of a listing."""
        profile, job_id, overrides = self._profile, self.job_id(options), self._overrides(options)
        if job_id is None:
            return self._listing.jobs([recorded(one) for one in raw], options["limit"], self._last, overrides)
        children = self._children_apart(options)
        if children is None:
            return [profile.read(recorded(raw), job_id, overrides, self._follows(options))]
        answer, *others = [recorded(one) for one in raw]
        job = profile.read(answer, job_id, overrides, follow=False)
        rolled = roll_up(job, profile.children_apart(children, answer, others, job_id), children.decides)
        may_grow = children.settle and job.succeeded and rolled.finished and not is_long_over(job, self._wall())
        return [settling(rolled, children.settle) if may_grow else rolled]

    def more_values(self, raw: t.Any, options: Options) -> dict[str, t.Any]:
        """The explanation of each job."""
        profile, job_id = self._profile, self.job_id(options)
        if job_id is None:
            answers = [recorded(one) for one in raw]
            return {"explanation": explanations.of_listing(self._listing, answers, self._last, options["limit"])}
        apart = self._children_apart(options)
        first, *others = [recorded(one) for one in (raw if apart else [raw])]
        found = [explanations.of_reply(profile, first, job_id)]
        if profile.children and self._follows(options):
            found += explanations.of_children(profile, profile.children, first, others, job_id)
        return {"explanation": found}

    def job_before(self, error: ApiError, options: Options) -> Job | None:
        """The job according to the replies before an error. If its children decide, its own end counts for nothing."""
        job, children = super().job_before(error, options), self._children_apart(options)
        return job.unsettled() if job and children and children.decides == CHILDREN else job

    def listed_with(self, options: Options) -> t.Hashable:
        """The outer ids in the listing's request. Jobs with the same outer ids share a listing."""
        listing, ids = self._profile.listing, self._ids(options)
        return tuple(ids[name] for name in listing.outer) if listing else None

    def listing_for(self, jobs: t.Sequence[Options]) -> Options | None:
        """The options of the profile's listing, with the outer ids of its request."""
        listing = self._profile.listing
        if listing is None:
            return None
        ids = self._ids(jobs[0])
        wanted = [self._normal(options, self._base(options))[self._last] for options in jobs]
        return {
            **jobs[0],
            "id": {name: ids[name] for name in listing.outer},
            "limit": 500 + 2 * len(jobs),
            "only": wanted if listing.filter else None,
        }

    def pieces(self, client: ApiClient, options: Options) -> t.Iterator[t.Any]:
        """The pages. A long page comes in pieces, if the profile reads rows without other parts of the body."""
        pages = self._reading(client, options).listing(
            self._listing, self._wanted(options), self._profile.lists_in_pieces
        )
        return map(self._record, pages)

    def parts(self, raw: t.Any) -> t.Iterable[t.Any]:
        """The pages."""
        return t.cast("list[t.Any]", raw)

    def find(self, pieces: t.Iterable[t.Any], jobs: t.Sequence[Options]) -> list[Found | None]:
        """The rows of these jobs."""
        found = self._listing.find(
            map(recorded, pieces),
            [self._ids(options) for options in jobs],
            self._profile.ids,
            self._base(jobs[0]),
            [self._overrides(options) for options in jobs],
        )
        return [Found(job) if job else None for job in found]

    def given(self, options: Options) -> dict[str, t.Any]:
        """The options for the info module on another machine, with the token endpoint, because a profile may not name hosts there."""
        given = {name: value for name, value in super().given(options).items() if value not in ({}, None)}
        way = self._way(options) if options.get("reply") is None else None
        if isinstance(way, OAuth2) and way.token_url and "://" in way.token_url.text:
            given["token_url"] = way.url(self._base(options), self._values(options))
        return given

    def given_to_look_once(self, options: Options) -> dict[str, t.Any]:
        """The options with a profile whose children have no settle time."""
        given = self.given(options)
        if self.settle(options):
            profile = given["profile"]
            given["profile"] = {**profile, "children": {**profile["children"], "settle": 0}}
        return given

    @property
    def _last(self) -> str:
        return self._profile.ids[-1].name

    @property
    def _listing(self) -> Listing:
        """The listing. Only a profile that has one can be asked without an id, or for many jobs at once."""
        return t.cast(Listing, self._profile.listing)

    def _account(self, options: Options) -> dict[str, str]:
        return {name: options[name] for name in ACCOUNT if options[name] is not None}

    def _variables(self, options: Options) -> dict[str, str]:
        return self._profile.values({**variables_of(self._profile), **options["variables"]})

    def _values(self, options: Options) -> dict[str, str]:
        """The values of placeholders outside of logins."""
        account = self._account(options)
        shown = {name: value for name, value in account.items() if name in ("username", "client_id", "scope")}
        return {**shown, **self._variables(options)}

    def _base(self, options: Options) -> str:
        url = check_url("api_url", options["api_url"] or NOWHERE)
        return self._profile.base_url(url, {**self._values(options), **self._ids(options)})

    def _ids(self, options: Options) -> dict[str, str]:
        """The ids as the user wrote them, by name.

        :raises OptionError: for an invalid id.
        """
        given = options["id"]
        if isinstance(given, str) and given.lstrip().startswith("{") and len(self._profile.ids) > 1:
            with contextlib.suppress(ValueError):
                given = as_dict(given)
        return given_ids(self._profile.ids, given)

    def _known(self, options: Options) -> dict[str, str]:
        """The ids in their short form: the last part of a URL, if only that part counts."""
        given = self._ids(options)
        return {one.name: one.short(given[one.name]) for one in self._profile.ids if one.name in given}

    def _normal(self, options: Options, base: str) -> dict[str, str]:
        given = self._ids(options)
        try:
            return normal_ids(self._profile.ids, given, base)
        except OptionError as error:
            raise OptionError(self._option(error.option), error.problem) from None

    def _option(self, id_name: str) -> str:
        """The place of an id in the option ``id``."""
        return f"id.{id_name}" if len(self._profile.ids) > 1 else "id"

    def _wanted(self, options: Options) -> list[str]:
        """The ids of the jobs to list; an empty list for all jobs.

        :raises OptionError: for an invalid id.
        """
        only = options.get("only")
        if only == []:
            raise OptionError("only", " is empty, so it names nothing; leave it out to list all.")
        return [given_id(f"only[{number}]", one) for number, one in enumerate(only or ())]

    def _overrides(self, options: Options) -> t.Any:
        return self._profile.overrides(options["state_overrides"])

    def _follows(self, options: Options) -> bool:
        children = self._profile.children
        wanted = options["children"]
        return bool(children and (children.followed if wanted is None else wanted))

    def _children_apart(self, options: Options) -> Children | None:
        """The children, if they are read with requests of their own."""
        children = self._profile.children
        return children if children and children.kind != "inline" and self._follows(options) else None

    def _way(self, options: Options) -> Way:
        given = {*self._account(options), *self._variables(options)}
        return choose_way(self._profile.auth, given, options["auth_method"])

    def _check_credentials(self, options: Options) -> None:
        if options.get("reply") is None:
            try:
                self._way(options)
            except OptionError as error:
                raise OptionError(error.option, error.problem + unused_variable(error.option, self._profile)) from None

    def _with_one_way(self, spec: Spec, given: t.Mapping[str, t.Any]) -> Spec:
        return with_one_account(spec, given, self._profile)

    def _reading(self, client: ApiClient, options: Options) -> Reading:
        base = self._base(options)
        values = {**self._values(options), **self._normal(options, base)}
        return Reading(self._profile, client, base, values, options.get("limit"))

    def _record(self, answer: Answer) -> t.Any:
        """The answer in the form of the option ``reply``."""
        return record(answer, self._profile.reply_headers)

    def _with_children(
        self, reading: Reading, options: Options, children: Children, answer: Answer, raw: list[t.Any]
    ) -> list[t.Any]:
        """The reply for a job, followed by the replies for its children if they must be read now."""
        job_id = self.job_id(options)
        try:
            job = self._profile.read(answer, job_id, self._overrides(options))
        except ApiError as error:
            error.more_values = self.more_values(raw, options)
            raise
        if not children.due(job):
            return raw
        try:
            raw += map(self._record, reading.children(children, answer, job_id))
        except ApiError as error:
            further = error.after(raw)
            explained = [*self.more_values(raw, options)["explanation"], *error.more_values.get("explanation", [])]
            further.more_values = {"explanation": explained}
            raise further from None
        return raw
