"""Realistic projects for benchmarks: six languages, with word frequencies as in real texts.

Each language has real words first and words made of its syllables after them; the frequency of a
word falls with its rank (Zipf), so that common and rare words exist at any size. The same number
always gives the same project.
"""

import datetime
import itertools
import random
from dataclasses import dataclass
from functools import cache

from stocktaking.base.workflow import Status

SEED = 2025
TAIL = 20_000  # made words per language
EPOCH = datetime.datetime(2004, 1, 15, tzinfo=datetime.UTC)

REAL = {
    "en": "the of and in to for a with digital education rural women access training internet"
    " services network community health government development information communities schools"
    " project national broadband youth skills public platform data local support online capacity"
    " mobile farmers citizens centres security knowledge infrastructure technology connectivity"
    " literacy innovation partners accessibility disabilities telecentres agriculture libraries",
    "fr": "de la et les des le pour en du une numérique éducation accès santé femmes formation"
    " services réseau développement villages gouvernement jeunes écoles données compétences"
    " projet national citoyens communauté plateforme internet sécurité haut débit rural appui"
    " télécentres savoir infrastructure technologie innovation bibliothèques agriculture",
    "es": "de la y el en los para las con un digital educación acceso salud mujeres formación"
    " servicios red desarrollo rurales gobierno jóvenes escuelas datos capacidades proyecto"
    " nacional ciudadanos comunidad plataforma internet seguridad banda ancha apoyo telecentros"
    " conocimiento infraestructura tecnología innovación bibliotecas agricultura niñas",
    "ru": "и в на для по с из развитие цифровой образование доступ здравоохранение женщины"
    " обучение услуги сеть сельский правительство молодёжь школы данные навыки проект"
    " национальный граждане сообщество платформа интернет безопасность связь поддержка центры"
    " знания инфраструктура технология инновации библиотеки сельское хозяйство",
    "ar": "في من إلى على و مع الرقمي التعليم الوصول الصحة النساء التدريب الخدمات الشبكة التنمية"
    " القرى الحكومة الشباب المدارس البيانات المهارات المشروع الوطنية المواطنين المجتمع المنصة"
    " الإنترنت الأمن الدعم المراكز المعرفة البنية التكنولوجيا الابتكار المكتبات الزراعة",
    "zh-hans": "的 和 在 数字 教育 农村 妇女 培训 网络 服务 健康 政府 发展 信息 社区 学校 项目"
    " 国家 宽带 青年 技能 公共 平台 数据 支持 能力 移动 农民 公民 中心 安全 知识 设施 技术"
    " 创新 伙伴 残疾 农业 图书 互联网",
}
SYLLABLES = {
    "en": "ba den ro lin mar tor wes hal per con sta ver mo nel gri fo ken sha dul tri pa lo rin",
    "fr": "bé dou ra lin mar teur vi chel pè con sta ver mon nel gri fou quen cha del tré pa loi",
    "es": "ba den ro lin mar tor ves jal per con ca ver mo nel gri fo quen cha dul tra pa lo rín",
    "ru": "ба ден ро лин мар тор вес хал пер кон ста вер мо нел гри фо кен ша дул три па ло рин",
    "ar": "با دن رو لي مار تو وس حل بر كون ستا فر مو نل جر فو كن شا دل تر",
    "zh-hans": "山 水 木 火 土 金 云 林 河 海 田 石 光 明 春 秋 东 西 南 北 高 长 新 天",
}
LANGUAGES = ("en", "en", "en", "en", "fr", "fr", "es", "es", "ru", "ar", "zh-hans")
STATUSES = (Status.PUBLISHED,) * 45 + tuple(  # none waits for a date
    s for s in Status if s not in {Status.PUBLISHED, Status.APPROVED}
)


@cache
def words(language: str) -> tuple[list[str], list[float]]:
    """The words of a language and their cumulative weights, most frequent first."""
    real = REAL[language].split()
    syllables = SYLLABLES[language].split()
    length = 4 if language == "zh-hans" else 3
    made = random.Random(SEED).sample(  # noqa: S311  (believable, not secret)
        list(itertools.islice(itertools.product(syllables, repeat=length), 250_000)),
        min(TAIL, len(syllables) ** length),
    )
    vocabulary = real + ["".join(parts) for parts in made]
    return vocabulary, list(
        itertools.accumulate(1 / (rank + 3) for rank in range(len(vocabulary)))
    )


def text(rng: random.Random, language: str, count: int) -> str:
    """The given number of words, as sentences of a dozen."""
    vocabulary, weights = words(language)
    drawn = rng.choices(vocabulary, cum_weights=weights, k=count)
    gap, stop = ("", "。") if language == "zh-hans" else (" ", ". ")
    return stop.join(
        gap.join(drawn[start : start + 12]).capitalize()
        for start in range(0, count, 12)
    )


@dataclass(frozen=True)
class Codes:
    """The codes that projects choose from."""

    action_lines: list[str]
    sdgs: list[str]
    countries: list[str]
    stakeholder_types: list[str]
    activity_types: list[str]
    coverage: list[str]


@dataclass(frozen=True)
class SeededProject:
    """Columns of one project, and its codes on both relations."""

    columns: dict[str, object]
    other_action_lines: list[str]
    sdgs: list[str]


def weighted(rng: random.Random, codes: list[str], count: int) -> list[str]:
    """Different codes, the first ones of the list more often."""
    drawn = rng.choices(
        codes, weights=[1 / (place + 4) for place in range(len(codes))], k=count
    )
    return list(dict.fromkeys(drawn))


def organization_name(number: int) -> str:
    rng = random.Random(SEED * 10**9 - number)  # noqa: S311
    return f"{text(rng, 'en', 3).replace('.', '').title()} Foundation {number}"


def project(
    number: int, codes: Codes, organizations: int, owners: list[int]
) -> SeededProject:
    """The project with this number; `owners` are ids of users and may be empty."""
    rng = random.Random(SEED * 10**9 + number)  # noqa: S311
    language, status = rng.choice(LANGUAGES), rng.choice(STATUSES)
    lines = weighted(rng, codes.action_lines, rng.randint(1, 4))
    entered = EPOCH + datetime.timedelta(seconds=rng.randrange(22 * 365 * 24 * 3600))
    started = max(2004, entered.year - rng.randint(0, 3))
    stamps = {f"{status}_at": entered} if status != Status.DRAFT else {}
    columns: dict[str, object] = {
        "title": text(rng, language, rng.randint(4, 9)).replace(".", "")[:250],
        "language": language,
        "summary": text(rng, language, rng.randint(90, 180))[:4000],
        "results": text(rng, language, rng.randint(60, 120)),
        "activity_type_id": rng.choice(codes.activity_types),
        "organization_name": organization_name(rng.randrange(organizations)),
        "stakeholder_type_id": weighted(rng, codes.stakeholder_types, 1)[0],
        "contact_name": "Amina Otieno",
        "contact_email": "contact@project.example",
        "country_id": weighted(rng, codes.countries, 1)[0],
        "coverage_id": rng.choice(codes.coverage),
        "timescale": "ongoing",
        "start_date": str(started),
        "main_action_line_id": lines[0],
        "status": status,
        "owner_id": rng.choice(owners) if owners else None,
        "year": entered.year,
        "external_id": f"SEED-{number:07d}",
        "source": "Made up for measurements.",
        "created_at": entered,
        "updated_at": entered,
        **({"submitted_at": entered} if stamps else {}),
        **stamps,
    }
    return SeededProject(
        columns, lines[1:], weighted(rng, codes.sdgs, rng.randint(1, 6))
    )
