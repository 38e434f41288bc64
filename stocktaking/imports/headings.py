"""What people call the columns of a sheet of projects, in the six languages."""

from django.utils.translation import gettext_lazy as _

# The words of the page for each column that can be filled, in the order of the form.
LABELS = {
    "title": _("Title"),
    "organization": _("Organization"),
    "stakeholder_type": _("Stakeholder type"),
    "country_iso2": _("Country"),
    "action_lines": _("Action lines"),
    "sdgs": _("Sustainable Development Goals"),
    "start_year": _("Start"),
    "end_year": _("End"),
    "website": _("Website"),
    "summary": _("Short description"),
    "prize_editions": _("WSIS Prizes"),
    "source": _("Source"),
    "notes": _("What is inferred or unconfirmed"),
    "external_id": _("External identifier"),
    "language": _("Language of the text"),
    "activity_type": _("Type of activity"),
    "coverage": _("Coverage"),
    "timescale": _("Status of the activity"),
    "target_groups": _("Target groups"),
    "technologies": _("Emerging technologies"),
    "partners": _("Partners"),
    "contact_name": _("Contact person"),
    "contact_email": _("Contact e-mail"),
}

# A heading matches when it is one of these, case, accents and signs put aside.
NAMES = {
    "title": """title; name; project; project name; project title; name of project;
        name of the project; title of project; activity; name of activity; initiative;
        titre; titre du projet; nom du projet; nom; projet; intitulé; intitulé du projet;
        título; título del proyecto; nombre del proyecto; nombre; proyecto;
        название; название проекта; наименование; наименование проекта; проект;
        العنوان; عنوان; عنوان المشروع; اسم المشروع; المشروع;
        标题; 项目名称; 项目标题; 项目; 名称""",
    "organization": """organisation; organization; institution; entity; agency; ministry;
        organisation name; organization name; name of organization; lead organization;
        implementing organization; implementing agency; implementing entity; responsible entity;
        organisme; organisation responsable; entité; institution; organisme responsable;
        structure;
        organización; entidad; institución; organismo; entidad responsable;
        организация; учреждение; название организации; ведомство; исполнитель;
        المنظمة; المؤسسة; الجهة; الجهة المنفذة; اسم المنظمة; الهيئة;
        机构; 组织; 组织名称; 机构名称; 单位; 实施机构""",
    "stakeholder_type": """stakeholder type; type of stakeholder; stakeholder;
        type of organisation;
        type of organization; organization type; sector; type d'acteur; type de partie prenante;
        type d'organisation; partie prenante; secteur; tipo de parte interesada;
        tipo de organización; parte interesada; sector; тип заинтересованной стороны;
        тип организации; сектор; نوع الجهة; نوع المنظمة; أصحاب المصلحة; نوع أصحاب المصلحة; القطاع;
        利益相关方类型; 机构类型; 利益相关方; 组织类型""",
    "country_iso2": """country iso2; country; iso2; iso; country code; nation; pays;
        code pays; país;
        código de país; страна; код страны; البلد; الدولة; الدوله; 国家; 国别; 国家代码""",
    "action_lines": """action lines; action line; wsis action line; wsis action lines; al;
        grandes orientations; grande orientation; lignes d'action; ligne d'action;
        lignes d'action du smsi; líneas de acción; línea de acción; líneas de acción de la cmsi;
        направления деятельности; направление деятельности; خطوط العمل; خط العمل;
        行动方面; 行动方针; 行动路线""",
    "sdgs": """sdgs; sdg; goals; goal; sustainable development goals;
        sustainable development goal; related sdgs; odd; objectifs de développement durable;
        objectifs; ods; objetivos de desarrollo sostenible; objetivos; цур;
        цели устойчивого развития; цели; أهداف التنمية المستدامة; الأهداف; اهداف;
        可持续发展目标; 目标""",
    "start_year": """start year; start; from; start date; begin; beginning; date started; début;
        date de début; année de début; date début; inicio; fecha de inicio; año de inicio; начало;
        дата начала; год начала; تاريخ البدء; البداية; تاريخ البداية; سنة البدء;
        开始日期; 开始; 起始日期; 开始年份; 开始时间""",
    "end_year": """end year; end; to; until; end date; finish; date ended; fin; date de fin;
        année de fin; date fin; fecha de fin; fecha de finalización; año de fin; final; конец;
        дата окончания; окончание; год окончания; تاريخ الانتهاء; النهاية;
        تاريخ النهاية; سنة الانتهاء;
        结束日期; 结束; 终止日期; 结束年份; 结束时间""",
    "website": """website; url; link; web; web site; web page; homepage; site web; site internet;
        lien; site; adresse web; sitio web; enlace; página web; web; веб сайт; сайт; ссылка;
        الموقع الإلكتروني; الموقع; رابط; الرابط; موقع الويب; 网站; 网址; 链接""",
    "summary": """summary; description; abstract; short description; project description; about;
        résumé; description; description du projet; description courte; brève description;
        resumen; descripción; descripción breve; descripción del proyecto; описание;
        краткое описание; резюме; описание проекта; аннотация; الوصف; وصف; ملخص; الملخص;
        وصف المشروع; نبذة; 摘要; 简介; 描述; 说明; 项目简介; 项目描述; 简要说明""",
    "prize_editions": """prize editions; wsis prizes; prizes; prix du smsi; premios de la cmsi;
        премии ввуио; جوائز القمة; 奖项""",
    "source": """source; sources; source of information; fuente; fuentes; источник; источники;
        المصدر; مصدر; 来源; 资料来源""",
    "notes": """notes; note; remarks; comments; remarques; observations; notas; observaciones;
        примечания; примечание; ملاحظات; 备注; 注释; what is inferred or unconfirmed""",
    "external_id": """external id; external identifier; id; identifier; reference;
        number; no; ref;
        identifiant; référence; numéro; identificador; referencia; número; идентификатор; номер;
        المعرف; الرقم; رقم; 编号; 标识符; 序号""",
    "language": """language; language of the text; langue; idioma; lengua; язык; اللغة; لغة; 语言;
        语种""",
    "activity_type": """activity type; type of activity; type of project; project type; type;
        type d'activité; type de projet; tipo de actividad; tipo de proyecto; вид деятельности;
        тип проекта; نوع النشاط; نوع المشروع; 活动类型; 项目类型""",
    "coverage": """coverage; scope; geographic coverage; geographical coverage;
        couverture; portée;
        couverture géographique; cobertura; alcance; cobertura geográfica; охват;
        географический охват; التغطية; النطاق; نطاق التغطية; 覆盖范围; 范围""",
    "timescale": """timescale; status; project status; status of the activity; statut; état;
        statut du projet; état d'avancement; estado; estado del proyecto; статус; статус проекта;
        الحالة; حالة المشروع; 状态; 项目状态""",
    "target_groups": """target groups; target group; beneficiaries; target audience;
        groupes cibles;
        bénéficiaires; groupe cible; public cible; grupos destinatarios; beneficiarios;
        grupos objetivo; целевые группы; бенефициары; целевая аудитория;
        الفئات المستهدفة; المستفيدون;
        目标群体; 受益者; 目标人群""",
    "technologies": """technologies; emerging technologies; technology; technologies émergentes;
        tecnologías; tecnologías emergentes; технологии; новые технологии; التكنولوجيات; التقنيات;
        التكنولوجيات الناشئة; 技术; 新兴技术""",
    "partners": """partners; partner; partenaires; partenaire; socios; asociados;
        партнеры; партнёры;
        الشركاء; شركاء; 合作伙伴; 伙伴""",
    "contact_name": """contact name; contact person; contact; focal point; name of contact;
        personne de contact; personne à contacter; point focal; persona de contacto; contacto;
        контактное лицо; جهة الاتصال; اسم جهة الاتصال; مسؤول الاتصال; 联系人""",
    "contact_email": """contact email; contact e mail; email; e mail; email address; courriel;
        adresse électronique; adresse e mail; mél; correo electrónico; correo; электронная почта;
        эл почта; البريد الإلكتروني; بريد إلكتروني; 电子邮件; 邮箱; 电子邮箱""",
}
