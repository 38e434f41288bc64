"""Every statement of the paper that the project comes from can be read on a public page.

The paper: the update on the ITU Secretary-General's WSIS+20 roadmap for the Council Working Group
on WSIS and the SDGs. Each row restates one of its statements, names the page that answers it, and
the words (in any order) that have to stand there together, inside one record where `within` says.
"""

import html
import re
from typing import NamedTuple

import pytest
from django.db import transaction

from wsis_portal.loading.facts import FACTS, load

pytestmark = pytest.mark.django_db


class Statement(NamedTuple):
    said: str
    path: str
    words: tuple[str, ...]


def resolution(code, said, *words):
    return Statement(said, f"/en/roadmap/resolutions/{code}/", words)


def edition(slug, said, *words):
    return Statement(said, f"/en/forum/{slug}/", words)


def page(path, said, *words):
    return Statement(said, f"/en/{path}", words)


STATEMENTS = [
    # Relevant ITU and UN resolutions
    resolution(
        "pp-res-140",
        "PP-22 revised Resolution 140 on implementing WSIS outcomes",
        "Resolution 140 (Rev. Bucharest, 2022)",
        "2030 Agenda",
        "trends, challenges",
    ),
    resolution(
        "council-1334",
        "Council 2023 revised Resolution 1334 on ITU's role in the review",
        "Resolution 1334 (Mod. 2023)",
        "overall review",
        "Summit of the Future",
    ),
    resolution(
        "council-1332",
        "Council 2024 revised Resolution 1332 on ITU's role in implementing WSIS",
        "Resolution 1332 (Mod. 2024)",
        "WSIS framework",
        "Matrix",
    ),
    resolution(
        "e-res-2023-3",
        "ECOSOC assessed the progress and acknowledged ITU's roadmap",
        "E/RES/2023/3",
        "Economic and Social Council",
        "roadmap is acknowledged",
    ),
    resolution(
        "a-res-78-132",
        "78/132, adopted in 2023, refers to the review and the event in Geneva",
        "A/RES/78/132",
        "2023",
        "high-level event of 2024",
        "Geneva",
    ),
    resolution(
        "wtdc-res-30",
        "Resolution 30 was updated with the Kigali Action Plan",
        "Resolution 30 (Rev. Kigali, 2022)",
        "Kigali Action Plan",
        "Development Sector",
    ),
    page(
        "roadmap/resolutions/",
        "the paper's resolutions stand in one register",
        "Resolution 140",
        "1332",
        "1334",
        "E/RES/2023/3",
        "A/RES/78/132",
        "Kigali",
    ),
    # Hosting and co-organizing the Forum
    edition(
        "2022",
        "Forum 2022 and its theme",
        "ICTs for Well-Being, Inclusion and Resilience",
        "WSIS Cooperation for Accelerating Progress on the SDGs",
        "ITU",
        "UNESCO",
        "UNDP",
        "UNCTAD",
    ),
    edition(
        "2023",
        "Forum 2023 and its theme",
        "WSIS Action Lines for building back better and accelerating the achievement of the SDGs",
    ),
    edition(
        "2024",
        "High-Level Event 2024, chaired by Switzerland",
        "27 May 2024",
        "31 May 2024",
        "Switzerland",
        "Multistakeholder outcomes contributing towards WSIS+20 Overall Review",
    ),
    edition(
        "2025",
        "High-Level Event 2025 on 7-11 July 2025 in Geneva",
        "7 July 2025",
        "11 July 2025",
        "Geneva",
        "Final milestone towards the WSIS+20 overall review",
    ),
    page(
        "roadmap/figures/",
        "the Chair's Summary of 2024 asks for a “WSIS Plus”",
        "Chair’s Summary of the WSIS+20 Forum High-Level Event 2024",
        "WSIS Plus",
    ),
    page(
        "roadmap/bodies/CSTD/",
        "outcomes of the Forum go to the Commission",
        "Commission on Science and Technology for Development",
    ),
    # Stocktaking and Prizes
    page(
        "roadmap/figures/",
        "13 240 projects in the database",
        "13 240",
        "Projects",
        "2024",
        "Update on the WSIS+20 Roadmap",
    ),
    page(
        "roadmap/figures/",
        "more than 500 000 members",
        "500 000",
        "Update on the WSIS+20 Roadmap",
    ),
    page(
        "prizes/2024/",
        "945 submissions in 2024; other sources say otherwise",
        "945",
        "over 1,000",
        "Digital Watch observatory",
    ),
    page("roadmap/figures/", "7,744 entries since 2012", "7,744", "2012"),
    page(
        "prizes/2024/",
        "the 2024 contest: 945 entries, 18 winners, 72 champions",
        "945",
        "18",
        "72",
    ),
    page("prizes/", "the contest began in 2012", "2012", "2024"),
    resolution(
        "tunis-agenda",
        "ITU keeps the database, as the Summit asked",
        "120",
        "public database",
    ),
    resolution(
        "unga-2004", "a mandate of the General Assembly in 2004", "2004", "unconfirmed"
    ),
    # Joint preparatory process
    page(
        "roadmap/",
        "the roadmaps of CSTD, the ITU Secretary-General and UNESCO side by side",
        "CSTD roadmap",
        "ITU Secretary-General’s roadmap",
        "UNESCO roadmap",
    ),
    page(
        "roadmap/meetings/",
        "consultative meetings are listed (Annex 1)",
        "Kyoto",
        "New York",
        "Annex 1",
    ),
    page(
        "roadmap/resolutions/a-res-80-173/",
        "the review was concluded by the Assembly",
        "A/RES/80/173",
        "17 December 2025",
    ),
    # Contributing to international and regional activities
    page(
        "roadmap/bodies/UNGIS/",
        "ITU and UNDP co-chaired UNGIS in 2023-2024; since May 2024 ITU, UNDP, UNCTAD and ECLAC"
        " are vice-chairs",
        "International Telecommunication Union Co-chair 2023",
        "United Nations Development Programme Co-chair 2023",
        "International Telecommunication Union Vice-chair May 2024",
        "United Nations Development Programme Vice-chair May 2024",
        "UN Trade and Development Vice-chair May 2024",
        "Economic Commission for Latin America and the Caribbean Vice-chair May 2024",
    ),
    page(
        "roadmap/bodies/PARTNERSHIP/",
        "ITU chairs the Steering Committee of the Partnership on Measuring ICT; health and"
        " employment are new areas",
        "International Telecommunication Union Chair, Steering Committee",
        "UN Trade and Development Member, Steering Committee",
        "United Nations Department of Economic and Social Affairs Member, Steering Committee",
        "ICT in health",
        "ICT in employment",
    ),
    page(
        "roadmap/bodies/UN-COMMISSIONS/",
        "the regional commissions take part",
        *(f"Economic Commission for {where}" for where in ("Africa", "Europe")),
        "Economic Commission for Latin America and the Caribbean",
        "Economic and Social Commission for Asia and the Pacific",
        "Economic and Social Commission for Western Asia",
    ),
    page(
        "roadmap/bodies/CWG-WSIS-SDG/",
        "the Working Group oversees and comments",
        "Council Working Group",
        "roadmap",
    ),
    # Action lines
    page(
        "matrix/",
        "the Matrix links each action line with the 17 goals and says why",
        "WSIS–SDG Matrix",
        "Partnerships for the Goals",
    ),
    page(
        "roadmap/action-lines/",
        "milestones, challenges and trends are kept by action line",
        "C1",
        "C7-EGOV",
        "C11",
    ),
    page("roadmap/action-lines/C5/", "an action line has its facilitator", "ITU", "C5"),
    # Reports that the paper names
    page(
        "roadmap/figures/",
        "reports of the Stocktaking and the Prizes",
        "WSIS Stocktaking Global Report 2024",
        "regional reports 2023–2024",
        "2024 Success Stories",
        "WSIS+20 Stocktaking Report",
        "WSIS+20 Stocktaking Success Stories",
    ),
]


@pytest.fixture(scope="module")
def facts(django_db_setup, django_db_blocker):
    """All facts that the portal ships with, loaded as `make run` does; gone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        for _title, commands in FACTS:
            load(commands)
        yield
        transaction.set_rollback(True)


def words_of(response):
    """The text of a page as a reader sees it."""
    shown = re.sub(r"</?(bdi|span|time|a|b)[^>]*>", "", response.content.decode())
    body = re.sub(r"<[^>]+>", " ", shown)
    return " ".join(html.unescape(body).replace("\xa0", " ").split())


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: s.said)
def test_the_paper_is_answered(client, facts, statement):
    response = client.get(statement.path)
    text = words_of(response)

    assert response.status_code == 200
    assert [word for word in statement.words if word not in text] == []
