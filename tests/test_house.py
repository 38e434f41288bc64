"""The rules of the house that no linter knows (docs/architecture.md)."""

import ast
import importlib
import re
from collections import Counter
from itertools import combinations
from pathlib import Path
from types import FunctionType

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

from common.moves.workflow import Workflow
from tests.measures import any_share, code_files, count, crowded

ROOT = Path(__file__).resolve().parent.parent
APPS = [
    "common",
    "reference",
    "accounts",
    "stocktaking",
    "prizes",
    "forum",
    "roadmap",
    "reports",
    "privacy",
    "wsis_portal",
]
SOURCES = sorted(
    path
    for name in APPS
    for path in (ROOT / name).rglob("*.py")
    if "migrations" not in path.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def workflows() -> list[Workflow]:
    found = []
    for name in APPS:
        for path in sorted((ROOT / name).glob("*/workflow.py")):
            module = importlib.import_module(f"{name}.{path.parent.name}.workflow")
            found += [
                value for value in vars(module).values() if isinstance(value, Workflow)
            ]
    return found


def our_migrations() -> list:
    loader = MigrationLoader(None)
    return [m for (label, _name), m in loader.disk_migrations.items() if label in APPS]


# One report, which reads best in one piece, and one table with a row for each model.
LONGER = {"reports/builders/roadmap_state.py", "privacy/records.py"}


def test_no_file_is_longer_than_500_lines():
    long = {str(path.relative_to(ROOT)): lines(path) for path in SOURCES + TESTS}

    assert {name for name, n in long.items() if n > 500} == LONGER


def test_no_function_is_longer_than_60_lines():
    long = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.FunctionDef)
                and node.end_lineno - node.lineno >= 60
            ):
                long[f"{path.relative_to(ROOT)}:{node.name}"] = (
                    node.end_lineno - node.lineno + 1
                )

    assert long == {}


@pytest.mark.django_db
def test_every_model_change_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_each_app_has_one_last_migration():
    loader = MigrationLoader(None)

    leaves = Counter(
        label for label, _name in loader.graph.leaf_nodes() if label in APPS
    )

    assert {label: n for label, n in leaves.items() if n > 1} == {}


def test_migrations_are_named_by_their_meaning():
    assert [m.name for m in our_migrations() if "_auto_" in m.name] == []


def test_every_data_step_can_go_back():
    one_way = [
        f"{m.app_label}.{m.name}"
        for m in our_migrations()
        for step in m.operations
        if isinstance(step, RunPython | RunSQL) and not step.reversible
    ]

    assert one_way == []


@pytest.mark.parametrize("workflow", workflows(), ids=lambda w: w.model_label)
def test_every_status_can_be_reached(workflow):
    reached, grew = {workflow.initial}, True
    while grew:
        more = {m.target for m in workflow if m.sources & reached} | reached
        grew, reached = more != reached, more
    field = apps.get_model(workflow.model_label)._meta.get_field("status")

    assert reached == {value for value, _label in field.choices}


def test_statuses_are_set_by_the_move_table_only():
    assignment = re.compile(r"\.status\s*=[^=]|update\([^)]*\bstatus\s*=")

    offenders = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if assignment.search(path.read_text(encoding="utf-8"))
        and path != ROOT / "common" / "moves" / "models.py"
    ]

    assert offenders == []


def test_pages_extend_a_base_and_partials_do_not():
    extends = {t: "{% extends" in t.read_text(encoding="utf-8") for t in TEMPLATES}
    standing_alone = ("base.html", "500.html", "unavailable.html")
    bases = {ROOT / "templates" / name for name in standing_alone}
    fragments = (
        "django",
        "allauth",
        "admin",
    )  # overrides keep their package's own shapes

    wrong = [
        str(t.relative_to(ROOT))
        for t, page in extends.items()
        if t not in bases
        and not any(part in fragments for part in t.relative_to(ROOT).parts)
        and page == t.name.startswith("_")
    ]

    assert wrong == []


def test_what_has_a_length_says_itself_whether_it_is_true():
    """A template's `{% if page %}` asks whether there is an answer: a page with no rows is one."""
    unsaid = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and "__len__" in (names := {getattr(part, "name", "") for part in node.body})
        and "__bool__" not in names
    ]

    assert unsaid == []


TABLE = re.compile(r"<table\b([^>]*(?:{%[^%]*%}[^>]*)*)>(.{0,80})", re.DOTALL)
GET_FORM = re.compile(
    r'<form\b(?:[^>{]|{{.*?}}|{%.*?%})*method="get"(?:[^>{]|{{.*?}}|{%.*?%})*>'
)
# allauth writes the cells of its own tables, the page around them has the heading
SLOTS = {"allauth/elements/table.html"}


def test_tables_and_search_forms_have_names_of_their_own():
    """Read out of a list of tables or forms, each says what it is."""
    nameless = []
    for path in TEMPLATES:
        name, page = (
            str(path.relative_to(ROOT / "templates")),
            path.read_text(encoding="utf-8"),
        )
        if name.startswith("admin/") or name in SLOTS:
            continue
        nameless += [
            (name, table[0][:60])
            for table in TABLE.finditer(page)
            if "aria-label" not in table[1] and "<caption" not in table[2]
        ]
        nameless += [
            (name, form[0][:80])
            for form in GET_FORM.finditer(page)
            if "aria-label" not in form[0]
        ]

    assert nameless == []


def test_what_was_reached_is_kept():
    texts = code_files()

    assert count(texts, r"# ?fmt:") == 0
    assert count(texts, r"get_model\(|\.related_model") == 0
    assert crowded(texts) == {}
    assert any_share(texts) <= 0.05


TRANSLATE = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}


def translations_in_strings(tree):
    """The lines of calls that translate inside an f-string."""
    for string in ast.walk(tree):
        if isinstance(string, ast.JoinedStr):
            for call in ast.walk(string):
                name = getattr(getattr(call, "func", None), "id", "")
                if name in TRANSLATE:
                    yield call.lineno


def test_nothing_is_translated_inside_an_f_string():
    """What collects the texts for the translators does not look there."""
    unseen = [
        f"{path}:{line}"
        for path in SOURCES
        for line in translations_in_strings(ast.parse(path.read_text()))
    ]

    assert unseen == []


def own_methods(cls):
    return {
        name: value.fget if isinstance(value, property) else value
        for name, value in vars(cls).items()
        if isinstance(value, (FunctionType, property)) and not name.startswith("__")
    }


def passes_on(method, name):
    """Whether the method calls the one of the next class, too."""
    code = getattr(method, "__wrapped__", method).__code__
    return {"super", name} <= {*code.co_names}


# It says itself who deletes, whatever the classes after it say (its docstring).
MEANT = {("DeletesMistakes", "has_delete_permission")}


def hidden_methods(cls):
    """Methods of a base that one of another base hides: the page does half of its work."""
    bases = [base for base in cls.__mro__ if base.__module__.split(".")[0] in APPS]
    for one, other in combinations(bases, 2):
        if issubclass(one, other):
            continue
        mine = own_methods(one)
        for name in mine.keys() & own_methods(other).keys():
            if not passes_on(mine[name], name) and (one.__name__, name) not in MEANT:
                yield f"{cls.__name__}: {one.__name__} hides {name} of {other.__name__}"


def test_no_page_of_the_admin_hides_a_method_of_another_mixin():
    found = {
        hidden
        for desk in admin.site._registry.values()
        for hidden in hidden_methods(type(desk))
    }

    assert not found
    assert len(admin.site._registry) > 100


def test_a_hidden_method_is_found():
    class One:
        def page(self):
            return "one"

    class Other(One):
        def _of(self):
            return super()._of()

    class Third:
        def _of(self):
            return 3

        def page(self):
            return "three"

    class Desk(Other, Third):
        pass

    for cls in (One, Other, Third, Desk):
        cls.__module__ = "prizes.page.admin"

    assert list(hidden_methods(Desk)) == ["Desk: One hides page of Third"]


def test_functions_and_triggers_beside_the_models_are_in_a_migration():
    """A file of SQL that no migration runs is a rule that holds nowhere."""
    steps = "".join(
        path.read_text() for path in ROOT.glob("*/migrations/*.py") if path.is_file()
    )
    files = [
        str(path.relative_to(ROOT))
        for app in ("accounts", "forum", "prizes", "reports", "roadmap")
        for path in (ROOT / app).rglob("*.sql")
    ]

    assert [name for name in files if f'"{name}"' not in steps] == []
