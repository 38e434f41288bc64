"""Queries about entries: who may read, review and vote for them, and which outcome is public."""

from typing import Any, Self, cast

from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import MD5, Cast, Coalesce, Concat, Now

from accounts.role.roles import Role
from accounts.user.models import User
from common.moves.actors import AnyUser
from common.search.queryset import SearchQuerySet
from common.text.collation import Trimmed
from prizes.base.conflicts import conflicting_with
from prizes.contest.models import Category, Contest, ContestPhaseQuerySet, Phase
from prizes.entry.amendment import Amendment
from prizes.entry.workflow import ON_BALLOT, OUT, Status
from stocktaking.former_owner.models import coedited_by
from stocktaking.project.models import Project

REVIEWERS = frozenset({Role.EXPERT.value, Role.AGENCY.value})  # who may sit on a panel


IN_PANEL = (Status.ACCEPTED, Status.NOT_NOMINATED, *ON_BALLOT)


ALIKE = 0.6  # share of three-letter pieces that two names of one organization have in common


SEALED = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.WITHDRAWN)


# The function is in prizes/ballot/vote.sql.
FOR_VOTES = """
SELECT * FROM prize_nominees(
    %(edition)s, %(entries)s::bigint[], %(lines)s::text[], %(user)s)
"""


class EntryQuerySet(SearchQuerySet):
    """Entries by who may read them. Outcomes under embargo show only in `outcome`."""

    def _phase(self, kind: str) -> ContestPhaseQuerySet:
        return Phase.objects.all().of(kind)

    def _everybody(self) -> "EntryQuerySet":
        """All entries, for a query beside this one."""
        return cast(EntryQuerySet, self.model._default_manager.all())

    def public(self) -> Self:
        """Entries from a public source, and nominees once voting has begun."""
        begun = Exists(self._phase("voting").begun())
        return self.filter(~Q(source="") | (Q(status__in=ON_BALLOT) & begun))

    def with_outcome(self) -> Self:
        """`outcome`: the status that everybody, the owner included, may know at this moment; what
        an amendment says of it comes first."""
        begun = Q(Exists(self._phase("voting").begun()))
        return self.annotate(
            amended=Amendment.objects.public().standing_of_entry(),
            outcome=Case(
                When(amended__isnull=False, then=F("amended")),
                When(~Q(source=""), then=F("status")),
                When(
                    status=Status.WINNER,
                    contest__winners_at__lte=Now(),
                    then=F("status"),
                ),
                When(
                    status__in=(Status.CHAMPION, Status.WINNER),
                    contest__champions_at__lte=Now(),
                    then=Value(Status.CHAMPION.value),
                ),
                When(
                    Q(status__in=ON_BALLOT) & begun, then=Value(Status.NOMINATED.value)
                ),
                When(
                    Q(status__in=(*ON_BALLOT, Status.NOT_NOMINATED)) & ~begun,
                    then=Value(Status.ACCEPTED.value),
                ),
                default=F("status"),
                output_field=models.CharField(),
            ),
        )

    def with_standing(self) -> Self:
        """`standing`: the status as the amendments leave it, public or not."""
        amended = Amendment.objects.confirmed().standing_of_entry()
        return self.annotate(standing=Coalesce(amended, F("status")))

    def with_amendments(self) -> Self:
        """`public_amendments` of each entry, the earliest first; one query for all."""
        rows = Amendment.objects.public()
        return self.prefetch_related(
            Prefetch("amendments", rows, to_attr="public_amendments")
        )

    def with_texts(self) -> Self:
        """`other_texts` of each entry; one query for all."""
        return self.prefetch_related("other_texts")

    def amended(self) -> Self:
        """Entries with an amendment that everybody may read."""
        return self.filter(pk__in=Amendment.objects.public().values("entry"))

    def unsealed(self) -> Self:
        """Without entries of sealed contests whose submission phase is not over."""
        over = Exists(self._phase("submission").over())
        return self.exclude(
            Q(source="") & Q(status__in=SEALED) & Q(contest__sealed=True) & ~Q(over)
        )

    def not_submitted(self) -> Self:
        """Drafts that can still be submitted, and returned entries, with their contests."""
        is_open = Exists(self._phase("submission").open())
        begun = Q(status=Status.DRAFT) & is_open
        return self.filter(begun | Q(status=Status.RETURNED)).select_related("contest")

    def to_screen(self) -> Self:
        """Submitted here and not decided; entries from a public source wait for nobody."""
        return self.unsealed().filter(status=Status.SUBMITTED, source="")

    def visible_to(self, user: AnyUser) -> Self:
        """Entries that this person may read."""
        if not user.is_authenticated:
            return self.public()
        own = Q(pk__in=self._everybody().written_by(user).order_by().values("pk"))
        if user.is_secretariat:
            open_ = self._everybody().unsealed().exclude(status=Status.DRAFT)
            return self.filter(own | Q(pk__in=open_.values("pk")))
        visible = own | Q(pk__in=self._everybody().public().values("pk"))
        if user.roles & REVIEWERS:
            # Without names where the contest says so: prizes/panel/anonymous.py
            named = self._everybody().filter(contest__reviews_anonymous=False)
            visible |= Q(pk__in=named.reviewable_by(user).values("pk"))
        return self.filter(visible)

    def concerning(self, user: Any) -> Self:
        """Entries in which this person is involved: by themselves, or by their organization."""
        involved = self._involving(user)
        member = getattr(user, "member", None)
        if member and member.organization_id:
            involved |= Q(organization=member.organization_id)
        return self.filter(involved)

    def involving(self, user: Any) -> Self:
        """Entries in which this person is involved, whatever organization they are of."""
        return self.filter(self._involving(user))

    def _involving(self, user: Any) -> Q:
        """As owner, as co-editor of the project, or by a declared conflict."""
        everybody = self._everybody().order_by()
        declared = everybody.filter(conflicts__expert=user)
        edited = everybody.filter(
            project__coeditors__user=user, project__coeditors__revoked_at=None
        )
        # each a search of its own by an index: joined, they would be tried with each entry
        return (
            Q(owner=user)
            | Q(pk__in=declared.values("pk"))
            | Q(pk__in=edited.values("pk"))
        )

    def without_conflict(self, user: User) -> Self:
        """Without entries in which this person has a conflict of interest, declared or found."""
        return self.exclude(pk__in=conflicting_with(user.pk))

    def reviewable_by(self, user: Any) -> Self:
        """Entries of this expert's panels, without conflicts of interest.

        Where a panel assigns its entries, those assigned to this expert; to its chair all.
        """
        seats = Category.objects.filter(panel__seats__expert=user).values("pk")
        chairs = Category.objects.filter(
            panel__seats__expert=user, panel__seats__is_chair=True
        ).values("pk")
        given = self._everybody().filter(assignments__expert=user).values("pk")
        shared = (
            self._everybody()
            .filter(assignments__isnull=False, category__isnull=False)
            .values("category")
        )
        here = self.filter(category__in=seats, status__in=IN_PANEL, source="")
        return here.filter(
            Q(pk__in=given) | Q(category__in=chairs) | ~Q(category__in=shared)
        ).without_conflict(user)

    def written_by(self, user: AnyUser) -> Self:
        """One's own entries, and those made here of projects that one co-edits, last changed
        first."""
        coedited = coedited_by(user, self._everybody().filter(source=""), "project__")
        own = Q(owner=user) | Q(pk__in=coedited.values("pk"))
        return self.filter(own).order_by("-updated_at", "-pk")

    def editable_by(self, user: AnyUser) -> Self:
        """Drafts and returned entries of one's projects; the contest says whether it is too
        late."""
        return self.written_by(user).filter(status__in=(Status.DRAFT, Status.RETURNED))

    def of_like_organization(self, entry: Any) -> Self:
        """Other entries that take part in the category of this one, whose organization has the
        same name or a similar one, with `likeness` (0 to 1), the most similar first.

        Organizations of different countries, and two confirmed names of the authority list, are
        different ones however alike their names are.
        """
        name: Any = Trimmed(Value(entry.organization_name))
        rows = self.filter(category=entry.category_id, source="", exclusive=True)
        rows = rows.exclude(pk=entry.pk).exclude(status__in=(Status.DRAFT, *OUT))
        if entry.country_id:
            rows = rows.filter(Q(country=None) | Q(country=entry.country_id))
        listed = entry.organization
        if listed and listed.confirmed_at:
            rows = rows.filter(
                Q(organization=None)
                | Q(organization=listed.pk)
                | Q(organization__confirmed_at=None)
            )
        likeness = TrigramSimilarity("organization_key", name)
        alike = Q(likeness__gte=ALIKE)
        if listed:
            alike |= Q(organization=listed.pk)
        return (
            rows.annotate(likeness=likeness).filter(alike).order_by("-likeness", "pk")
        )

    def on_ballot(self) -> Self:
        return self.filter(status__in=ON_BALLOT, source="")

    def for_votes(
        self, choices: dict[str, int], edition: str, user: AnyUser
    ) -> dict[str, Any]:
        """The nominees of `choices` (ids by category), by category, each with `bar`: why this
        voter cannot vote for it, or "". Those that are not in their category are left out."""
        parameters = {
            "edition": edition,
            "entries": list(choices.values()),
            "lines": list(choices),
            "user": user.pk,
        }
        nominees: Any = self.raw(FOR_VOTES, parameters)
        return {entry.line: entry for entry in nominees}

    def sheet(self, contest: Contest) -> Self:
        """The nominees of a contest as its ballot lists them."""
        columns = (
            "title",
            "language",
            "organization_name",
            "contest",
            "category",
            "status",
        )
        return (
            self.on_ballot()
            .filter(contest=contest)
            .only(*columns, "owner", "organization")
        )

    def with_likely_twins(self) -> Self:
        """`has_twins`: whether an entry that takes part in the contest has the same title, or in
        the category an organization that is the same or has a similar name."""
        others = (
            self._everybody()
            .filter(contest=OuterRef("contest"), source="")
            .exclude(pk=OuterRef("pk"))
            .exclude(status__in=(Status.DRAFT, *OUT))
            .order_by()
        )
        same_title = others.filter(title_key=OuterRef("title_key")).exclude(
            title_key=""
        )
        theirs: Any = OuterRef("organization_key")
        likeness = TrigramSimilarity("organization_key", theirs)
        in_category = others.filter(category=OuterRef("category"))
        same = in_category.filter(organization=OuterRef("organization"))
        alike = (
            in_category.filter(
                Q(country=None) | Q(country=Coalesce(OuterRef("country"), "country"))
            )
            .exclude(organization_key="")
            .annotate(likeness=likeness)
            .filter(likeness__gte=ALIKE)
        )
        return self.annotate(
            has_twins=Case(
                When(Exists(same_title), then=True),
                When(Exists(same), then=True),
                When(Exists(alike), then=True),
                default=False,
                output_field=models.BooleanField(),
            )
        )

    def likely_twins_of(self, entry: Any) -> Self:
        """Those others, in the order of their submission."""
        others = (
            self.filter(contest=entry.contest_id, source="")
            .exclude(pk=entry.pk)
            .exclude(status__in=(Status.DRAFT, *OUT))
        )
        same = Q(title_key=entry.title_key) & ~Q(title_key="")
        if entry.organization_id:
            same |= Q(organization=entry.organization_id, category=entry.category_id)
        likeness = TrigramSimilarity("organization_key", entry.organization_key)
        alike = Q(likeness__gte=ALIKE, category=entry.category_id)
        if entry.country_id:
            alike &= Q(country=None) | Q(country=entry.country_id)
        if entry.organization_key:
            same |= alike
        return (
            others.annotate(likeness=likeness)
            .filter(same)
            .order_by("submitted_at", "pk")
        )

    def of_action_line(self, code: str) -> Self:
        return self.filter(category__action_line=code)

    def honoured(self) -> Self:
        """Winners and champions of real editions, as announced by now, latest edition first."""
        real = self.public().filter(contest__is_demonstration=False).with_outcome()
        chosen = real.filter(outcome__in=(Status.WINNER, Status.CHAMPION))
        return chosen.select_related("contest").order_by(
            "-contest__year", "-outcome", "pk"
        )

    def has_won(self, project: Project) -> bool:
        """Whether this project has won in an edition: here, by its own record, or by a public
        source that names a winner of the same title and organization. The source may have been
        read before the project was registered."""
        if ":winner" in project.prize_editions:
            return True
        name = Q(organization_key=Trimmed(Value(project.organization_name)))
        same = name & ~Q(organization_key="")
        if project.organization_id:
            same |= Q(organization=project.organization_id)
        title = Q(title_key=Trimmed(Value(project.title))) & ~Q(title_key="")
        unlinked = Q(project=None) & ~Q(source="") & title & same
        entries = self.filter(Q(project=project) | unlinked).with_standing()
        return entries.filter(standing=Status.WINNER).exists()

    def shuffled(self, seed: str) -> Self:
        """In an order given by the seed: stable for one reader, different for the next."""
        mixed = MD5(Concat(Value(seed), Cast("pk", models.CharField())))
        return self.annotate(place=mixed).order_by("place", "pk")

    def in_places(self, places: dict[int, int]) -> Self:
        """In the order of these places, by id; others come last."""
        whens = [When(pk=pk, then=Value(place)) for pk, place in places.items()]
        last = Value(len(places))
        place = Case(*whens, default=last, output_field=models.IntegerField())
        return self.annotate(place=place).order_by("place", "pk")

    def for_list(self) -> Self:
        return self.select_related("contest", "category").with_outcome()

    def for_page(self) -> Self:
        return (
            self.select_related(
                "contest",
                "category__action_line",
                "project",
                "owner",
                "organization",
                "country",
                "stakeholder_type",
            )
            .with_outcome()
            .with_amendments()
        )
