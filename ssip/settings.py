"""Settings. Everything that differs between machines comes from the environment; see .env.example.

A process is one of three to the database: `app` (web, people's jobs), `worker` (the clock)
or `owner` (migrations and the operator's commands). SSIP_DATABASE_ROLE says which.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

ADDRESSES = {"app": "DATABASE_URL", "owner": "OWNER_DATABASE_URL", "worker": "WORKER_DATABASE_URL"}

env = environ.Env()
if not any(name in os.environ for name in ADDRESSES.values()):
    # Commands that run beside the demo find the servers that it started.
    environ.Env.read_env(VAR / "run" / "servers.env", overwrite=False)

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")
SITE_NAME = env("SITE_NAME", default="System Safety Improvement Programme")
HEADER_LOGO = env("HEADER_LOGO", default="")  # address of a picture on this site; the NHS logo is for NHS bodies only
CONTACT_EMAIL = env("CONTACT_EMAIL", default="")  # shown on the front page and in the statements
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
SECRET_KEY = env("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Start the servers with `make demo` first, or set it as .env.example says."
    )

# Keys used before: what they signed or locked can still be read. See docs/operator.md.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]", "testserver", "web"}
if DEMO and not DEBUG and not set(ALLOWED_HOSTS) <= LOCAL_HOSTS:
    raise ImproperlyConfigured(
        "DEMO lets anybody sign in as anybody: it does not start under a real host name. Unset DEMO or ALLOWED_HOSTS."
    )

# --- Applications: lower ones first ------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "guardian",
    "crispy_forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ssip.core",
    "ssip.tenancy",
    "ssip.reminders",
    "ssip.people",
    "networks",
    "plans",
    "incidents",
    "ssip.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ssip.core.sessions.TouchSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ssip.core.context.ContextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ssip.core.doors.DoorMiddleware",
    "ssip.core.second_factor.SecondFactorMiddleware",
]

ROOT_URLCONF = "ssip.demo.urls" if DEMO else "ssip.urls"
WSGI_APPLICATION = "ssip.wsgi.application"

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
                "ssip.views.site.site",
            ],
        },
    },
]

# --- Database, broker, mail --------------------------------------------------------------------------
_missing = [name for name in ADDRESSES.values() if not env(name, default="")]
if _missing:
    raise ImproperlyConfigured(
        f"{' and '.join(_missing)} not set: the web, the owner and the clock each connect as a role of their own. "
        "Start the servers with `make demo`, or set all three as .env.example says."
    )

DATABASE_ROLE = env("SSIP_DATABASE_ROLE", default="app")
if DATABASE_ROLE not in ADDRESSES:
    raise ImproperlyConfigured(f"SSIP_DATABASE_ROLE is one of app, worker and owner, not {DATABASE_ROLE!r}.")

DATABASES = {
    "default": env.db(ADDRESSES[DATABASE_ROLE])
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
}
DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 5
if DEBUG or env.bool("STRICT_CONTEXT", default=False):
    # A query of a tenant's table by code that forgot to say for whom raises, instead of finding nothing.
    DATABASES["default"]["OPTIONS"]["options"] = "-c ssip.strict=on"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
EMAIL_BACKEND = "ssip.reminders.mail.OutboxBackend"
WAY_OUT = env.email("EMAIL_URL", default="smtp://127.0.0.1:1025")
DEFAULT_FROM_EMAIL = env("FROM_EMAIL", default="SSIP <no-reply@ssip.example>")

# In the database, so that a dead broker breaks no sign-in.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}

# --- People and sessions -----------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ANONYMOUS_USER_NAME = None  # guardian: nobody is a person
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001",  # its backend answers has_perm(); we ask ssip.tenancy.access
    "security.W005",  # whether other hosts below our name speak HTTPS alone is not ours to say
    "security.W021",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "demo_people" if DEMO else "account_login"
LOGIN_REDIRECT_URL = "/work/"
ACCOUNT_ADAPTER = "ssip.core.accounts.AccountAdapter"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody is mailed who has no account; the page says the same either way
ACCOUNT_EMAIL_SUBJECT_PREFIX = "SSIP: "
ACCOUNT_FORMS = {
    "login": "ssip.core.sign_in.LoginForm",
    "reset_password": "ssip.core.sign_in.ResetPasswordForm",
    "reset_password_from_key": "ssip.core.sign_in.ResetPasswordKeyForm",
    "change_password": "ssip.core.sign_in.ChangePasswordForm",
    "reauthenticate": "ssip.core.sign_in.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by a grant to this address; the link in the mail proves it
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False

# A second step at sign-in: asked of everybody who set one up, and whoever decides or gives roles must set one up.
# In a demonstration people share their accounts, so nobody is asked.
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=True) and not DEMO
SECOND_FACTOR_NEEDED = "ssip.tenancy.access.needs_second_factor"  # asked by ssip.core, which lies below
MFA_ADAPTER = "ssip.core.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
# No tolerance: a used code is remembered for as long as one is valid, so a wider window would let it in twice.
MFA_TOTP_TOLERANCE = 0
MFA_RECOVERY_CODE_COUNT = 10
MFA_FORMS = {
    "authenticate": "ssip.core.second_factor_forms.AuthenticateForm",
    "reauthenticate": "ssip.core.second_factor_forms.ReauthenticateForm",
    "activate_totp": "ssip.core.second_factor_forms.ActivateTOTPForm",
    "add_webauthn": "ssip.core.second_factor_forms.AddWebAuthnForm",
    "authenticate_webauthn": "ssip.core.second_factor_forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "ssip.core.second_factor_forms.ReauthenticateWebAuthnForm",
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request
SESSION_COOKIE_NAME = "ssip_session"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ssip.views.site.csrf_failure"

# --- Language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- Files -------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
PRIVATE_ROOT = Path(env("PRIVATE_ROOT", default=str(VAR / "private")))  # never below static: served after a door only
MEDIA_ROOT = PRIVATE_ROOT
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Answered without a person and without a transaction: they tell whether the database is there.
WITHOUT_DATABASE = {"/healthz", "/ready", "/metrics"}
METRICS_TOKEN = env("METRICS_TOKEN", default="")  # who shows it may read /metrics; empty: nobody may

# --- Headers -----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture")
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
_https = urlsplit(SITE_URL).scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^ready$", r"^metrics$"]  # probes speak plain HTTP to the container
SECURE_HSTS_SECONDS = 31536000 if _https else 0
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Tries to sign in are counted by the address that the proxy saw, not by the proxy's own, which is everybody's.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if _https else []

# --- Forms -------------------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "nhsuk"
CRISPY_TEMPLATE_PACK = "nhsuk"
CRISPY_FAIL_SILENTLY = False  # a field's name misspelt in a layout is an error, not a field less
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- Clock -------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "UTC"  # ticks are in UTC; what a tick finds due is reckoned in Europe/London
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 3}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
