"""Names that have an official form in each language of the United Nations.

Records keep one name, in English, as their source gives it. Where the United Nations or ITU use an
official name in the language of the page, the page shows that; any other name stays as it is.
"""

import re

from django.utils.translation import get_language, gettext, gettext_noop

NAMES = frozenset(
    {
        # the United Nations system and its bodies
        gettext_noop("Action Line Facilitators"),
        gettext_noop("Action lines"),
        gettext_noop("Co-facilitators"),
        gettext_noop("Co-facilitators of the overall review (Kenya and Albania)"),
        gettext_noop("Commission on Science and Technology for Development"),
        gettext_noop("Council of the International Telecommunication Union"),
        gettext_noop("Economic Commission for Africa"),
        gettext_noop("Economic Commission for Europe"),
        gettext_noop("Economic Commission for Latin America and the Caribbean"),
        gettext_noop("Economic and Social Commission for Asia and the Pacific"),
        gettext_noop("Economic and Social Commission for Western Asia"),
        gettext_noop("Economic and Social Council"),
        gettext_noop("Facilitators of the WSIS action lines"),
        gettext_noop("Food and Agriculture Organization of the United Nations"),
        gettext_noop(
            "General Secretariat of the International Telecommunication Union"
        ),
        gettext_noop("ITU Council"),
        gettext_noop("ITU Council Working Group on WSIS and the SDGs"),
        gettext_noop("ITU General Secretariat"),
        gettext_noop("ITU Plenipotentiary Conference, Bucharest 2022"),
        gettext_noop("ITU Plenipotentiary Conference"),
        gettext_noop("Informal Multistakeholder Sounding Board"),
        gettext_noop("International Labour Organization"),
        gettext_noop("International Telecommunication Union"),
        gettext_noop("Internet Governance Forum"),
        gettext_noop("Partnership on Measuring ICT"),
        gettext_noop("Partnership on Measuring ICT for Development"),
        gettext_noop("President of the General Assembly"),
        gettext_noop("Regional commissions of the United Nations"),
        gettext_noop("Stocktaking"),
        gettext_noop("Swiss Confederation"),
        gettext_noop("Telecommunication Development Sector of ITU"),
        gettext_noop("The five regional commissions of the United Nations"),
        gettext_noop("UN GA"),
        gettext_noop("UN Regional Commissions"),
        gettext_noop("UN Trade and Development"),
        gettext_noop("UN regional commissions"),
        gettext_noop("United Nations"),
        gettext_noop("United Nations Department of Economic and Social Affairs"),
        gettext_noop("United Nations Development Programme"),
        gettext_noop(
            "United Nations Educational, Scientific and Cultural Organization"
        ),
        gettext_noop("United Nations Environment Programme"),
        gettext_noop("United Nations General Assembly"),
        gettext_noop("United Nations Group on the Information Society"),
        gettext_noop("World Health Organization"),
        gettext_noop("World Meteorological Organization"),
        gettext_noop("World Telecommunication Development Conference, Kigali 2022"),
        # the Summit, its Forum and its Prizes; a year may follow
        gettext_noop("Cluster of WSIS-related events (annual, May)"),
        gettext_noop("Demonstration forum"),
        gettext_noop("WSIS Forum"),
        gettext_noop("WSIS Forum (virtual)"),
        gettext_noop("WSIS Prizes"),
        gettext_noop("WSIS Prizes – demonstration"),
        gettext_noop("WSIS Project Prizes"),
        gettext_noop("WSIS Stocktaking"),
        gettext_noop("WSIS Summit"),
        gettext_noop("WSIS+10 High-Level Event"),
        gettext_noop("WSIS+20 Forum High-Level Event"),
        gettext_noop("WSIS+20 High-Level Event"),
        gettext_noop("World Summit on the Information Society"),
        gettext_noop("World Summit on the Information Society, Geneva phase"),
        gettext_noop("World Summit on the Information Society, Tunis phase"),
        # places and hosts
        gettext_noop("Astana"),
        gettext_noop("CICG / ITU, Geneva"),
        gettext_noop("Geneva"),
        gettext_noop("ILO Conference Centre, Geneva"),
        gettext_noop("ITU / CICG, Geneva"),
        gettext_noop("ITU Headquarters / CICG, Geneva"),
        gettext_noop("ITU Headquarters, Geneva"),
        gettext_noop("ITU and Swiss Confederation"),
        gettext_noop("ITU, UNESCO, UNCTAD and UNDP"),
        gettext_noop("Kyoto"),
        gettext_noop("Lillestrøm"),
        gettext_noop("New York"),
        gettext_noop("Nowhere"),
        gettext_noop("Online"),
        gettext_noop("Online and ITU Headquarters, Geneva"),
        gettext_noop("Palexpo, Geneva"),
        gettext_noop("Riyadh"),
        gettext_noop("Switzerland"),
        gettext_noop("Switzerland / ITU"),
        gettext_noop("Tunis"),
        gettext_noop("Tunisia / ITU"),
    }
)
YEAR = re.compile(r"^(?P<name>.+?) (?P<year>20\d\d)(?P<more> \(virtual\))?$")


def official_name(name: str) -> str | None:
    """The official name in the language of the page, or None where none is known.

    >>> official_name("WSIS Forum 2019")  # in French: "Forum du SMSI 2019"
    """
    if (get_language() or "en").startswith("en"):
        return None
    if name in NAMES:
        return gettext(name)
    dated = YEAR.match(name)
    if dated is None:
        return None
    undated = f"{dated['name']}{dated['more'] or ''}"
    if undated not in NAMES:
        return None
    name_without_year = gettext(undated)
    return f"{name_without_year} {dated['year']}"
