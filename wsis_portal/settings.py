"""Settings of the portal: one file; machines differ by environment only (.env.example)."""

import os

import environ

from wsis_portal.logs import json_lines
from wsis_portal.run import embedded, processes

BASE_DIR = embedded.BASE_DIR
environ.Env.read_env(BASE_DIR / ".env")
env = environ.Env()
# A variable without a value is one that is not set: docker-compose.yml hands all of them on.
env.ENVIRON = {name: value for name, value in os.environ.items() if value}

VAR_DIR = embedded.var_folder()
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or embedded.secret_key(VAR_DIR)
# Earlier keys, still valid for what they signed and encrypted (docs/operations.md, “Keys”).
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Of the pseudonyms of voters; a new one in the middle of a vote would make everybody a new voter.
BALLOT_KEY = env("BALLOT_KEY", default=SECRET_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env("SITE_URL", default="http://localhost:8000")
HTTPS = SITE_URL.startswith(
    "https://"
)  # then: redirect, HSTS, Secure and __Host- cookies
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "wsis_portal",
    "reports",
    "forum",
    "prizes",
    "roadmap",
    "stocktaking",
    "accounts",
    "reference",
    "common",
    "modeltranslation",
    "wsis_portal.desk.config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.forms",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "wsis_portal.run.static_files.PortalStaticFiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wsis_portal.health.probes.health",
    "wsis_portal.requests.middleware.CompressText",
    "wsis_portal.requests.middleware.log_request",
    "wsis_portal.requests.capacity.answer_when_busy",
    "wsis_portal.requests.middleware.answers_of_api",
    "wsis_portal.requests.middleware.private_pages",
    "wsis_portal.requests.middleware.RefuseBadBytes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.session.middleware.PeopleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.session.middleware.session_limits",
    "accounts.session.middleware.time_zone",
    "accounts.session.middleware.StaffDoor",
    "accounts.session.middleware.sign_in_first",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "wsis_portal.urls"
WSGI_APPLICATION = "wsis_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- stores -------------------------------------------------------------------------------
DATABASES = {
    "default": env.db_url_config(
        env("DATABASE_URL", default="") or embedded.database_url(VAR_DIR)
    )
}
DATABASES["default"]["ENGINE"] = "wsis_portal.postgres"
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DB_CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Nothing holds others up without end: seconds for a lock, for one statement, and in a transaction
# in which nothing happens; 0: no limit. Commands are watched by whoever runs them.
PATIENCE = {"web": (5, 30, 60), "worker": (60, 600, 900), "command": (60, 0, 0)}
PROCESS = env("WSIS_PROCESS", default=processes.kind())
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 5,
    **DATABASES["default"].get("OPTIONS", {}),
    "options": "-c lock_timeout={}s -c statement_timeout={}s"
    " -c idle_in_transaction_session_timeout={}s".format(*PATIENCE[PROCESS]),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="") or embedded.redis_url(VAR_DIR)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 3, "socket_connect_timeout": 3},
    }
}

MEDIA_ROOT = VAR_DIR / "media"
STATIC_ROOT = env("STATIC_ROOT", default="") or VAR_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "common.files.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "wsis_portal.run.static_files.PortalStaticStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- languages and time -------------------------------------------------------------------
# The order is the United Nations' own for a language bar (multilingualism standard no. 3).
LANGUAGES = [
    ("ar", "عربي"),
    ("zh-hans", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
]
LANGUAGE_CODE = "en"
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_LANGUAGES = ("en", "ar", "zh-hans", "fr", "ru", "es")
FORMAT_MODULE_PATH = ["wsis_portal.formats"]
# Our own messages first; then messages of packages that we word differently.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_of_packages"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- accounts -----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.user.backends.RoleBackend"]
# What a role may do in the admin, as patterns over Django's permissions. Mail is not among the
# secretariat's: it holds other people's sign-in codes and reset links.
ROLE_PERMISSIONS = {
    "administrator": ["*.*"],
    "secretariat": [
        "stocktaking.*",
        "forum.*",
        "prizes.*",
        "roadmap.*",
        "reference.*",
        "reports.*",
        "common.view_change",
        "common.view_recordversion",
        "common.view_statuschange",
        "common.view_importjob",
        "common.view_importedrecord",
        "accounts.view_factorreset",
        "accounts.change_factorreset",
    ],
}
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "first_name", "last_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "accounts.sign_in.passwords.MaximumLengthValidator",
        "OPTIONS": {"max_length": 128},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my-pages"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "stocktaking.member.adapter.MembersAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.sign_in.profile.SignUpForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
# Digits: every keyboard has them, and accounts.second_factor.codes reads those of every script.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {
    "numeric": True,
    "length": 8,
    "dashed": True,
}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_FORMS = {
    "confirm_email_verification_code": "accounts.sign_in.forms.MailedCodeForm",
    "login": "accounts.sign_in.forms.SignInForm",
    "signup": "accounts.sign_in.forms.SignUpForm",
    "change_password": "accounts.sign_in.forms.NewPasswordForm",
    "set_password": "accounts.sign_in.forms.FirstPasswordForm",
    "reset_password_from_key": "accounts.sign_in.forms.ResetPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "WSIS: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_TIMEOUT = 600
# Amount / window / per: what, and why these numbers, stands in docs/security.md.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/5m/ip,5/5m/key,20/h/key",
    "signup": None,  # accounts.sign_in.views counts, by LIMITS
    "reset_password": "20/m/ip,3/h/key,5/d/key",
    "confirm_email": "1/10s/key,4/h/key",
    "manage_email": "3/d/user",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "accounts.sign_in.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_ISSUER = "WSIS"
MFA_FORMS = {
    "authenticate": "accounts.second_factor.forms.SecondStepForm",
    "reauthenticate": "accounts.second_factor.forms.SecondStepAgainForm",
    "activate_totp": "accounts.second_factor.forms.AuthenticatorForm",
}
# Between the approval of two officers and the removal of a lost second factor.
FACTOR_RESET_HOURS = env.int("FACTOR_RESET_HOURS", default=72)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = (
    not HTTPS
)  # browsers allow passkeys on http://localhost
# Secretariat and administrators must have a second factor before the admin opens.
REQUIRE_STAFF_MFA = env.bool("REQUIRE_STAFF_MFA", default=not DEMO)

# --- sessions, cookies, headers -------------------------------------------------------------
SESSION_ENGINE = "accounts.session.store"
SESSION_COOKIE_AGE = (
    30 * 24 * 3600
)  # seconds; accounts.session.middleware.session_limits is stricter
SESSION_LIMITS = {  # seconds without a request, seconds in all
    "member": (14 * 24 * 3600, 30 * 24 * 3600),
    "staff": (3 * 3600, 12 * 3600),
}
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "wsis_portal.errors.views.csrf_failure"

TRUSTED_PROXIES = env.int(
    "TRUSTED_PROXIES", default=0
)  # how many of our own stand in front
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked for inside, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Preloading a domain cannot be undone for months: its owner's decision, not the portal's.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
    "accelerometer": [],
    "autoplay": [],
    "camera": [],
    "display-capture": [],
    "encrypted-media": [],
    "fullscreen": [],
    "geolocation": [],
    "gyroscope": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "usb": [],
}

# --- limits ---------------------------------------------------------------------------------
# scope: (how many, in how many seconds); common.limits.throttle counts, docs/security.md explains.
LIMITS = {
    "search": (10, 1),  # per IP
    "sign-up": (300, 3600),  # per IP: a class, a hall or a ministry shares one address
    "sign-up-mailbox": (5, 24 * 3600),  # per mailbox: each sends a mail there
    "submit": (20, 24 * 3600),  # per user
    "profile": (30, 3600),  # per user
    "forum-write": (60, 3600),  # per user: submissions, registrations
    "forum-text": (1500, 3600),  # per user: reports and minutes, which save themselves
    "forum-star": (600, 3600),  # per user
    "forum-print": (120, 600),  # per IP: printed programmes and sheets
    "export": (30, 600),  # per IP
    "receipt": (30, 60),  # per IP: receipts of votes that are looked up
    "upload": (60, 3600),  # per user: images and documents of projects
    "message": (30, 3600),  # per user
    "api-anonymous": (60, 60),  # per IP
    "api-user": (600, 60),  # per user or key
    "api-wrong-key": (30, 60),  # per IP
}
MAX_URL_BYTES = 8_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024**2  # without files
MAX_REQUEST_BYTES = 25 * 1024**2  # with files; above it the body is not even read

# Where clamd listens for files to check: tcp://host:port or unix:///run/clamav/clamd.ctl; without
# it files are accepted as their content allows, without a virus check.
CLAMD_URL = env("CLAMD_URL", default="")

# Of the secretariat, shown on the help page; a demonstration has that of its own demo user.
CONTACT_EMAIL = env("CONTACT_EMAIL", default="secretariat@demo.example" if DEMO else "")

# --- mail -----------------------------------------------------------------------------------
MAIL_INTO_FILES = "django.core.mail.backends.filebased.EmailBackend"
# Without a mail server every mail is a file, in which a demonstration finds the codes.
if env("EMAIL_URL", default=""):
    globals().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = MAIL_INTO_FILES
    EMAIL_FILE_PATH = VAR_DIR / "mail"
if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = (
        "common.mail.server.EmailBackend"  # with a limit for the whole conversation
    )
EMAIL_TIMEOUT = 10  # seconds for each step of it
OWNERS_ASKED_AT_ONCE = env.int(
    "OWNERS_ASKED_AT_ONCE", default=50
)  # of due projects, per run
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="WSIS <noreply@localhost>")
# The mailbox into which mail is returned, imaps://user:password@host/INBOX, and its address, which
# is the sender of the envelope; without the first nobody reads what comes back.
BOUNCES_URL = env("BOUNCES_URL", default="")
BOUNCES_ADDRESS = env("BOUNCES_ADDRESS", default="")

# --- logs -----------------------------------------------------------------------------------
LOGGING = json_lines.configuration(env("LOG_LEVEL", default="INFO"))

# --- background work ----------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL

# --- API ----------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.api.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # first, so that an anonymous request is asked for a key (401)
        "accounts.api_key.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "accounts.api_key.authentication.WithinScope",
        "rest_framework.permissions.IsAuthenticatedOrReadOnly",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["common.api.throttle.Throttle"],
    "DEFAULT_SCHEMA_CLASS": "common.api.views.Schema",
    "EXCEPTION_HANDLER": "common.api.errors.problem_handler",
    "URL_FORMAT_OVERRIDE": None,
}
# Pages of other sites may read what everybody may read: without cookies, by GET alone.
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_ALLOW_HEADERS = ("accept", "accept-language", "authorization", "if-none-match")
CORS_EXPOSE_HEADERS = ("etag", "location", "retry-after")
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "TITLE": "WSIS review portal",
    "DESCRIPTION": "Projects of the WSIS Stocktaking database and the log of their changes.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": False,
        "validatorUrl": None,
        "persistAuthorization": False,
    },
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_NAME_OVERRIDES": {
        "PublicationSeriesEnum": "reports.publication.models.Publication.Series",
        "StatusEnum": "stocktaking.base.workflow.Status",
        "ChangeKindEnum": "common.records.models.Change.Kind",
        "AttachmentKindEnum": "stocktaking.models.Attachment.Kind",
        "TimescaleEnum": "stocktaking.models.Project.Timescale",
        "LanguageEnum": LANGUAGES,
        "CodelistLanguageEnum": [code for code, _name in LANGUAGES],
        "CodelistKindEnum": "reference.code_list.api.CODELISTS",
        "PositionStatusEnum": "roadmap.position.workflow.PositionStatus",
        "CompletionEnum": "roadmap.models.PositionVersion.Completion",
        "MilestoneKindEnum": "roadmap.models.Milestone.Kind",
        "MilestoneProgressEnum": "roadmap.models.Milestone.Progress",
        "AgencyKindEnum": "roadmap.models.Agency.Kind",
        "RelationKindEnum": "roadmap.models.Relation.Kind",
        "PartnerRoleEnum": "roadmap.models.Partner.Role",
        "OfficeRoleEnum": "roadmap.models.Office.Role",
        "FigureSubjectEnum": "roadmap.models.Figure.Subject",
        "ReviewSectionEnum": "roadmap.models.ActionLineReview.Section",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "wsis_portal.api.describe_problems",
    ],
}
