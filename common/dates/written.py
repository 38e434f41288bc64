"""Dates as people write them in a sheet: “04/05/2020”, “5 mai 2020”, “31.12.2020”, “٢٠٢٠”.

Reads the six languages of the portal and all digits. A date that can be read in two ways is marked
as such, and the reader of the sheet is told how it was read.
"""

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from common.text.digits import western

DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
EXCEL_BEGINS = date(1899, 12, 30)
EXCEL_DAYS = range(32_874, 65_000)  # from 1990 on; smaller numbers are something else
DECEMBER = 12
YEAR_DIGITS, DAY_DIGITS = 4, 2
LAST_OF_THIS_CENTURY = 50  # 49 is 2049, 50 is 1950

MONTH_WORDS = {
    1: "january jan janvier janv enero ene января январь янв يناير جانفي كانون.الثاني",
    2: "february feb février févr fév febrero feb февраля февраль фев февр فبراير فيفري شباط",
    3: "march mar mars marzo марта март мар مارس آذار اذار",
    4: "april apr avril avr abril abr апреля апрель апр أبريل ابريل إبريل أفريل نيسان",
    5: "may mai mayo мая май مايو ماي أيار ايار",
    6: "june jun juin junio июня июнь июн يونيو يونيه جوان حزيران",
    7: "july jul juillet juil julio июля июль июл يوليو يوليه جويلية تموز",
    8: "august aug août aou agosto ago августа август авг أغسطس اغسطس أوت اوت آب",
    9: "september sep sept septembre septiembre setiembre set сентября сентябрь сен сент"
    " سبتمبر أيلول",
    10: "october oct octobre octubre октября октябрь окт أكتوبر اكتوبر تشرين.الأول",
    11: "november nov novembre noviembre ноября ноябрь ноя нояб نوفمبر تشرين.الثاني",
    12: "december dec décembre déc diciembre dic декабря декабрь дек ديسمبر كانون.الأول",
}
FILLERS = re.compile(r"\b(?:de|del|of|the|le|el|г|года|году|سنة|عام|من)\b\.?|[,،]")
ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|ère|re|º|ª|°)\b|(?<=\d)[º°ª]")
TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")
YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
CHINESE = re.compile(r"(\d{4}) ?年(?: ?(\d{1,2}) ?月(?: ?(\d{1,2}) ?[日号號])?)?")
YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
MONTH_AND_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
END = r"(\d{4}(?:-\d{2}(?:-\d{2})?)?|\.\.)?"
INTERVAL = re.compile(rf"{END}\s*[/\u2013\u2014]\s*{END}")  # a stroke or a dash
YEARS = re.compile(r"(\d{4})\s*-\s*(\d{4})")


class Reading(NamedTuple):
    """A date in ISO 8601, as exact as it was given, and whether it is ambiguous (day and month
    may be the other way round)."""

    iso: str
    ambiguous: bool = False


def fold_words(text: str) -> str:
    """The text without accents and case: “Décembre” and “decembre” are one word."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


MONTHS = {
    fold_words(word.replace(".", " ")): number
    for number, words in MONTH_WORDS.items()
    for word in words.split()
}


def interval(text: str) -> tuple[str, str] | None:
    """Both ends of “2004/2009”, “2004/..” or two years with a dash; None for one date."""
    plain = western(text).strip()
    match = INTERVAL.fullmatch(plain) or YEARS.fullmatch(plain)
    return (match[1] or "", match[2] or "") if match else None


def read(text: str, order: str = DAY_FIRST) -> Reading | None:
    """The date of a text, None when it holds none."""
    plain = TIME.sub("", " ".join(western(text).split()))
    if match := YEAR_FIRST.fullmatch(plain) or CHINESE.fullmatch(plain):
        return _reading(*match.groups())
    if match := YEAR_LAST.fullmatch(plain):
        return _numeric(int(match[1]), int(match[2]), _year(match[3]), order)
    if match := MONTH_AND_YEAR.fullmatch(plain):
        return _reading(match[2], match[1], None)
    if plain.isdecimal() and int(plain) in EXCEL_DAYS:
        return Reading((EXCEL_BEGINS + timedelta(days=int(plain))).isoformat())
    return _in_words(plain)


def order_of(texts: list[str]) -> str:
    """Whether day or month comes first, by the unambiguous dates of a column."""
    firsts, seconds = 0, 0
    for text in texts:
        if match := YEAR_LAST.fullmatch(western(text).strip()):
            firsts += int(match[1]) > DECEMBER
            seconds += int(match[2]) > DECEMBER
    return MONTH_FIRST if seconds > firsts else DAY_FIRST


def _numeric(first: int, second: int, year: str, order: str) -> Reading | None:
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    if month > DECEMBER >= day:  # only the other order makes a date of it
        day, month = month, day
    reading = _reading(year, str(month), str(day))
    return (
        reading._replace(ambiguous=max(day, month) <= DECEMBER and day != month)
        if reading
        else None
    )


def _year(text: str) -> str:
    if len(text) == YEAR_DIGITS:
        return text
    return str(int(text) + (2000 if int(text) < LAST_OF_THIS_CENTURY else 1900))


def _in_words(plain: str) -> Reading | None:
    """“5 mai 2020”, “May 5, 2020”, “mayo de 2020”."""
    text = FILLERS.sub(" ", ORDINAL.sub("", fold_words(plain)))
    text = " ".join(text.replace(".", " ").replace("-", " ").split())
    numbers = re.findall(r"\d+", text)
    month = MONTHS.get(" ".join(re.sub(r"\d+", " ", text).split()))
    if month is None or not numbers or len(numbers) > len(("day", "year")):
        return None
    years = [number for number in numbers if len(number) == YEAR_DIGITS]
    days = [number for number in numbers if len(number) <= DAY_DIGITS]
    if len(years) != 1 or len(days) != len(numbers) - 1:
        return None
    return _reading(years[0], str(month), days[0] if days else None)


def _reading(year: str, month: str | None, day: str | None) -> Reading | None:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    parts = [year, *(f"{int(part):02d}" for part in (month, day) if part)]
    return Reading("-".join(parts))
