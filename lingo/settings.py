"""Settings: one file; the environment supplies what differs by machine.

Two ways to run: locally (`manage.py start`), where everything has a default and the
secrets live in the data folder; and in production, where `SECRET_KEY` and
`ALLOWED_HOSTS` must be given. README.md lists every variable.
"""

from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF

from lingo import databases, local
from lingo.tutoring import dollars, prices, tutor_model

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
LOCAL = env.bool(local.MODE, default=False)
HAS_DEFAULTS = DEBUG or LOCAL

SECRET_KEY = (
    local.secret("secret_key")
    if HAS_DEFAULTS and not env.str("SECRET_KEY", default="")
    else env.str("SECRET_KEY")
)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    **({"default": ["127.0.0.1", "localhost", "[::1]"]} if HAS_DEFAULTS else {}),
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "lingo",
    "progress",
    "vocabulary",
    "conversations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "lingo.middleware.learner_time_zone",
]

ROOT_URLCONF = "lingo.urls"
WSGI_APPLICATION = "lingo.wsgi.application"

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
            ],
        },
    },
]

# Tutors are slow, so no request holds a transaction (ATOMIC_REQUESTS stays off).
DATABASES = {
    "default": databases.with_options(
        env.db_url_config(
            env.str("DATABASE_URL", default="")
            or f"sqlite:///{local.data_dir()}/lingo.sqlite3"
        ),
        pool_size=env.int("LINGO_DATABASE_POOL", default=20),
    )
}

# Rates and sign-in limits count in the cache: several processes need one of their own.
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Accounts

AUTH_USER_MODEL = "lingo.Learner"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "conversations:home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "lingo.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
LOGIN_RATE = env.str("LINGO_THROTTLE_LOGIN", default="10/min")
login_count, login_period = LOGIN_RATE.split("/")
ACCOUNT_RATE_LIMITS = {
    "login": f"{login_count}/{login_period[0]}/ip",
    "login_failed": f"{login_count}/{login_period[0]}/key",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if HAS_DEFAULTS else "https"
vars().update(
    env.email_url(
        "EMAIL_URL", default="consolemail://" if HAS_DEFAULTS else "smtp://localhost:25"
    )
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="lingo@localhost"
)

# Language and time: texts are in English, dates and numbers the learner's own way.

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# Static files

STATIC_URL = "static/"
# Locally the apps' own files are served; in production those that were collected.
WHITENOISE_USE_FINDERS = HAS_DEFAULTS
STATIC_ROOT = None if HAS_DEFAULTS else env.str("STATIC_ROOT", default="staticfiles")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if HAS_DEFAULTS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "lingo.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = env.bool("LINGO_HTTPS", default=not HAS_DEFAULTS)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) * SECURE_SSL_REDIRECT
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
PROXIES = env.int("LINGO_PROXIES", default=0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
# The largest body a request may have, in bytes; a longer history goes in parts.
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("LINGO_MAX_BODY", default=10 * 2**20)
# The program that says how words sound, where it is installed; none if empty.
ESPEAK = env.str("LINGO_ESPEAK", default="espeak-ng")
# A LanguageTool server that is asked for corrections too; none if empty.
LANGUAGETOOL_URL = env.str("LINGO_LANGUAGETOOL_URL", default="")
# The largest file that may be uploaded, in bytes.
MAX_UPLOAD = env.int("LINGO_MAX_UPLOAD", default=64 * 2**20)
FILE_UPLOAD_HANDLERS = [
    "lingo.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# The tutor that is a language model; without one there is the guided tutor alone.

TUTOR_MODEL = tutor_model(env.str("LINGO_TUTOR_MODEL", default=""))
TUTOR_BASE_URL = env.str("LINGO_TUTOR_BASE_URL", default="")
TUTOR_API_KEY = env.str("LINGO_TUTOR_API_KEY", default="")
# Seconds that one request may take, and how often one that failed is repeated.
TUTOR_TIMEOUT = env.float("LINGO_TUTOR_TIMEOUT", default=30)
TUTOR_RETRIES = env.int("LINGO_TUTOR_RETRIES", default=2)
# The most tokens that an answer may have; what it may cost is reserved before.
TUTOR_MAX_TOKENS = env.int("LINGO_TUTOR_MAX_TOKENS", default=2000)
# US dollars for a million tokens, in and out; None: as genai-prices knows them.
TUTOR_PRICES = prices(env.str("LINGO_TUTOR_PRICES", default=""))
# US dollars a calendar month (UTC), of all learners and of each; None: no limit.
TUTOR_SITE_LIMIT = dollars(env.str("LINGO_TUTOR_SITE_LIMIT", default="20"))
TUTOR_LEARNER_LIMIT = dollars(env.str("LINGO_TUTOR_LEARNER_LIMIT", default="5"))

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["lingo.api.parsers.ObjectParser"],
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.OrderingFilter",
    ],
    "DEFAULT_PAGINATION_CLASS": "lingo.api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["lingo.api.throttling.ApiThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "turns": env.str("LINGO_THROTTLE_TURNS", default="60/min"),
        "api": env.str("LINGO_THROTTLE_API", default="600/min"),
        "login": LOGIN_RATE,
    },
    "NUM_PROXIES": PROXIES,
    "EXCEPTION_HANDLER": "lingo.api.problems.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"TOKEN_TTL": None, "USER_SERIALIZER": None}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lingo",
    "DESCRIPTION": "The API of Lingo, a self-hosted language tutor.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "DisputeOutcomeEnum": ["accepted", "rejected"],
        "CefrLevelEnum": "conversations.level_api.CEFR",
        "CorrectionCategoryEnum": "conversations.feedback.categories.CATEGORIES",
        "CorrectionPriorityEnum": "conversations.feedback.categories.PRIORITIES",
        "CorrectionSourceEnum": "conversations.feedback.correcting.FINDERS",
        "LanguageEnum": "lingo.languages.CHOICES",
        "LevelEnum": "lingo.languages.Level",
        "GoalKindEnum": "progress.models.Goal.Kind",
        "ConversationStatusEnum": "conversations.models.Conversation.Status",
        "MemoryStateEnum": "vocabulary.models.VocabularyItem.State",
        "ProgressStatusEnum": "progress.models.LearningProgress.Status",
        "RatingEnum": "vocabulary.models.Review.Rating",
        "TutorCallOutcomeEnum": "conversations.models.TutorCall.Outcome",
        "WordStateEnum": "vocabulary.word_states.State",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "lingo.api.schema.document_problems",
    ],
}

# Logging: one JSON object a line in production, plain text on one's own machine, where
# tracebacks are as well: rich, where it is installed, takes half a second to draw one.

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            )
            if HAS_DEFAULTS
            else structlog.processors.JSONRenderer(),
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {
        "handlers": ["console"],
        "level": env.str("LOG_LEVEL", default="WARNING" if HAS_DEFAULTS else "INFO"),
    },
}
