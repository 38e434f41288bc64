"""What the portal does with each field of a project: the one description of it.

The model (description.py, models.py) says what a field holds: its type, its name for readers, its
limits. The table here says all else: where people fill it in, who may read it, what it weighs in
the search, how its column in a file is called. Form, API, files, differences, versions, search,
reports, copies of personal data … go through this table and name no field that needs no special
care. How to add one: docs/architecture.md.
"""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from common.records.fields import Field, Kind

if TYPE_CHECKING:  # the type of a lazy string, which only the stubs know
    from django.utils.functional import _StrPromise


def long_text(
    name: str,
    *,
    step: str,
    hint: "_StrPromise",
    heading: "_StrPromise",
    column_names: str,
    in_report: bool = False,
) -> Field:
    """A text of up to 1,000 words that everybody may read, in each language of the project; on
    the model it is one of `Texts`."""
    return Field(
        name,
        step=step,
        hint=hint,
        heading=heading,
        column=name,
        column_names=column_names,
        in_report=in_report,
        is_long=True,
        is_translated=True,
        weight="D",
    )


# In the order of the form; what belongs to the record itself comes last.
FIELDS = (
    Field(
        "title",
        step="what",
        hint=_("At most 250 characters."),
        is_required=True,
        is_translated=True,
        weight="A",
        in_report=True,
        column="title",
        column_names="""title; name; project; project name; project title; name of project;
        name of the project; title of project; activity; name of activity; initiative;
        titre; titre du projet; nom du projet; nom; projet; intitulé; intitulé du projet;
        título; título del proyecto; nombre del proyecto; nombre; proyecto;
        название; название проекта; наименование; наименование проекта; проект;
        العنوان; عنوان; عنوان المشروع; اسم المشروع; المشروع;
        标题; 项目名称; 项目标题; 项目; 名称""",
    ),
    Field(
        "language",
        Kind.CHOICE,
        step="what",
        in_report=True,
        column="language",
        column_names="""language; language of the text; langue; idioma; lengua; язык; اللغة; لغة;
        语言; 语种""",
    ),
    Field(
        "activity_type",
        Kind.CODE,
        step="what",
        is_required=True,
        vocabulary="activity_type",
        column="activity_type",
        column_names="""activity type; type of activity; type of project; project type; type;
        type d'activité; type de projet; tipo de actividad; tipo de proyecto; вид деятельности;
        тип проекта; نوع النشاط; نوع المشروع; 活动类型; 项目类型""",
    ),
    Field(
        "summary",
        step="what",
        hint=_("What the activity does and for whom. At most 200 words."),
        is_required=True,
        is_translated=True,
        weight="C",
        in_report=True,
        column="summary",
        column_names="""summary; description; abstract; short description; project description;
        about; résumé; description; description du projet; description courte; brève description;
        resumen; descripción; descripción breve; descripción del proyecto; описание;
        краткое описание; резюме; описание проекта; аннотация; الوصف; وصف; ملخص; الملخص;
        وصف المشروع; نبذة; 摘要; 简介; 描述; 说明; 项目简介; 项目描述; 简要说明""",
    ),
    Field(
        "website",
        step="what",
        hint=_("The full address, such as https://example.org/project"),
        in_report=True,
        column="website",
        column_names="""website; url; link; web; web site; web page; homepage; site web;
        site internet; lien; site; adresse web; sitio web; enlace; página web; web; веб сайт; сайт;
        ссылка; الموقع الإلكتروني; الموقع; رابط; الرابط; موقع الويب; 网站; 网址; 链接""",
    ),
    Field(
        "organization_name",
        step="who",
        hint=_("Start typing: known organizations are offered, each with its country."),
        is_required=True,
        weight="B",
        column="organization",
        column_names="""organisation; organization; institution; entity; agency; ministry;
        organisation name; organization name; name of organization; lead organization;
        implementing organization; implementing agency; implementing entity; responsible entity;
        organisme; organisation responsable; entité; institution; organisme responsable;
        structure;
        organización; entidad; institución; organismo; entidad responsable;
        организация; учреждение; название организации; ведомство; исполнитель;
        المنظمة; المؤسسة; الجهة; الجهة المنفذة; اسم المنظمة; الهيئة;
        机构; 组织; 组织名称; 机构名称; 单位; 实施机构""",
    ),
    Field(
        "organization_country",
        Kind.CODE,
        step="who",
        hint=_(
            "Organizations of the same name in two countries are two. Choose a country only if the "
            "organization is not at home in the country of the project."
        ),
        vocabulary="country",
        is_exported=False,
        column="organization_country",
    ),
    Field(
        "stakeholder_type",
        Kind.CODE,
        step="who",
        is_required=True,
        vocabulary="stakeholder_type",
        column="stakeholder_type",
        column_names="""stakeholder type; type of stakeholder; stakeholder;
        type of organisation;
        type of organization; organization type; sector; type d'acteur; type de partie prenante;
        type d'organisation; partie prenante; secteur; tipo de parte interesada;
        tipo de organización; parte interesada; sector; тип заинтересованной стороны;
        тип организации; сектор; نوع الجهة; نوع المنظمة; أصحاب المصلحة; نوع أصحاب المصلحة; القطاع;
        利益相关方类型; 机构类型; 利益相关方; 组织类型""",
    ),
    long_text(
        "partners",
        step="who",
        hint=_("At most 1,000 words."),
        heading=_("Partners"),
        column_names="""partners; partner; partenaires; partenaire; socios; asociados;
        партнеры; партнёры;
        الشركاء; شركاء; 合作伙伴; 伙伴""",
    ),
    Field(
        "contact_name",
        step="who",
        hint=_("Not published."),
        is_required=True,
        is_private=True,
        column="contact_name",
        column_names="""contact name; contact person; contact; focal point; name of contact;
        personne de contact; personne à contacter; point focal; persona de contacto; contacto;
        контактное лицо; جهة الاتصال; اسم جهة الاتصال; مسؤول الاتصال; 联系人""",
    ),
    Field(
        "contact_email",
        step="who",
        hint=_("Not published. For example name@example.org"),
        is_required=True,
        is_private=True,
        column="contact_email",
        column_names="""contact email; contact e mail; email; e mail; email address; courriel;
        adresse électronique; adresse e mail; mél; correo electrónico; correo; электронная почта;
        эл почта; البريد الإلكتروني; بريد إلكتروني; 电子邮件; 邮箱; 电子邮箱""",
    ),
    Field(
        "country",
        Kind.CODE,
        step="where",
        is_required=True,
        vocabulary="country",
        column="country_iso2",
        column_names="""country iso2; country; iso2; iso; country code; nation; pays;
        code pays; país;
        código de país; страна; код страны; البلد; الدولة; الدوله; 国家; 国别; 国家代码""",
    ),
    Field(
        "coverage",
        Kind.CODE,
        step="where",
        is_required=True,
        vocabulary="coverage",
        column="coverage",
        column_names="""coverage; scope; geographic coverage; geographical coverage;
        couverture; portée;
        couverture géographique; cobertura; alcance; cobertura geográfica; охват;
        географический охват; التغطية; النطاق; نطاق التغطية; 覆盖范围; 范围""",
    ),
    Field(
        "timescale",
        Kind.CHOICE,
        step="when",
        is_required=True,
        column="timescale",
        column_names="""timescale; status; project status; status of the activity; statut; état;
        statut du projet; état d'avancement; estado; estado del proyecto; статус; статус проекта;
        الحالة; حالة المشروع; 状态; 项目状态""",
    ),
    Field(
        "start_date",
        Kind.DATE,
        step="when",
        hint=_("Enter a date such as 2025, 2025-07 or 2025-07-11."),
        is_required=True,
        column="start_year",
        column_names="""start year; start; from; start date; begin; beginning; date started; début;
        date de début; année de début; date début; inicio; fecha de inicio; año de inicio; начало;
        дата начала; год начала; تاريخ البدء; البداية; تاريخ البداية; سنة البدء;
        开始日期; 开始; 起始日期; 开始年份; 开始时间""",
    ),
    Field(
        "end_date",
        Kind.DATE,
        step="when",
        hint=_(
            "Leave empty if the activity is ongoing. Otherwise enter a date such as "
            "2025, 2025-07 or 2025-07-11."
        ),
        column="end_year",
        column_names="""end year; end; to; until; end date; finish; date ended; fin; date de fin;
        année de fin; date fin; fecha de fin; fecha de finalización; año de fin; final; конец;
        дата окончания; окончание; год окончания; تاريخ الانتهاء; النهاية;
        تاريخ النهاية; سنة الانتهاء;
        结束日期; 结束; 终止日期; 结束年份; 结束时间""",
    ),
    Field(
        "main_action_line",
        Kind.CODE,
        step="lines",
        is_required=True,
        vocabulary="action_line",
        column="action_lines",  # the first is the main one, the others follow
        column_names="""action lines; action line; wsis action line; wsis action lines; al;
        grandes orientations; grande orientation; lignes d'action; ligne d'action;
        lignes d'action du smsi; líneas de acción; línea de acción; líneas de acción de la cmsi;
        направления деятельности; направление деятельности; خطوط العمل; خط العمل;
        行动方面; 行动方针; 行动路线""",
    ),
    Field(
        "other_action_lines",
        Kind.CODES,
        step="lines",
        vocabulary="action_line",
    ),
    Field(
        "sdgs",
        Kind.CODES,
        step="lines",
        is_required=True,
        vocabulary="sdg",
        column="sdgs",
        column_names="""sdgs; sdg; goals; goal; sustainable development goals;
        sustainable development goal; related sdgs; odd; objectifs de développement durable;
        objectifs; ods; objetivos de desarrollo sostenible; objetivos; цур;
        цели устойчивого развития; цели; أهداف التنمية المستدامة; الأهداف; اهداف;
        可持续发展目标; 目标""",
    ),
    Field(
        "target_groups",
        Kind.CODES,
        step="lines",
        vocabulary="target_group",
        column="target_groups",
        column_names="""target groups; target group; beneficiaries; target audience;
        groupes cibles;
        bénéficiaires; groupe cible; public cible; grupos destinatarios; beneficiarios;
        grupos objetivo; целевые группы; бенефициары; целевая аудитория;
        الفئات المستهدفة; المستفيدون;
        目标群体; 受益者; 目标人群""",
    ),
    Field(
        "technologies",
        Kind.CODES,
        step="lines",
        vocabulary="technology",
        column="technologies",
        column_names="""technologies; emerging technologies; technology; technologies émergentes;
        tecnologías; tecnologías emergentes; технологии; новые технологии; التكنولوجيات; التقنيات;
        التكنولوجيات الناشئة; 技术; 新兴技术""",
    ),
    long_text(
        "results",
        step="results",
        hint=_("What has changed, with numbers where available. At most 1,000 words."),
        heading=_("Results"),
        column_names="""results; result; outcomes; impact; achievements; résultats; résultat;
        réalisations; resultados; impacto; logros; результаты; результат; итоги; النتائج; نتائج;
        成果; 结果; 成效""",
    ),
    long_text(
        "replicability",
        step="results",
        hint=_("How others could do the same. At most 1,000 words."),
        heading=_("How others could do the same"),
        column_names="""replicability; how others could do the same; reproductibilité;
        réplicabilité; replicabilidad; воспроизводимость; тиражируемость; قابلية التكرار;
        إمكانية التكرار; 可复制性; 可推广性""",
    ),
    long_text(
        "sustainability",
        step="results",
        hint=_("How the activity continues. At most 1,000 words."),
        heading=_("How it continues"),
        column_names="""sustainability; how it continues; durabilité; pérennité; viabilité;
        sostenibilidad; устойчивость; الاستدامة; استدامة; 可持续性""",
    ),
    Field("image", Kind.FILE, step="evidence"),
    Field(
        "image_alt",
        step="evidence",
        hint=_("What the image shows, for people who cannot see it."),
        is_translated=True,
        is_exported=False,
    ),
    Field("attachments", Kind.FILES, step="evidence"),
    Field("organization", Kind.LINK),  # which of the authority list is meant
    Field("status", Kind.FACT, is_exported=False),
    Field("year", Kind.FACT, in_report=True),
    Field(
        "prize_editions",
        Kind.FACT,
        in_report=True,
        column="prize_editions",
        column_names="""prize editions; wsis prizes; prizes; prix du smsi; premios de la cmsi;
        премии ввуио; جوائز القمة; 奖项""",
    ),
    Field(
        "external_id",
        Kind.FACT,
        column="external_id",
        column_names="""external id; external identifier; id; identifier; reference;
        number; no; ref;
        identifiant; référence; numéro; identificador; referencia; número; идентификатор; номер;
        المعرف; الرقم; رقم; 编号; 标识符; 序号""",
    ),
    Field(
        "source",
        is_long=True,
        in_report=True,
        column="source",
        column_names="""source; sources; source of information; fuente; fuentes; источник;
        источники; المصدر; مصدر; 来源; 资料来源""",
    ),
    Field(
        "source_note",
        is_long=True,
        in_report=True,
        column="notes",
        column_names="""notes; note; remarks; comments; remarques; observations; notas;
        observaciones; примечания; примечание; ملاحظات; 备注; 注释;
        what is inferred or unconfirmed""",
    ),
)

# --- the fields by what is done with them, each in the order of the table ---

PRIVATE = tuple(field.name for field in FIELDS if field.is_private)
PUBLIC = tuple(field.name for field in FIELDS if not field.is_private)
REQUIRED = tuple(field.name for field in FIELDS if field.is_required)
HINTS = {field.name: field.hint for field in FIELDS if field.hint is not None}
LISTS = tuple(field.name for field in FIELDS if field.kind == Kind.CODES)
LONG_FIELDS = tuple(field.name for field in FIELDS if field.is_long)
# The texts of a project, which exist in other languages too.
TEXT_FIELDS = tuple(field.name for field in FIELDS if field.is_translated)
WEIGHTS = tuple((field.name, field.weight) for field in FIELDS if field.weight)
# Plain values that everybody may read; lists and files are added to them.
PUBLIC_FIELDS = tuple(
    field.attname
    for field in FIELDS
    if not field.is_private and field.kind not in (Kind.CODES, Kind.FILE, Kind.FILES)
)
# What the project form changes besides the lists: column names, and the image's place in the store.
PROJECT_COLUMNS = tuple(
    field.attname for field in FIELDS if field.step and field.kind != Kind.CODES
)
EXPORTED = tuple(
    field
    for field in FIELDS
    if field.is_exported
    and not field.is_private
    and field.kind not in (Kind.FILE, Kind.FILES, Kind.LINK)
)
REPORTED = tuple(field.name for field in FIELDS if field.in_report)
# The organization on the authority list follows from these.
OF_ORGANIZATION = frozenset(
    {
        "organization_name",
        "organization_country_id",
        "country_id",
        "stakeholder_type_id",
    }
)


def of_step(slug: str) -> tuple[str, ...]:
    """Names of the fields in this step of the form."""
    return tuple(
        field.name
        for field in FIELDS
        if field.step == slug and field.kind != Kind.FILES
    )
